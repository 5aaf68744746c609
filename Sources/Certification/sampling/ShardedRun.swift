import SpeculativeDecoding
import ToyModels

/// Decodings of a subject, shared out over threads; counts depend on the seed and the instance, never on the threads.
///
///     let run = ShardedRun(.production, .init(seed: suite.seed, threads: 2))
///     let records = try await run.records(of: plans)
public struct ShardedRun: Sendable {
  /// The seed, the threads, and who is asked and told.
  public struct Options: Sendable {
    /// The suite's seed.
    public var seed: UInt64
    /// Decodings run at once; at least 1.
    public var threads: Int
    /// Asked between shards; once true, the run ends with what is done.
    public var isInterrupted: @Sendable () -> Bool
    /// Told after each shard; from any thread.
    public var progress: @Sendable (Progress) -> Void

    /// Options that neither interrupt nor report.
    public init(
      seed: UInt64, threads: Int, isInterrupted: @escaping @Sendable () -> Bool = { false },
      progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) {
      self.seed = seed
      self.threads = max(1, threads)
      self.isInterrupted = isInterrupted
      self.progress = progress
    }
  }

  /// How far a run is.
  public struct Progress: Sendable {
    /// Cases judged.
    public var finishedCases: Int
    /// Cases in all.
    public var cases: Int
    /// Planned rounds of what has been decoded: the measure of work; 0 where no number is planned.
    public var finishedRounds = 0
    /// Planned rounds of the run; 0 where no number is planned.
    public var rounds = 0
    /// The case that is being decoded.
    public var current: String
    /// The last look at a case that is decoded until it is decided.
    package var look: AnytimeLook?

    /// A place in a run.
    package init(finishedCases: Int, cases: Int, finishedRounds: Int = 0, rounds: Int = 0, current: String) {
      (self.finishedCases, self.cases) = (finishedCases, cases)
      (self.finishedRounds, self.rounds, self.current) = (finishedRounds, rounds, current)
    }
  }

  /// The decoder under test.
  public let subject: any Subject
  /// The seed, the threads, and who is asked and told.
  public var options: Options

  /// A run of a subject.
  public init(_ subject: any Subject, _ options: Options) { (self.subject, self.options) = (subject, options) }

  /// A run of the production decoder, or of another one with its steps and choices.
  public init(_ subject: DecoderSubject = .production, _ options: Options) {
    (self.subject, self.options) = (subject, options)
  }

  /// Decodes the plans in order; returns a record for each, *inconclusive* where the run was interrupted.
  ///
  /// - Parameter finished: told each record as soon as its case is judged, in the suite's order.
  /// - Throws: ``CertificationError`` where a case cannot be decoded.
  public func records(
    of plans: [CasePlan], finished: (CaseRecord) -> Void = { _ in }
  ) async throws(CertificationError) -> [CaseRecord] {
    var records: [CaseRecord] = []
    var place = Progress(
      finishedCases: 0, cases: plans.count, rounds: plans.reduce(0) { $0 + $1.plannedRounds }, current: "")
    for plan in plans {
      place.current = plan.instance.id
      guard !options.isInterrupted(), let counts = try await counts(of: plan, 0..<plan.samples, at: place) else {
        records.append(try CaseRecord(unfinished: plan))
        continue
      }
      let record = try CaseRecord(plan, counts: counts)
      records.append(record)
      place.finishedCases += 1
      place.finishedRounds += plan.plannedRounds
      finished(record)
    }
    return records
  }

  /// Decodings a shard: small enough that Ctrl-C is answered within milliseconds, also where trees are large.
  static func shardSize(of plan: CasePlan) -> Int {
    let instance = plan.instance
    let size = (instance.method.budget + 1) * instance.pair.target.vocabulary * instance.length
    return max(1, min(4096, 16_000_000 / size))
  }

  /// The counts of one case; `nil` if interrupted before its end.
  ///
  /// - Parameters:
  ///   - replicates: the numbers of the decodings.
  ///   - place: where the run is before them.
  /// - Throws: ``CertificationError`` where the case cannot be decoded.
  package func counts(
    of plan: CasePlan, _ replicates: Range<Int>, at place: Progress
  ) async throws(CertificationError) -> CaseCounts? {
    let size = Self.shardSize(of: plan)
    let queue = ShardQueue(shards: (replicates.count + size - 1) / size)
    let parts = try await Workers.parts(min(options.threads, max(1, replicates.count / size))) {
      () throws(CertificationError) -> CaseCounts? in
      var counts = CaseCounts()
      while let shard = queue.next() {
        if options.isInterrupted() { return nil }
        let first = replicates.lowerBound + shard * size
        let shard = first..<min(first + size, replicates.upperBound)
        do throws(CertificationError) {
          counts.merge(try subject.counts(of: plan, replicates: shard, seed: options.seed))
        } catch {
          queue.close()
          throw error
        }
        var place = place
        let decoded = queue.finish(shard.count)
        if place.rounds > 0 { place.finishedRounds += decoded * plan.instance.length }
        options.progress(place)
      }
      return counts
    }
    return CaseCounts.merged(parts)
  }
}
