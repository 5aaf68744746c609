import Probability
import SpeculativeDecoding

extension FaultySteps {
  /// Makes the law of the last token that of a draw by the Gumbel noise that chose the rejected siblings.
  ///
  /// In the form of exponential clocks: token j of the draft's law p arrives at Eⱼ/pⱼ, and the siblings are the first to
  /// arrive. The recovery is the smallest Eⱼ/rⱼ, r the residual. Siblings that were drawn independently each had clocks of their
  /// own, of which the last one's are used. In a beam the formula holds at the nodes of its first level, and
  /// takes each level below for a draw of its own.
  mutating func loadRacedRecovery(after node: Int, in workspace: inout Workspace<Scalar>) {
    let siblings = workspace.tree.children(of: node)
    guard let first = siblings.first else { return }
    let draft = workspace.draftLaws.law(ofRow: node)
    // Without replacement the first of several has been taken out of the proposal.
    let firstToken = Int(workspace.tree[first].token)
    let isWithoutReplacement = siblings.count > 1 && workspace.proposal[firstToken] == .zero
    var masses = [Laws.mass(of: draft.span)]
    if isWithoutReplacement {
      for sibling in siblings.dropLast() {
        masses.append(masses[masses.count - 1] - draft[Int(workspace.tree[sibling].token)])
      }
    }
    load(Self.raced(workspace.residual, behind: draft, masses: masses, winner: nil), into: &workspace)
  }

  /// Makes the law of the bonus token that of a draw by the noise that chose the last accepted token, where it was drawn alone.
  mutating func loadRacedBonus(after node: Int, in workspace: inout Workspace<Scalar>) {
    let parent = Int(workspace.tree[node].parent)
    guard node > 0, workspace.tree.children(of: parent).count == 1 else { return }
    let draft = workspace.draftLaws.law(ofRow: parent)
    let token = Int(workspace.tree[node].token)
    load(
      Self.raced(workspace.residual, behind: draft, masses: [Laws.mass(of: draft.span)], winner: token),
      into: &workspace)
  }

  /// The law of the smallest Eⱼ/rⱼ over exponential clocks E of which some have run before.
  ///
  /// The clocks ran until the time T at which the last of k draws from the rates p arrived. By then Eⱼ > pⱼT, and nothing more
  /// is known of Eⱼ (it has no memory); the winner's is pᵢT. In the second race token j thus starts after (pⱼ/rⱼ)·T, at the rate rⱼ,
  /// and the winner arrives at its start. T is a sum of exponential times whose rates are the masses m before each
  /// draw, so that E[e^(−sT)] = Π m/(m + s): every probability is a fraction.
  /// - Parameters:
  ///   - rates: r, of the second race.
  ///   - draft: p, of the first.
  ///   - masses: what was left of p before each draw.
  ///   - winner: the token that was drawn, if it takes part in the second race.
  private static func raced(
    _ rates: [Scalar], behind draft: [Scalar], masses: [Scalar], winner: Token?
  ) -> [Scalar] {
    let starts = rates.indices.filter { rates[$0] > .zero }
      .map { (token: $0, time: draft[$0] / rates[$0]) }
      .sorted { ($0.time, $0.token) < ($1.time, $1.token) }
    var law = rates.map { _ in Scalar.zero }
    // The rate of the tokens that have started, the sum of rate × time so far, and the probability that none has arrived.
    var (rate, exponent, alive) = (Scalar.zero, Scalar.zero, Scalar.one)
    var running: [Token] = []
    func arrive(_ mass: Scalar) {
      for token in running { law[token] += mass * rates[token] / rate }
    }
    var time = Scalar.zero
    for start in starts {
      if rate > .zero {
        exponent += rate * (start.time - time)
        let left = masses.reduce(Scalar.one) { $0 * ($1 / ($1 + exponent)) }
        arrive(alive - left)
        alive = left
      }
      time = start.time
      if start.token == winner {
        law[start.token] += alive
        return law
      }
      running.append(start.token)
      rate += rates[start.token]
    }
    arrive(alive)
    return law
  }
}
