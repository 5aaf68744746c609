import Probability
import SpeculativeDecoding
import Statistics
import ToyModels

extension CasePlan {
  /// Cohen's w of another law over the cells of the plan.
  ///
  /// - Parameter law: the probability of each sequence; what the target never emits is left out.
  public func effect(of law: [[Token]: Rational]) -> Double {
    let realised = self.law.sequences.map { law[$0]?.approximation ?? 0 }
    func term(_ outcomes: [Int]) -> Double {
      // The last cell of the plan holds what the target never emits: it stands in no statistic.
      let expected = outcomes.reduce(0) { $0 + cells.probabilities[$1] }
      let observed = outcomes.reduce(0) { $0 + (realised.indices.contains($1) ? realised[$1] : 0) }
      return (observed - expected) * (observed - expected) / expected
    }
    let sum = cells.separate.reduce(0) { $0 + term([$1]) }
    return (sum + (cells.pooled.isEmpty ? 0 : term(cells.pooled))).squareRoot()
  }

  /// The probability that the case refuses a decoder of another law.
  ///
  /// A mass π on what the target never emits is met with probability 1 − (1 − π)^N, and one hit is a failure; the rest
  /// is the chi-square's power at the law's effect.
  /// - Throws: ``CertificationError/statistics(place:_:)`` where the power cannot be computed.
  public func predictedPower(against law: [[Token]: Rational]) throws(CertificationError) -> Double {
    let possible = Set(self.law.sequences)
    let impossible = law.reduce(Rational.zero) { possible.contains($1.key) ? $0 : $0 + $1.value }.approximation
    let missed = Self.missed(mass: impossible, samples: samples)
    guard cells.degreesOfFreedom > 0 else { return 1 - missed }
    do {
      let power = try PowerDesign.power(
        effect: effect(of: law), samples: samples, degreesOfFreedom: cells.degreesOfFreedom, falseFail: share)
      return 1 - missed * (1 - power)
    } catch {
      throw .statistics(place: "case \(testCase.id)", error)
    }
  }
}
