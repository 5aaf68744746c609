// A port in C++17, no libraries. Copy it, and put your decoder in the place of `walk` and `Case::round`.
//
//     c++ -std=c++17 -O2 -o rsd_port rsd_port.cpp
//     rsd certify --port ./rsd_port
//     rsd certify --port "./rsd_port --defect residual-from-target"     # must fail, and say why
//
// It speaks docs/port-protocol.md: JSON Lines on stdin and stdout, one answer a request. stderr is a log.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

using Law = std::vector<double>;
using Text = std::vector<int>;

static std::string defect;

// ---- JSON: just what the protocol needs -------------------------------------------------------------------------

struct Invalid : std::runtime_error { using runtime_error::runtime_error; };
struct NotSupported : std::runtime_error { using runtime_error::runtime_error; };

struct Json {
  enum Kind { null, boolean, number, text, list, object } kind = null;
  double value = 0;
  std::string string;
  std::vector<Json> items;
  std::vector<std::pair<std::string, Json>> members;

  const Json* find(const std::string& key) const {
    for (auto& member : members) if (member.first == key) return &member.second;
    return nullptr;
  }
  const Json& operator[](const std::string& key) const {
    if (auto* found = find(key)) return *found;
    throw Invalid("the key " + key + " is missing");
  }
  bool isGiven() const { return kind != null; }
  int integer() const {
    if (kind != number || value != std::floor(value) || std::fabs(value) > 2e9) throw Invalid("not a whole number");
    return int(value);
  }
  const std::string& word() const {
    if (kind != text) throw Invalid("not a text");
    return string;
  }
  double real() const {  // laws that must be refused hold the texts "NaN" and "Infinity"
    if (kind == number) return value;
    if (kind == text && string == "NaN") return std::nan("");
    if (kind == text && string == "Infinity") return std::numeric_limits<double>::infinity();
    if (kind == text && string == "-Infinity") return -std::numeric_limits<double>::infinity();
    throw Invalid("not a number");
  }
};

class Reader {
  const std::string& s;
  size_t i = 0;
  void blanks() { while (i < s.size() && (s[i] == ' ' || s[i] == '\t' || s[i] == '\r')) i++; }
  bool take(char c) { blanks(); return i < s.size() && s[i] == c ? (i++, true) : false; }
  void need(char c) { if (!take(c)) throw Invalid(std::string("expected ") + c); }
  std::string quoted() {
    std::string word;
    need('"');
    while (i < s.size() && s[i] != '"') {
      if (s[i] == '\\' && i + 1 < s.size()) i++;  // the protocol's own texts need no other escapes
      word += s[i++];
    }
    need('"');
    return word;
  }

 public:
  explicit Reader(const std::string& text) : s(text) {}
  Json read(int depth = 0) {
    if (depth > 32) throw Invalid("nested too deep");
    Json json;
    blanks();
    if (i >= s.size()) throw Invalid("the text ends early");
    if (s[i] == '{') {
      json.kind = Json::object;
      for (need('{'); !take('}');) {
        if (!json.members.empty()) need(',');
        std::string key = quoted();
        need(':');
        json.members.emplace_back(key, read(depth + 1));
      }
    } else if (s[i] == '[') {
      json.kind = Json::list;
      for (need('['); !take(']');) {
        if (!json.items.empty()) need(',');
        json.items.push_back(read(depth + 1));
      }
    } else if (s[i] == '"') {
      json.kind = Json::text;
      json.string = quoted();
    } else if (s.compare(i, 4, "null") == 0) {
      i += 4;
    } else if (s.compare(i, 4, "true") == 0 || s.compare(i, 5, "false") == 0) {
      json.kind = Json::boolean;
      json.value = s[i] == 't';
      i += s[i] == 't' ? 4 : 5;
    } else {
      char* end = nullptr;
      json.kind = Json::number;
      json.value = std::strtod(s.c_str() + i, &end);
      if (end == s.c_str() + i) throw Invalid("no JSON value");
      i = end - s.c_str();
    }
    return json;
  }
};

