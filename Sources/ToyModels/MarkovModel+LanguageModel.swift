import Probability
import SpeculativeDecoding

extension MarkovModel {
  /// The row of the context, and of each node of the round's tree.
  ///
  /// Two contexts are equal where the model gives all that follows the same laws: the tree of a round that is over
  /// does not count.
  public struct Context: Hashable, Sendable {
    @usableFromInline var root: Int32 = 0
    @usableFromInline var states: [Int32] = [0]

    @inlinable init() {}

    /// Whether the same row serves both.
    @inlinable public static func == (left: Context, right: Context) -> Bool { left.root == right.root }

    /// Hashes the row.
    @inlinable public func hash(into hasher: inout Hasher) { hasher.combine(root) }
  }

  /// The empty context.
  @inlinable
  public func makeContext() -> Context { Context() }

  /// Starts from a prompt.
  ///
  /// - Throws: ``SpeculativeDecodingError/model(_:)`` where the prompt is shorter than the order and the model has no
  ///   rows for such contexts.
  @inlinable
  public func begin(_ prompt: [Token], in context: inout Context) throws(SpeculativeDecodingError) {
    if prompt.count < order { try requireShortRows(from: prompt.count) }
    var state: Int32 = 0
    for token in prompt {
      guard (0..<vocabularySize).contains(token) else {
        throw .tokenOutOfRange(token: token, vocabulary: vocabularySize, place: "prompt")
      }
      state = transitions[Int(state) * vocabularySize + token]
    }
    context.root = state
  }

  @usableFromInline
  func requireShortRows(from length: Int) throws(SpeculativeDecodingError) {
    for length in length..<order where !isServed[length] {
      throw .model(
        "the prompt has fewer tokens than the model's order \(order), and the model has no rows for contexts of "
          + "\(length); add them or lengthen the prompt")
    }
  }

  /// Copies the row of each node's context.
  @inlinable
  public func evaluate(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout Context,
    into laws: inout LawTable<Scalar>
  ) throws(SpeculativeDecodingError) {
    let missing = nodes.upperBound - context.states.count
    if missing > 0 { context.states.append(contentsOf: repeatElement(0, count: missing)) }
    for node in nodes {
      var state = context.root
      if node > 0 {
        let entry = tree[node]
        if entry.isRepeat { continue }
        state = transitions[Int(context.states[Int(entry.parent)]) * vocabularySize + Int(entry.token)]
      }
      context.states[node] = state
      laws.write(self.laws, from: Int(state) * vocabularySize, toRow: node)
    }
  }

  /// Moves the root along the accepted path.
  @inlinable
  public func keep(
    _ path: ReusableArray<Int>, of tree: borrowing TokenTree, then next: Token, in context: inout Context
  ) throws(SpeculativeDecodingError) {
    var state = context.root
    for node in path { state = transitions[Int(state) * vocabularySize + Int(tree[node].token)] }
    context.root = transitions[Int(state) * vocabularySize + next]
  }
}
