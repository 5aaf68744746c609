import Testing

@testable import Statistics

/// Repeats of earlier outcomes: the evidence has mean 1 at most, by running through all sequences.
@Suite struct RepeatProcessTests {
  /// All 3⁸ sequences of a law, and all of a uniform one: E[e] ≤ 1.
  @Test(arguments: [[0.5, 0.3, 0.2], [1.0 / 3, 1.0 / 3, 1.0 / 3], [0.98, 0.01, 0.01]])
  func theEvidenceHasMeanOneAtMost(law: [Double]) throws {
    var mean = 0.0
    for code in 0..<6561 {
      var (rest, weight, seen, expected, observed) = (code, 1.0, Set<Int>(), 0.0, 0)
      for _ in 0..<8 {
        let outcome = rest % 3
        rest /= 3
        weight *= law[outcome]
        expected += seen.sorted().reduce(0) { $0 + law[$1] }
        if !seen.insert(outcome).inserted { observed += 1 }
      }
      let logEvidence = try RepeatProcess.logEvidence(observed: observed, expected: min(expected, 8), samples: 8)
      mean += weight * Logarithm.exponential(logEvidence)
    }
    #expect(mean <= 1 + 1e-12)
    #expect(mean > 0.05)
  }

  /// As expected is no evidence; a hundred where ten are expected is, and so are few where none is.
  @Test func manyRepeatsAreEvidence() throws {
    #expect(try RepeatProcess.pValue(observed: 10, expected: 10, samples: 16_000) > 0.1)
    #expect(try RepeatProcess.pValue(observed: 100, expected: 10, samples: 16_000) < 1e-30)
    #expect(try RepeatProcess.pValue(observed: 5, expected: 1e-4, samples: 16_000) < 1e-9)
    #expect(try RepeatProcess.pValue(observed: 0, expected: 10, samples: 16_000) == 1)
  }

  @Test func countsOutOfRangeAreRefused() {
    #expect(throws: StatisticsError.self) { try RepeatProcess.pValue(observed: 11, expected: 1, samples: 10) }
    #expect(throws: StatisticsError.self) { try RepeatProcess.pValue(observed: 1, expected: -1, samples: 10) }
    #expect(throws: StatisticsError.self) { try RepeatProcess.pValue(observed: 1, expected: 11, samples: 10) }
  }
}