static std::string escaped(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += (unsigned char)c < 0x20 ? ' ' : c;
  }
  return out;
}

// ---- Laws and models --------------------------------------------------------------------------------------------

static double sum(const Law& law) {
  double total = 0;
  for (double x : law) total += x;
  return total;
}

static void normalise(Law& law) {
  double total = sum(law);
  if (total > 0) for (double& x : law) x /= total;
}

static Law checked(const Json& json, size_t size) {
  Law law;
  for (auto& item : json.items) law.push_back(item.real());
  bool good = law.size() == size && size > 0 && std::fabs(sum(law) - 1) <= 1e-9;
  for (double x : law) good = good && std::isfinite(x) && x >= 0;
  if (!good) throw Invalid("not a law over the vocabulary");
  return law;
}

struct Profile {
  double temperature = 1, topP = 1, minP = 0;
  int topK = 0;
  explicit Profile(const Json* json) {
    if (!json || !json->isGiven()) return;
    for (auto& member : json->members) {
      if (member.first == "temperature") temperature = member.second.real();
      else if (member.first == "topK") topK = member.second.integer();
      else if (member.first == "topP") topP = member.second.real();
      else if (member.first == "minP") minP = member.second.real();
      else throw NotSupported("the profile has the key " + member.first);
    }
  }

  // Temperature, top-k, top-p, min-p, in this order.
  void shape(Law& law) const {
    if (temperature == 0) {
      size_t best = std::max_element(law.begin(), law.end()) - law.begin();
      for (size_t t = 0; t < law.size(); t++) law[t] = t == best;
    } else if (temperature != 1) {
      for (double& x : law) x = std::pow(x, 1 / temperature);
      normalise(law);
    }
    std::vector<size_t> order(law.size());
    for (size_t t = 0; t < order.size(); t++) order[t] = t;
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return law[a] > law[b]; });
    if (topK > 0 && size_t(topK) < law.size()) {
      for (size_t rank = topK; rank < order.size(); rank++) law[order[rank]] = 0;
      normalise(law);
    }
    if (topP < 1) {
      double total = 0;
      for (size_t t : order) {
        if (total >= topP) law[t] = 0;
        total += law[t];
      }
      normalise(law);
    }
    if (minP > 0) {
      double least = minP * *std::max_element(law.begin(), law.end());
      for (double& x : law) if (x < least) x = 0;
      normalise(law);
    }
  }
};

// A table: the law of the next token after the last `order` tokens.
struct Model {
  int vocabulary, order;
  std::map<Text, Law> laws;

  Model(const Json& json, const Profile& profile)
      : vocabulary(json["vocabulary"].integer()), order(json["order"].integer()) {
    for (auto& row : json["rows"].members) {
      Text context;
      const char* at = row.first.c_str();
      while (*at) {
        char* end = nullptr;
        context.push_back(int(std::strtol(at, &end, 10)));
        if (end == at) throw Invalid("a row has no context");
        at = end;
      }
      Law law = checked(row.second, vocabulary);
      profile.shape(law);
      laws[context] = law;
    }
  }

  const Law& law(const Text& text) const {
    size_t count = std::min(text.size(), size_t(order));
    auto found = laws.find(Text(text.end() - count, text.end()));
    if (found == laws.end()) throw Invalid("a context has no row");
    return found->second;
  }
};

// The first token, in id order, whose cumulative probability exceeds the uniform; never one of probability 0.
static int draw(const Law& law, double uniform) {
  double total = 0;
  int last = 0;
  for (int token = 0; token < int(law.size()); token++) {
    total += law[token];
    if (total > uniform) return token;
    if (law[token] > 0) last = token;
  }
  return last;
}

// ---- The draft tree ---------------------------------------------------------------------------------------------

