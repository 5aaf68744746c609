#!/usr/bin/env python3
"""A port in Python, standard library only. Copy it, and put your decoder in the place of `decode` and `walk`.

    rsd certify --port "python3 rsd_port.py"
    rsd certify --port "python3 rsd_port.py --defect residual-from-target"     # must fail, and say why

It speaks docs/port-protocol.md: JSON Lines on stdin and stdout, one answer a request. stderr is a log.
"""
import json
import math
import random
import sys
from collections import Counter

RULES = ["autoregressive", "sd", "specinfer", "spectr", "rsd-c", "rsd-s"]
DEFECTS = ["residual-from-target", "residual-not-updated", "ratio-against-unconditional"]
defect = None


# ---- Laws and models --------------------------------------------------------------------------------------------


def normalised(law):
    total = sum(law)
    return [x / total for x in law] if total > 0 else law


def shaped(law, profile):
    """The law under a sampling profile: temperature, top-k, top-p, min-p, in this order."""
    temperature, top_k = profile.get("temperature", 1), profile.get("topK", 0)
    top_p, min_p = profile.get("topP", 1), profile.get("minP", 0)
    if temperature == 0:
        best = law.index(max(law))
        law = [1.0 if token == best else 0.0 for token in range(len(law))]
    elif temperature != 1:
        law = normalised([x ** (1 / temperature) for x in law])
    order = sorted(range(len(law)), key=lambda token: -law[token])  # stable: ties to lower ids
    if 0 < top_k < len(law):
        kept = set(order[:top_k])
        law = normalised([x if token in kept else 0.0 for token, x in enumerate(law)])
    if top_p < 1:
        kept, total = set(), 0.0
        for token in order:
            kept.add(token)
            total += law[token]
            if total >= top_p:
                break
        law = normalised([x if token in kept else 0.0 for token, x in enumerate(law)])
    if min_p > 0:
        least = min_p * max(law)
        law = normalised([x if x >= least else 0.0 for x in law])
    return law


class Model:
    """A table: the law of the next token after the last `order` tokens."""

    def __init__(self, document, profile):
        self.vocabulary, self.order = document["vocabulary"], document["order"]
        self.laws = {}
        for key, row in document["rows"].items():
            self.laws[tuple(int(word) for word in key.split())] = shaped(checked(row, self.vocabulary), profile)

    def law(self, text):
        return self.laws[text[len(text) - self.order :] if len(text) > self.order else text]


def draw(law, uniform):
    """The first token, in id order, whose cumulative probability exceeds the uniform; never one of probability 0."""
    total = 0.0
    for token, probability in enumerate(law):
        total += probability
        if total > uniform:
            return token
    return max(token for token, probability in enumerate(law) if probability > 0)


# ---- The draft tree ---------------------------------------------------------------------------------------------


class Node:
    """A drafted token. `draft` is the law that its children were drawn from, `target` the target's law after it."""

    __slots__ = ("index", "token", "text", "children", "draft", "target", "repeats")

    def __init__(self, index, token, text, target):
        self.index, self.token, self.text, self.target = index, token, text, target
        self.children, self.draft, self.repeats = [], None, None


class Drafter:
    """Drafts one tree over a draft model; the target's laws are read where a node is made."""

    def __init__(self, case, text):
        self.case, self.nodes = case, 0
        self.root = Node(-1, None, text, case.target.law(text))

    def append(self, parent, token):
        text = parent.text + (token,)
        node = Node(self.nodes, token, text, self.case.target.law(text))
        self.nodes += 1
        parent.children.append(node)
        return node

    def repeat(self, parent, original):
        """A sibling with the same token: it is tested, and has no children of its own."""
        node = Node(self.nodes, original.token, original.text, original.target)
        node.repeats = original
        self.nodes += 1
        parent.children.append(node)
        return original

    def law(self, node):
        if node.draft is None:
            node.draft = self.case.draft.law(node.text)
        return node.draft

    def branches(self, branching, replaced):
        """branching[l] children at each node of level l."""
        level = [self.root]
        for factor in branching:
            next_level = []
            for node in level:
                law = self.law(node)
                if replaced:
                    next_level += self.with_replacement(node, law, factor)
                else:
                    next_level += self.without_replacement(node, law, factor)
            level = next_level

    def without_replacement(self, node, law, count):
        if count == 1:
            return [self.append(node, draw(law, random.random()))]
        law, children = list(law), []
        for _ in range(count):
            total = sum(law)
            if total <= 0:  # the draft's support is spent
                break
            token = draw(law, random.random() * total)
            law[token] = 0.0
            children.append(self.append(node, token))
        return children

    def with_replacement(self, node, law, count):
        seen = {}
        for _ in range(count):
            token = draw(law, random.random())
            if token in seen:
                self.repeat(node, seen[token])
            else:
                seen[token] = self.append(node, token)
        return list(seen.values())

    def sequences(self, width, depth):
        """Independent sequences that share their common prefixes."""
        for _ in range(width):
            node = self.root
            for _ in range(depth):
                token = draw(self.law(node), random.random())
                same = next((c for c in node.children if c.token == token and c.repeats is None), None)
                node = self.append(node, token) if same is None else self.repeat(node, same)

    def beam(self, width, depth):
        """Stochastic beam search: the largest perturbed log-probabilities, conditioned on their parents' (Kool 2019)."""
        beam = [(self.root, 0.0, 0.0)]
        for _ in range(depth):
            candidates = []
            for node, log_probability, perturbed in beam:
                children = []
                for token, probability in enumerate(self.law(node)):
                    if probability > 0:
                        log_child = log_probability + math.log(probability)
                        children.append((log_child, log_child - math.log(-math.log1p(-random.random() or -1e-300)), token))
                largest = max(gumbel for _, gumbel, _ in children)
                for log_child, gumbel, token in children:
                    if gumbel == largest:
                        value = perturbed
                    else:
                        v = perturbed - gumbel + math.log1p(-math.exp(gumbel - largest))
                        value = perturbed - max(0.0, v) - math.log1p(math.exp(-abs(v)))
                    candidates.append((value, log_child, node, token))
            candidates.sort(key=lambda candidate: -candidate[0])
            beam = [(self.append(n, token), log, value) for value, log, n, token in candidates[:width]]


