import Foundation
import Statistics

/// The plans of a suite, for programs to read.
package struct CasePlanList: Codable, Hashable, Sendable {
  /// One case before any data.
  package struct Entry: Codable, Hashable, Sendable {
    /// "rule/shape/pair/profile".
    package var id: String
    /// Decodings.
    package var samples: Int
    /// The most rounds that they can take.
    package var plannedRounds: Int
    /// Cells less one.
    package var degreesOfFreedom: Int
    /// The mass of the sequences that share one cell.
    package var pooledMass: Double
    /// The probability that a decoder wrong by the budget's effect fails.
    package var power: Double
  }

  /// The cases.
  package var cases: [Entry]

  /// The list of these plans.
  package init(_ plans: [CasePlan]) {
    cases = plans.map {
      Entry(
        id: $0.instance.id, samples: $0.samples, plannedRounds: $0.plannedRounds,
        degreesOfFreedom: $0.test.cells.degreesOfFreedom, pooledMass: $0.test.cells.pooledMass, power: $0.power)
    }
  }

  /// The list as JSON.
  ///
  /// - Throws: ``CertificationError/certificate(_:)`` where a number has no JSON form.
  package func json() throws(CertificationError) -> String {
    String(decoding: try StableJSON.encode(self), as: UTF8.self)
  }
}
