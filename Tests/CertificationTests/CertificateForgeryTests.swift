import Certification
import Foundation
import SpeculativeDecoding
import TestSupport
import Testing
import ToyModels

/// What a forger would change: every place of a certificate that says more than its counts do.
@Suite(.optimised) struct CertificateForgeryTests {
  static func keys(_ change: (inout Certificate) -> Void) throws -> [String] {
    try CertificateTests.disagreements(change).map(\.key)
  }

  /// A certificate of cases that were not run: cheap, and all that a selection says can be checked.
  static func unfinished(_ suite: Suite, _ selection: String, cases: [Instance]) throws -> Certificate {
    let budget = suite.budget
    return Certificate(
      suite: .init(version: suite.version, selection: selection), seed: 5, errorBudget: budget,
      cases: try cases.map { try CaseRecord(unfinished: CasePlan($0, budget: budget)) })
  }

  @Test func anotherRuleOrShapeIsFound() throws {
    for version in ["rsd-suite/2", "custom/1"] {
      let rule = try Self.keys {
        $0.suite.version = version
        ($0.cases[1].rule, $0.cases[1].branching) = ("autoregressive", nil)
      }
      #expect(rule.contains("id"))
      let shape = try Self.keys {
        $0.suite.version = version
        $0.cases[1].branching = [2]
      }
      #expect(shape == (version == "custom/1" ? ["id"] : ["id", "branching[0]"]))
      let end = try Self.keys {
        $0.suite.version = version
        $0.cases[0].endToken = 1
      }
      #expect(end.contains("id"))
    }
    #expect(try Self.keys { $0.cases[0].id = "sd/2/one-hot/plain" }.contains("profile"))
  }

  @Test func otherCasesThanTheSuitesAreFound() throws {
    #expect(try Self.keys { $0.cases[0].prompt = [1] }.contains("prompt[0]"))
    #expect(try Self.keys { $0.cases[0].prompt = [0, 0] } == ["prompt.count"])
    #expect(try Self.keys { $0.cases[0].endToken = 1 }.contains("endToken"))
    #expect(try Self.keys { $0.cases[0].length = 5 }.contains("length"))
    #expect(try Self.keys { $0.cases[0].profile.topP = 1 }.contains("profile.topP"))
    #expect(try Self.keys { $0.cases[0].target.name = "mine" } == ["target.name"])
    #expect(try Self.keys { $0.cases[0].draft = $0.cases[1].draft }.allSatisfy { $0.hasPrefix("draft.") })
    #expect(try Self.keys { $0.cases[0].id = "sd/1/mine/top-p" }.contains("id"))
  }

