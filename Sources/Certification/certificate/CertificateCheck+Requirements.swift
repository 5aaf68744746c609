import SpeculativeDecoding
import ToyModels

extension CertificateCheck {
  /// Versions of suites that are nobody's but their maker's begin with this.
  public static let ownSuites = "custom/"

  /// Statements that follow from nothing, and cannot be so.
  func requirements() throws(CertificationError) -> [Disagreement] {
    var found = try identifiers() + version()
    if seed == nil {
      found.append(Disagreement(key: "seed", stated: certificate.seed, computed: "a UInt64 as decimal text"))
    }
    if try suite() == nil { found += ownBudget() + (try windows()) }
    for record in certificate.cases { found += rounds(of: record, try record.method()) }
    found += proofs() + rounding() + powers()
    return found + (try transformers())
  }

  private func version() -> [Disagreement] {
    let version = certificate.suite.version
    if [DefaultSuite.version, WideSuite.version].contains(version) || version.hasPrefix(Self.ownSuites) { return [] }
    let known = "\(DefaultSuite.version), \(WideSuite.version) or \(Self.ownSuites)… (another cannot be compared)"
    return [Disagreement(key: "suite.version", stated: version, computed: known)]
  }

  /// An identifier is "rule/shape/pair/profile", and "/end" with an end token: readers go by it, and so do the streams.
  private func identifiers() throws(CertificationError) -> [Disagreement] {
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

  /// The shares of all cases must fit into half the false-fail rate, and no rate may be looser than this package's.
  private func ownBudget() -> [Disagreement] {
    let stated = certificate.errorBudget
    // Each case over transformers is two tests: the output's law and the accepted lengths.
    let tests = certificate.cases.count + 2 * (certificate.transformers?.cases.count ?? 0)
    let most = ErrorBudget(cases: tests)
    let share = ErrorBudget(cases: tests, falseFail: stated.falseFail).nominalShare
    return [
      ("falseFail", stated.falseFail, most.falseFail), ("nominalShare", stated.nominalShare, share),
      ("falsePass", stated.falsePass, most.falsePass), ("effect", stated.effect, most.effect),
    ].filter { !($0.1 > 0 && $0.1 <= $0.2 * (1 + 1e-9)) }.map { key, stated, computed in
      Disagreement(key: "errorBudget.\(key)", stated: "\(stated)", computed: "above 0 and at most \(computed)")
    }
  }

  /// A window that is shorter than a round and one token more cannot see a wrong bonus token.
  private func windows() throws(CertificationError) -> [Disagreement] {
    var found: [Disagreement] = []
    for record in certificate.cases where record.verdict == .pass {
      let needed = try record.method().draftLength + 2
      guard record.length < needed else { continue }
      found.append(
        Disagreement(id: record.id, key: "length", stated: "\(record.length)", computed: "at least \(needed)"))
    }
    return found
  }

  /// Rounds and tokens must be some that these sequences can have taken.
  private func rounds(of record: CaseRecord, _ method: DecodingMethod) -> [Disagreement] {
    let samples = Self.sum(of: record.counts) ?? 0
    let emitted = record.counts.reduce(0) { $0 + $1.value * $1.key.split(separator: " ").count }
    let most = method.draftLength + 1
    var found: [Disagreement] = []
    var first = 0
    for (key, count) in record.rounds.sorted(by: { $0.key < $1.key }) {
      if let length = Int(key), (1...most).contains(length) {
        first += count * length
      } else {
        found.append(Disagreement(id: record.id, key: "rounds[\(key)]", stated: "\(count)", computed: "absent"))
      }
    }
    func check(_ key: String, _ stated: Int, from least: Int, to most: Int) {
      if least <= stated, stated <= most { return }
      // The other figures may leave no room for any.
      let computed = least <= most ? "\(least) to \(most)" : "at least \(least) and at most \(most)"
      found.append(Disagreement(id: record.id, key: key, stated: "\(stated)", computed: computed))
    }
    let firstRounds = Self.sum(of: record.rounds) ?? 0
    check("rounds", firstRounds, from: record.samples, to: record.samples)
    // A round emits 1 to draft length + 1 tokens; those of a decoding's last round may reach beyond its sequence.
    check("targetEvaluations", record.targetEvaluations, from: samples, to: emitted)
    let rounds = min(max(record.targetEvaluations, 0), emitted)
    check(
      "tokens", record.tokens, from: max(emitted, first), to: min(emitted + samples * method.draftLength, rounds * most)
    )
    return found
  }

  /// Stated proofs must be of a corpus that can be compared, each with a verdict that fits what it states.
  private func proofs() -> [Disagreement] {
    guard let report = certificate.proofs else { return [] }
    var found: [Disagreement] = []
    var seen: Set<String> = []
    for record in report.cases {
      if !seen.insert(record.id).inserted {
        found.append(Disagreement(id: record.id, key: "proofs", stated: "there twice", computed: "there once"))
      }
      if let reason = record.inconsistency {
        found.append(
          Disagreement(id: record.id, key: "proofs.verdict", stated: record.verdict.rawValue, computed: reason))
      }
    }
    let isKnown = report.corpus == ProofCorpus.version || report.corpus == "custom"
    if !isKnown, !report.corpus.hasPrefix(Self.ownSuites) {
      let known = "\(ProofCorpus.version) or custom (another cannot be compared)"
      found.append(Disagreement(key: "proofs.corpus", stated: report.corpus, computed: known))
    }
    return found
  }

  private func rounding() -> [Disagreement] {
    (certificate.rounding ?? []).enumerated().flatMap { index, record in
      var found: [Disagreement] = []
      func check(_ key: String, _ stated: String, _ computed: String, _ agrees: Bool) {
        if !agrees { found.append(Disagreement(key: "rounding[\(index)].\(key)", stated: stated, computed: computed)) }
      }
      check("branches", "\(record.branches)", "at least 1", record.branches >= 1)
      check("totalVariation", "\(record.totalVariation)", "0 to 1", (0...1).contains(record.totalVariation))
      return found
    }
  }

  /// The predicted powers must be of every defect on one list of cases.
  private func powers() -> [Disagreement] {
    guard let stated = certificate.powerMatrix else { return [] }
    guard stated.rows.map(\.defect) == Defect.all.map(\.id),
      stated.rows.allSatisfy({ $0.power.count == stated.cases.count }),
      stated.rows.allSatisfy({ $0.power.allSatisfy { (0...1).contains($0 ?? 0) } })
    else {
      return [
        Disagreement(
          key: "powerMatrix", stated: "\(stated.rows.count) rows",
          computed: "\(Defect.all.count) in order, each of \(stated.cases.count) probabilities")
      ]
    }
    return (certificate.killMatrix ?? []).compactMap { record in
      guard stated.power(of: record.defect, on: record.caseID) == nil else { return nil }
      return Disagreement(
        id: record.defect, key: "powerMatrix", stated: "nothing for \(record.caseID)",
        computed: "\(record.predictedPower)")
    }
  }
}

// MARK: Counts

extension CertificateCheck {
  /// The most decodings that a case may state: with more, sums leave the integers, and no computer ever made them.
  package static let maximumSamples = CaseCounts.mostSamples

