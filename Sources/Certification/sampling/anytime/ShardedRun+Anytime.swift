extension ShardedRun {
  /// Decodes each plan until it is refused, certified, or at its limit; verdicts never depend on the threads.
  ///
  /// Interrupted, it keeps the looks that are done: the case under way is recorded as of its last look, and cases that
  /// were not begun with none, all *inconclusive*. Replicates go on from look to look, so that the counts at N
  /// decodings are those of a fixed run of N.
  /// - Parameter finished: told each record that has a look as soon as no other follows, in the suite's order.
  /// - Throws: ``CertificationError`` where a case cannot be decoded.
  package func records(
    of plans: [CasePlan], design: AnytimeDesign, finished: (AnytimeRecord) -> Void = { _ in }
  ) async throws(CertificationError) -> [AnytimeRecord] {
    var records: [AnytimeRecord] = []
    var place = Progress(finishedCases: 0, cases: plans.count, current: "")
    for plan in plans {
      place.current = plan.instance.id
      var anytimeCase = try AnytimeCase(plan, design: design)
      if try await finish(&anytimeCase, at: place) { place.finishedCases += 1 }
      records.append(anytimeCase.record)
      // A case that was interrupted has something to say too, if only a bound.
      if !anytimeCase.looks.isEmpty { finished(anytimeCase.record) }
    }
    return records
  }

  /// Samples a case to its end; `false` if it was interrupted before.
  private func finish(
    _ anytimeCase: inout AnytimeCase, at place: Progress
  ) async throws(CertificationError) -> Bool {
    var place = place
    for size in anytimeCase.design.looks {
      place.look = anytimeCase.looks.last
      guard !options.isInterrupted(),
        let more = try await counts(of: anytimeCase.plan, anytimeCase.counts.samples..<size, at: place)
      else { return false }
      try anytimeCase.look(adding: more)
      if anytimeCase.verdict != .inconclusive { break }
    }
    return true
  }
}