# ---- Verification -----------------------------------------------------------------------------------------------


def walk(rule, root, uniform, end_token=None):
    """Recursive rejection sampling from the root: the accepted nodes, and the last token or None after an end token.

    `uniform()` is called once for each acceptance test, and once for the last token.
    """
    accepted, node = [], root
    while node.children:
        target, draft = node.target, node.draft
        for child in node.children:
            token = child.token
            against = node.draft if defect == "ratio-against-unconditional" else draft
            if uniform() * against[token] < target[token]:
                break
            left = [q - p if q > p else 0.0 for q, p in zip(target, draft)]
            if sum(left) > 0 and defect != "residual-not-updated" or child is node.children[-1] and sum(left) > 0:
                target = normalised(left)
            if rule != "specinfer":  # without replacement
                draft = list(draft)
                draft[token] = 0.0
                draft = normalised(draft)
        else:
            if defect == "residual-from-target":
                target = node.target
            return accepted, draw(target, uniform())
        node = child.repeats or child
        accepted.append(child)
        if token == end_token:
            return accepted, None
    return accepted, draw(node.target, uniform())


def walk_k_seq(root, uniform, end_token=None):
    """SpecTr: each child of K is accepted with min(1, s q / p), s the largest scale that leaves a residual."""
    accepted, node = [], root
    while node.children:
        p, q, count = node.draft, node.target, len(node.children)

        def tests(scale):
            rejected = 1 - min(1.0, sum(min(a, scale * b) for a, b in zip(p, q)))
            return sum(rejected**k for k in range(count))

        low, high = 1 / count, 1.0
        if high * tests(high) <= 1:
            low = high
        else:
            for _ in range(30):
                middle = (low + high) / 2
                low, high = (middle, high) if middle * tests(middle) <= 1 else (low, middle)
        for child in node.children:
            if uniform() * p[child.token] < low * q[child.token]:
                break
        else:
            t = tests(low)
            left = [max(b - min(a, low * b) * t, 0.0) for a, b in zip(p, q)]
            law = q if defect == "residual-from-target" or sum(left) <= 0 else normalised(left)
            return accepted, draw(law, uniform())
        accepted.append(child)
        if child.token == end_token:
            return accepted, None
        node = child.repeats or child
    return accepted, draw(node.target, uniform())


# ---- The operations ---------------------------------------------------------------------------------------------


class NotSupported(Exception):
    pass


def checked(values, size):
    law = [float(value) for value in values]  # "NaN" and "Infinity" too
    good = all(math.isfinite(x) and x >= 0 for x in law) and abs(math.fsum(law) - 1) <= 1e-9
    if not law or len(law) != size or not good:
        raise ValueError("not a law over the vocabulary")
    return law


