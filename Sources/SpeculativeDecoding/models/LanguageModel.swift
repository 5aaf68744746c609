import Probability

/// A model of the next token: evaluates a whole token tree in one call and keeps the path that was accepted.
///
/// A context is the tokens so far and whatever the model remembers of them (a table's row, a key-value
/// cache). Node 0 of a tree, its root, is the context's last token; the law after it is the law after the
/// context.
public protocol LanguageModel<Scalar>: Sendable {
  /// The numbers that laws are made of.
  associatedtype Scalar: ProbabilityScalar
  /// The tokens so far, as the model remembers them.
  associatedtype Context: Sendable

  /// Tokens in the vocabulary; at least 1.
  var vocabularySize: Int { get }

  /// An empty context; ``begin(_:in:)`` gives it a prompt.
  func makeContext() -> Context

  /// Forgets what the context held and starts from a prompt, whose last token becomes the root.
  ///
  /// - Throws: ``SpeculativeDecodingError/tokenOutOfRange(token:vocabulary:place:)``, or
  ///   ``SpeculativeDecodingError/model(_:)`` where the model has no law after such a prompt.
  func begin(_ prompt: [Token], in context: inout Context) throws(SpeculativeDecodingError)

  /// Writes the law after each node in `nodes` into the row of the node's index.
  ///
  /// `nodes` continues where the last call stopped: a draft evaluates level by level, a target all at once.
  /// Nodes that repeat a sibling (``TokenTree/Node/isRepeat``) may be left out. Laws are finite,
  /// non-negative and sum to one up to rounding.
  func evaluate(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout Context,
    into laws: inout LawTable<Scalar>
  ) throws(SpeculativeDecodingError)

  /// Writes the laws that ``evaluate(_:of:in:into:)`` does, each to the power 1 / `temperature` and renormalised.
  ///
  /// By default from the laws; a model that makes them from logits has it cheaper and without underflow from those.
  /// - Parameter temperature: above 0.
  func evaluate(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout Context,
    into laws: inout LawTable<Scalar>, temperature: Double
  ) throws(SpeculativeDecodingError)

  /// Writes what ``evaluate(_:of:in:into:)`` does, or laws to which something is still to be done before they are read.
  ///
  /// Verification reads the laws after few nodes of a tree: what a profile does to the others is never seen. By default
  /// the laws are complete.
  /// - Returns: what completes the law after a node, once; `nil` where the laws are complete.
  func evaluateForVerification(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout Context,
    into laws: inout LawTable<Scalar>
  ) throws(SpeculativeDecodingError) -> LawCompletion<Scalar>?

  /// Calls `shape` with the law after each of `nodes` that repeats no sibling, in any order.
  ///
  /// By default one after the other; a model that has threads for its laws lends them.
  /// - Throws: what `shape` throws, of the first such node.
  func shapeLaws(
    after nodes: Range<Int>, of tree: borrowing TokenTree, in laws: inout LawTable<Scalar>,
    by shape: @escaping LawShape<Scalar>
  ) throws(SpeculativeDecodingError)

  /// Keeps the accepted path, drops all other nodes, and makes `next` the root of the next round.
  ///
  /// - Parameter path: the accepted nodes from the root's child on, in order; they need not all have been
  ///   evaluated by this model.
  func keep(
    _ path: ReusableArray<Int>, of tree: borrowing TokenTree, then next: Token, in context: inout Context
  ) throws(SpeculativeDecodingError)
}

/// Completes the law after one node, in its row of the table.
public typealias LawCompletion<Scalar: ProbabilityScalar> =
  @Sendable (_ node: Int, _ laws: inout LawTable<Scalar>) throws(SpeculativeDecodingError) -> Void

/// Changes a law where it stands; shape [vocabulary].
public typealias LawShape<Scalar: ProbabilityScalar> =
  @Sendable (_ law: inout MutableSpan<Scalar>) throws(SpeculativeDecodingError) -> Void

extension LanguageModel {
  /// Shapes one law after the other.
  ///
  /// - Throws: what `shape` throws.
  public func shapeLaws(
    after nodes: Range<Int>, of tree: borrowing TokenTree, in laws: inout LawTable<Scalar>,
    by shape: @escaping LawShape<Scalar>
  ) throws(SpeculativeDecodingError) {
    for node in nodes where !tree[node].isRepeat { try laws.shape(row: node, by: shape) }
  }

  /// Evaluates: the laws are complete.
  ///
  /// - Throws: what the evaluation throws.
  @inlinable @inline(always)
  public func evaluateForVerification(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout Context,
    into laws: inout LawTable<Scalar>
  ) throws(SpeculativeDecodingError) -> LawCompletion<Scalar>? {
    try evaluate(nodes, of: tree, in: &context, into: &laws)
    return nil
  }

  /// Evaluates, then tempers each row.
  ///
  /// - Throws: what the evaluation throws, and ``SpeculativeDecodingError/invalidLaw(place:reason:)`` where the power has
  ///   no exact value in the scalar.
  public func evaluate(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout Context,
    into laws: inout LawTable<Scalar>, temperature: Double
  ) throws(SpeculativeDecodingError) {
    try evaluate(nodes, of: tree, in: &context, into: &laws)
    let profile = try SamplingProfile(temperature: temperature)
    try shapeLaws(after: nodes, of: tree, in: &laws) { law throws(SpeculativeDecodingError) in
      try profile.apply(to: &law)
    }
  }
}
