import Foundation
import Probability
@testable import Servers
import Statistics
import Testing

@testable import Certification

/// What follows from completions, and when they are enough: by hand, so that each step has one right answer.
@Suite struct ServerJudgementTests {
  // MARK: Evidence

  /// The step at which an e-process refuses that sees outcome 1 against 0 each time.
  private static func refusal(_ design: ServerDesign) throws -> Int {
    var process = PairedEProcess()
    while exp(process.logEvidence) < 1 / design.evidenceShare {
      try process.add(first: 1, second: 0)
    }
    return process.pairs
  }

  @Test func aServerThatDisagreesWithItselfIsRefusedAtOnce() throws {
    let design = try ServerPartsTests.settings().design()
    let refusal = try Self.refusal(design)
    var evidence = try ServerEvidence(limit: 800, design: design)
    while !evidence.isOver { try evidence.add(off: 0, offAgain: 1, on: 0) }
    #expect(evidence.steps == refusal && evidence.nullRefusedAt == refusal)
    #expect(evidence.speculationRefusedAt == nil)
    #expect(ServerArm.allCases.map { evidence.needed($0) } == [refusal, refusal, refusal])
  }

  /// No more of `on` is needed after its refusal; the other two go on to eight times that, or to the planned number.
  @Test(arguments: [800, 100])
  func aFailureIsBelievedAfterEightTimesAsMany(limit: Int) throws {
    let design = try ServerPartsTests.settings().design()
    let refusal = try Self.refusal(design)
    try #require(refusal < 100 && 8 * refusal < 800)
    var evidence = try ServerEvidence(limit: limit, design: design)
    while !evidence.isOver {
      try #require(evidence.needsSpeculation == (evidence.steps < refusal))
      try evidence.add(off: 0, offAgain: 0, on: evidence.needsSpeculation ? 1 : nil)
    }
    #expect(evidence.speculationRefusedAt == refusal && evidence.speculation.pairs == refusal)
    #expect(evidence.nullRefusedAt == nil && evidence.needed(.on) == refusal)
    #expect(evidence.steps == min(limit, 8 * refusal))
  }

  // MARK: Samples

  private static func record(
    off: [Int], offAgain: [Int], on: [Int], planned: Int
  ) throws -> (record: ServerPromptRecord, design: ServerDesign) {
    let design = try ServerPartsTests.settings().design()
    let names = (0..<4).map { Completion(text: "\($0)", tokens: nil, finish: "length") }
    let record = try ServerJudgement(design: design, samples: planned, completions: 1).record(
      prompt: "x", names: names, off: off, offAgain: offAgain, on: on,
      repeats: ServerRepeats(off: 0, offEqual: 0, on: 0, onEqual: 0))
    return (record, design)
  }

  /// Completions with these counts in a mixed order, some of them among the first.
  private static func sequence(_ counts: [Int], first: [Int], order: UInt64) -> [Int] {
    var generator = Philox4x64(key: [order, 0])
    func mixed(_ counts: [Int]) -> [Int] {
      counts.enumerated().flatMap { [Int](repeating: $0.offset, count: $0.element) }.shuffled(using: &generator)
    }
    return mixed(first) + mixed(zip(counts, first).map { $0 - $1 })
  }

  /// X² = 38.52 at 3 degrees of freedom: p = 2.2e-8, where the share is 4.2e-8.
  ///
  /// The first 40 differ the other way, which misleads a bet on the past: the e-process does not refuse.
  private static func usual(_ order: UInt64) -> [Int] {
    sequence([160, 160, 240, 240], first: [15, 15, 5, 5], order: order)
  }
  private static func other(_ order: UInt64) -> [Int] {
    sequence([222, 222, 178, 178], first: [5, 5, 15, 15], order: order)
  }

