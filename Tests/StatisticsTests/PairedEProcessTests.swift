import Testing

@testable import Statistics

@Suite struct PairedEProcessTests {
  /// The mean of e over all sequences of pairs from two laws, exactly.
  static func mean(first: [Double], second: [Double], pairs: Int) throws -> Double {
    func visit(_ process: PairedEProcess, _ mass: Double) throws -> Double {
      if process.pairs == pairs { return mass * Logarithm.exponential(process.logEvidence) }
      var sum = 0.0
      for (x, p) in first.enumerated() {
        for (y, q) in second.enumerated() where p * q > 0 {
          var next = process
          try next.add(first: x, second: y)
          sum += try visit(next, mass * p * q)
        }
      }
      return sum
    }
    return try visit(PairedEProcess(), 1)
  }

  /// For equal laws the mean of e is 1, whatever the law and the number of pairs: a false fail has probability ≤ α.
  @Test(arguments: [[0.5, 0.5], [0.9, 0.1], [0.2, 0.3, 0.5], [1, 0, 0], [0.7, 0.1, 0.1, 0.1]], [1, 2, 4])
  func equalLawsGiveAMeanOfOne(law: [Double], pairs: Int) throws {
    #expect(isClose(try Self.mean(first: law, second: law, pairs: pairs), 1, within: 1e-12))
  }

  /// Other laws give more, or the process would be idle.
  @Test func otherLawsGiveMore() throws {
    #expect(try Self.mean(first: [0.9, 0.1], second: [0.1, 0.9], pairs: 4) > 1.2)
  }

  /// By hand: the first unequal pair is a fair bet, the second is bet on by the counts of the first.
  @Test func oneStepByHand() throws {
    var process = PairedEProcess()
    try process.add(first: 0, second: 0)
    #expect(process.logEvidence == 0)
    process = PairedEProcess()
    try process.add(first: 0, second: 1)
    #expect(abs(process.logEvidence) < 1e-15)
    try process.add(first: 0, second: 1)
    let factors = PairedEProcess.smoothings.map { smoothing -> Double in
      let ratio = (1 + smoothing) / smoothing
      return 2 * ratio * ratio / (1 + ratio * ratio)
    }
    let mean = factors.reduce(0, +) / 4
    #expect(isClose(Logarithm.exponential(process.logEvidence), mean, within: 1e-12))
    #expect(process.pairs == 2)
  }

  /// By hand: a pair of equals says nothing, and is counted for the bets after it.
  @Test func equalPairsAreCounted() throws {
    var process = PairedEProcess()
    try process.add(first: 0, second: 0)
    try process.add(first: 0, second: 1)
    #expect(abs(process.logEvidence) < 1e-15)
    try process.add(first: 0, second: 1)
    let factors = PairedEProcess.smoothings.map { smoothing -> Double in
      let odds = (2 + smoothing) / (1 + smoothing) / (smoothing / (1 + smoothing))
      return 2 * odds / (1 + odds)
    }
    #expect(isClose(Logarithm.exponential(process.logEvidence), factors.reduce(0, +) / 4, within: 1e-12))
    #expect(process.pairs == 3)
  }

  /// Neither the numbers of the outcomes nor the order of the samples matters.
  @Test func namesDoNotMatter() throws {
    let pairs = (0..<60).map { ($0 * 7 % 5, $0 * $0 % 5) }
    var (plain, renamed, exchanged) = (PairedEProcess(), PairedEProcess(), PairedEProcess())
    for (x, y) in pairs {
      try plain.add(first: x, second: y)
      try renamed.add(first: 100 - x, second: 100 - y)
      try exchanged.add(first: y, second: x)
    }
    #expect(plain.logEvidence == renamed.logEvidence)
    #expect(isClose(plain.logEvidence, exchanged.logEvidence, within: 1e-12))
    #expect(plain.logEvidence != 0)
  }

  @Test func badOutcomesAreRefused() {
    var process = PairedEProcess()
    for outcome in [-1, PairedEProcess.mostOutcomes] {
      #expect(throws: StatisticsError.argument("an outcome is numbered 0 to 16777215, not \(outcome)")) {
        try process.add(first: 0, second: outcome)
      }
    }
    #expect(process.pairs == 0)
  }
}
