import Synchronization

/// A model whose evaluations are timed: the model's share of a round, apart from the decoder's.
public struct TimedModel<Base: LanguageModel>: LanguageModel {
  /// The model that is asked.
  public let base: Base
  /// The time of its calls so far; shared by all copies.
  public let stopwatch: Stopwatch

  /// Times a model.
  public init(_ base: Base, stopwatch: Stopwatch = Stopwatch()) {
    self.base = base
    self.stopwatch = stopwatch
  }

  /// The base's vocabulary.
  public var vocabularySize: Int { base.vocabularySize }

  /// The base's empty context.
  public func makeContext() -> Base.Context { base.makeContext() }

  /// Starts the base from a prompt; not timed, for it is no part of a round.
  public func begin(_ prompt: [Token], in context: inout Base.Context) throws(SpeculativeDecodingError) {
    try base.begin(prompt, in: &context)
  }

  /// Evaluates the base.
  public func evaluate(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout Base.Context,
    into laws: inout LawTable<Base.Scalar>
  ) throws(SpeculativeDecodingError) {
    let start = ContinuousClock.now
    defer { stopwatch.add(start.duration(to: .now)) }
    try base.evaluate(nodes, of: tree, in: &context, into: &laws)
  }

  /// Evaluates the base at a temperature.
  public func evaluate(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout Base.Context,
    into laws: inout LawTable<Base.Scalar>, temperature: Double
  ) throws(SpeculativeDecodingError) {
    let start = ContinuousClock.now
    defer { stopwatch.add(start.duration(to: .now)) }
    try base.evaluate(nodes, of: tree, in: &context, into: &laws, temperature: temperature)
  }

  /// Evaluates the base; what completes a law is timed, too.
  public func evaluateForVerification(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout Base.Context,
    into laws: inout LawTable<Base.Scalar>
  ) throws(SpeculativeDecodingError) -> LawCompletion<Base.Scalar>? {
    let start = ContinuousClock.now
    defer { stopwatch.add(start.duration(to: .now)) }
    guard let complete = try base.evaluateForVerification(nodes, of: tree, in: &context, into: &laws) else {
      return nil
    }
    return { [stopwatch] node, laws throws(SpeculativeDecodingError) in
      let start = ContinuousClock.now
      defer { stopwatch.add(start.duration(to: .now)) }
      try complete(node, &laws)
    }
  }

  /// Shapes laws on the base's threads; not timed, for what is done to the laws is not the base's.
  public func shapeLaws(
    after nodes: Range<Int>, of tree: borrowing TokenTree, in laws: inout LawTable<Base.Scalar>,
    by shape: @escaping LawShape<Base.Scalar>
  ) throws(SpeculativeDecodingError) {
    try base.shapeLaws(after: nodes, of: tree, in: &laws, by: shape)
  }

  /// Keeps the accepted path in the base.
  public func keep(
    _ path: ReusableArray<Int>, of tree: borrowing TokenTree, then next: Token, in context: inout Base.Context
  ) throws(SpeculativeDecodingError) {
    let start = ContinuousClock.now
    defer { stopwatch.add(start.duration(to: .now)) }
    try base.keep(path, of: tree, then: next, in: &context)
  }
}

/// Time that adds up, from any thread.
public final class Stopwatch: Sendable {
  private let nanoseconds = Atomic<Int>(0)

  /// A stopwatch at 0.
  public init() {}

  /// Seconds so far.
  public var seconds: Double { Double(nanoseconds.load(ordering: .relaxed)) / 1e9 }

  /// Adds a duration.
  public func add(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    nanoseconds.add(Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000), ordering: .relaxed)
  }
}
