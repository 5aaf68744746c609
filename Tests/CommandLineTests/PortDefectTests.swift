import Certification
import Foundation
import TestSupport
import Testing

/// Ports over the Python example with a defect of their own: what they are called.
@Suite(.enabled(if: PortTests.python != nil, "python3 is not on the PATH")) struct PortDefectTests {
  /// A port that imports the example and changes it.
  static func port(_ change: String, in folder: Folder) throws -> String {
    let text = """
      import json, math, random, sys
      from collections import Counter
      sys.path.insert(0, \"\(PortTests.examples.path)\")
      import rsd_port as base
      from rsd_port import draw, normalised
      \(change)
      for line in sys.stdin:
          print(json.dumps(base.answer(json.loads(line))), flush=True)
      """
    try folder.write(Data(text.utf8), to: "port.py")
    return PortTests.quoted([try #require(PortTests.python), folder.url.appending(path: "port.py").path])
  }

  static func certify(_ change: String, _ arguments: [String]) async throws -> PortTests.Run {
    let folder = try Folder()
    let run = try await PortTests.certify(port(change, in: folder), arguments)
    withExtendedLifetime(folder) {}
    return run
  }

  /// Batches of so many slots, each decoded twice with the same random numbers.
  static func repeatedBatches(_ size: Int) -> String {
    """
    def sample(request):
        case, out = base.Case(request), []
        while len(out) < request["count"]:
            random.seed(int(request["seed"]) * 1000003 + len(out))
            batch = [case.decode() for _ in range(\(size))]
            out += batch + batch
        out = out[: request["count"]]
        texts = [" ".join(map(str, tokens)) for tokens, _ in out]
        lengths = {
            "rounds": Counter(str(lengths[0]) for _, lengths in out),
            "secondRounds": Counter(str(lengths[1] if len(lengths) > 1 else 0) for _, lengths in out),
        }
        return ({"sequences": texts} if request.get("ordered") else {"counts": Counter(texts)}) | lengths
    base.sample = sample
    """
  }

  /// Decodings that are equal at a lag fail independence, and are called neither another law nor a correct decoder.
  @Test(.long, arguments: [8, 100]) func copiesAreCalledDependence(lag: Int) async throws {
    let run = try await Self.certify(Self.repeatedBatches(lag), ["--rule", "sd", "--quick"])
    #expect(run.status == 1)
    let check = try #require(run.records["independence/sd"])
    #expect(check["status"] as? String == "fail")
    #expect((check["reason"] as? String ?? "").contains("the one \(lag) before them too often"))
    #expect(!run.text.contains("correct decoder"))
    // A wrong law is named nowhere; where one of the laws failed by the scatter, that is said.
    for names in run.fitting("sd") { #expect(names == ["shared-stream"] || names == []) }
    let failed = run.records.filter { $0.value["status"] as? String == "fail" && $0.key.hasPrefix("sd/") }
    #expect(failed.isEmpty || run.text.contains("the law fits, the counts scatter: decodings depend on each other"))
    let verified = try await Command.run(["verify", "c.json"], in: run.folder)
    #expect(verified.text.hasPrefix("FAILED") && !verified.text.contains("stated"))
  }

  /// Every count is enlarged by the same factor where each decoding is given 16 times: all laws fail, and none is wrong.
  @Test func countsThatScatterAreCalledSo() async throws {
    let change = """
      right = base.Case.decode
      def decode(self):
          if getattr(self, "left", 0) == 0:
              self.left, self.last = 16, right(self)
          self.left -= 1
          return self.last
      base.Case.decode = decode
      """
    let run = try await Self.certify(change, ["--rule", "sd", "--quick"])
    #expect(run.status == 1)
    let reasons = run.records.filter { $0.key.hasPrefix("sd/") && $0.value["status"] as? String == "fail" }
      .map { $0.value["reason"] as? String }
    #expect(!reasons.isEmpty)
    #expect(Set(reasons) == ["the law fits, the counts scatter: decodings depend on each other"])
    #expect(run.text.contains("the law fits, the counts scatter: decodings depend on each other"))
    #expect(!run.text.contains("correct decoder"))
  }

  /// The draft's cache ends with what was drafted, and never gets the last token: exact, with first rounds of the right length.
  static let keptCache = """
    def decode(self):
        text, emitted, lengths, cache = self.prompt, (), [], self.prompt
        while len(emitted) < self.length and (self.end_token is None or emitted[-1:] != (self.end_token,)):
            tree, after = [], text
            for _ in range(self.depth):
                law = self.draft.law(cache)
                token = draw(law, random.random())
                tree.append((token, law, self.target.law(after)))
                after, cache = after + (token,), cache + (token,)
            out = ()
            for token, law, target in tree:
                if random.random() * law[token] >= target[token]:
                    left = [max(q - p, 0.0) for p, q in zip(law, target)]
                    out += (draw(normalised(left) if sum(left) > 0 else target, random.random()),)
                    break
                out += (token,)
                if token == self.end_token:
                    break
            else:
                out += (draw(self.target.law(after), random.random()),)
            lengths.append(len(out))
            emitted, text = emitted + out, text + out
        return emitted[: self.length], lengths
    base.Case.decode = decode
    """

  @Test func aDraftThatKeepsRejectedTokensIsRefusedByItsSecondRounds() async throws {
    let run = try await Self.certify(Self.keptCache, ["--rule", "sd", "--cases", "sd/2/recalling/*"])
    #expect(run.status == 1)
    let record = try #require(run.records["sd/2/recalling/plain"])
    #expect(record["reason"] as? String == "the second round emits another number of tokens than the rule's")
    #expect(run.fitting("sd").first?.contains("draft-not-rolled-back") == true, "\(run.text)")
    #expect(run.text.contains("a second round of"))
    let verified = try await Command.run(["verify", "c.json"], in: run.folder)
    #expect(verified.text.hasPrefix("FAILED") && !verified.text.contains("stated"))
  }

  /// A port that does not say how long its second rounds are is certified as before, and what was not looked at is stated.
  @Test(.long) func withoutTheKeyTheLimitIsStated() async throws {
    let change = """
      \(Self.keptCache)
      full = base.sample
      base.sample = lambda request: {k: v for k, v in full(request).items() if k != "secondRounds"}
      """
    let run = try await Self.certify(change, ["--rule", "sd", "--quick"])
    #expect(run.status == 0, "\(run.text)")
    let limits = try #require(run.port["notLookedAt"] as? [String])
    #expect(limits == ["lengths of later rounds are not looked at: the port gives no \"secondRounds\""])
    #expect(run.text.contains("Note: lengths of later rounds are not looked at"))
    let page = try await Command.run(["report", "c.json", "--output", "r.html"], in: run.folder)
    #expect(page.status == 0)
    #expect(String(decoding: try run.folder.data("r.html"), as: UTF8.self).contains("lengths of later rounds"))
  }

  /// Recovery by the Gumbel noise that chose the rejected token is named.
  @Test(.long) func reusedRecoveryNoiseIsNamed() async throws {
    let change = """
      def gumbels(n): return [-math.log(-math.log(random.random() or 1e-300)) for _ in range(n)]
      def best(law, g): return max((t for t in range(len(law)) if law[t] > 0), key=lambda t: math.log(law[t]) + g[t])
      def round(self, text):
          out = []
          for _ in range(self.depth):
              p, q = self.draft.law(text), self.target.law(text)
              g = gumbels(len(p))
              token = best(p, g)
              if random.random() * p[token] >= q[token]:
                  left = [max(a - b, 0.0) for a, b in zip(q, p)]
                  return out + [best(left if sum(left) > 0 else q, g)]
              out, text = out + [token], text + (token,)
              if token == self.end_token:
                  return out
          q = self.target.law(text)
          return out + [best(q, gumbels(len(q)))]
      base.Case.round = round
      """
    let run = try await Self.certify(change, ["--rule", "sd", "--quick"])
    #expect(run.status == 1)
    #expect(run.fitting("sd").contains(["recovery-noise-reused"]), "\(run.text)")
  }
}
