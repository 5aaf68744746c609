import Probability

/// The yield of smaller trees, from rounds of a large one: the production steps, with a look at each tree.
///
/// The tree of every smaller shape is a part of the large one, drawn by the same choices, and the target's laws are known
/// at all of its nodes. The production's verification is run over that part along every outcome of its acceptance tests,
/// which gives the probability that a round accepts so many tokens: exact, given the tree, so that few rounds tell shapes
/// apart. The round itself is not touched.
public struct AcceptanceSurvey<Scalar: ProbabilityScalar>: RoundSteps {
  /// The yield that a shape would have had in the rounds surveyed.
  public struct Estimate: Hashable, Sendable {
    /// Tree and rule.
    public let method: DecodingMethod
    /// Tokens a round, the residual or bonus token included.
    public let tokensPerRound: Double
    /// The standard error of ``tokensPerRound``; infinite after one round.
    public let standardError: Double
    /// Drafted tokens that the target evaluates at each level, on average: [level].
    public let evaluated: [Double]
  }

  private struct Tally: Sendable {
    let method: DecodingMethod
    /// Σ over rounds of the probability that more than so many tokens are accepted: [level].
    var survival: [Double]
    /// Σ over rounds of the squares of the tokens accepted down to a level: [level].
    var squares: [Double]
    /// Σ over rounds of the nodes that are evaluated: [level].
    var evaluated: [Double]
  }

  private var tallies: [Tally]
  /// Rounds so far.
  public private(set) var rounds = 0

  /// A survey of rounds of `method`.
  public init(of method: DecodingMethod) {
    tallies = method.subtrees.map { method in
      let zeros = Array(repeating: 0.0, count: method.draftLength)
      return Tally(method: method, survival: zeros, squares: zeros, evaluated: zeros)
    }
  }

  /// Every shape of the rule that is a part of the one surveyed, at every depth; each once.
  ///
  /// Empty before the first round.
  public var estimates: [Estimate] {
    if rounds == 0 { return [] }
    var seen: Set<DecodingMethod> = []
    return tallies.flatMap { tally in
      tally.survival.indices.compactMap { level in
        let method = tally.method.limited(toDepth: level + 1)
        guard seen.insert(method).inserted else { return nil }
        let accepted = tally.survival[...level].reduce(0, +) / Double(rounds)
        let variance = max(0, tally.squares[level] / Double(rounds) - accepted * accepted)
        return Estimate(
          method: method, tokensPerRound: 1 + accepted,
          standardError: rounds > 1 ? (variance / Double(rounds - 1)).squareRoot() : .infinity,
          evaluated: tally.evaluated[...level].map { $0 / Double(rounds) })
      }
    }
  }

  /// Runs verification over each part of the tree.
  public mutating func willVerify(_ workspace: inout Workspace<Scalar>) {
    let tree = workspace.tree
    for index in tallies.indices {
      tallies[index].method.prune(&workspace.tree)
      count(&tallies[index].evaluated, in: workspace.tree)
      var choices = AcceptanceChoices<Scalar>()
      var steps = StandardSteps<Scalar>()
      var survival = Array(repeating: 0.0, count: tallies[index].survival.count)
      repeat {
        workspace.accepted.empty()
        // Laws that are complete already cannot fail; a rule of own steps has no parts that could be surveyed.
        _ = try? tallies[index].method.verifyTree(
          endTokens: [], in: &workspace, steps: &steps, using: &choices
        ) { _, _ in }
        for level in 0..<workspace.accepted.count { survival[level] += choices.weight }
      } while choices.advance()
      var accepted = 0.0
      for level in survival.indices {
        accepted += survival[level]
        tallies[index].survival[level] += survival[level]
        tallies[index].squares[level] += accepted * accepted
      }
      workspace.tree = tree
    }
    workspace.accepted.empty()
    rounds += 1
  }

  private func count(_ evaluated: inout [Double], in tree: borrowing TokenTree) {
    var level = [0]
    for depth in evaluated.indices {
      level = level.flatMap { tree.children(of: $0) }.filter { !tree[$0].isRepeat }
      evaluated[depth] += Double(level.count)
    }
  }
}