// A drafted token. `draft` is the law that its children were drawn from, `target` the target's law after it.
struct Node {
  int index = -1, token = -1;
  Text text;
  std::vector<Node*> children;
  const Law* draft = nullptr;
  const Law* target = nullptr;
  Node* repeats = nullptr;  // the sibling whose token it repeats
};

struct Tree {
  std::vector<std::unique_ptr<Node>> nodes;
  Node* root;

  Tree() : root(new Node) { nodes.emplace_back(root); }
  Node* append(Node* parent, int token, Node* repeats = nullptr) {
    Node* node = new Node;
    node->index = int(nodes.size()) - 1;
    node->token = token;
    node->repeats = repeats;
    nodes.emplace_back(node);
    parent->children.push_back(node);
    return node;
  }
};

// ---- Verification -----------------------------------------------------------------------------------------------

using Uniforms = std::function<double()>;

struct Outcome {
  std::vector<Node*> accepted;
  int token = -1;  // -1 after an accepted end token
};

// Recursive rejection sampling from the root. One uniform for each acceptance test, and one for the last token.
static Outcome walk(const std::string& rule, Node* node, int endToken, const Uniforms& uniform) {
  Outcome outcome;
  while (!node->children.empty()) {
    Law target = *node->target, draft = *node->draft;
    Node* taken = nullptr;
    for (Node* child : node->children) {
      int token = child->token;
      double p = defect == "ratio-against-unconditional" ? (*node->draft)[token] : draft[token];
      if (uniform() * p < target[token]) {
        taken = child;
        break;
      }
      Law left(target.size());
      for (size_t t = 0; t < left.size(); t++) left[t] = std::max(target[t] - draft[t], 0.0);
      bool updates = defect != "residual-not-updated" || child == node->children.back();
      if (sum(left) > 0 && updates) {
        normalise(left);
        target = left;
      }
      if (rule != "specinfer") {  // without replacement
        draft[token] = 0;
        normalise(draft);
      }
    }
    if (!taken) {
      outcome.token = draw(defect == "residual-from-target" ? *node->target : target, uniform());
      return outcome;
    }
    node = taken->repeats ? taken->repeats : taken;
    outcome.accepted.push_back(node);
    if (node->token == endToken) return outcome;
  }
  outcome.token = draw(*node->target, uniform());
  return outcome;
}

// SpecTr: each child of K is accepted with min(1, s q / p), s the largest scale that leaves a residual.
static Outcome walkKSeq(Node* node, int endToken, const Uniforms& uniform) {
  Outcome outcome;
  while (!node->children.empty()) {
    const Law &p = *node->draft, &q = *node->target;
    size_t count = node->children.size();
    auto tests = [&](double scale) {
      double accepted = 0, power = 1, total = 0;
      for (size_t t = 0; t < p.size(); t++) accepted += std::min(p[t], scale * q[t]);
      for (size_t k = 0; k < count; k++, power *= std::max(1 - accepted, 0.0)) total += power;
      return total;
    };
    double low = 1.0 / count, high = 1;
    if (tests(1) <= 1) low = 1;
    else for (int step = 0; step < 40; step++) {
      double middle = (low + high) / 2;
      (middle * tests(middle) <= 1 ? low : high) = middle;
    }
    Node* taken = nullptr;
    for (Node* child : node->children) {
      if (uniform() * p[child->token] < low * q[child->token]) {
        taken = child;
        break;
      }
    }
    if (!taken) {
      Law left(q.size());
      double t = tests(low);
      for (size_t i = 0; i < q.size(); i++) left[i] = std::max(q[i] - std::min(p[i], low * q[i]) * t, 0.0);
      normalise(left);
      bool isEmpty = sum(left) <= 0 || defect == "residual-from-target";
      outcome.token = draw(isEmpty ? q : left, uniform());
      return outcome;
    }
    outcome.accepted.push_back(taken);
    if (taken->token == endToken) return outcome;
    node = taken->repeats ? taken->repeats : taken;
  }
  outcome.token = draw(*node->target, uniform());
  return outcome;
}

