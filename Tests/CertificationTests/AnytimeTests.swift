import Certification
import Foundation
import Probability
import SpeculativeDecoding
import Statistics
import Synchronization
import TestSupport
import Testing
import ToyModels

/// The anytime-valid run: its looks, its verdicts, and that nothing but the seed decides them.
///
/// At most 256,000 decodings a case. A correct decoder is refused with probability 1e-8 at most in each run, for any
/// seed; that it is certified by then follows from the bound's size, 0.02 at 128,000 decodings of 8 sequences, 0.03 of 12.
@Suite(.optimised) struct AnytimeTests {
  static let plans: [CasePlan] = {
    let suite = try! DefaultSuite.suite()
    let chosen = ["autoregressive/one-hot/warm", "rsd-c/3/zeros/top-k", "rsd-s/2x2/one-hot/min-p"]
    return suite.cases.filter { chosen.contains($0.id) }
      .map { try! CasePlan($0, budget: suite.budget) }
  }()

  static func run(
    _ subject: any Subject = DecoderSubject.production, epsilon: Double = 0.05, limit: Int = 256_000,
    threads: Int = 1, seed: UInt64 = 7
  ) async throws -> [AnytimeRecord] {
    let design = try AnytimeDesign(cases: plans.count, epsilon: epsilon, limit: limit, falseFail: 1e-8)
    return try await ShardedRun(subject, .init(seed: seed, threads: threads)).records(of: plans, design: design)
  }

  /// The looks are stated by the design: what a run records must be the beginning of that list.
  @Test func looksOnlyAtDoublingSizes() async throws {
    #expect(try AnytimeDesign(cases: 1, limit: 1000).looks == [1000])
    #expect(try AnytimeDesign(cases: 1, limit: 1999).looks == [1000])
    #expect(try AnytimeDesign(cases: 1, limit: 8000).looks == [1000, 2000, 4000, 8000])
    #expect(try AnytimeDesign(cases: 1).looks.last == 16_384_000)
    #expect(try AnytimeDesign(cases: 1, limit: AnytimeDesign.largestLimit).looks.count == 30)
    let records = try await Self.run()
    #expect(records.count == 3)
    for record in records {
      let sizes = record.looks.map(\.samples)
      #expect(sizes == (0..<sizes.count).map { 1000 << $0 } && sizes.count > 1)
      #expect(record.samples == sizes.last)
    }
  }

  @Test func correctDecoderIsCertifiedAtTheFirstLookWithinEpsilon() async throws {
    let threshold = log(3 / 1e-8)
    for record in try await Self.run() {
      #expect(record.verdict == .certified)
      #expect(record.totalVariationBound <= 0.05)
      #expect(record.looks.dropLast().allSatisfy { $0.totalVariationBound > 0.05 })
      #expect(record.looks.allSatisfy { $0.logEvidence < threshold })
      #expect(record.impossible == 0)
    }
  }

  @Test(arguments: [2, 5])
  func recordsDoNotDependOnThreads(threads: Int) async throws {
    let (one, many) = (try await Self.run(), try await Self.run(threads: threads))
    #expect(one == many)
    #expect(try await Self.run(seed: 8) != one)
  }

  /// A subject that decodes its replicates in other shards: eleven at a time, the last ones first.
  struct Resharded: Subject {
    func counts(
      of plan: CasePlan, replicates: Range<Int>, seed: UInt64
    ) throws(CertificationError) -> CaseCounts {
      var counts = CaseCounts()
      var end = replicates.upperBound
      while end > replicates.lowerBound {
        let start = max(replicates.lowerBound, end - 11)
        counts.merge(try DecoderSubject.production.counts(of: plan, replicates: start..<end, seed: seed))
        end = start
      }
      return counts
    }
  }

  @Test func recordsDoNotDependOnShards() async throws {
    let (whole, parts) = (try await Self.run(limit: 8000), try await Self.run(Resharded(), limit: 8000))
    #expect(whole == parts)
  }

  @Test func countsAreThoseOfAFixedRun() async throws {
    for (plan, record) in zip(Self.plans, try await Self.run(threads: 2)) {
      let fixed = try CasePlan(plan.instance, budget: ErrorBudget(cases: 3), samples: record.samples)
      let counted = try await ShardedRun(.production, .init(seed: 7, threads: 2)).records(of: [fixed])
      #expect(counted[0].counts == record.counts && counted[0].samples == record.samples)
      #expect(counted[0].tokens == record.tokens && counted[0].targetEvaluations == record.targetEvaluations)
    }
  }

