/// Samples cases until each is refused, certified, or at its limit; verdicts never depend on the threads.
public struct AnytimeRunner: Sendable {
  /// What runs, and who is told.
  public struct Options: Sendable {
    /// The suite's seed.
    public var seed: UInt64
    /// Decodings run at once; at least 1.
    public var threads: Int
    /// Asked between shards; once true, the run ends with the looks that are done.
    public var isInterrupted: @Sendable () -> Bool
    /// Told after each shard; from any thread.
    public var progress: @Sendable (Progress) -> Void
    /// Told each record that has a look as soon as no other follows, in the suite's order.
    public var finished: @Sendable (AnytimeRecord) -> Void

    /// Options that neither interrupt nor report.
    public init(
      seed: UInt64, threads: Int, isInterrupted: @escaping @Sendable () -> Bool = { false },
      progress: @escaping @Sendable (Progress) -> Void = { _ in },
      finished: @escaping @Sendable (AnytimeRecord) -> Void = { _ in }
    ) {
      self.seed = seed
      self.threads = max(1, threads)
      self.isInterrupted = isInterrupted
      self.progress = progress
      self.finished = finished
    }
  }

  /// How far a run is; how far it will go is not known.
  public struct Progress: Sendable {
    /// Cases at their end.
    public var finishedCases: Int
    /// Cases in all.
    public var cases: Int
    /// The case that is being decoded.
    public var current: String
    /// Decodings at its last look.
    public var samples: Int
    /// ln e at its last look.
    public var logEvidence: Double
    /// The bound on its total variation at its last look.
    public var totalVariationBound: Double
  }

  /// The decoder under test.
  public let subject: any Subject

  /// A runner for one subject.
  public init(subject: any Subject) { self.subject = subject }

  /// Runs the plans in order; returns a record for each.
  ///
  /// Interrupted, it keeps the looks that are done: the case under way is recorded as of its last look, and cases that
  /// were not begun with none, all *inconclusive*. Replicates go on from look to look, so that the counts at N
  /// decodings are those of a fixed run of N.
  /// - Throws: ``CertificationError`` where a case cannot be decoded.
  public func run(
    _ plans: [CasePlan], design: AnytimeDesign, _ options: Options
  ) async throws(CertificationError) -> [AnytimeRecord] {
    var records: [AnytimeRecord] = []
    var finished = 0
    for plan in plans {
      var anytimeCase = try AnytimeCase(plan, design: design)
      let progress = { (look: AnytimeLook?) in
        Progress(
          finishedCases: finished, cases: plans.count, current: plan.instance.id, samples: look?.samples ?? 0,
          logEvidence: look?.logEvidence ?? 0, totalVariationBound: look?.totalVariationBound ?? 1)
      }
      let wasFinished = try await finish(&anytimeCase, progress, options)
      records.append(anytimeCase.record)
      if wasFinished { finished += 1 }
      // A case that was interrupted has something to say too, if only a bound.
      if !anytimeCase.looks.isEmpty { options.finished(anytimeCase.record) }
    }
    return records
  }

  /// Samples a case to its end; `false` if it was interrupted before.
  private func finish(
    _ anytimeCase: inout AnytimeCase, _ progress: (AnytimeLook?) -> Progress, _ options: Options
  ) async throws(CertificationError) -> Bool {
    let sampler = SuiteRunner(subject: subject)
    // The shards' own progress speaks of a fixed number of decodings, which there is not.
    let uncounted = SuiteRunner.Progress(finishedCases: 0, cases: 0, finishedRounds: 0, rounds: 0, current: "")
    for size in anytimeCase.design.looks {
      let place = progress(anytimeCase.looks.last)
      let shards = SuiteRunner.Options(
        seed: options.seed, threads: options.threads, isInterrupted: options.isInterrupted,
        progress: { _ in options.progress(place) })
      guard !options.isInterrupted(),
        let more = try await sampler.counts(
          of: anytimeCase.plan, replicates: anytimeCase.counts.samples..<size, uncounted, shards)
      else { return false }
      try anytimeCase.look(adding: more)
      if anytimeCase.verdict != .inconclusive { break }
    }
    return true
  }
}