// ---- The operations ---------------------------------------------------------------------------------------------

// What a sample request asks to decode.
struct Case {
  std::string rule;
  Profile profile;
  Model target, draft;
  std::vector<int> branching;
  int width = 1, depth = 1, length, endToken = -1;
  size_t keep;
  Text prompt;
  std::mt19937_64 generator;

  explicit Case(const Json& json)
      : rule(json["rule"].word()), profile(json.find("profile")), target(json["target"], profile),
        draft(json["draft"], profile), length(json["length"].integer()),
        keep(std::max(target.order, draft.order)), generator(std::strtoull(json["seed"].word().c_str(), nullptr, 10)) {
    for (auto& token : json["prompt"].items) prompt.push_back(token.integer());
    if (auto* end = json.find("endToken"); end && end->isGiven()) endToken = end->integer();
    if (rule == "rsd-c" || rule == "specinfer") {
      for (auto& factor : json["branching"].items) branching.push_back(factor.integer());
    } else if (rule == "sd") {
      branching.assign(json["depth"].integer(), 1);
    } else if (rule == "spectr" || rule == "rsd-s") {
      width = json["width"].integer();
      depth = json["depth"].integer();
    } else if (rule != "autoregressive") {
      throw NotSupported("the rule is unknown");
    }
  }

  double uniform() { return (generator() >> 11) * 0x1p-53; }

  Node* append(Tree& tree, Node* parent, int token, Node* repeats = nullptr) {
    Node* node = tree.append(parent, token, repeats);
    node->text = parent->text;
    node->text.push_back(token);
    node->target = &target.law(node->text);
    return node;
  }

  const Law& draftLaw(Node* node) {
    if (!node->draft) node->draft = &draft.law(node->text);
    return *node->draft;
  }

  void draftBranches(Tree& tree) {
    std::vector<Node*> level{tree.root};
    for (int factor : branching) {
      std::vector<Node*> next;
      for (Node* node : level) {
        Law law = draftLaw(node);
        for (int k = 0; k < factor; k++) {
          double total = sum(law);
          if (total <= 0) break;  // the draft's support is spent
          int token = draw(law, uniform() * total);
          Node* same = nullptr;
          for (Node* child : node->children) if (child->token == token && !child->repeats) same = child;
          Node* child = append(tree, node, token, same);
          if (!same) next.push_back(child);
          if (rule != "specinfer") law[token] = 0;
        }
      }
      level = next;
    }
  }

  void draftSequences(Tree& tree) {
    for (int k = 0; k < width; k++) {
      Node* node = tree.root;
      for (int l = 0; l < depth; l++) {
        int token = draw(draftLaw(node), uniform());
        Node* same = nullptr;
        for (Node* child : node->children) if (child->token == token && !child->repeats) same = child;
        Node* child = append(tree, node, token, same);
        node = same ? same : child;
      }
    }
  }

  // Stochastic beam search: the largest perturbed log-probabilities, conditioned on their parents' (Kool 2019).
  void draftBeam(Tree& tree) {
    struct Entry { double value, logProbability; Node* parent; int token; };
    struct Beam { Node* node; double logProbability, value; };
    std::vector<Beam> beam{{tree.root, 0, 0}};
    for (int l = 0; l < depth; l++) {
      std::vector<Entry> candidates;
      for (auto& parent : beam) {
        const Law& law = draftLaw(parent.node);
        std::vector<Entry> children;
        double largest = -std::numeric_limits<double>::infinity();
        for (int token = 0; token < int(law.size()); token++) {
          if (law[token] <= 0) continue;
          double log = parent.logProbability + std::log(law[token]);
          double u = std::max(uniform(), 1e-300);
          double gumbel = log - std::log(-std::log1p(-u));
          largest = std::max(largest, gumbel);
          children.push_back({gumbel, log, parent.node, token});
        }
        for (auto& child : children) {
          double gumbel = child.value;
          if (gumbel == largest) {
            child.value = parent.value;
          } else {
            double v = parent.value - gumbel + std::log1p(-std::exp(gumbel - largest));
            child.value = parent.value - std::max(0.0, v) - std::log1p(std::exp(-std::fabs(v)));
          }
          candidates.push_back(child);
        }
      }
      std::stable_sort(candidates.begin(), candidates.end(), [](auto& a, auto& b) { return a.value > b.value; });
      if (candidates.size() > size_t(width)) candidates.resize(width);
      beam.clear();
      for (auto& entry : candidates)
        beam.push_back({append(tree, entry.parent, entry.token), entry.logProbability, entry.value});
    }
  }

