import Probability
import SpeculativeDecoding
import Statistics
import Transformer

extension CertificateCheck {
  /// What cases over transformers state must follow from their laws and counts.
  ///
  /// The law is enumerated again where the models are embedded; of others it is the certificate's own word.
  func compareTransformers() throws(CertificationError) -> [Disagreement] {
    guard let report = certificate.transformers else { return [] }
    var found: [Disagreement] = []
    var seen: Set<String> = []
    for record in report.cases {
      if !seen.insert(record.id).inserted {
        found.append(Disagreement(id: record.id, key: "id", stated: "there twice", computed: "there once"))
      }
      guard let method = DecodingMethod(record), record.id.hasPrefix(method.idPrefix) else {
        found.append(
          Disagreement(id: record.id, key: "rule", stated: record.rule, computed: "a method that the id names"))
        continue
      }
      if record.length < max(3, method.draftLength + 2) {
        found.append(
          Disagreement(
            id: record.id, key: "length", stated: "\(record.length)", computed: "at least draft length + 2"))
      }
      found += try compare(record)
    }
    if certificate.suite.version == DefaultSuite.version { found += try compareStandard(report) }
    found += try compareLaws(report)
    var models = [report.target]
    if case .transformer(let draft) = report.draft { models.append(draft) }
    for model in models {
      if model.arithmetic != nil || model.difference != nil {
        let isStated = model.arithmetic == Arithmetic.fast.rawValue && model.difference?.isPossible == true
        if !isStated {
          found.append(
            Disagreement(
              id: model.name, key: "arithmetic", stated: model.arithmetic ?? "a difference alone",
              computed: "fast, with its difference from deterministic logits"))
        }
      }
      for hash in [model.configuration, model.weights] where hash.wholeMatch(of: /[0-9a-f]{64}/) == nil {
        found.append(Disagreement(id: model.name, key: "SHA-256", stated: hash, computed: "64 hexadecimal digits"))
      }
    }
    return found
  }

  /// In the default suite the cases are that suite's, over the embedded pair.
  private func compareStandard(_ report: TransformerReport) throws(CertificationError) -> [Disagreement] {
    let embedded = try EmbeddedTransformers.pair()
    var found: [Disagreement] = []
    let expected = try embedded.standardCases(certificate.errorBudget)
    if report.cases.map(\.id) != expected.map(\.id) {
      found.append(
        Disagreement(id: "", key: "transformers", stated: "other cases", computed: "those of \(DefaultSuite.version)"))
    }
    if !embedded.isPair(of: report) {
      found.append(
        Disagreement(id: "", key: "transformers", stated: "other models", computed: "the embedded pair"))
    }
    return found
  }

  private func compareLaws(_ report: TransformerReport) throws(CertificationError) -> [Disagreement] {
    let embedded = try EmbeddedTransformers.pair()
    guard let draft = embedded.draft(of: report) else { return [] }
    var found: [Disagreement] = []
    for record in report.cases {
      // What is no case by its own words has been said, and may take for ever.
      guard let method = DecodingMethod(record), record.id.hasPrefix(method.idPrefix),
        record.length >= method.draftLength + 2,
        let testCase = try embedded.testCase(record, draft: draft, certificate.errorBudget)
      else { continue }
      let law = testCase.law.mapValues(\.approximation)
      let isSame =
        law.count == record.law.count && law.allSatisfy { Self.isClose(record.law[$0.key] ?? -1, $0.value) }
      if !isSame {
        found.append(
          Disagreement(id: record.id, key: "law", stated: "another", computed: "that of the embedded models"))
      }
      let lengths = testCase.acceptance?.law ?? [:]
      let stated = record.acceptance ?? [:]
      let areSame = lengths.count == stated.count && lengths.allSatisfy { Self.isClose(stated[$0.key] ?? -1, $0.value) }
      if !areSame {
        found.append(
          Disagreement(id: record.id, key: "acceptance", stated: "another", computed: "that of the embedded models"))
      }
    }
    return found
  }

  /// All disagreements between the stated counts over embedded models and those that the seed gives.
  ///
  /// - Returns: `nil` where the models are others, whose cases cannot be decoded again from the certificate alone.
  /// - Throws: ``CertificationError`` where a case cannot be decoded.
  public func transformerDisagreements(
    threads: Int, isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) async throws(CertificationError) -> [Disagreement]? {
    guard let report = certificate.transformers else { return [] }
    guard let seed else { throw .certificate("seed \"\(certificate.seed)\" is no UInt64") }
    let embedded = try EmbeddedTransformers.pair()
    guard let draft = embedded.draft(of: report) else { return nil }
    var found: [Disagreement] = []
    let options = SuiteRunner.Options(seed: seed, threads: threads, isInterrupted: isInterrupted)
    let runner = TransformerRunner(target: embedded.target, draft: draft, options)
    for record in report.cases where record.samples > 0 && !isInterrupted() {
      guard let testCase = try embedded.testCase(record, draft: draft, certificate.errorBudget),
        let again = try await runner.run(testCase, certificate.errorBudget)
      else { continue }
      let isSame =
        again.counts == record.counts && again.rounds == record.rounds && again.tokens == record.tokens
        && again.inconsistent == record.inconsistent
      if !isSame {
        found.append(Disagreement(id: record.id, key: "counts", stated: "others", computed: "those of the seed"))
      }
    }
    return found
  }