class Case:
    """What a sample request asks to decode."""

    def __init__(self, request):
        profile = request.get("profile") or {}
        if set(profile) - {"temperature", "topK", "topP", "minP"}:
            raise NotSupported("a step of the profile is unknown")
        self.rule = request["rule"]
        if self.rule not in RULES:
            raise NotSupported("the rule is unknown")
        self.target, self.draft = Model(request["target"], profile), Model(request["draft"], profile)
        self.prompt, self.length = tuple(request["prompt"]), request["length"]
        self.end_token = request.get("endToken")
        self.keep = max(self.target.order, self.draft.order)  # longer texts have the same laws
        self.branching, self.width, self.depth = (request.get(key) for key in ("branching", "width", "depth"))

    def round(self, text):
        """One round after a text: draft a tree, verify it, and return what it emits."""
        drafter = Drafter(self, text)
        if self.rule == "sd":
            drafter.branches([1] * self.depth, replaced=False)
        elif self.rule in ("rsd-c", "specinfer"):
            drafter.branches(self.branching, replaced=self.rule == "specinfer")
        elif self.rule == "spectr":
            drafter.sequences(self.width, self.depth)
        elif self.rule == "rsd-s":
            drafter.beam(self.width, self.depth)
        if self.rule == "spectr":
            accepted, token = walk_k_seq(drafter.root, random.random, self.end_token)
        else:
            accepted, token = walk(self.rule, drafter.root, random.random, self.end_token)
        tokens = [node.token for node in accepted]
        return tokens if token is None else tokens + [token]

    def decode(self):
        """One decoding: its tokens, cut, and how many tokens its first round emitted, uncut."""
        text, emitted, first = self.prompt, (), None
        while len(emitted) < self.length and (self.end_token is None or emitted[-1:] != (self.end_token,)):
            tokens = tuple(self.round(text))
            first = len(tokens) if first is None else first
            emitted += tokens
            text = (text + tokens)[-self.keep :] if self.keep else ()
        return emitted[: self.length], first


def sample(request):
    case = Case(request)
    random.seed(int(request["seed"]))
    decodings = [case.decode() for _ in range(request["count"])]
    rounds = Counter(str(first) for _, first in decodings)
    if request.get("ordered"):
        return {"sequences": [" ".join(map(str, tokens)) for tokens, _ in decodings], "rounds": rounds}
    counts = Counter(tokens for tokens, _ in decodings)
    return {"counts": {" ".join(map(str, tokens)): n for tokens, n in counts.items()}, "rounds": rounds}


def verify(request):
    """One round over a tree that is given, with scripted uniforms. What no decoder could verify is refused."""
    rule, given, end = request["rule"], request["nodes"], request.get("endToken")
    if rule in ("spectr", "autoregressive"):
        raise NotSupported("the rule is not offered for verify")
    if rule not in RULES:
        raise ValueError("no such rule")
    size = len(request["target"].get("-1", []))
    if set(request["target"]) != {str(n) for n in range(-1, len(given))} or not 0 <= (end or 0) < size:
        raise ValueError("a law is missing, or the end token is none")
    laws = {int(n): checked(values, size) for n, values in request["target"].items()}
    nodes = {-1: Node(-1, None, None, laws[-1])}
    for index, entry in enumerate(given):
        parent, token, draft = entry["parent"], entry["token"], checked(entry["draft"], size)
        if not (-1 <= parent < index and 0 <= token < size and draft[token] > 0):
            raise ValueError("no such node")
        above = nodes[parent]
        if above.draft not in (None, draft) or above.repeats or (rule == "sd" and above.children):
            raise ValueError("no such siblings")
        node = Node(index, token, None, laws[index])
        node.repeats = next((sibling for sibling in above.children if sibling.token == token), None)
        if node.repeats and rule != "specinfer":
            raise ValueError("a token is drawn twice without replacement")
        above.draft = draft
        above.children.append(node)
        nodes[index] = node
    uniforms = [float(u) for u in request["uniforms"]]
    if not all(0 <= u < 1 for u in uniforms):
        raise ValueError("not a uniform")
    used = 0

    def uniform():
        nonlocal used
        used += 1
        if used > len(uniforms):
            raise ValueError("too few uniforms")
        return uniforms[used - 1]

    accepted, token = walk(rule, nodes[-1], uniform, end)
    return {"accepted": [node.index for node in accepted], "token": token, "used": used}


def answer(request):
    if request["op"] == "hello":
        return {
            "name": "rsd_port.py" + (f" with {defect}" if defect else ""),
            "version": "1.0",
            "rules": RULES,
            "ops": ["sample", "verify"],
            "profile": ["temperature", "top-k", "top-p", "min-p"],
            "uniformBits": 53,
        }
    identity = {"id": request["id"]}
    try:
        if request["op"] not in ("sample", "verify"):
            raise NotSupported("the operation is unknown")
        return identity | (sample if request["op"] == "sample" else verify)(request)
    except NotSupported as reason:
        return identity | {"status": "notSupported", "reason": str(reason)}
    except (ValueError, KeyError, TypeError) as reason:
        return identity | {"status": "invalid", "reason": repr(reason)}


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--defect" and sys.argv[2] in DEFECTS:
        defect = sys.argv[2]
    elif len(sys.argv) > 1:
        sys.exit(f"usage: rsd_port.py [--defect {'|'.join(DEFECTS)}]")
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