  // One round after a text: draft a tree, verify it, and return what it emits.
  Text round(const Text& text) {
    Tree tree;
    tree.root->text = text;
    tree.root->target = &target.law(text);
    if (rule == "spectr") draftSequences(tree);
    else if (rule == "rsd-s") draftBeam(tree);
    else draftBranches(tree);
    auto source = [this] { return uniform(); };
    Outcome outcome = rule == "spectr" ? walkKSeq(tree.root, endToken, source)
                                       : walk(rule, tree.root, endToken, source);
    Text tokens;
    for (Node* node : outcome.accepted) tokens.push_back(node->token);
    if (outcome.token >= 0) tokens.push_back(outcome.token);
    return tokens;
  }

  // One decoding: its tokens, cut; `lengths` is how many tokens each of its rounds emitted, uncut.
  Text decode(std::vector<size_t>& lengths) {
    Text text = prompt, emitted;
    lengths.clear();
    while (int(emitted.size()) < length && (emitted.empty() || endToken < 0 || emitted.back() != endToken)) {
      Text tokens = round(text);
      lengths.push_back(tokens.size());
      for (int token : tokens) {
        text.push_back(token);
        emitted.push_back(token);
      }
      if (text.size() > keep) text.erase(text.begin(), text.end() - keep);
    }
    if (int(emitted.size()) > length) emitted.resize(length);
    return emitted;
  }
};

static std::string joined(const Text& tokens) {
  std::string words;
  for (int token : tokens) words += (words.empty() ? "" : " ") + std::to_string(token);
  return words;
}

template <class Map, class Name> static std::string object(const Map& map, Name name) {
  std::string out;
  for (auto& entry : map) out += (out.empty() ? "\"" : ",\"") + name(entry.first) + "\":" + std::to_string(entry.second);
  return "{" + out + "}";
}

static std::string sample(const Json& request) {
  Case state(request);
  int count = request["count"].integer();
  auto* ordered = request.find("ordered");
  bool isOrdered = ordered && ordered->value != 0;
  std::map<Text, int> counts;
  std::map<size_t, int> rounds, secondRounds;
  std::vector<size_t> lengths;
  std::string sequences;
  for (int k = 0; k < count; k++) {
    Text tokens = state.decode(lengths);
    rounds[lengths[0]]++;
    secondRounds[lengths.size() > 1 ? lengths[1] : 0]++;
    if (isOrdered) sequences += (k ? ",\"" : "\"") + joined(tokens) + "\"";
    else counts[tokens]++;
  }
  std::string result = isOrdered ? "\"sequences\":[" + sequences + "]" : "\"counts\":" + object(counts, joined);
  auto number = [](size_t n) { return std::to_string(n); };
  return result + ",\"rounds\":" + object(rounds, number) + ",\"secondRounds\":" + object(secondRounds, number);
}