  /// The sum of counts that are not negative; `nil` where it exceeds ``maximumSamples``.
  package static func sum(of counts: [String: Int]) -> Int? { CaseCounts.sum(of: counts) }

  /// The instance that a record states.
  ///
  /// - Throws: ``CertificationError`` for an unknown rule, a profile out of range, and more tokens than can be counted.
  func instance(of record: CaseRecord) throws(CertificationError) -> Instance {
    // Sequences are counted by a number in base vocabulary + 1.
    var (numbers, isTooLong) = (1, record.length > Int.bitWidth)
    for _ in 0..<(isTooLong ? 0 : max(record.length, 0)) where !isTooLong {
      let base = max(record.target.vocabulary, 1).addingReportingOverflow(1)
      let product = numbers.multipliedReportingOverflow(by: base.partialValue)
      (numbers, isTooLong) = (product.partialValue, base.overflow || product.overflow)
    }
    guard !isTooLong else {
      throw .certificate("case \(record.id): \(record.length) tokens are too many to be counted jointly")
    }
    return try record.base.instance()
  }

  /// The plan that a record's instance has under the certificate's budget.
  ///
  /// - Throws: ``CertificationError`` where the record is no case.
  package func plan(for record: CaseRecord) throws(CertificationError) -> CasePlan {
    guard record.samples <= Self.maximumSamples else {
      throw .certificate("case \(record.id): more than \(Self.maximumSamples) decodings")
    }
    return try CasePlan(
      try instance(of: record), budget: certificate.errorBudget, samples: record.samples > 0 ? record.samples : nil)
  }
}
