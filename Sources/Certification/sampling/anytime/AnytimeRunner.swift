/// Samples cases until each is refused, certified, or at its limit; verdicts never depend on the threads.
package struct AnytimeRunner: Sendable {
  /// What runs, and who is told.
  package struct Options: Sendable {
    /// The suite's seed.
    package var seed: UInt64
    /// Decodings run at once; at least 1.
    package var threads: Int
    /// Asked between shards; once true, the run ends with the looks that are done.
    package var isInterrupted: @Sendable () -> Bool
    /// Told after each shard; from any thread.
    package var progress: @Sendable (Progress) -> Void
    /// Told each record that has a look as soon as no other follows, in the suite's order.
    package var finished: @Sendable (AnytimeRecord) -> Void

    /// Options that neither interrupt nor report.
    package init(
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
  package struct Progress: Sendable {
    /// Cases at their end.
    package var finishedCases: Int
    /// Cases in all.
    package var cases: Int
    /// The case that is being decoded.
    package var current: String
    /// Decodings at its last look.
    package var samples: Int
    /// ln e at its last look.
    package var logEvidence: Double
    /// The bound on its total variation at its last look.
    package var totalVariationBound: Double
  }

  /// The decoder under test.
  package let subject: any Subject

  /// A runner for one subject.
  package init(subject: any Subject) { self.subject = subject }

  /// Runs the plans in order; returns a record for each.
  ///
  /// Interrupted, it keeps the looks that are done: the case under way is recorded as of its last look, and cases that
  /// were not begun with none, all *inconclusive*. Replicates go on from look to look, so that the counts at N
  /// decodings are those of a fixed run of N.
  /// - Throws: ``CertificationError`` where a case cannot be decoded.
  package func run(
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
