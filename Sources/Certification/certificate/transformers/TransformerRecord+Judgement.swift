import Probability
import RealModule
import SpeculativeDecoding
import Statistics

extension TransformerRecord {
  /// A record of a method and a law before any decoding: nothing is concluded.
  ///
  /// - Parameters:
  ///   - law: the target's law of `length` tokens.
  ///   - acceptance: the law of how many tokens the first round emits; `nil` where it takes too many branches.
  ///   - evaluated: decodings that are to pass through both models; `nil` for all.
  package init(
    id: String, method: DecodingMethod, prompt: [Token], profile: SamplingProfile, length: Int, law: [String: Double],
    acceptance: [String: Double]?, evaluated: Int?, power: Double
  ) {
    base = MethodRecord(method)
    own = TransformerResult(
      id: id, prompt: prompt, profile: ProfileRecord(profile), length: length, law: law, samples: 0, counts: [:],
      rounds: [:], targetEvaluations: 0, tokens: 0, forwardPasses: 0, evaluated: evaluated,
      inconsistent: evaluated.map { _ in 0 }, statistic: 0, degreesOfFreedom: 0, pValue: 1, acceptance: acceptance,
      acceptancePValue: nil, impossible: 0, power: power, verdict: .inconclusive)
  }
}

extension TransformerResult {
  /// Tests the counts against the stated laws, and concludes.
  ///
  /// Everything that it sets follows from ``law``, ``acceptance``, ``counts``, ``rounds``, ``evaluated`` and
  /// ``inconsistent``: a run and the check of its certificate call it alike.
  /// - Throws: ``CertificationError/certificate(_:)`` where the law is none, and
  ///   ``CertificationError/statistics(place:_:)`` where the counts cannot be tested.
  package mutating func judge(within budget: ErrorBudget) throws(CertificationError) {
    guard let law = exactLaw else {
      throw .certificate("case \(id): its law is not one of positive probabilities that sum to 1")
    }
    do {
      let test = try LawTest(law, samples: samples, share: budget.nominalShare)
      let result = try test.result(of: counts)
      (statistic, degreesOfFreedom, pValue) = (result.statistic, result.degreesOfFreedom, result.pValue)
      impossible = result.impossible
      power = try test.power(atEffect: budget.effect)
      acceptancePValue = try lengthsPValue(share: budget.nominalShare)
      let isEnough = budget.isEnough(evaluated: evaluated, of: samples)
      let refuses = [pValue, acceptancePValue ?? 1].contains { $0 < budget.nominalShare }
      if impossible > 0 || inconsistent ?? 0 > 0 || refuses {
        verdict = .fail
      } else {
        verdict = test.hasSoundCells && power >= 1 - budget.falsePass && isEnough ? .pass : .inconclusive
      }
    } catch {
      throw .statistics(place: "case \(id)", error)
    }
  }

  private func lengthsPValue(share: Double) throws(StatisticsError) -> Double? {
    guard let law = acceptance.flatMap(Self.normalised) else { return nil }
    guard rounds.values.allSatisfy({ (0...samples).contains($0) }) else { return 0 }
    return try LawTest(law, samples: samples, share: share).pValue(of: rounds)
  }

  /// The stated law as one that sums to 1 exactly; `nil` where it is none.
  var exactLaw: [String: Rational]? { Self.normalised(law) }

  /// Probabilities as fractions over their exact sum; `nil` where one is not positive or they do not sum to 1.
  package static func normalised(_ law: [String: Double]) -> [String: Rational]? {
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

extension ErrorBudget {
  /// The decodings to evaluate so that a fault of trees or caches which shows in a share of them as large as ``effect`` is
  /// missed with a probability of ``falsePass`` at most: (1 − w)ⁿ ≤ β.
  package var evaluatedDecodings: Int {
    Int((Double.log(falsePass) / Double.log(onePlus: -effect)).rounded(.up))
  }

  /// Whether so many evaluated decodings are enough; `nil` stands for all.
  package func isEnough(evaluated: Int?, of samples: Int) -> Bool {
    guard let evaluated else { return true }
    return evaluated == samples || evaluated >= evaluatedDecodings
  }
}

extension DecodingMethod {
  /// How the identifier of a case of this method begins.
  package var idPrefix: String { id + "/" }
}
