import Foundation
import SpeculativeDecoding

extension CertificateCheck {
  /// Versions of suites that are nobody's but their maker's begin with this.
  public static let ownSuites = "custom/"

  /// What bears the name of a suite of this package must be that suite's: cases, selection, samples and error budget.
  func compareSuite() throws(CertificationError) -> [Disagreement] {
    let version = certificate.suite.version
    let suite: Suite
    // What the cases and checks of a port must be is compared with them.
    if version == PortSuite.version {
      return certificate.port == nil
        ? [Disagreement(id: "", key: "port", stated: "absent", computed: "present in \(version)")]
        : compare(PortSuite.errorBudget)
    }
    switch version {
    case DefaultSuite.version: suite = try DefaultSuite.suite()
    case WideSuite.version: suite = try WideSuite.suite()
    default:
      let known =
        "\(DefaultSuite.version), \(WideSuite.version), \(PortSuite.version) or \(Self.ownSuites)… (another cannot be compared)"
      let unknown = Disagreement(id: "", key: "suite.version", stated: version, computed: known)
      return (version.hasPrefix(Self.ownSuites) ? [] : [unknown]) + compareOwnBudget() + (try compareWindows())
    }
    let budget = suite.budget
    return try compareCases(with: suite, budget) + compareSelection(of: suite) + compare(budget)
  }

  /// An identifier is "rule/shape/pair/profile", and "/end" with an end token: readers go by it, and so do the streams.
  func compareIdentifiers() throws(CertificationError) -> [Disagreement] {
    var found: [Disagreement] = []
    var seen: Set<String> = []
    for record in certificate.cases {
      if !seen.insert(record.id).inserted {
        found.append(Disagreement(id: record.id, key: "id", stated: "there twice", computed: "there once"))
      }
      let method = try record.method()
      let first = method.id.split(separator: "/").map(String.init)
      let last = record.endToken == nil ? [] : ["end"]
      let words = record.id.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      let isNamed = words.count == first.count + 2 + last.count && !words.contains("")
      if !isNamed || !words.starts(with: first) || !words.reversed().starts(with: last) {
        let form = (first + ["…", "…"] + last).joined(separator: "/")
        found.append(Disagreement(id: record.id, key: "id", stated: record.id, computed: form))
      } else if words[first.count + 1] == "plain", record.profile != ProfileRecord(.plain) {
        found.append(Disagreement(id: record.id, key: "profile", stated: "another", computed: "plain, as the id says"))
      }
    }
    return found
  }

  private func compareCases(
    with suite: Suite, _ budget: ErrorBudget
  ) throws(CertificationError) -> [Disagreement] {
    var found: [Disagreement] = []
    let cases = Dictionary(suite.cases.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for record in certificate.cases {
      func check(_ key: String, _ stated: String, _ computed: String, _ agrees: Bool) {
        if !agrees { found.append(Disagreement(id: record.id, key: key, stated: stated, computed: computed)) }
      }
      guard let instance = cases[record.id] else {
        check("id", record.id, "one of \(suite.version)", false)
        continue
      }
      // Rule and shape follow from the identifier, which is compared with both.
      check("target", "another", "the suite's", record.target == instance.pair.target)
      check("draft", "another", "the suite's", record.draft == instance.pair.draft)
      check("prompt", "\(record.prompt)", "\(instance.pair.prompt)", record.prompt == instance.pair.prompt)
      check("profile", "another", "the suite's", record.profile == ProfileRecord(instance.profile))
      check("length", "\(record.length)", "\(instance.length)", record.length == instance.length)
      let tokens = [record.endToken, instance.endToken].map { $0.map(String.init) ?? "absent" }
      check("endToken", tokens[0], tokens[1], record.endToken == instance.endToken)
      guard record.verdict == .pass else { continue }
      let samples = try CasePlan(instance, budget: budget).samples
      check("samples", "\(record.samples)", "at least \(samples)", record.samples >= samples)
    }
    return found
  }

  /// The cases must be all that the selection names, in order: one that is left out may be the one that failed.
  private func compareSelection(of suite: Suite) throws(CertificationError) -> [Disagreement] {
    let selection = certificate.suite.selection
    let stated = certificate.cases.map(\.id)
    let expected = try SuiteSelection(name: selection, ofSuite: suite.version).suite().cases.map(\.id)
    if stated == expected { return [] }
    func disagreement(_ id: String, _ stated: String, _ computed: String) -> [Disagreement] {
      [Disagreement(id: id, key: "cases", stated: stated, computed: "\(computed) in the selection \"\(selection)\"")]
    }
    if let missing = expected.first(where: { !stated.contains($0) }) {
      return disagreement(missing, "absent", "present")
    }
    if let surplus = stated.first(where: { !expected.contains($0) }) {
      return disagreement(surplus, "present", "absent")
    }
    return disagreement("", "\(stated.count) cases in another order", "\(expected.count), in order")
  }

  private func compare(_ budget: ErrorBudget) -> [Disagreement] {
    let stated = certificate.errorBudget
    return [
      ("falseFail", stated.falseFail, budget.falseFail), ("nominalShare", stated.nominalShare, budget.nominalShare),
      ("falsePass", stated.falsePass, budget.falsePass), ("effect", stated.effect, budget.effect),
    ].filter { !Self.isClose($0.1, $0.2) }.map { key, stated, computed in
      Disagreement(id: "", key: "errorBudget.\(key)", stated: "\(stated)", computed: "\(computed)")
    }
  }

  /// The shares of all cases must fit into half the false-fail rate, and no rate may be looser than this package's.
  private func compareOwnBudget() -> [Disagreement] {
    let stated = certificate.errorBudget
    // Each case over transformers is two tests: the output's law and the accepted lengths.
    let tests = certificate.cases.count + 2 * (certificate.transformers?.cases.count ?? 0)
    let most = ErrorBudget(cases: tests)
    let share = ErrorBudget(cases: tests, falseFail: stated.falseFail).nominalShare
    return [
      ("falseFail", stated.falseFail, most.falseFail), ("nominalShare", stated.nominalShare, share),
      ("falsePass", stated.falsePass, most.falsePass), ("effect", stated.effect, most.effect),
    ].filter { !($0.1 > 0 && $0.1 <= $0.2 * (1 + 1e-9)) }.map { key, stated, computed in
      Disagreement(
        id: "", key: "errorBudget.\(key)", stated: "\(stated)", computed: "above 0 and at most \(computed)")
    }
  }

  /// A window that is shorter than a round and one token more cannot see a wrong bonus token.
  private func compareWindows() throws(CertificationError) -> [Disagreement] {
    var found: [Disagreement] = []
    for record in certificate.cases where record.verdict == .pass {
      let needed = try record.method().draftLength + 2
      guard record.length < needed else { continue }
      found.append(
        Disagreement(id: record.id, key: "length", stated: "\(record.length)", computed: "at least \(needed)"))
    }
    return found
  }
}
