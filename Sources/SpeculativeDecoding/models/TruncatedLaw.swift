import Probability

/// A law of which few tokens will be left: only those that may be are looked at one by one.
///
/// Top-k and top-p keep a beginning of the law's descending order, ties to lower ids. Its end is found by
/// selection: nothing is sorted, and of the other tokens nothing is known but that each is smaller.
struct TruncatedLaw<Scalar: ProbabilityScalar> {
  /// A token and its probability.
  private struct Outcome {
    var token: Int32
    var probability: Scalar

    func isBefore(_ other: Outcome) -> Bool {
      probability > other.probability || (probability == other.probability && token < other.token)
    }
  }

  /// Tokens of the vocabulary.
  private let count: Int
  private let sum: Scalar
  /// The largest value of every ``Laws/maximumBlock`` tokens.
  private var maxima: [Scalar] = []
  /// The tokens that are left, in no order; `nil` while none has been left out.
  private var kept: [Outcome]?

  /// The law of `values`, up to its sum.
  ///
  /// - Throws: ``ProbabilityError`` for an empty law, a NaN, infinite or negative value, or no mass.
  /// - Parameter isNormalised: whether the sum is 1 already, up to rounding, and is left alone.
  init(_ values: Span<Scalar>, isNormalised: Bool) throws(ProbabilityError) {
    count = values.count
    let sum = try SamplingProfile.validatedSum(of: values, maxima: &maxima)
    self.sum = isNormalised ? .one : sum
    largest = maxima.reduce(.zero, max)
  }

  private let largest: Scalar

  /// Keeps the most probable tokens.
  mutating func keepLargest(_ count: Int, of values: Span<Scalar>) {
    var outcomes: [Outcome]
    if let kept {
      outcomes = kept
    } else {
      // As many blocks as tokens are wanted have a token of at least the smallest of their maxima.
      var threshold = largest
      while threshold > .zero {
        if maxima.reduce(0, { $0 + ($1 >= threshold ? 1 : 0) }) >= count { break }
        threshold = lower(threshold, by: 2)
      }
      outcomes = self.outcomes(of: values, atLeast: threshold)
    }
    if outcomes.count > count { Self.select(&outcomes) { kept, _ in kept >= count } }
    renormalise(outcomes)
  }

  /// Keeps the most probable tokens until their mass reaches a threshold.
  mutating func keepLargest(ofMass mass: Double, of values: Span<Scalar>) {
    if count <= Laws.blockSize { return keepSorted(ofMass: mass, of: values) }
    var outcomes = kept ?? []
    // Outcomes of which all are kept.
    var (first, sure) = (0, Scalar.Sum.zero)
    if kept == nil {
      let (threshold, last) = bracket(mass, of: values)
      outcomes = self.outcomes(of: values, atLeast: threshold)
      if let last {
        first = outcomes.partition { $0.probability < last / sum }
        sure = outcomes[..<first].reduce(.zero) { $0 + $1.probability.summand }
      }
    }
    Self.select(&outcomes, from: first, sure) { _, sum in Scalar(rounding: sum).approximation >= mass }
    renormalise(outcomes)
  }

  /// A threshold above which there is mass enough, and one above which there is not; `nil` where none was met.
  private func bracket(_ mass: Double, of values: Span<Scalar>) -> (enough: Scalar, tooLittle: Scalar?) {
    // What rounding could decide is on neither side.
    let slack = 1e-5
    var (enough, tooLittle) = (lower(largest, by: 16), Scalar?.none)
    while enough > .zero {
      let above = self.mass(of: values, atLeast: enough)
      if above >= mass + slack { break }
      if above < mass - slack { tooLittle = enough }
      enough = lower(enough, by: 4)
    }
    // Once more, in the middle: that costs less than the tokens which it spares.
    let middle = enough + enough
    if enough > .zero, let known = tooLittle, middle < known {
      let above = self.mass(of: values, atLeast: middle)
      if above >= mass + slack { return (middle, known) }
      if above < mass - slack { return (enough, middle) }
    }
    return (enough, tooLittle)
  }

  private func mass(of values: Span<Scalar>, atLeast threshold: Scalar) -> Double {
    (Scalar.mass(of: values, atLeast: threshold, maxima: maxima) / sum).approximation
  }

  /// The same of few tokens, one after the other, in the scalar: what rounding decides there is decided as ever.
  private mutating func keepSorted(ofMass mass: Double, of values: Span<Scalar>) {
    var outcomes = kept ?? self.outcomes(of: values, atLeast: .zero)
    outcomes.sort { $0.isBefore($1) }
    var (sum, count) = (Scalar.zero, 0)
    while count < outcomes.count {
      sum += outcomes[count].probability
      count += 1
      if sum.approximation >= mass { break }
    }
    renormalise(Array(outcomes.prefix(count)))
  }