// One round over a tree that is given, with scripted uniforms. What no decoder could verify is refused.
static std::string verify(const Json& request) {
  std::string rule = request["rule"].word();
  if (rule == "spectr" || rule == "autoregressive") throw NotSupported("the rule is not offered for verify");
  if (rule != "sd" && rule != "specinfer" && rule != "rsd-c" && rule != "rsd-s") throw Invalid("no such rule");
  auto& given = request["nodes"].items;
  auto& laws = request["target"];
  size_t size = laws["-1"].items.size();
  if (laws.members.size() != given.size() + 1) throw Invalid("a law is missing, or one too many");
  int endToken = -1;
  if (auto* end = request.find("endToken"); end && end->isGiven()) {
    endToken = end->integer();
    if (endToken < 0 || endToken >= int(size)) throw Invalid("the end token is none");
  }
  std::vector<Law> targets, drafts;
  for (int n = -1; n < int(given.size()); n++) targets.push_back(checked(laws[std::to_string(n)], size));
  for (auto& entry : given) drafts.push_back(checked(entry["draft"], size));
  Tree tree;
  tree.root->target = &targets[0];
  for (size_t n = 0; n < given.size(); n++) {
    int parent = given[n]["parent"].integer(), token = given[n]["token"].integer();
    if (parent < -1 || parent >= int(n) || token < 0 || token >= int(size) || drafts[n][token] <= 0)
      throw Invalid("no such node");
    Node* above = tree.nodes[parent + 1].get();
    Node* same = nullptr;
    for (Node* child : above->children) if (child->token == token && !child->repeats) same = child;
    if ((above->draft && *above->draft != drafts[n]) || above->repeats || (rule == "sd" && !above->children.empty()))
      throw Invalid("no such siblings");
    if (same && rule != "specinfer") throw Invalid("a token is drawn twice without replacement");
    above->draft = &drafts[n];
    tree.append(above, token, same)->target = &targets[n + 1];
  }
  Law uniforms;
  for (auto& item : request["uniforms"].items) uniforms.push_back(item.real());
  for (double u : uniforms) if (!(u >= 0 && u < 1)) throw Invalid("not a uniform");
  size_t used = 0;
  Outcome outcome = walk(rule, tree.root, endToken, [&] {
    if (used >= uniforms.size()) throw Invalid("too few uniforms");
    return uniforms[used++];
  });
  std::string accepted;
  for (Node* node : outcome.accepted) accepted += (accepted.empty() ? "" : ",") + std::to_string(node->index);
  return "\"accepted\":[" + accepted + "],\"token\":" + (outcome.token < 0 ? "null" : std::to_string(outcome.token)) +
         ",\"used\":" + std::to_string(used);
}

static std::string answer(const std::string& line) {
  std::string id = "null";
  try {
    Json request = Reader(line).read();
    std::string op = request["op"].word();
    if (op == "hello")
      return "{\"name\":\"rsd_port.cpp" + (defect.empty() ? "" : " with " + defect) +
             "\",\"version\":\"1.0\",\"rules\":[\"autoregressive\",\"sd\",\"specinfer\",\"spectr\",\"rsd-c\",\"rsd-s\"],"
             "\"ops\":[\"sample\",\"verify\"],\"profile\":[\"temperature\",\"top-k\",\"top-p\",\"min-p\"],"
             "\"uniformBits\":53}";
    id = std::to_string(request["id"].integer());
    if (op != "sample" && op != "verify") throw NotSupported("the operation is unknown");
    return "{\"id\":" + id + "," + (op == "sample" ? sample(request) : verify(request)) + "}";
  } catch (const NotSupported& reason) {
    return "{\"id\":" + id + ",\"status\":\"notSupported\",\"reason\":\"" + escaped(reason.what()) + "\"}";
  } catch (const Invalid& reason) {
    return "{\"id\":" + id + ",\"status\":\"invalid\",\"reason\":\"" + escaped(reason.what()) + "\"}";
  }
}

int main(int count, char** words) {
  if (count == 3 && std::string(words[1]) == "--defect") defect = words[2];
  bool isKnown = defect == "residual-from-target" || defect == "residual-not-updated" ||
                 defect == "ratio-against-unconditional";
  if (count != 1 && !isKnown) {
    std::cerr << "usage: rsd_port [--defect residual-from-target|residual-not-updated|ratio-against-unconditional]\n";
    return 64;
  }
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);) std::cout << answer(line) << std::endl;
}
