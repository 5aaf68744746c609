import EmbeddedFixtures
import Foundation
import SpeculativeDecoding

/// The witnesses that ship with the package, and the small set of them that covers all defects.
///
/// `Fixtures/witnesses/witnesses.json`, written by `rsd witness --cover`.
package struct WitnessFixture: Hashable, Sendable, Codable {
  /// A case of the covering set, and the defects that it declares to catch.
  package struct Cover: Hashable, Sendable, Codable {
    /// The fault whose witness the case is.
    package var witness: String
    /// The faults that the case refuses with the stated power.
    package var declares: [String]
    /// Samples that meet the error rates for each of them.
    package var samples: Int
  }

  /// The witness of each fault.
  package var witnesses: [WitnessRecord]
  /// The covering set, in the order of its choice.
  package var covering: [Cover]

  /// The fixture of this package.
  ///
  /// - Throws: ``CertificationError/corpus(_:)``, if it were no fixture.
  package static func embedded() throws(CertificationError) -> WitnessFixture {
    do {
      return try StableJSON.decode(Data(EmbeddedFixtures.witnesses.utf8))
    } catch {
      if case .certificate(let reason) = error { throw .corpus("the witnesses: \(reason)") }
      throw error
    }
  }

  /// The cases of the covering set, each with what it declares.
  ///
  /// - Parameter share: the nominal significance of each.
  /// - Throws: ``CertificationError`` where a witness is missing or no case.
  func coveringCases(
    share: Double
  ) throws(CertificationError) -> [(cover: Cover, observableCase: ObservableCase)] {
    var cases: [(cover: Cover, observableCase: ObservableCase)] = []
    for cover in covering {
      guard let record = witnesses.first(where: { $0.fault == cover.witness }) else {
        throw .corpus("the witness of \"\(cover.witness)\" is missing")
      }
      let observableCase = try ObservableCase(
        record.observable, on: record.instance(), samples: cover.samples, share: share)
      cases.append((cover, observableCase))
    }
    return cases
  }

  /// The defects that a sample shows and no case of the covering set declares.
  package var uncovered: [Defect] {
    let declared = Set(covering.flatMap(\.declares))
    return Defect.all.filter { defect in
      [.output, .acceptedLength, .secondLength, .draftTree].contains(defect.observable) && !defect.isLossless
        && !declared.contains(defect.fault.rawValue)
    }
  }

  /// Chooses the covering set: greedily, the witness that covers most of what is left, ties by fewer samples.
  ///
  /// A witness covers a fault where the exact law of the fault on it is refused with the budget's power at no more than
  /// `samplesLimit` samples.
  /// - Throws: ``CertificationError`` where a witness cannot be enumerated.
  package init(
    choosingFrom witnesses: [WitnessRecord], budget: ErrorBudget, samplesLimit: Int = 200_000
  ) throws(CertificationError) {
    // What follows from an instance depends on the error rates: it is computed again for these.
    var witnesses = witnesses
    for (index, record) in witnesses.enumerated() {
      guard let fault = Fault(rawValue: record.fault),
        let witness = try Witness(fault, on: record.instance(), observable: record.observable, budget: budget)
      else { throw .corpus("the witness of \"\(record.fault)\" does not show it") }
      witnesses[index] = WitnessRecord(witness)
    }
    self.witnesses = witnesses
    covering = []
    // What only the exact law shows is proved on its own witness.
    let faults = witnesses.compactMap { Fault(rawValue: $0.fault) }.filter { fault in
      Defect.all.contains { $0.fault == fault && $0.observable != .exactLaw }
    }
    var needed: [[Fault: Int]] = []
    for record in witnesses {
      let instance = try record.instance()
      var covered: [Fault: Int] = [:]
      for fault in faults where WitnessSpace(fault).observable == record.observable {
        let own = fault.rawValue == record.fault
        // A small limit: what takes long to enumerate here is covered by its own witness.
        let limits = EnumerationLimits(branches: own ? 200_000 : 20_000)
        guard
          let witness = try? Witness(
            fault, on: instance, observable: record.observable, budget: budget, limits: limits),
          own || witness.samples <= samplesLimit
        else { continue }
        covered[fault] = witness.samples
      }
      needed.append(covered)
    }
    var left = Set(faults)
    while !left.isEmpty {
      let best = witnesses.indices.max { first, second in
        let (a, b) = (left.intersection(needed[first].keys).count, left.intersection(needed[second].keys).count)
        return (a, witnesses[second].samples, second) < (b, witnesses[first].samples, first)
      }
      guard let best, !left.isDisjoint(with: needed[best].keys) else { break }
      let declared = left.intersection(needed[best].keys)
      covering.append(
        Cover(
          witness: witnesses[best].fault, declares: declared.map(\.rawValue).sorted(),
          samples: declared.compactMap { needed[best][$0] }.max() ?? 0))
      left.subtract(declared)
    }
  }
}
