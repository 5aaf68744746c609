import Certification
import Foundation
import SpeculativeDecoding

/// Pairs of sequences, counted.
struct PairTable: Sendable {
  private(set) var counts: [String: Int] = [:]
  private(set) var total = 0

  init() {}

  /// The table of stated counts; `nil` where they are none of pairs.
  init?(_ counts: [String: Int]) {
    for (key, count) in counts {
      guard count >= 0, key.components(separatedBy: " | ").count == 2, count <= CertificateCheck.maximumSamples else {
        return nil
      }
      total += count
    }
    self.counts = counts
  }

  /// Whether both of every pair are the same sequence.
  var areEqual: Bool {
    counts.keys.allSatisfy { key in
      let pair = key.components(separatedBy: " | ")
      return pair[0] == pair[1]
    }
  }

  mutating func add(_ first: [Token], _ second: [Token]) {
    counts["\(SequenceText.text(first)) | \(SequenceText.text(second))", default: 0] += 1
    total += 1
  }

  /// Rows are the first of a pair, columns the second, in the order of their texts.
  var table: [[Int]] {
    let pairs = counts.map { ($0.key.components(separatedBy: " | "), $0.value) }
    let names = Set(pairs.flatMap(\.0)).sorted()
    let indices = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    var table = [[Int]](repeating: [Int](repeating: 0, count: names.count), count: names.count)
    for (names, count) in pairs { table[indices[names[0]] ?? 0][indices[names[1]] ?? 0] += count }
    return table
  }
}
