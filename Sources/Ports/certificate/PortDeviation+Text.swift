import Certification
import SpeculativeDecoding

extension PortDeviation {
  /// The most that are listed for a case.
  package static let most = 6

  /// The outcomes whose counts are furthest from their expectation, by standard deviations.
  ///
  /// - Parameter law: the probability of each outcome; what it lacks must not occur.
  static func largest(
    _ observable: Observable, of counts: [String: Int], law: [String: Double], samples: Int
  ) -> [PortDeviation] {
    guard samples > 0 else { return [] }
    let outcomes = Set(counts.keys).union(law.keys)
    let all = outcomes.map { outcome in
      let probability = law[outcome] ?? 0
      let expected = probability * Double(samples)
      let observed = counts[outcome] ?? 0
      let deviation = (expected * (1 - probability)).squareRoot()
      let score: Double =
        observed > 0 && probability == 0 ? .infinity : deviation > 0 ? abs(Double(observed) - expected) / deviation : 0
      return (
        score: score,
        value: PortDeviation(observable: observable, outcome: outcome, observed: observed, expected: expected)
      )
    }
    return all.filter { $0.score > 4 }
      .sorted {
        ($1.score, Double($1.value.observed), $0.value.outcome) < (
          $0.score, Double($0.value.observed), $1.value.outcome
        )
      }
      .prefix(most).map(\.value)
  }

  /// One line for a porter: what is too frequent or too rare, and by how much.
  package func text(of samples: Int) -> String {
    let tokens = "\(outcome) \(outcome == "1" ? "token" : "tokens")"
    let name =
      switch observable {
      case .acceptedLength: "a first round of \(tokens)"
      case .secondLength: outcome == "0" ? "no second round" : "a second round of \(tokens)"
      default: "\"\(outcome)\""
      }
    if expected == 0 {
      return "\(name) came \(NumberText.grouped(observed)) times and is impossible"
    }
    func percent(_ value: Double) -> String {
      let share = 100 * value / Double(max(samples, 1))
      let rounded = (share * 100).rounded() / 100
      return "\(rounded) %"
    }
    let word = Double(observed) > expected ? "too frequent" : "too rare"
    let ratio = ((Double(observed) / expected) * 100).rounded() / 100
    return "\(name) is \(word): \(percent(Double(observed))) instead of \(percent(expected)) "
      + "(\(NumberText.grouped(observed)) of \(NumberText.grouped(samples)), expected "
      + "\(NumberText.grouped(Int(exactly: expected.rounded()) ?? .max)); × \(ratio))"
  }
}