  /// The e-process and the bound again, from the record's counts alone.
  @Test func evidenceFollowsFromTheCounts() async throws {
    for (plan, record) in zip(Self.plans, try await Self.run()) {
      let counts = plan.law.sequences.map { record.counts[$0.map(String.init).joined(separator: " ")] ?? 0 }
      let process = try EProcess(law: plan.law.probabilities)
      let evidence = try process.logEvidence(counts: counts)
      let bound = try process.totalVariationBound(counts: counts, falseFail: 1e-6 / 3)
      #expect(abs(evidence - record.logEvidence) < 1e-9 && abs(bound - record.totalVariationBound) < 1e-12)
      #expect(record.concentrations == process.concentrations)
    }
  }

  @Test func impossibleHitRefusesAtOnce() throws {
    let plan = Self.plans[0]
    var anytimeCase = try AnytimeCase(plan, design: AnytimeDesign(cases: 3))
    var counts = try DecoderSubject.production.counts(of: plan, replicates: 0..<999, seed: 7)
    let excluded = try #require([[0, 0, 0], [0, 1, 0]].first { !plan.law.sequences.contains($0) })
    counts.sequences[excluded, default: 0] += 1
    try anytimeCase.look(adding: counts)
    #expect(anytimeCase.verdict == .refused)
    #expect(anytimeCase.record.impossible == 1 && anytimeCase.record.logEvidence == .infinity)
    #expect(anytimeCase.record.totalVariationBound == 1)
  }

  @Test func wrongDecoderIsRefused() async throws {
    let records = try await Self.run(FaultSubject.control(.alwaysAccepts))
    // Autoregressive decoding drafts nothing: the fault cannot show.
    #expect(records.map(\.verdict) == [.certified, .refused, .refused])
  }

  @Test func limitLeavesACaseInconclusive() async throws {
    let records = try await Self.run(epsilon: 0.001, limit: 5000)
    #expect(records.allSatisfy { $0.verdict == .inconclusive && $0.looks.map(\.samples) == [1000, 2000, 4000] })
    let report = AnytimeReport(
      suite: .init(version: "test", selection: "three"), seed: 7,
      design: try AnytimeDesign(cases: 3, epsilon: 0.001, limit: 5000), cases: records)
    #expect(report.verdict == .inconclusive)
  }

  @Test func interruptionKeepsTheLooksThatAreDone() async throws {
    let whole = try await Self.run()
    let design = try AnytimeDesign(cases: 3, epsilon: 0.05, limit: 256_000, falseFail: 1e-8)
    // The second case is stopped within its third look.
    let isInterrupted = Mutex(false)
    let finished = Mutex<[String]>([])
    let options = ShardedRun.Options(
      seed: 7, threads: 2, isInterrupted: { isInterrupted.withLock { $0 } },
      progress: { progress in
        if progress.current == Self.plans[1].instance.id, progress.look?.samples == 2000 {
          isInterrupted.withLock { $0 = true }
        }
      })
    let records = try await ShardedRun(.production, options).records(of: Self.plans, design: design) { record in
      finished.withLock { $0.append(record.id) }
    }
    #expect(records.count == 3)
    #expect(records[0] == whole[0])
    // The look whose only shard was being decoded is still taken.
    #expect(records[1].looks == Array(whole[1].looks.prefix(3)) && records[1].verdict == .inconclusive)
    #expect(records[1].counts.values.reduce(0, +) == 4000)
    #expect(records[2].samples == 0 && records[2].looks.isEmpty && records[2].verdict == .inconclusive)
    #expect(records[2].totalVariationBound == 1 && records[2].logEvidence == 0)
    #expect(finished.withLock { $0 } == [records[0].id, records[1].id])
  }

  @Test func survivesJSON() async throws {
    var records = try await Self.run(limit: 1000)
    records[0].looks[0].logEvidence = .infinity
    let report = AnytimeReport(
      suite: .init(version: "test", selection: "three"), seed: .max, design: try AnytimeDesign(cases: 3),
      cases: records)
    let data = try StableJSON.encode(report)
    let again: AnytimeReport = try StableJSON.decode(data)
    #expect(again == report)
    #expect(String(decoding: data, as: UTF8.self).components(separatedBy: "logEvidence").count == 3)
  }

  @Test(arguments: [(0, 0.02, 1000), (1, 0.0, 1000), (1, 1.0, 1000), (1, .nan, 1000), (1, 0.02, 999)])
  func designsOutOfRangeAreRefused(cases: Int, epsilon: Double, limit: Int) {
    #expect(throws: CertificationError.self) { try AnytimeDesign(cases: cases, epsilon: epsilon, limit: limit) }
  }
}