  @Test func theChiSquareFailsWhatTheEvidenceDoesNot() throws {
    let (record, design) = try Self.record(
      off: Self.usual(1), offAgain: Self.usual(2), on: Self.other(3), planned: 800)
    let test = try #require(record.speculation)
    let p = try #require(test.pValue)
    #expect(test.refusedAt == nil && abs(p - 2.1956e-8) < 1e-11 && p < design.plannedShare)
    #expect(record.verdict == .fail && record.null.pValue == 1)
    // |222 − 160| four times over, of 1600.
    #expect(abs(test.sampleDistance - 0.155) < 1e-12)
  }

  @Test func theChiSquareOfTheNullMakesInvalid() throws {
    let (record, design) = try Self.record(
      off: Self.usual(1), offAgain: Self.other(2), on: Self.usual(3), planned: 800)
    #expect(record.null.refusedAt == nil && record.verdict == .invalid && record.speculation == nil)
    #expect(try #require(record.null.pValue) < design.plannedShare)
  }

  /// A chi-square at a number that was not planned would be a second look at the data.
  @Test func fewerThanPlannedHaveNoChiSquare() throws {
    for (offAgain, on) in [(Self.usual(2), Self.other(3)), (Self.other(2), Self.usual(3))] {
      let (record, _) = try Self.record(off: Self.usual(1), offAgain: offAgain, on: on, planned: 801)
      #expect(record.null.pValue == nil && record.speculation?.pValue == nil)
      #expect(record.verdict == .inconclusive && record.reason == "800 of 801 completions of each kind")
      #expect(record.power == 0)
    }
  }

  /// `on` ends at its refusal, and is compared with as many of `off`, which has none of its outcomes.
  @Test func anEarlyFailureComparesAsManyOfEach() throws {
    let (off, offAgain) = (
      Self.sequence([50, 50, 0, 0], first: [0, 0, 0, 0], order: 1),
      Self.sequence([50, 50, 0, 0], first: [0, 0, 0, 0], order: 2)
    )
    let (record, _) = try Self.record(
      off: off, offAgain: offAgain, on: [Int](repeating: 2, count: 100), planned: 100)
    let test = try #require(record.speculation)
    #expect(record.verdict == .fail && record.samples == 100)
    #expect(test.refusedAt == record.cells.last?.on && (test.refusedAt ?? 100) < 100)
    #expect(test.sampleDistance == 1 && test.pValue == nil && test.statistic == nil)
    #expect(record.null.pValue == 1)
  }

  // MARK: Dependence

  /// Of eight completions of two kinds, four each, two are equal with probability 3/7, and four pairs of four with its
  /// fourth power; two tests are made.
  @Test(arguments: [([0, 0, 1, 1], [1, 1, 0, 0], 4, 0), ([0, 1, 0, 1], [0, 1, 0, 1], 0, 4)])
  func neighboursAndTwinsAreCounted(off: [Int], offAgain: [Int], equalNeighbours: Int, equalTwins: Int) throws {
    let found = try Self.record(off: off, offAgain: offAgain, on: off, planned: 4).record.dependence
    #expect(found.neighbours == 4 && found.twins == 4)
    #expect(found.equalNeighbours == equalNeighbours && found.equalTwins == equalTwins)
    #expect(abs(found.chance - 3.0 / 7) < 1e-15)
    #expect(abs(found.pValue - 2 * 81.0 / 2401) < 1e-12)
  }

  // MARK: Verdicts

  @Test func theWorstVerdictIsThatOfTheRun() {
    let verdicts: [ServerVerdict] = [.pass, .inconclusive, .fail, .invalid]
    for (index, worse) in verdicts.enumerated() {
      for better in verdicts[...index] {
        #expect(ServerVerdict.worst(of: [better, worse]) == worse)
        #expect(ServerVerdict.worst(of: [worse, better, better]) == worse)
      }
    }
    #expect(ServerVerdict.worst(of: []) == .inconclusive)
  }

  @Test func aDeviationSaysWhichShareIsWhich() {
    let cell = ServerCell(text: "a\u{1B}", tokens: nil, finish: "stop", off: 20, offAgain: 21, on: 61)
    #expect(
      ServerDeviation(cell: cell, on: 0.305, off: 0.2).text
        == "“a⟨001B⟩” comes in 30.5 % of completions with speculation, in 20.0 % without")
  }
}
