import SpeculativeDecoding
import ToyModels

extension CaseCounts {
  /// The most decodings that are counted: with more, sums leave the integers, and no computer ever made them.
  package static let mostSamples = 1_000_000_000_000

  /// The sum of counts that are not negative; `nil` where it exceeds ``mostSamples``.
  package static func sum(of counts: [String: Int]) -> Int? {
    var sum = 0
    for count in counts.values {
      guard count <= mostSamples - sum else { return nil }
      sum += count
    }
    return sum
  }
}

extension CaseRecord {
  /// The counts that the record states.
  ///
  /// - Throws: ``CertificationError/certificate(_:)`` for a count of no sequence of the case, and more decodings than
  ///   ``CaseCounts/mostSamples``.
  func caseCounts() throws(CertificationError) -> CaseCounts {
    var result = CaseCounts()
    // Another spelling of a key, such as "00", would be a second count of one sequence.
    for (key, count) in self.counts {
      let words = key.split(separator: " ", omittingEmptySubsequences: false)
      let tokens = words.compactMap { word in Token(word).flatMap { String($0) == word ? $0 : nil } }
      guard tokens.count == words.count, tokens.allSatisfy({ $0 >= 0 && $0 < self.target.vocabulary }),
        tokens.count <= self.length, count >= 0
      else {
        throw .certificate("case \(self.id): the count of \"\(key)\" is of no sequence of the case")
      }
      result.sequences[tokens] = count
    }
    for (key, count) in self.rounds {
      guard let emitted = Int(key), String(emitted) == key, count >= 0 else {
        throw .certificate("case \(self.id): rounds has the key \"\(key)\"")
      }
      result.firstRounds[emitted] = count
    }
    guard CaseCounts.sum(of: self.counts) != nil, CaseCounts.sum(of: self.rounds) != nil else {
      throw .certificate("case \(self.id): more than \(CaseCounts.mostSamples) decodings")
    }
    result.rounds = self.targetEvaluations
    result.tokens = self.tokens
    return result
  }
}