  private func compare(_ record: TransformerRecord) throws(CertificationError) -> [Disagreement] {
    var found: [Disagreement] = []
    func check(_ key: String, _ stated: String, _ computed: String, _ agrees: Bool) {
      if !agrees { found.append(Disagreement(id: record.id, key: key, stated: stated, computed: computed)) }
    }
    guard let law = record.exactLaw else {
      check("law", "\(record.law.count) probabilities", "positive ones that sum to 1", false)
      return found
    }
    let total = record.counts.values.reduce(0) { $0.addingReportingOverflow($1).partialValue }
    guard record.counts.values.allSatisfy({ (0...max(record.samples, 0)).contains($0) }), total == record.samples else {
      check("counts", "another sum", "\(record.samples) samples", false)
      return found
    }
    if let evaluated = record.evaluated {
      check("evaluated", "\(evaluated)", "0 to \(record.samples)", (0...max(record.samples, 0)).contains(evaluated))
      check("inconsistent", "\(record.inconsistent ?? -1)", "at least 0", record.inconsistent ?? -1 >= 0)
    } else {
      check("inconsistent", "\(record.inconsistent ?? -1)", "none", record.inconsistent == nil)
    }
    if record.samples == 0 {
      check("verdict", record.verdict.rawValue, "inconclusive", record.verdict == .inconclusive)
      return found
    }
    let budget = certificate.errorBudget
    do {
      let plan = try LawTest(law, samples: record.samples, share: budget.nominalShare)
      let result = try plan.result(of: record.counts)
      let impossible = result.impossible
      let power = try plan.power(atEffect: budget.effect)
      let isConclusive =
        plan.hasSoundCells && power >= 1 - budget.falsePass
        && TransformerCase.isEnough(evaluated: record.evaluated, of: record.samples, within: budget)
      let acceptancePValue = try Self.acceptancePValue(of: record, share: budget.nominalShare)
      let verdict = TransformerRecord.verdict(
        impossible: impossible, inconsistent: record.inconsistent ?? 0,
        pValues: [result.pValue, acceptancePValue ?? 1], share: budget.nominalShare,
        isConclusive: isConclusive)
      check(
        "acceptancePValue", "\(record.acceptancePValue ?? -1)", "\(acceptancePValue ?? -1)",
        Self.isClose(record.acceptancePValue ?? -1, acceptancePValue ?? -1))
      check("impossible", "\(record.impossible)", "\(impossible)", record.impossible == impossible)
      check("statistic", "\(record.statistic)", "\(result.statistic)", Self.isClose(record.statistic, result.statistic))
      check("pValue", "\(record.pValue)", "\(result.pValue)", Self.isClose(record.pValue, result.pValue))
      check("power", "\(record.power)", "\(power)", Self.isClose(record.power, power))
      check("verdict", record.verdict.rawValue, verdict.rawValue, record.verdict == verdict)
    } catch {
      throw .statistics(place: "case \(record.id)", error)
    }
    return found
  }

  private static func acceptancePValue(
    of record: TransformerRecord, share: Double
  ) throws(StatisticsError) -> Double? {
    guard let stated = record.acceptance, let law = TransformerRecord.normalised(stated) else { return nil }
    guard record.rounds.values.allSatisfy({ (0...record.samples).contains($0) }) else { return 0 }
    return try LawTest(law, samples: record.samples, share: share).pValue(of: record.rounds)
  }
}

extension TransformerRecord {
  /// The stated law as one that sums to 1 exactly; `nil` where it is none.
  var exactLaw: [String: Rational]? { Self.normalised(law) }

  /// Probabilities as fractions over their exact sum; `nil` where one is not positive or they do not sum to 1.
  static func normalised(_ law: [String: Double]) -> [String: Rational]? {
    var exact: [String: Rational] = [:]
    for (sequence, probability) in law {
      guard probability > 0, probability <= 1, let value = Rational(exactly: probability) else { return nil }
      exact[sequence] = value
    }
    let sum = exact.values.reduce(.zero, +)
    guard abs(sum.approximation - 1) < 1e-9 else { return nil }
    return exact.mapValues { $0 / sum }
  }
}

extension DecodingMethod {
  /// The method that a record names.
  init?(_ record: TransformerRecord) {
    self.init(rule: record.rule, branching: record.branching, width: record.width, depth: record.depth)
  }

  /// How the identifier of a case of this method begins.
  var idPrefix: String { id + "/" }
}
