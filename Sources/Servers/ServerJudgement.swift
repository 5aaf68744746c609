import Statistics

/// The verdict on a prompt, from its completions alone: a run and `rsd verify` both ask here.
struct ServerJudgement {
  let design: ServerDesign
  /// The planned number of completions of each arm.
  let samples: Int
  /// Completions of a request.
  let completions: Int

  /// The record of a prompt whose completions are outcomes with these names.
  ///
  /// - Parameters:
  ///   - off: in order, as are the others; what is beyond the end of the evidence is left out.
  ///   - on: as many as `off`, or as many as the evidence needs.
  func record(
    prompt: String, names: [Completion], off: [Int], offAgain: [Int], on: [Int], repeats: ServerRepeats
  ) throws(StatisticsError) -> ServerPromptRecord {
    // Cells are in the order of their keys, and not in that in which answers came.
    let order = names.indices.sorted { names[$0].key < names[$1].key }
    var place = [Int](repeating: 0, count: names.count)
    for (position, index) in order.enumerated() { place[index] = position }
    var evidence = try ServerEvidence(limit: samples, design: design)
    while !evidence.isOver, evidence.steps < min(off.count, offAgain.count) {
      let step = evidence.steps
      if evidence.needsSpeculation, step >= on.count { break }
      try evidence.add(
        off: place[off[step]], offAgain: place[offAgain[step]], on: step < on.count ? place[on[step]] : nil)
    }
    let steps = evidence.steps
    let sequences = (
      off: off.prefix(steps).map { place[$0] }, offAgain: offAgain.prefix(steps).map { place[$0] },
      on: on.prefix(evidence.speculation.pairs).map { place[$0] }
    )
    func counts(_ sequence: some Sequence<Int>) -> [Int] {
      sequence.reduce(into: [Int](repeating: 0, count: names.count)) { $0[$1] += 1 }
    }
    let totals = (off: counts(sequences.off), offAgain: counts(sequences.offAgain), on: counts(sequences.on))
    // Names that only answers beyond the end had are no cells.
    let used = names.indices.filter { totals.off[$0] + totals.offAgain[$0] + totals.on[$0] > 0 }
    var number = [Int](repeating: 0, count: names.count)
    for (position, index) in used.enumerated() { number[index] = position }
    let isComplete = steps == samples
    let null = try test(
      evidence.null.logEvidence, evidence.nullRefusedAt, first: totals.offAgain, second: totals.off,
      isComplete: isComplete)
    let speculation = try test(
      evidence.speculation.logEvidence, evidence.speculationRefusedAt, first: totals.on,
      second: counts(sequences.off.prefix(sequences.on.count)),
      isComplete: isComplete && evidence.needsSpeculation)
    let power = try TwoSampleChiSquare.power(
      totalVariation: design.distance, samples: steps, degreesOfFreedom: speculation.degreesOfFreedom ?? 0,
      falseFail: design.plannedShare)
    let dependence = try dependence(sequences.off, sequences.offAgain, outcomes: names.count)
    let (verdict, reason) = verdict(
      evidence, null, speculation, dependence, power: power, cells: used.count)
    func text(_ sequence: [Int]) -> String { sequence.map { String(number[$0]) }.joined(separator: " ") }
    return ServerPromptRecord(
      prompt: prompt, samples: steps,
      cells: used.map { index in
        let name = names[order[index]]
        return ServerCell(
          text: name.text, tokens: name.tokens, finish: name.finish, off: totals.off[index],
          offAgain: totals.offAgain[index], on: totals.on[index])
      },
      sequences: ServerSequences(
        off: text(sequences.off), offAgain: text(sequences.offAgain), on: text(sequences.on)),
      null: null, dependence: dependence, speculation: verdict == .invalid ? nil : speculation, power: power,
      repeats: repeats,
      verdict: verdict, reason: reason)
  }

