import Probability

extension PromptLookup: LanguageModel {
  /// The text so far, with its n-grams.
  ///
  /// Two contexts are equal where their texts are.
  public struct Context: Hashable, Sendable {
    var index: NGramIndex
    /// The path to the node that is evaluated.
    var path: [Int32] = []

    /// Whether both hold the same text.
    public static func == (left: Context, right: Context) -> Bool { left.index.tokens == right.index.tokens }

    /// Hashes the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(index.tokens) }
  }

  /// The empty text.
  public func makeContext() -> Context { Context(index: NGramIndex(order: order)) }

  /// Counts the n-grams of a prompt; what the context shares with it from the first token on is not counted again.
  ///
  /// - Throws: ``SpeculativeDecodingError/tokenOutOfRange(token:vocabulary:place:)``.
  /// - Complexity: O(order) expected for each token.
  public func begin(_ prompt: [Token], in context: inout Context) throws(SpeculativeDecodingError) {
    for token in prompt where !(0..<vocabularySize).contains(token) {
      throw .tokenOutOfRange(token: token, vocabulary: vocabularySize, place: "prompt")
    }
    context.index.replace(with: prompt)
  }

  /// Writes the law after each node: its path is counted, and taken back.
  ///
  /// - Complexity: O(vocabulary + depth · order + continuations) expected for each node.
  public func evaluate(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout Context, into laws: inout LawTable<Scalar>
  ) throws(SpeculativeDecodingError) {
    laws.reserve(rows: nodes.upperBound)
    for node in nodes where !tree[node].isRepeat {
      context.path.removeAll(keepingCapacity: true)
      var ancestor = node
      while ancestor > 0 {
        context.path.append(tree[ancestor].token)
        ancestor = Int(tree[ancestor].parent)
      }
      for token in context.path.reversed() { context.index.append(token) }
      write(context.index, into: &laws, row: node)
      for _ in context.path { context.index.removeLast() }
    }
  }

  /// Adds the accepted path and `next` to the text.
  ///
  /// - Throws: ``SpeculativeDecodingError/tokenOutOfRange(token:vocabulary:place:)`` for `next`.
  public func keep(
    _ path: ReusableArray<Int>, of tree: borrowing TokenTree, then next: Token, in context: inout Context
  ) throws(SpeculativeDecodingError) {
    guard (0..<vocabularySize).contains(next) else {
      throw .tokenOutOfRange(token: next, vocabulary: vocabularySize, place: "kept path")
    }
    for node in path { context.index.append(tree[node].token) }
    context.index.append(Int32(next))
  }
}
