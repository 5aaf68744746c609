import SpeculativeDecoding

/// The tokens of one forward pass: what each is, where it stands, what it sees, and who wants its logits.
///
/// Token i is written to the cache's row `firstRow + i`. It sees the rows `0..<prefixes[i]` and then its ancestors'
/// rows, its own the last: the ancestor mask, as a list. A token of a plain sequence at position n sees 0..<n and
/// itself; a node of a tree sees the sequence, and below it only the path that leads to it. Siblings are on nobody's
/// list but their own.
struct TokenBatch: Sendable {
  /// The cache row of the first token.
  private(set) var firstRow = 0
  /// The number of each in the vocabulary: [token].
  private(set) var tokens = [Int32]()
  /// Where each stands in the sequence, in a tree the root's position plus the depth: [token].
  private(set) var positions = [Int32]()
  /// The rows of the sequence that each sees: [token].
  private(set) var prefixes = [Int32]()
  /// Where each token's list starts in ``ancestors``, and where the last ends: [token + 1].
  private(set) var ancestorStarts = [Int32]()
  /// Cache rows from the root's child down to the token itself, for each token.
  private(set) var ancestors = [Int32]()
  /// Where each token's logits go, -1 for nowhere: [token].
  private(set) var outputs = [Int32]()

  /// Tokens in the batch.
  var count: Int { tokens.count }

  /// Empties the batch; its first token will be written to `firstRow`.
  mutating func reset(firstRow: Int) {
    self.firstRow = firstRow
    tokens.removeAll(keepingCapacity: true)
    positions.removeAll(keepingCapacity: true)
    prefixes.removeAll(keepingCapacity: true)
    ancestors.removeAll(keepingCapacity: true)
    ancestorStarts.removeAll(keepingCapacity: true)
    ancestorStarts.append(0)
    outputs.removeAll(keepingCapacity: true)
  }

  /// Adds a token of the plain sequence; its row is its position.
  mutating func append(_ token: Int32, position: Int, output: Int = -1) {
    append(token, position: position, prefix: position, output: output)
    ancestors.append(Int32(position))
    ancestorStarts.append(Int32(ancestors.count))
  }

  /// Adds a node of a tree.
  ///
  /// - Parameters:
  ///   - sequence: tokens of the plain sequence, the root included.
  ///   - rows: the cache row of each node; the node's ancestors must have theirs.
  ///   - fault: a control's hook.
  mutating func append(
    _ node: Int, of tree: borrowing TokenTree, after sequence: Int, rows: [Int32], fault: ContextFault = .none
  ) {
    let depth = Int(tree[node].depth)
    let row = firstRow + count
    let position =
      switch fault {
      case .positionsOneTooHigh: sequence + depth
      case .siblingPositionsShifted: row
      default: sequence - 1 + depth
      }
    append(tree[node].token, position: position, prefix: sequence, output: node)
    if fault == .siblingsSeen {
      for sibling in tree.children(of: Int(tree[node].parent)) where sibling < node && rows[sibling] >= 0 {
        ancestors.append(rows[sibling])
      }
    }
    let end = ancestors.count + depth
    for _ in 0..<depth { ancestors.append(Int32(row)) }
    var ancestor = Int(tree[node].parent)
    for place in stride(from: end - 2, through: end - depth, by: -1) {
      ancestors[place] = rows[ancestor]
      ancestor = Int(tree[ancestor].parent)
    }
    ancestorStarts.append(Int32(end))
  }

  private mutating func append(_ token: Int32, position: Int, prefix: Int, output: Int) {
    tokens.append(token)
    positions.append(Int32(position))
    prefixes.append(Int32(prefix))
    outputs.append(Int32(output))
  }
}