  private func test(
    _ logEvidence: Double, _ refusedAt: Int?, first: [Int], second: [Int], isComplete: Bool
  ) throws(StatisticsError) -> ServerTestRecord {
    let size = first.reduce(0, +)
    let difference = zip(first, second).reduce(0) { $0 + abs($1.0 - $1.1) }
    var record = ServerTestRecord(
      logEvidence: logEvidence, refusedAt: refusedAt,
      sampleDistance: size > 0 ? Double(difference) / Double(2 * size) : 0)
    if isComplete, size > 0 {
      let result = try TwoSampleChiSquare.test(first: first, second: second)
      (record.statistic, record.degreesOfFreedom, record.pValue) = (
        result.statistic, result.degreesOfFreedom, result.pValue
      )
    }
    return record
  }

  /// Counts equal completions among neighbours and twins, and holds both against the chance that any two are equal.
  ///
  /// A server that takes its seed from the clock, keeps answers, or copies one of a request's completions has the right
  /// law and fewer completions than it seems: two samples of it may agree, and say less than they should.
  private func dependence(_ off: [Int], _ offAgain: [Int], outcomes: Int) throws(StatisticsError) -> ServerDependence {
    var counts = [Int](repeating: 0, count: outcomes)
    for outcome in off + offAgain { counts[outcome] += 1 }
    let total = Double(off.count + offAgain.count)
    // Of two draws without replacement: the counts are given.
    let chance = total < 2 ? 1 : counts.reduce(0.0) { $0 + Double($1) / total * Double(max($1 - 1, 0)) / (total - 1) }
    var found = ServerDependence(
      chance: chance, neighbours: 0, equalNeighbours: 0, twins: off.count, equalTwins: 0, pValue: 1)
    for sequence in [off, offAgain] {
      for start in stride(from: 0, to: sequence.count - 1, by: 2) {
        found.neighbours += 1
        if sequence[start] == sequence[start + 1] { found.equalNeighbours += 1 }
      }
    }
    found.equalTwins = zip(off, offAgain).filter(==).count
    guard chance < 1, found.neighbours > 0 else { return found }
    let neighbours = try Binomial.upperTail(found.equalNeighbours, trials: found.neighbours, probability: chance)
    let twins = try Binomial.upperTail(found.equalTwins, trials: found.twins, probability: chance)
    found.pValue = min(1, 2 * min(neighbours, twins))
    return found
  }

  private func verdict(
    _ evidence: ServerEvidence, _ null: ServerTestRecord, _ speculation: ServerTestRecord,
    _ dependence: ServerDependence, power: Double, cells: Int
  ) -> (ServerVerdict, String?) {
    // First: completions that are not drawn anew make two samples differ, too, and this says why.
    if evidence.isOver, dependence.pValue < design.dependenceShare {
      let copies = completions > 1 ? "; leave --completions out" : ""
      return (
        .invalid,
        "neighbouring completions are equal too often: the server does not draw each anew (a seed from the clock? kept "
          + "answers?)\(copies)"
      )
    }
    let disagrees =
      "two samples without speculation differ: the server does not agree with itself, so that nothing can be said of "
      + "speculation"
    if evidence.nullRefusedAt != nil { return (.invalid, disagrees) }
    if let p = null.pValue, p < design.plannedShare { return (.invalid, disagrees) }
    if !evidence.isOver {
      return (.inconclusive, "\(evidence.steps) of \(evidence.needed(.off)) completions of each kind")
    }
    if evidence.speculationRefusedAt != nil { return (.fail, "speculation changes the law of what is written") }
    if let p = speculation.pValue, p < design.plannedShare {
      return (.fail, "speculation changes the law of what is written")
    }
    if cells == 1 {
      return (
        .inconclusive,
        "all completions are equal: is the temperature ignored, or is the text certain? Give another --text"
      )
    }
    guard speculation.degreesOfFreedom ?? 0 > 0 else {
      return (.inconclusive, "nearly all completions are equal: give another --text, or a larger --top-k")
    }
    // What is left to rounding is far below the rate itself.
    if power >= 1 - design.falsePass * (1 + 1e-6) { return (.pass, nil) }
    return (.inconclusive, "too few completions to find a distance of \(design.distance): leave --samples out")
  }
}
