import Foundation
import Probability
import SpeculativeDecoding
import Statistics
import ToyModels

/// The result of a test of an observable.
package struct ObservableRecord: Hashable, Sendable, Codable {
  /// "observable/rule/shape/pair".
  package var id: String
  /// The observable.
  package var observable: Observable
  /// Decodings, or pairs of decodings.
  package var samples: Int
  /// How often each outcome occurred; pairs as "first | second".
  package var counts: [String: Int]
  /// Pearson's X² over the planned cells.
  package var statistic: Double
  /// Its degrees of freedom.
  package var degreesOfFreedom: Int
  /// The probability of such an X² or a larger one from a correct decoder.
  package var pValue: Double
  /// The verdict.
  package var verdict: CaseVerdict
}

extension ObservableRecord {
  /// A test that was not run to its end: nothing is concluded.
  package init(unfinished observableCase: ObservableCase) {
    self.init(
      id: observableCase.id, observable: observableCase.observable, samples: 0, counts: [:], statistic: 0,
      degreesOfFreedom: 0, pValue: 1, verdict: .inconclusive)
  }
}

extension ObservableCase {
  /// Decodes and judges, by production or by a control.
  ///
  /// - Throws: ``CertificationError`` where the case cannot be decoded or tested.
  package func run(under fault: Fault = .none, seed: UInt64) throws(CertificationError) -> ObservableRecord {
    switch observable {
    case .independence: return try runPairs(under: fault, seed: seed)
    case .replay: return try runReplay(under: fault, seed: seed)
    case .exactLaw:
      return ObservableRecord(
        id: id, observable: observable, samples: 0, counts: [:], statistic: 0, degreesOfFreedom: 0, pValue: 1,
        verdict: try differs(under: fault) ? .fail : .pass)
    case .vector: return try runVectors { $0.fails(under: fault) }
    default: break
    }
    let outcomes = try ObservableSampler.outcomes(of: self, under: fault, replicates: 0..<samples, seed: seed)
    return try judge(outcomes.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 })
  }

  /// Decodes and judges a known defect.
  ///
  /// - Throws: ``CertificationError`` where the case cannot be decoded or tested.
  package func run(against defect: Defect, seed: UInt64) throws(CertificationError) -> ObservableRecord {
    guard let boundary = defect.boundary else { return try run(under: defect.fault, seed: seed) }
    guard observable == .vector else { return try run(seed: seed) }
    return try runVectors { $0.fails(under: boundary) }
  }

  /// Each vector has one right outcome: certain, so that there is no p-value.
  private func runVectors(_ fails: (DirectedVector) -> Bool) throws(CertificationError) -> ObservableRecord {
    let vectors = try DirectedVector.generated()
    let failed = vectors.count(where: fails)
    return ObservableRecord(
      id: id, observable: observable, samples: vectors.count,
      counts: ["as stated": vectors.count - failed, "otherwise": failed], statistic: 0, degreesOfFreedom: 0, pValue: 1,
      verdict: failed > 0 ? .fail : .pass)
  }

  /// The record of counts of the outcomes.
  ///
  /// - Throws: ``CertificationError`` where they cannot be tested.
  package func judge(_ counts: [String: Int]) throws(CertificationError) -> ObservableRecord {
    do {
      let test = try LawTest(law, samples: samples, share: share)
      let result = try test.result(of: counts)
      // Several outcomes in one cell: the test sees nothing of them.
      let isBlind = test.outcomes.count > 1 && result.degreesOfFreedom == 0
      return ObservableRecord(
        id: id, observable: observable, samples: samples, counts: counts, statistic: result.statistic,
        degreesOfFreedom: result.degreesOfFreedom, pValue: result.pValue,
        verdict: test.refuses(result) ? .fail : isBlind ? .inconclusive : .pass)
    } catch {
      throw .statistics(place: id, error)
    }
  }

  /// Neighbouring decodings, as a contingency table of what the two emitted.
  private func runPairs(under fault: Fault, seed: UInt64) throws(CertificationError) -> ObservableRecord {
    let outcomes = try ObservableSampler.outcomes(of: self, under: fault, replicates: 0..<2 * samples, seed: seed)
    let names = Set(outcomes).sorted()
    let indices = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    var table = [[Int]](repeating: [Int](repeating: 0, count: names.count), count: names.count)
    var counts: [String: Int] = [:]
    for pair in 0..<samples {
      let (first, second) = (outcomes[2 * pair], outcomes[2 * pair + 1])
      table[indices[first] ?? 0][indices[second] ?? 0] += 1
      counts["\(first) | \(second)", default: 0] += 1
    }
    return try judge(table, counts)
  }

  /// The record of a table of pairs.
  private func judge(_ table: [[Int]], _ counts: [String: Int]) throws(CertificationError) -> ObservableRecord {
    do {
      let (result, verdict) = try Self.judge(table, share: share)
      return ObservableRecord(
        id: id, observable: observable, samples: samples, counts: counts, statistic: result.statistic,
        degreesOfFreedom: result.degreesOfFreedom, pValue: result.pValue, verdict: verdict)
    } catch {
      throw .statistics(place: id, error)
    }
  }

  /// The test of a contingency table of pairs, and its verdict at a significance.
  ///
  /// - Throws: ``StatisticsError`` where the table is none.
  package static func judge(
    _ table: [[Int]], share: Double
  ) throws(StatisticsError) -> (result: IndependenceResult, verdict: CaseVerdict) {
    let result = try ContingencyTable(table).test()
    return (result, result.pValue < share ? .fail : result.degreesOfFreedom == 0 ? .inconclusive : .pass)
  }

  /// The same seed gives the same decodings, another seed others: certain, so that there is no p-value.
  private func runReplay(under fault: Fault, seed: UInt64) throws(CertificationError) -> ObservableRecord {
    let replicates = 0..<min(samples, 4096)
    let first = try ObservableSampler.outcomes(of: self, under: fault, replicates: replicates, seed: seed)
    let again = try ObservableSampler.outcomes(of: self, under: fault, replicates: replicates, seed: seed)
    let other = try ObservableSampler.outcomes(of: self, under: fault, replicates: replicates, seed: seed &+ 1)
    let counts = [
      "same seed, same decodings": first == again ? 1 : 0, "other seed, other decodings": first != other ? 1 : 0,
    ]
    return ObservableRecord(
      id: id, observable: observable, samples: replicates.count, counts: counts, statistic: 0, degreesOfFreedom: 0,
      pValue: 1, verdict: first == again && first != other ? .pass : .fail)
  }

  /// The record of stated counts; `nil` where they are not of this case.
  func rejudge(_ record: ObservableRecord) throws(CertificationError) -> ObservableRecord? {
    if record.samples == 0, record.counts.isEmpty { return ObservableRecord(unfinished: self) }
    guard record.counts.values.allSatisfy({ (0...max(0, record.samples)).contains($0) }) else { return nil }
    switch observable {
    case .replay, .exactLaw, .vector:
      let isSame = record.counts.count == 2 && record.counts.values.allSatisfy { $0 == 1 }
      var again = record
      again.verdict = isSame ? .pass : .fail
      return again
    case .independence:
      let pairs = record.counts.map { ($0.key.components(separatedBy: " | "), $0.value) }
      guard pairs.allSatisfy({ $0.0.count == 2 }), total(record) == samples else { return nil }
      let names = Set(pairs.flatMap(\.0)).sorted()
      let indices = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
      var table = [[Int]](repeating: [Int](repeating: 0, count: names.count), count: names.count)
      for (names, count) in pairs { table[indices[names[0]] ?? 0][indices[names[1]] ?? 0] += count }
      return try judge(table, record.counts)
    default:
      return total(record) == samples ? try judge(record.counts) : nil
    }
  }

  private func total(_ record: ObservableRecord) -> Int {
    record.counts.values.reduce(0) { $0.addingReportingOverflow($1).partialValue }
  }
}
