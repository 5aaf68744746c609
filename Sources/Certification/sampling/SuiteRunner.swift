import SpeculativeDecoding
import Synchronization
import ToyModels

/// Samples cases on a number of threads; counts depend on the seed and the case, never on the threads.
public struct SuiteRunner: Sendable {
  /// What runs, for how long it may, and who is told.
  public struct Options: Sendable {
    /// The suite's seed.
    public var seed: UInt64
    /// Decodings run at once; at least 1.
    public var threads: Int
    /// Asked between shards; once true, the run ends with what is done.
    public var isInterrupted: @Sendable () -> Bool
    /// Told after each shard; from any thread.
    public var progress: @Sendable (Progress) -> Void
    /// Told each record as soon as its case is judged, in the suite's order.
    public var finished: @Sendable (CaseRecord) -> Void

    /// Options that neither interrupt nor report.
    public init(
      seed: UInt64, threads: Int, isInterrupted: @escaping @Sendable () -> Bool = { false },
      progress: @escaping @Sendable (Progress) -> Void = { _ in },
      finished: @escaping @Sendable (CaseRecord) -> Void = { _ in }
    ) {
      self.seed = seed
      self.threads = max(1, threads)
      self.isInterrupted = isInterrupted
      self.progress = progress
      self.finished = finished
    }
  }

  /// How far a run is.
  public struct Progress: Sendable {
    /// Cases judged.
    public var finishedCases: Int
    /// Cases in all.
    public var cases: Int
    /// Planned rounds of what has been decoded: the measure of work.
    public var finishedRounds: Int
    /// Planned rounds of the run.
    public var rounds: Int
    /// The case that is being decoded.
    public var current: String

    /// A place in a run.
    package init(finishedCases: Int, cases: Int, finishedRounds: Int, rounds: Int, current: String) {
      (self.finishedCases, self.cases) = (finishedCases, cases)
      (self.finishedRounds, self.rounds, self.current) = (finishedRounds, rounds, current)
    }
  }

  /// Decodings a shard: small enough that Ctrl-C is answered within milliseconds, also where trees are large.
  static func shardSize(of plan: CasePlan) -> Int {
    let instance = plan.instance
    let size = (instance.method.budget + 1) * instance.pair.target.vocabulary * instance.length
    return max(1, min(4096, 16_000_000 / size))
  }

  /// The decoder under test.
  public let subject: any Subject

  /// A runner for one subject.
  public init(subject: any Subject) { self.subject = subject }

  /// Runs the plans in order; returns a record for each, *inconclusive* where the run was interrupted.
  ///
  /// - Throws: ``CertificationError`` where a case cannot be decoded.
  public func run(_ plans: [CasePlan], _ options: Options) async throws(CertificationError) -> [CaseRecord] {
    var records: [CaseRecord] = []
    var progress = Progress(
      finishedCases: 0, cases: plans.count, finishedRounds: 0,
      rounds: plans.reduce(0) { $0 + $1.plannedRounds }, current: "")
    for plan in plans {
      progress.current = plan.instance.id
      guard !options.isInterrupted(), let counts = try await counts(of: plan, progress, options) else {
        records.append(try CaseRecord(unfinished: plan))
        continue
      }
      let record = try CaseRecord(plan, counts: counts)
      records.append(record)
      progress.finishedCases += 1
      progress.finishedRounds += plan.plannedRounds
      options.finished(record)
    }
    return records
  }

  /// The counts of one case; `nil` if interrupted before its end.
  ///
  /// - Parameter replicates: the numbers of the decodings; the plan's samples from 0 on unless given.
  public func counts(
    of plan: CasePlan, replicates: Range<Int>? = nil, _ progress: Progress, _ options: Options
  ) async throws(CertificationError) -> CaseCounts? {
    let replicates = replicates ?? 0..<plan.samples
    let size = Self.shardSize(of: plan)
    let shards = (replicates.count + size - 1) / size
    let queue = ShardQueue(shards: shards)
    let workers = min(options.threads, shards)
    return try await CaseCounts.merged(fromWorkers: workers) {
      self.work(through: queue, of: plan, replicates, shardSize: size, progress, options)
    }
  }

  private func work(
    through queue: ShardQueue, of plan: CasePlan, _ all: Range<Int>, shardSize: Int, _ progress: Progress,
    _ options: Options
  ) -> Result<CaseCounts?, CertificationError> {
    var counts = CaseCounts()
    while true {
      guard let shard = queue.next() else { return .success(counts) }
      if options.isInterrupted() { return .success(nil) }
      let first = all.lowerBound + shard * shardSize
      let replicates = first..<min(first + shardSize, all.upperBound)
      do {
        counts.merge(try subject.counts(of: plan, replicates: replicates, seed: options.seed))
      } catch {
        queue.close()
        return .failure(error)
      }
      let decoded = queue.finish(replicates.count)
      var progress = progress
      progress.finishedRounds += decoded * plan.instance.length
      options.progress(progress)
    }
  }
}

/// Hands out the shards of a case to whichever thread is free.
package final class ShardQueue: Sendable {
  private let shards: Int
  private let taken = Atomic(0)
  private let decoded = Atomic(0)

  package init(shards: Int) { self.shards = shards }

  /// The next shard; `nil` once all are taken.
  package func next() -> Int? {
    let shard = taken.wrappingAdd(1, ordering: .relaxed).oldValue
    return shard < shards ? shard : nil
  }

  /// Hands out no more.
  package func close() { taken.store(shards, ordering: .relaxed) }

  /// Counts decodings as done; returns how many are.
  package func finish(_ count: Int) -> Int { decoded.wrappingAdd(count, ordering: .relaxed).newValue }
}