  /// A run under a budget of one's own, consistent in itself.
  @Test func aLooserBudgetIsFound() throws {
    let loose = CertificateTests.certificate(ErrorBudget(cases: DefaultSuite.errorShares, falsePass: 0.5, effect: 0.3))
    #expect(loose.verdict == .certified)
    // The suite's own budget judges: what was certified under a looser one is not.
    let found = Set(try CertificateCheck(loose).disagreements().map(\.key))
    #expect(found == ["errorBudget.falsePass", "errorBudget.effect", "power", "verdict"])
    let share = try Self.keys { $0.errorBudget.falseFail *= 100 }
    #expect(share == ["errorBudget.falseFail"])
    var own = loose
    own.suite.version = "custom/1"
    #expect(
      Set(try CertificateCheck(own).disagreements().map(\.key)) == ["errorBudget.falsePass", "errorBudget.effect"])
    #expect(try Self.keys { $0.suite.version = "custom/1" } == [])
  }

  @Test func selectionsAreCompleteAndInOrder() throws {
    #expect(try Self.keys { $0.cases.removeLast() } == ["cases", "verdict"])
    #expect(try Self.keys { $0.suite.selection = "sd/*" }.contains("cases"))
    #expect(try Self.keys { $0.suite.selection = $0.cases[0].id } == ["cases"])
    #expect(try Self.keys { $0.cases.reverse() } == ["cases"])
    #expect(try Self.keys { $0.cases.append($0.cases[0]) } == ["id", "cases"])
    let suites = [try DefaultSuite.suite(), try WideSuite.suite()]
    let quick = try DefaultSuite.quick().cases
    for (suite, selection, cases) in [
      (suites[0], "all", suites[0].cases), (suites[0], "quick", quick),
      (suites[0], "rules sd, rsd-s", suites[0].cases.filter { [.speculative, .rsdS].contains($0.method.rule) }),
      (suites[0], "quick; rules spectr", quick.filter { $0.method.rule == .specTr }),
      (suites[0], "quick; rules spectr; *x1/*", quick.filter { $0.id.hasPrefix("spectr/3x1/") }),
      (suites[1], "wide", suites[1].cases),
      (suites[1], "wide; v2*", []), (suites[1], "wide; */v2/*", suites[1].cases.filter { $0.pair.name == "v2" }),
    ] {
      let certificate = try Self.unfinished(suite, selection, cases: cases)
      #expect(try CertificateCheck(certificate).disagreements() == [], "\(selection)")
      if cases.isEmpty { continue }
      let short = try Self.unfinished(suite, selection, cases: cases.dropLast())
      #expect(try CertificateCheck(short).disagreements().map(\.key) == ["cases"], "\(selection)")
    }
  }

  @Test func unknownSuitesCannotBeCompared() throws {
    let found = try CertificateTests.disagreements { $0.suite.version = "rsd-suite/9" }
    #expect(found.map(\.key) == ["suite.version"])
    #expect(found.allSatisfy { $0.computed.contains("cannot be compared") })
  }

  @Test func windowsOfOnesOwnAreLongEnough() throws {
    let suite = try DefaultSuite.suite()
    let instance = try #require(suite.cases.first { $0.id == "sd/2/one-hot/top-p" })
    let short = Instance(
      method: .speculative(depth: 1), pair: instance.pair, profile: instance.profile, profileName: "top-p", length: 2)
    let budget = ErrorBudget(cases: 1)
    let plan = try CasePlan(short, budget: budget)
    let counts = try DecoderSubject.production.counts(of: plan, replicates: 0..<plan.samples, seed: 5)
    let certificate = Certificate(
      suite: .init(version: "custom/1", selection: "custom"), seed: 5, errorBudget: budget,
      cases: [try CaseRecord(plan, counts: counts)])
    #expect(certificate.verdict == .certified)
    #expect(try CertificateCheck(certificate).disagreements().map(\.key) == ["length"])
  }

  @Test func keysOccurOnce() throws {
    let text = String(decoding: try CertificateTests.certificate.json(), as: UTF8.self)
    let twice = text.replacing(#""verdict" : "certified""#, with: #""verdict" : "failed", "verdict" : "certified""#)
    #expect(twice != text)
    #expect(throws: CertificationError.self) { try Certificate(json: Data(twice.utf8)) }
  }

  @Test func seedsAreDecimal() throws {
    #expect(try Self.keys { $0.seed = "6" } == [])
    #expect(try Self.keys { $0.seed = "18446744073709551615" } == [])
    for seed in ["", "+5", "05", "-1", "0x5", "5 ", "18446744073709551616"] {
      #expect(try Self.keys { $0.seed = seed } == ["seed"], "\(seed)")
    }
  }

  @Test func keysHaveOneSpelling() throws {
    let key = try #require(CertificateTests.certificate.cases[1].counts.keys.sorted().first)
    for spelling in ["0\(key)", "+\(key)", " \(key)", "\(key) ", "-\(key)", ""] {
      #expect(throws: CertificationError.self, "\(spelling)") {
        try Self.keys { $0.cases[1].counts[spelling] = 1 }
      }
    }
    for spelling in ["01", "+1", "", "one"] {
      #expect(throws: CertificationError.self) { try Self.keys { $0.cases[1].rounds[spelling] = 1 } }
    }
    #expect(try Self.keys { $0.cases[1].rounds["0"] = 0 } == ["rounds[0]"])
    #expect(try Self.keys { $0.cases[1].rounds["3"] = 0 } == ["rounds[3]"])
  }

  @Test func figuresAreThoseOfSomeDecoding() throws {
    for value in [Int.min, -1, 0, .max] {
      #expect(try Self.keys { $0.cases[0].targetEvaluations = value }.first == "targetEvaluations")
      #expect(try Self.keys { $0.cases[0].tokens = value } == ["tokens"])
    }
    // More first rounds of two tokens than tokens.
    #expect(try Self.keys { $0.cases[0].tokens = 3 * $0.cases[0].samples - 1 } == ["tokens"])
  }

  /// Numbers that no sum can hold: an error or a disagreement, never a trap.
  @Test func hugeNumbersAreRefused() async throws {
    for value in [Int.max, .max / 2 + 1, CertificateCheck.maximumSamples + 1, -1, .min] {
      #expect(throws: CertificationError.self) {
        try Self.keys { certificate in
          for key in certificate.cases[1].counts.keys { certificate.cases[1].counts[key] = value }
        }
      }
      #expect(throws: CertificationError.self) {
        try Self.keys { $0.cases[1].rounds = ["1": value, "2": value] }
      }
      #expect(try Self.keys { $0.cases[1].samples = value }.contains("samples"))
    }
    for length in [Int.max, 40, 0, -1, .min] {
      #expect(throws: CertificationError.self) { try Self.keys { $0.cases[1].length = length } }
    }
    #expect(throws: CertificationError.self) { try Self.keys { $0.cases[1].target.vocabulary = .max } }
    #expect(throws: CertificationError.self) { try Self.keys { $0.cases[1].target.vocabulary = -1 } }
    #expect(try Self.keys { $0.cases[1].draft.order = .max } == ["draft.order"])
    #expect(try Self.keys { $0.errorBudget.effect = 1e200 } == ["errorBudget.effect"])
    for samples in [Int.max, CertificateCheck.maximumSamples + 1] {
      var certificate = CertificateTests.certificate
      certificate.cases[0].samples = samples
      await #expect(throws: CertificationError.self) {
        try await CertificateCheck(certificate).replayDisagreements(threads: 1)
      }
    }
  }

  @Test func replayComparesTheFiguresToo() async throws {
    var certificate = CertificateTests.certificate
    certificate.cases[0].tokens += 1
    certificate.cases[1].rounds["1", default: 0] += 1
    certificate.cases[1].rounds["2", default: 0] -= 1
    let found = try await CertificateCheck(certificate).replayDisagreements(threads: 2)
    #expect(found.map(\.key) == ["tokens", "rounds[1]"])
  }
}