  /// A lower threshold; 0 below a millionth of the largest, where nearly all tokens are let in anyway.
  private func lower(_ threshold: Scalar, by factor: Int) -> Scalar {
    let lower = threshold / Scalar(factor)
    return lower * Scalar(1 << 20) < largest ? .zero : lower
  }

  /// Keeps tokens of at least a fraction of the largest probability.
  mutating func keepAtLeast(_ fraction: Double, of values: Span<Scalar>) {
    let outcomes: [Outcome]
    let threshold: Double
    if let kept {
      outcomes = kept
      threshold = fraction * kept.reduce(Scalar.zero) { max($0, $1.probability) }.approximation
    } else {
      threshold = fraction * (largest / sum).approximation
      // A power of two below it, for each is asked again.
      var coarse = largest
      while coarse.approximation > fraction * largest.approximation { coarse = coarse / Scalar(2) }
      outcomes = self.outcomes(of: values, atLeast: coarse)
    }
    renormalise(outcomes.filter { $0.probability.approximation >= threshold })
  }

  /// Writes the law back, 0 for the tokens that were left out.
  func write(into values: inout MutableSpan<Scalar>) {
    guard let kept else { return Laws.divide(&values, by: sum) }
    values.update(repeating: .zero)
    for outcome in kept { values[Int(outcome.token)] = outcome.probability }
  }

  /// The tokens whose probability is positive and, before the division by the sum, at least about a threshold.
  private func outcomes(of values: Span<Scalar>, atLeast threshold: Scalar) -> [Outcome] {
    // Values that differ may be equal once they are divided, and then the id decides: let those in, too.
    let margin = threshold * (Scalar((1 << 20) - 1) / Scalar(1 << 20))
    return Scalar.collect(from: values, atLeast: margin, maxima: maxima).compactMap { token in
      let value = values[Int(token)]
      return value > .zero ? Outcome(token: token, probability: value / sum) : nil
    }
  }

  /// Divides by the mass of what is kept.
  private mutating func renormalise(_ outcomes: [Outcome]) {
    let mass: Scalar
    if count <= Laws.blockSize {
      // As a sum over the whole law, whose order of additions is fixed.
      var law = [Scalar](repeating: .zero, count: count)
      for outcome in outcomes { law[Int(outcome.token)] = outcome.probability }
      mass = Laws.mass(of: law.span)
    } else {
      mass = Scalar(rounding: outcomes.reduce(.zero) { $0 + $1.probability.summand })
    }
    kept = outcomes.map { Outcome(token: $0.token, probability: $0.probability / mass) }
  }

  /// Keeps the shortest beginning of the descending order that is enough, or all; in no order.
  ///
  /// - Parameters:
  ///   - first: how many at the beginning are kept whatever comes, and are before all others.
  ///   - sure: the mass of those, which is not enough.
  ///   - isEnough: of a number of tokens and their mass; never of fewer or of less where not of more.
  /// - Complexity: O(n) on average.
  private static func select(
    _ outcomes: inout [Outcome], from first: Int = 0, _ sure: Scalar.Sum = .zero,
    isEnough: (_ count: Int, _ mass: Scalar.Sum) -> Bool
  ) {
    // What is before `low` is kept, what is from `high` on is not.
    var (low, high) = (first, outcomes.count)
    var mass = sure
    while low < high {
      // The middle of three, as the first: the order of ids is no accident in a law.
      outcomes.swapAt(low, middle(of: outcomes, low, (low + high) / 2, high - 1))
      let pivot = outcomes[low]
      var end = low + 1
      var above = mass
      for index in low + 1..<high where outcomes[index].isBefore(pivot) {
        above += outcomes[index].probability.summand
        outcomes.swapAt(index, end)
        end += 1
      }
      outcomes.swapAt(low, end - 1)
      if end - 1 > low, isEnough(end - 1, above) {
        high = end - 1
        continue
      }
      mass = above + pivot.probability.summand
      low = end
      if isEnough(end, mass) { break }
    }
    outcomes.removeLast(outcomes.count - low)
  }

  private static func middle(of outcomes: [Outcome], _ a: Int, _ b: Int, _ c: Int) -> Int {
    let (first, second, third) = (outcomes[a], outcomes[b], outcomes[c])
    if first.isBefore(second) == second.isBefore(third) { return b }
    return first.isBefore(second) == third.isBefore(first) ? a : c
  }
}
