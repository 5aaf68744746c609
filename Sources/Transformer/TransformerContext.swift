import Checkpoints
import SpeculativeDecoding

/// A sequence of tokens and what a transformer remembers of it.
///
/// A value: a copy is a fork of the sequence, which shares memory until one of the two goes on.
public struct TransformerContext: Sendable {
  /// The tokens so far; the last is the root of the next tree.
  public internal(set) var tokens: [Token] = []

  /// Keys and values of the first tokens, and of the tree of this round.
  ///
  /// Tokens beyond are *pending*: they are evaluated with the next tree. The last token always is, and with it those of
  /// an accepted path that this model did not see.
  var cache: KeyValueCache
  /// The cache row of each node of this round's tree; -1 for those that were not evaluated.
  var rows: [Int32] = []
  var batch = TokenBatch()
  var activations: Activations

  init(_ model: borrowing TransformerModel) {
    let width =
      switch model.configuration {
      case .llama(let llama): llama.keyValueHeadCount * llama.headSize
      case .opt(let opt): opt.hiddenSize
      }
    cache = KeyValueCache(layerCount: model.network.layerCount, width: width)
    activations = Activations(model.configuration)
  }

  /// Tokens whose keys and values are in the cache.
  public var evaluatedCount: Int { cache.committed }

  /// Forgets the tree of the round; the root is evaluated anew with the next one.
  mutating func forgetTree() {
    rows.removeAll(keepingCapacity: true)
    cache.commit(min(cache.committed, tokens.count - 1))
  }
}
