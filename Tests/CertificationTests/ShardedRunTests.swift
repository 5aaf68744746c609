import Certification
import Probability
import SpeculativeDecoding
import Synchronization
import TestSupport
import Testing

@Suite(.optimised) struct ShardedRunTests {
  static let plans: [CasePlan] = {
    let suite = try! DefaultSuite.suite()
    let chosen = [
      "autoregressive/one-hot/warm", "sd/3/genesis/cool-top-k-3", "spectr/2x2/anti-correlated/plain",
      "rsd-c/2-2/near-equal/plain/end",
      "rsd-s/2x3/one-hot/plain",
    ]
    // Enough decodings for several shards, the last of them short.
    return suite.cases.filter { chosen.contains($0.id) }
      .map { try! CasePlan($0, budget: suite.budget, samples: 20_001) }
  }()

  static func records(_ plans: [CasePlan], threads: Int, seed: UInt64 = 99) async throws -> [CaseRecord] {
    try await ShardedRun(.production, .init(seed: seed, threads: threads)).records(of: plans)
  }

  @Test(arguments: [1, 2, 7])
  func countsDoNotDependOnThreads(threads: Int) async throws {
    let one = try await Self.records(Self.plans, threads: 1)
    #expect(one.count == 5)
    let many = try await Self.records(Self.plans, threads: threads)
    #expect(one == many)
    #expect(one.allSatisfy { $0.samples == 20_001 && $0.counts.values.reduce(0, +) == 20_001 })
  }

  @Test func countsDoNotDependOnTheOrderOrTheSelectionOfCases() async throws {
    let forward = try await Self.records(Self.plans, threads: 2)
    let backward = try await Self.records(Self.plans.reversed(), threads: 2)
    #expect(forward == backward.reversed())
    let alone = try await Self.records([Self.plans[1]], threads: 2)
    #expect(alone == [forward[1]])
  }

  @Test func anotherSeedGivesOtherCounts() async throws {
    let left = try await Self.records(Self.plans, threads: 2, seed: 1)
    let right = try await Self.records(Self.plans, threads: 2, seed: 2)
    for (first, second) in zip(left, right) { #expect(first.counts != second.counts) }
  }

  @Test func tooFewSamplesAreInconclusive() async throws {
    let records = try await Self.records(Self.plans, threads: 2)
    #expect(records.allSatisfy { $0.verdict == .inconclusive })
    #expect(RunVerdict(cases: records.map(\.verdict)) == .inconclusive)
  }

  @Test func interruptionKeepsWhatIsDone() async throws {
    let finished = Mutex(0)
    let options = ShardedRun.Options(
      seed: 99, threads: 2, isInterrupted: { finished.withLock { $0 >= 2 } })
    let records = try await ShardedRun(.production, options).records(of: Self.plans) { _ in
      finished.withLock { $0 += 1 }
    }
    let whole = try await Self.records(Self.plans, threads: 2)
    #expect(records.count == Self.plans.count)
    #expect(Array(records.prefix(2)) == Array(whole.prefix(2)))
    #expect(records.dropFirst(2).allSatisfy { $0.samples == 0 && $0.verdict == .inconclusive })
  }

  @Test func progressReachesItsEnd() async throws {
    let last = Mutex<ShardedRun.Progress?>(nil)
    let options = ShardedRun.Options(
      seed: 99, threads: 2,
      progress: { progress in
        last.withLock { if progress.finishedRounds > ($0?.finishedRounds ?? -1) { $0 = progress } }
      })
    _ = try await ShardedRun(.production, options).records(of: Self.plans)
    let progress = last.withLock { $0 }
    #expect(progress?.finishedRounds == Self.plans.reduce(0) { $0 + $1.plannedRounds })
    #expect(progress?.cases == Self.plans.count)
  }

  @Test func roundsAreUncutAndSumToTheSamples() async throws {
    for (plan, record) in zip(Self.plans, try await Self.records(Self.plans, threads: 2)) {
      #expect(record.rounds.values.reduce(0, +) == record.samples)
      let lengths = record.rounds.keys.compactMap(Int.init)
      #expect(lengths.allSatisfy { (1...plan.instance.method.draftLength + 1).contains($0) })
      #expect(record.tokens >= record.targetEvaluations)
    }
  }
}
