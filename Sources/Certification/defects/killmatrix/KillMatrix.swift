import Probability
import SpeculativeDecoding

/// Defect by case: whether the case that declares a defect refuses it, with the power predicted before the data.
package struct KillMatrix: Sendable {
  /// A defect on the case that declares it.
  package struct Entry: Sendable {
    /// The defect.
    package var defect: Defect
    /// The case.
    package var observableCase: ObservableCase
    /// The probability that the case refuses the defect, from the defect's exact law.
    package var predictedPower: Double
  }

  /// The entries, in the order of the defects.
  package let entries: [Entry]
  /// Defects that no case declares.
  package let uncovered: [Defect]

  /// The matrix of all defects on the covering set of the witnesses; every exact law is enumerated.
  ///
  /// - Parameter share: the nominal significance of each case.
  /// - Throws: ``CertificationError`` where a witness cannot be enumerated.
  package init(_ fixture: WitnessFixture, share: Double) throws(CertificationError) {
    var declaring: [String: ObservableCase] = [:]
    for (cover, observableCase) in try fixture.coveringCases(share: share) {
      for fault in cover.declares { declaring[fault] = observableCase }
    }
    let ordered = try ObservableSuite.orderedCase()
    let independence = try ObservableCase(.independence, on: ordered, share: share)
    let replay = try ObservableCase(.replay, on: ordered, share: share)
    let vectors = try ObservableCase.directedVectors(share: share)

    var entries: [Entry] = []
    var uncovered: [Defect] = []
    for defect in Defect.all {
      let observableCase: ObservableCase
      switch (defect.observable, declaring[defect.fault.rawValue]) {
      case (.independence, _): observableCase = independence
      case (.replay, _): observableCase = replay
      case (.vector, _): observableCase = vectors
      case (.exactLaw, _):
        guard let record = fixture.witnesses.first(where: { $0.fault == defect.fault.rawValue }) else {
          uncovered.append(defect)
          continue
        }
        observableCase = try ObservableCase(.exactLaw, on: record.instance(), share: share)
      case (_, let declared?) where declared.observable == defect.observable: observableCase = declared
      case (_, _) where defect.isLossless:
        observableCase = try Self.losslessCase(defect, share: share)
      default:
        uncovered.append(defect)
        continue
      }
      entries.append(
        Entry(
          defect: defect, observableCase: observableCase,
          predictedPower: try observableCase.predictedPower(against: defect)))
    }
    self.entries = entries
    self.uncovered = uncovered
  }

  /// A case on which a lossless variant differs as much from production as it can, and must pass.
  private static func losslessCase(_ defect: Defect, share: Double) throws(CertificationError) -> ObservableCase {
    let method: DecodingMethod =
      switch defect.fault {
      case .repeatsMerged: .specInfer(branching: [3])
      case .blockVerification, .draftPositionShifted: .speculative(depth: 2)
      default: .rsdS(width: 2, depth: 2)
      }
    let pair: ModelPair
    do { pair = try ModelPair.antiCorrelated() } catch { throw .model(place: defect.id, error) }
    return try ObservableCase(.output, on: Instance(method: method, pair: pair), share: share)
  }

  /// Runs every entry, and judges.
  ///
  /// - Throws: ``CertificationError`` where a case cannot be decoded.
  package func run(
    seed: UInt64, threads: Int, isInterrupted: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws(CertificationError) -> [KillRecord] {
    let queue = ShardQueue(shards: entries.count)
    let parts = try await Workers.parts(threads) { () throws(CertificationError) in
      try queue.results(while: { !isInterrupted() }) { index throws(CertificationError) in
        let found = try entries[index].observableCase.run(against: entries[index].defect, seed: seed)
        progress(index + 1, entries.count)
        return KillRecord(entries[index], found)
      }
    }
    return parts.joined().sorted { $0.shard < $1.shard }.map(\.value)
  }
}
