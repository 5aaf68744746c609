import Probability

/// Choices along every branch, one path a run, each with its exact weight.
///
/// Depth first by replay: a run answers from the remembered path as far as it goes and takes the first branch
/// of positive weight from there on; ``advance()`` moves the last choice that has another branch. Memory is
/// the length of one path. Branches of weight 0 are not entered.
///
///     var choices = EnumeratedChoices<Rational>()
///     repeat {
///       runOneRound(using: &choices)
///       law[outcome, default: 0] += choices.weight
///     } while choices.advance()
///
/// Laws in `Float` or `Double` are taken at their exact values: the weights are then the exact law that the
/// compiled arithmetic realises under ideal uniforms.
public struct EnumeratedChoices<Scalar: ProbabilityScalar>: BranchingChoices, Sendable {
  /// A uniform known to lie in [low, low + width).
  public struct Uniform: Hashable, Sendable {
    @usableFromInline var low: Rational
    @usableFromInline var width: Rational

    @usableFromInline
    init(low: Rational, width: Rational) {
      self.low = low
      self.width = width
    }

    @usableFromInline var isFresh: Bool { width == .one }
  }

  @usableFromInline var path = BranchPath<Uniform>()

  /// Runs completed by ``advance()``: paths from the root of all choices to a leaf.
  public var branches = 0
  /// Questions answered, replayed ones included.
  public var choices = 0

  /// Choices at the first path.
  @inlinable public init() {}

  /// The exact probability of the path that the current run has taken so far.
  @inlinable
  public var weight: Rational { path.weight }

  /// Ends the run and moves to the next path; `false` once every path has been run.
  @inlinable
  public mutating func advance() -> Bool {
    branches += 1
    return path.advance()
  }

  /// A uniform of which nothing is known yet.
  @inlinable
  public mutating func uniform(for purpose: UniformPurpose) -> Uniform { Uniform(low: .zero, width: .one) }

  /// Splits the uniform at numerator / denominator; *not below* comes first.
  @inlinable
  public mutating func isBelow(
    _ uniform: inout Uniform, _ numerator: Scalar, over denominator: Scalar
  ) -> Bool {
    choices += 1
    if let frame = path.replayed() {
      uniform = frame.uniform
      return frame.branch == 1
    }
    guard let top = numerator.exact, let bottom = denominator.exact else { return certain(branch: 0, uniform) == 1 }
    // u · 0 < numerator, as the comparison of production has it.
    guard bottom > .zero else { return certain(branch: top > .zero ? 1 : 0, uniform) == 1 }
    let threshold = top / bottom
    let end = uniform.low + uniform.width
    if threshold <= uniform.low { return certain(branch: 0, uniform) == 1 }
    if threshold >= end { return certain(branch: 1, uniform) == 1 }
    let resumes = path.resumes
    let split =
      resumes
      ? Uniform(low: uniform.low, width: threshold - uniform.low)
      : Uniform(low: threshold, width: end - threshold)
    let share = uniform.isFresh ? split.width : split.width / uniform.width
    path.record(.init(branch: resumes ? 1 : 0, uniform: split, weight: path.weight * share, hasMore: !resumes))
    uniform = split
    return resumes
  }

  /// Splits the uniform at the cumulative weights; the lowest index of positive weight comes first.
  @inlinable
  public mutating func index(_ uniform: inout Uniform, in weights: Span<Scalar>, total: Scalar) -> Int {
    choices += 1
    if let frame = path.replayed() {
      uniform = frame.uniform
      return frame.branch
    }
    guard let total = total.exact, total > .zero else { return certain(branch: -1, uniform) }
    let resumes = path.resumes
    let previous = resumes ? path.previousBranch : -1
    let end = uniform.low + uniform.width
    var last = weights.count - 1
    while last >= 0, weights[last] <= .zero { last -= 1 }

    // The first index after the previous branch whose share of the uniform is not empty.
    var low = Rational.zero
    var found: (index: Int, low: Rational, high: Rational)?
    var hasMore = false
    var index = 0
    var cumulative = Rational.zero
    while index <= last {
      let weight = weights[index].exact ?? .zero
      if weight > .zero {
        cumulative += weight
        // Rounded weights may sum to less than the total, or more: the last index takes what is left.
        let share = total == .one ? cumulative : cumulative / total
        let high = index == last ? Rational.one : min(share, .one)
        let from = max(low, uniform.low)
        let to = min(high, end)
        if from < to {
          if found != nil {
            hasMore = true
            break
          }
          if index > previous { found = (index, from, to) }
        }
        low = high
        if high >= end { break }
      }
      index += 1
    }
    guard let found else { return certain(branch: last, uniform) }
    let split = Uniform(low: found.low, width: found.high - found.low)
    let share = uniform.isFresh ? split.width : split.width / uniform.width
    path.record(.init(branch: found.index, uniform: split, weight: path.weight * share, hasMore: hasMore))
    uniform = split
    return found.index
  }

  /// Remembers an answer that has no alternative.
  @inlinable
  mutating func certain(branch: Int, _ uniform: Uniform) -> Int {
    path.recordCertain(branch: branch, uniform)
    return branch
  }
}