/// Proofs and rounding are compared with the corpus and the suite that they name.
@Suite(.optimised) struct CertificateEvidenceTests {
  static func certificate(
    _ proofs: ProofReport? = nil, _ rounding: [RoundingCertificate]? = nil
  ) -> Certificate {
    let base = CertificateTests.certificate
    return Certificate(
      suite: base.suite, seed: 5, errorBudget: base.errorBudget, cases: base.cases, proofs: proofs, rounding: rounding)
  }

  @Test func proofsAreThoseOfTheCorpus() async throws {
    let proofs = try await ProofRunner(threads: 2).run(try ProofCorpus.quick())
    let report = ProofReport(corpus: ProofCorpus.version, selection: "quick", proofs: proofs)
    func keys(_ change: (inout ProofReport) -> Void) throws -> [String] {
      var changed = report
      change(&changed)
      return try CertificateCheck(Self.certificate(changed)).disagreements().map(\.key)
    }
    #expect(Self.certificate(report).verdict == .certified)
    #expect(try keys { _ in } == [])
    #expect(try keys { $0.selection = "all" }.first == "proofs.cases")
    #expect(try keys { $0.cases.removeLast() }.first == "proofs.cases")
    #expect(try keys { $0.cases.reverse() } == ["proofs.cases"])
    #expect(try keys { $0.cases.append($0.cases[0]) } == ["proofs", "proofs.cases"])
    #expect(try keys { $0.cases[0].id = "autoregressive/mine/plain" }.contains("proofs.cases"))
    #expect(try keys { $0.cases[1].length = 1 } == ["proofs.length"])
    #expect(try keys { $0.corpus = "rsd-proofs/9" } == ["proofs.corpus"])
    #expect(try keys { $0.corpus = "custom" } == [])
    #expect(try keys { $0.cases[0].states = 0 } == ["proofs.verdict"])
    #expect(try keys { $0.cases[0].branches = .min } == ["proofs.verdict"])
    #expect(try keys { $0.cases[0].sequences = 0 } == ["proofs.verdict"])
    #expect(try keys { $0.cases[0].reason = "none" } == ["proofs.verdict"])
    #expect(try keys { $0.cases[0].verdict = .refuted } == ["proofs.verdict"])
    #expect(try keys { $0.cases[0].verdict = .unfinished } == ["proofs.verdict"])
    let refuted = try await ProofRunner(threads: 2).run(try ProofCorpus.quick(), fault: .alwaysAccepts)
    let failed = ProofReport(corpus: ProofCorpus.version, selection: "quick", proofs: refuted)
    #expect(try CertificateCheck(Self.certificate(failed)).disagreements() == [])
    #expect(Self.certificate(failed).verdict == .failed)
    let wrong = try #require(failed.cases.firstIndex { $0.verdict == .refuted })
    var hidden = failed
    hidden.cases[wrong].verdict = .proved
    #expect(try CertificateCheck(Self.certificate(hidden)).disagreements().map(\.key) == ["proofs.verdict"])
    hidden.cases[wrong] = failed.cases[wrong]
    hidden.cases[wrong].counterexample?.decoder = failed.cases[wrong].counterexample?.target ?? ""
    #expect(try CertificateCheck(Self.certificate(hidden)).disagreements().map(\.key) == ["proofs.verdict"])
  }

  @Test func roundingIsThatOfTheSuite() throws {
    let rounding = try RoundingSuite.certificates()
    func keys(_ change: (inout [RoundingCertificate]) -> Void) throws -> [String] {
      var changed = rounding
      change(&changed)
      return try CertificateCheck(Self.certificate(nil, changed)).disagreements().map(\.key)
    }
    #expect(Self.certificate(nil, rounding).verdict == .certified)
    #expect(try keys { _ in } == [])
    #expect(try keys { $0 = [] } == ["rounding.count", "verdict"])
    #expect(try keys { $0.removeLast() } == ["rounding.count"])
    #expect(try keys { $0.swapAt(3, 4) }.contains("rounding[3].scalar"))
    #expect(try keys { $0[5].rule = "sd" } == ["rounding[5].rule"])
    #expect(try keys { $0[5].bound *= 2 } == ["rounding[5].bound"])
    #expect(try keys { $0[5].branches = 0 } == ["rounding[5].branches"])
    #expect(try keys { $0[5].totalVariation = -1 } == ["rounding[5].totalVariation"])
    var broken = rounding
    broken[5].totalVariation = 1
    #expect(Self.certificate(nil, broken).verdict == .failed)
  }
}
