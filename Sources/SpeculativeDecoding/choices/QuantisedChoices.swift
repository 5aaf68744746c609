import Probability

/// Choices along every branch that a generator of so many bits can reach, each with its exact weight.
///
/// A uniform is one of 2^bits multiples of 2^-bits, as ``RandomChoices`` draws it; an answer is a step function of
/// it. The jump points are found by bisection *of the production comparison itself*, so that its rounding counts: the
/// weights are the law that the compiled program has under a perfect generator, to the last bit.
public struct QuantisedChoices<Scalar: ProbabilityScalar>: BranchingChoices, Sendable {
  /// A uniform known to be a multiple `index`·2^-bits with `low` ≤ index < `high`.
  public struct Uniform: Hashable, Sendable {
    var low: Int
    var high: Int
  }

  /// Bits of a uniform, from 1 to 53.
  public let bits: Int
  private var path = BranchPath<Uniform>()

  /// Runs completed by ``advance()``.
  public private(set) var branches = 0
  /// Questions answered, replayed ones included.
  public private(set) var choices = 0

  /// Choices at the first path.
  ///
  /// - Precondition: `bits` is from 1 to 53: more do not fit the double that a uniform is.
  public init(bits: Int, scalar: Scalar.Type = Scalar.self) {
    precondition((1...53).contains(bits), "a uniform has 1 to 53 bits")
    self.bits = bits
  }

  /// The exact probability of the path that the current run has taken so far.
  public var weight: Rational { path.weight }

  /// Ends the run and moves to the next path; `false` once every path has been run.
  public mutating func advance() -> Bool {
    branches += 1
    return path.advance()
  }

  /// A uniform of which nothing is known yet.
  public mutating func uniform(for purpose: UniformPurpose) -> Uniform { Uniform(low: 0, high: 1 << bits) }

  /// Splits the uniform where the production comparison turns from *below* to *not below*.
  public mutating func isBelow(_ uniform: inout Uniform, _ numerator: Scalar, over denominator: Scalar) -> Bool {
    // Answers as numbers that do not decrease with the uniform, as an index does: 0 is *below*.
    split(&uniform) { Scalar.isProduct(of: $0, and: denominator, below: numerator) ? 0 : 1 } == 0
  }

  /// Splits the uniform where the production index moves on.
  public mutating func index(_ uniform: inout Uniform, in weights: Span<Scalar>, total: Scalar) -> Int {
    choices += 1
    if let frame = path.replayed() {
      uniform = frame.uniform
      return frame.branch
    }
    let start = path.resumes ? path.frames[path.depth].uniform.high : uniform.low
    let answer = Scalar.index(of: value(start), in: weights, total: total)
    // A span cannot be captured by a closure: the search for the end of the run stands here once more.
    var (low, high) = (start, uniform.high)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if Scalar.index(of: value(middle), in: weights, total: total) == answer { low = middle } else { high = middle }
    }
    return record(answer, from: start, to: high, of: &uniform)
  }

  private mutating func split(_ uniform: inout Uniform, answer: (Double) -> Int) -> Int {
    choices += 1
    if let frame = path.replayed() {
      uniform = frame.uniform
      return frame.branch
    }
    let start = path.resumes ? path.frames[path.depth].uniform.high : uniform.low
    let first = answer(value(start))
    var (low, high) = (start, uniform.high)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if answer(value(middle)) == first { low = middle } else { high = middle }
    }
    return record(first, from: start, to: high, of: &uniform)
  }

  private mutating func record(_ branch: Int, from low: Int, to high: Int, of uniform: inout Uniform) -> Int {
    let share = Rational(high - low, uniform.high - uniform.low)
    let known = Uniform(low: low, high: high)
    path.record(.init(branch: branch, uniform: known, weight: path.weight * share, hasMore: high < uniform.high))
    uniform = known
    return branch
  }

  private func value(_ index: Int) -> Double { Double(index) / Double(1 << bits) }
}
