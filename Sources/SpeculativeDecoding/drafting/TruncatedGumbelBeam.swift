import Probability
import RealModule

/// Stochastic beam search in its perturbed form: Gumbel noise, conditioned top down.
///
/// The same law of the tree as the race of ``StochasticBeam``, which is the default and the one that is proved;
/// this form suits hardware that draws noise in bulk. It is a control of one step: the rest of the round is the
/// production code.
///
///     var steps = TruncatedGumbelBeam(Philox4x64(key: [seed, 1]), scalar: Double.self)
///     try decoder.round(&session, steps: &steps, using: &choices)
///
/// A beam node has a log-probability φ and a perturbed value G̃; the root has 0 and 0. Its children get
/// G_c ~ Gumbel(φ_c), and are then conditioned on their maximum being G̃: with Z = max G_c and
/// v = G̃ − G_c + log1p(−exp(G_c − Z)), G̃_c = G̃ − max(0, v) − log1p(exp(−|v|)). The W largest survive.
/// Without the conditioning the output would still be exact, but the sequences would no longer be a sample
/// without replacement, and fewer would be accepted.
/// - Source: Kool et al. 2019, "Stochastic Beams and Where to Find Them", section 4.1 and appendix B.3.
public struct TruncatedGumbelBeam<Scalar: ProbabilityScalar, Generator: RandomNumberGenerator & Sendable>:
  RoundSteps
{
  private struct Candidate {
    var value: Double
    var logProbability: Double
    var parent: Int
    var token: Token
  }

  /// The source of the noise; nothing else may draw from it.
  public var generator: Generator
  private let isConditioned: Bool
  private var logProbabilities: [Double] = []
  private var values: [Double] = []
  private var candidates: [Candidate] = []

  /// Noise from a generator of its own.
  public init(_ generator: Generator, scalar: Scalar.Type = Scalar.self) {
    self.init(generator, isConditioned: true)
  }

  /// With `isConditioned` false, fresh noise at every level: a known defect, kept for the suite to catch.
  package init(_ generator: Generator, isConditioned: Bool) {
    self.generator = generator
    self.isConditioned = isConditioned
  }

  /// Perturbs the children of all beam nodes and keeps the `width` largest, in descending order.
  ///
  /// - Complexity: O(width · vocabulary · log(width · vocabulary)).
  public mutating func extendBeam<Source: Choices>(
    width: Int, outside: Scalar, in workspace: inout Workspace<Scalar>, using choices: inout Source
  ) -> Scalar where Source.Scalar == Scalar {
    if workspace.beam.count == 1, workspace.beam[0] == 0 {
      logProbabilities = [0]
      values = [0]
    }
    candidates.removeAll(keepingCapacity: true)
    for index in 0..<workspace.beam.count { perturbChildren(of: index, in: workspace) }
    candidates.sort { $0.value > $1.value }

    workspace.nextBeam.empty()
    workspace.nextBeamMasses.removeAll(keepingCapacity: true)
    logProbabilities.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    for candidate in candidates.prefix(width) {
      let row = workspace.draftLaws.row(workspace.beam[candidate.parent])
      let probability = workspace.draftLaws.values[row.lowerBound + candidate.token]
      workspace.nextBeam.append(workspace.tree.append(candidate.token, to: workspace.beam[candidate.parent]))
      workspace.nextBeamMasses.append(workspace.beamMasses[candidate.parent] * probability)
      logProbabilities.append(candidate.logProbability)
      values.append(candidate.value)
    }
    // The race carries what is left outside the beam; noise needs no such sum.
    return outside
  }

  private mutating func perturbChildren(of index: Int, in workspace: borrowing Workspace<Scalar>) {
    let first = candidates.count
    let row = workspace.draftLaws.row(workspace.beam[index])
    var maximum = -Double.infinity
    for token in 0..<workspace.vocabularySize {
      let probability = workspace.draftLaws.values[row.lowerBound + token].approximation
      // A token of probability 0 never races: its noise would be −∞, and −∞ − −∞ no number.
      guard probability > 0 else { continue }
      let logProbability = logProbabilities[index] + Double.log(probability)
      let value = logProbability - Double.log(UniformBits.exponential(using: &generator))
      maximum = max(maximum, value)
      candidates.append(
        Candidate(value: value, logProbability: logProbability, parent: index, token: token))
    }
    guard isConditioned else { return }
    for candidate in first..<candidates.count {
      candidates[candidate].value = Self.conditioned(
        candidates[candidate].value, maximum: maximum, on: values[index])
    }
  }

  /// The value that a child's noise has, given that the largest of its siblings' is the parent's.
  static func conditioned(_ value: Double, maximum: Double, on parent: Double) -> Double {
    let difference = parent - value + Double.log(onePlus: -Double.exp(value - maximum))
    return parent - max(0, difference) - Double.log(onePlus: Double.exp(-abs(difference)))
  }
}
