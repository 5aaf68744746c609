import SpeculativeDecoding
import ToyModels

extension CertificateCheck {
  /// The most decodings that a case may state: with more, sums leave the integers, and no computer ever made them.
  public static let maximumSamples = 1_000_000_000_000

  func plan(for record: CaseRecord, samples: Int) throws(CertificationError) -> CasePlan {
    guard samples <= Self.maximumSamples else {
      throw .certificate("case \(record.id): more than \(Self.maximumSamples) decodings")
    }
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
    let pair = ModelPair(name: record.id, target: record.target, draft: record.draft, prompt: record.prompt)
    let profile: SamplingProfile
    do {
      profile = try record.profile.profile()
    } catch {
      throw .decoding(place: "case \(record.id)", error)
    }
    var instance = Instance(
      method: try record.method(), pair: pair, profile: profile, profileName: "", length: record.length,
      endToken: record.endToken)
    instance.id = record.id
    return try CasePlan(
      instance, budget: certificate.errorBudget, samples: samples > 0 ? samples : nil)
  }

  func recompute(_ record: CaseRecord) throws(CertificationError) -> CaseRecord {
    var counts = CaseCounts()
    // Another spelling of a key, such as "00", would be a second count of one sequence.
    for (key, count) in record.counts {
      let words = key.split(separator: " ", omittingEmptySubsequences: false)
      let tokens = words.compactMap { word in Token(word).flatMap { String($0) == word ? $0 : nil } }
      guard tokens.count == words.count, tokens.allSatisfy({ $0 >= 0 && $0 < record.target.vocabulary }),
        tokens.count <= record.length, count >= 0
      else {
        throw .certificate("case \(record.id): the count of \"\(key)\" is of no sequence of the case")
      }
      counts.sequences[tokens] = count
    }
    for (key, count) in record.rounds {
      guard let emitted = Int(key), String(emitted) == key, count >= 0 else {
        throw .certificate("case \(record.id): rounds has the key \"\(key)\"")
      }
      counts.firstRounds[emitted] = count
    }
    guard Self.sum(of: record.counts) != nil, Self.sum(of: record.rounds) != nil else {
      throw .certificate("case \(record.id): more than \(Self.maximumSamples) decodings")
    }
    counts.rounds = record.targetEvaluations
    counts.tokens = record.tokens
    return try CaseRecord(try plan(for: record, samples: counts.samples), counts: counts)
  }

  static func compare(_ stated: CaseRecord, _ computed: CaseRecord) -> [Disagreement] {
    var found: [Disagreement] = []
    let id = computed.id
    func check(_ key: String, _ stated: String, _ computed: String, _ agrees: Bool) {
      if !agrees { found.append(Disagreement(id: id, key: key, stated: stated, computed: computed)) }
    }
    func check(_ key: String, _ stated: Double, _ computed: Double) {
      check(key, "\(stated)", "\(computed)", isClose(stated, computed))
    }
    check("samples", "\(stated.samples)", "\(computed.samples)", stated.samples == computed.samples)
    let firstRounds = sum(of: stated.rounds) ?? 0
    check("rounds", "\(firstRounds)", "\(stated.samples)", firstRounds == stated.samples)
    check("statistic", stated.statistic, computed.statistic)
    check(
      "degreesOfFreedom", "\(stated.degreesOfFreedom)", "\(computed.degreesOfFreedom)",
      stated.degreesOfFreedom == computed.degreesOfFreedom)
    check("pValue", stated.pValue, computed.pValue)
    check("impossible", "\(stated.impossible)", "\(computed.impossible)", stated.impossible == computed.impossible)
    check("power", stated.power, computed.power)
    check("verdict", stated.verdict.rawValue, computed.verdict.rawValue, stated.verdict == computed.verdict)
    return found
  }

  /// Rounds and tokens must be some that these sequences can have taken.
  static func compareRounds(of record: CaseRecord, _ method: DecodingMethod) -> [Disagreement] {
    let samples = sum(of: record.counts) ?? 0
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
    // A round emits 1 to draft length + 1 tokens; those of a decoding's last round may reach beyond its sequence.
    check("targetEvaluations", record.targetEvaluations, from: samples, to: emitted)
    let rounds = min(max(record.targetEvaluations, 0), emitted)
    check(
      "tokens", record.tokens, from: max(emitted, first), to: min(emitted + samples * method.draftLength, rounds * most)
    )
    return found
  }

  /// The sum of counts that are not negative; `nil` where it exceeds ``maximumSamples``.
  static func sum(of counts: [String: Int]) -> Int? {
    var sum = 0
    for count in counts.values {
      guard count <= maximumSamples - sum else { return nil }
      sum += count
    }
    return sum
  }

  /// Whether two numbers are the same but for the rounding of another machine.
  static func isClose(_ left: Double, _ right: Double) -> Bool {
    left == right || abs(left - right) <= 1e-9 * max(abs(left), abs(right))
  }
}
