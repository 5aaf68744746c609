import Probability

/// Drafts the tree of RSD-S: stochastic beam search of width W and depth L, as a race.
///
/// Exponential clocks run on the leaves at rates equal to their draft probabilities; a prefix arrives with its
/// first leaf, and the beam of a level is the first W prefixes to arrive. The order of arrival is a sample
/// without replacement, so that only categorical draws are needed: no logarithm, no noise to condition, and the
/// same code can be enumerated in rationals.
///
/// Level by level, with the beam B₁ … Bₙ in arrival order and masses m: the next child to arrive either belongs
/// to a beam node that has arrived already (a *waiting* sibling, each with its mass) or comes with the next
/// beam node. Masses that are left over are carried as sums; subtracting from 1 would leave rounding.
///
/// Why the beam may truncate: given the earlier siblings, *when* the next one arrives is independent of *which*
/// it is. Pruning by identity, probability or target breaks this.
/// - Source: RSD (arXiv 2402.14160), section 3.2.2; Kool et al. 2019 (the perturbed form, ``TruncatedGumbelBeam``).
public enum StochasticBeam {
  /// Drafts the tree into the workspace, one draft evaluation a level.
  ///
  /// The children of a level are appended in arrival order, so that siblings stand in draw order.
  /// - Complexity: O(width · depth · vocabulary), and O(width² · depth) blocks of ``Laws/blockSize``.
  @inlinable
  static func draft<Model: LanguageModel, Source: Choices, Steps: RoundSteps>(
    width: Int, depth: Int, model: Model, context: inout Model.Context,
    in workspace: inout Workspace<Model.Scalar>, steps: inout Steps, using choices: inout Source
  ) throws(SpeculativeDecodingError) where Source.Scalar == Model.Scalar, Steps.Scalar == Model.Scalar {
    workspace.beam.empty()
    workspace.beam.append(0)
    Workspace.write(.one, at: 0, in: &workspace.beamMasses)
    var outside = Source.Scalar.zero
    var level = 0..<1
    for _ in 0..<depth {
      workspace.draftLaws.reserve(rows: level.upperBound)
      try model.evaluate(level, of: workspace.tree, in: &context, into: &workspace.draftLaws)
      steps.willDraft(level, in: &workspace)
      outside = steps.extendBeam(width: width, outside: outside, in: &workspace, using: &choices)
      swap(&workspace.beam, &workspace.nextBeam)
      swap(&workspace.beamMasses, &workspace.nextBeamMasses)
      level = level.upperBound..<workspace.tree.count
    }
  }

  /// Runs the race of one level and appends the next beam to the tree in arrival order.
  ///
  /// - Parameter outside: the mass of the prefixes that did not make this beam.
  /// - Returns: the mass of all prefixes that did not make the next beam.
  @inlinable @inline(always)
  public static func race<Source: Choices>(
    width: Int, outside: Source.Scalar, in workspace: inout Workspace<Source.Scalar>,
    using choices: inout Source
  ) -> Source.Scalar {
    let size = workspace.vocabularySize
    let beamCount = workspace.beam.count
    workspace.nextBeam.empty()
    let missing = beamCount * size + 1 - workspace.waiting.count
    if missing > 0 { workspace.waiting.append(contentsOf: repeatElement(.zero, count: missing)) }

    var arrived = 0
    // What is still to arrive with nodes beyond the arrived ones, and the mass of waiting siblings.
    var ahead = massAhead(of: arrived, outside: outside, in: workspace)
    var waitingMass = Source.Scalar.zero
    while workspace.nextBeam.count < width {
      let slots = arrived * size
      var slot = slots
      if waitingMass > .zero {
        workspace.waiting[slots] = arrived < beamCount ? ahead : .zero
        let total = waitingMass + workspace.waiting[slots]
        workspace.waitingSums.sum(slots + 1, of: workspace.waiting, from: slots)
        slot = choices.index(
          for: .beam, in: workspace.waiting.span.extracting(0..<slots + 1), sums: workspace.waitingSums, total: total)
      }
      if slot < slots {
        take(slot, in: &workspace)
        workspace.waitingSums.update(at: slot, in: slots + 1, of: workspace.waiting)
      } else {
        guard arrived < beamCount else { break }
        arrive(arrived, in: &workspace, using: &choices)
        arrived += 1
        ahead = massAhead(of: arrived, outside: outside, in: workspace)
      }
      workspace.waitingSums.sum(arrived * size, of: workspace.waiting, from: slots)
      waitingMass = workspace.waitingSums.mass(arrived * size, of: workspace.waiting)
    }
    return waitingMass + ahead
  }

  /// The mass of the beam nodes from `arrived` on, and of what is outside the beam.
  @inlinable
  static func massAhead<Scalar: ProbabilityScalar>(
    of arrived: Int, outside: Scalar, in workspace: borrowing Workspace<Scalar>
  ) -> Scalar {
    var sum = outside
    for index in arrived..<workspace.beam.count { sum += workspace.beamMasses[index] }
    return sum
  }

  /// A beam node arrives: with it a child drawn from its law, whose siblings wait from then on.
  @inlinable
  static func arrive<Source: Choices>(
    _ index: Int, in workspace: inout Workspace<Source.Scalar>, using choices: inout Source
  ) {
    let node = workspace.beam[index]
    let mass = workspace.beamMasses[index]
    let row = workspace.draftLaws.row(node)
    let token = choices.index(
      for: .draft, in: workspace.draftLaws.values.span.extracting(row), total: .one)
    let base = index * workspace.vocabularySize
    Laws.scale(workspace.draftLaws.values, in: row, by: mass, into: &workspace.waiting, at: base)
    take(base + token, in: &workspace)
  }

  /// Moves a waiting child into the next beam.
  @inlinable
  static func take<Scalar: ProbabilityScalar>(_ slot: Int, in workspace: inout Workspace<Scalar>) {
    let (index, token) = slot.quotientAndRemainder(dividingBy: workspace.vocabularySize)
    Workspace.write(workspace.waiting[slot], at: workspace.nextBeam.count, in: &workspace.nextBeamMasses)
    workspace.nextBeam.append(workspace.tree.append(token, to: workspace.beam[index]))
    workspace.waiting[slot] = .zero
  }
}
