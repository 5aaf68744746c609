import Probability

extension SamplingProfile {
  /// The law of this profile over a model's law.
  ///
  /// - Throws: ``SpeculativeDecodingError/invalidLaw(place:reason:)`` where the law has a NaN, a negative value or
  ///   no mass, or the power has no exact value in the scalar.
  /// - Complexity: O(n) for temperature and min-p; O(n + k log n) for top-k and top-p that keep k tokens.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func applied<Scalar: ProbabilityScalar>(
    to law: [Scalar]
  ) throws(SpeculativeDecodingError) -> [Scalar] {
    var shaped = law
    var span = shaped.mutableSpan
    try apply(to: &span)
    return shaped
  }

  private func apply<Scalar: ProbabilityScalar>(
    to law: inout MutableSpan<Scalar>
  ) throws(SpeculativeDecodingError) {
    do {
      try normalise(&law)
      try temper(&law)
      if topK > 0, topK < law.count { try keepLargest(&law) { kept, _ in kept == topK } }
      if topP < 1 { try keepLargest(&law) { _, mass in mass.approximation >= topP } }
      if minP > 0 { try keepAtLeast(minP * largest(law).approximation, in: &law) }
    } catch {
      throw .invalidLaw(place: "the law under the sampling profile", reason: error)
    }
  }

  private func temper<Scalar: ProbabilityScalar>(_ law: inout MutableSpan<Scalar>) throws(ProbabilityError) {
    if temperature == 1 { return }
    if temperature == 0 { return try keepLargest(&law) { kept, _ in kept == 1 } }
    // Divided by the largest first: powers of small probabilities would underflow all together.
    let largest = largest(law)
    for token in 0..<law.count {
      law[token] = try (law[token] / largest).raised(toReciprocalOf: temperature)
    }
    try normalise(&law)
  }

  /// Keeps tokens in descending order, ties to lower ids, until enough are kept, and renormalises.
  ///
  /// - Parameter isEnough: asked after each token with their number and mass.
  private func keepLargest<Scalar: ProbabilityScalar>(
    _ law: inout MutableSpan<Scalar>, until isEnough: (_ kept: Int, _ mass: Scalar) -> Bool
  ) throws(ProbabilityError) {
    var (kept, mass) = (0, Scalar.zero)
    var rest = DescendingTokens(of: law.span)
    while let token = rest.next(in: law.span) {
      kept += 1
      mass += law[token]
      if isEnough(kept, mass) { break }
    }
    while let token = rest.removeAny() { law[token] = .zero }
    try normalise(&law)
  }

  private func keepAtLeast<Scalar: ProbabilityScalar>(
    _ threshold: Double, in law: inout MutableSpan<Scalar>
  ) throws(ProbabilityError) {
    for token in 0..<law.count where law[token].approximation < threshold { law[token] = .zero }
    try normalise(&law)
  }

  private func largest<Scalar: ProbabilityScalar>(_ law: borrowing MutableSpan<Scalar>) -> Scalar {
    var largest = Scalar.zero
    for token in 0..<law.count where law[token] > largest { largest = law[token] }
    return largest
  }

  private func normalise<Scalar: ProbabilityScalar>(_ law: inout MutableSpan<Scalar>) throws(ProbabilityError) {
    guard law.count > 0 else { throw .emptyLaw }
    for token in 0..<law.count {
      guard law[token].isFinite else { throw .notFinite(outcome: token) }
      guard law[token] >= .zero else { throw .negative(outcome: token, value: law[token].description) }
    }
    let sum = Laws.mass(of: law.span)
    guard sum > .zero else { throw .noMass }
    for token in 0..<law.count { law[token] = law[token] / sum }
  }
}

/// The tokens of a law in descending order, ties to lower ids: a heap, of which only as much is sorted as is asked for.
///
/// Few tokens pass a profile; sorting all of them would take most of a round.
struct DescendingTokens {
  private var heap: [Int32]

  /// All tokens of a law.
  ///
  /// - Complexity: O(n).
  init<Scalar: ProbabilityScalar>(of law: Span<Scalar>) {
    heap = Array(0..<Int32(law.count))
    for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { sink(index, in: law) }
  }

  /// Removes the most probable token that is left.
  ///
  /// - Complexity: O(log n).
  mutating func next<Scalar: ProbabilityScalar>(in law: Span<Scalar>) -> Int? {
    guard let top = heap.first, let last = heap.popLast() else { return nil }
    if !heap.isEmpty {
      heap[0] = last
      sink(0, in: law)
    }
    return Int(top)
  }

  /// Removes one of the tokens that are left, in no order.
  mutating func removeAny() -> Int? { heap.popLast().map(Int.init) }

  private mutating func sink<Scalar: ProbabilityScalar>(_ start: Int, in law: Span<Scalar>) {
    var index = start
    let token = heap[index]
    while true {
      var child = 2 * index + 1
      if child >= heap.count { break }
      if child + 1 < heap.count, Self.isBefore(heap[child + 1], heap[child], in: law) { child += 1 }
      guard Self.isBefore(heap[child], token, in: law) else { break }
      heap[index] = heap[child]
      index = child
    }
    heap[index] = token
  }

  private static func isBefore<Scalar: ProbabilityScalar>(_ a: Int32, _ b: Int32, in law: Span<Scalar>) -> Bool {
    let (first, second) = (law[Int(a)], law[Int(b)])
    return first > second || (first == second && a < b)
  }
}
