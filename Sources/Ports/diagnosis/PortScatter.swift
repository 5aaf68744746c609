import Certification
import Probability
import SpeculativeDecoding
import Statistics
import ToyModels

/// Counts of the right law that scatter more than independent decodings do.
package struct PortScatter: Hashable, Sendable, Codable {
  /// Pearson's X² over its degrees of freedom, summed over the cases; 1 for independent decodings.
  package var factor: Double
  /// Laws of cases that were compared, those that passed among them.
  package var cases: Int
  /// The smallest p-value of a case's counts once X² is divided by the factor, times the cases; at most 1.
  package var pValue: Double
  /// Whether the rule's check of independence failed.
  package var isDependenceSeen: Bool
}

extension PortDiagnostician {
  /// Scatter that explains what failed; `nil` where a law is another, or nothing scatters.
  ///
  /// Copies enlarge every case's X² by one factor, however many decodings it has; a wrong law enlarges the X² of each case by
  /// its own, which grows with the decodings, and of some cases not at all. Where the check of independence saw no copies, all
  /// laws must therefore have the factor, none more and none less; where it passed, nothing is said.
  /// - Parameter independence: the status of the rule's check; `nil` where it was not made.
  static func scatter(_ records: [PortCaseRecord], independence: PortStatus?) -> PortScatter? {
    let isDependenceSeen = independence == .fail
    if independence == .pass { return nil }
    guard let results = laws(of: records), results.count >= (isDependenceSeen ? 2 : leastLaws) else { return nil }
    let sum = results.reduce(0) { $0 + $1.statistic }
    let freedom = results.reduce(0) { $0 + $1.degreesOfFreedom }
    let factor = sum / Double(freedom)
    guard let chance = try? ChiSquare.upperTail(sum, degreesOfFreedom: freedom), chance < leastPValue,
      isDependenceSeen || factor <= mostFactor
    else { return nil }
    var smallest = 1.0
    for result in results {
      let scaled = result.statistic / factor
      let large = (try? ChiSquare.upperTail(scaled, degreesOfFreedom: result.degreesOfFreedom)) ?? 0
      let small = (try? ChiSquare.lowerTail(scaled, degreesOfFreedom: result.degreesOfFreedom)) ?? 0
      smallest = min(smallest, isDependenceSeen ? large : 2 * min(large, small))
    }
    let pValue = min(1, smallest * Double(results.count))
    guard pValue >= leastPValue else { return nil }
    return PortScatter(factor: factor, cases: results.count, pValue: pValue, isDependenceSeen: isDependenceSeen)
  }

  /// Pearson's X² of every law that was counted, against the correct decoder's; `nil` where something impossible occurred.
  private static func laws(of records: [PortCaseRecord]) -> [(statistic: Double, degreesOfFreedom: Int)]? {
    var results: [(statistic: Double, degreesOfFreedom: Int)] = []
    for record in records where record.failure == nil && record.samples >= 1000 {
      for test in [record.test, record.acceptedLength, record.secondLength] {
        if let test, test.impossible > 0 { return nil }
      }
      guard let portCase = PortCase(record) else { continue }
      var seen: [(counts: [String: Int], law: [String: Double]?)] = []
      if record.observable == .output { seen.append((record.counts, try? portCase.targetLaw())) }
      if let rounds = record.rounds, portCase.rule.hasAcceptedLengthLaw {
        seen.append((rounds, named(try? portCase.acceptedLengthLaw())))
      }
      if let rounds = record.secondRounds, portCase.testsSecondRounds {
        seen.append((rounds, named(try? portCase.secondLengthLaw())))
      }
      for (counts, law) in seen {
        guard let law, let result = chiSquare(counts, samples: record.samples, law: law) else { continue }
        results.append(result)
      }
    }
    return results
  }

  private static func named(_ law: [Int: Rational]?) -> [String: Double]? {
    law.map { Dictionary(uniqueKeysWithValues: $0.map { (String($0.key), $0.value.approximation) }) }
  }

  /// The fewest laws that tell one factor from many.
  static let leastLaws = 6

  /// Scatter beyond this is a law's, unless the check of independence saw copies.
  static let mostFactor = 20.0

  private static func chiSquare(
    _ counts: [String: Int], samples: Int, law: [String: Double]
  ) -> (statistic: Double, degreesOfFreedom: Int)? {
    let outcomes = law.filter { $0.value > 0 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    guard
      let plan = try? CellPlan(
        probabilities: outcomes.map(\.value), samples: samples, minimumExpected: leastExpected),
      let result = try? plan.test(counts: outcomes.map { counts[$0.key] ?? 0 }), result.degreesOfFreedom > 0
    else { return nil }
    return (result.statistic, result.degreesOfFreedom)
  }
}

extension PortCase {
  /// The target's law of the case's sequences, by their texts.
  func targetLaw() throws(CertificationError) -> [String: Double] {
    let law = try CasePlan(instance, budget: PortSuite.budget, samples: AnytimeDesign.firstLook).law
    return Dictionary(uniqueKeysWithValues: zip(law.sequences.map(SequenceText.text), law.probabilities))
  }
}
