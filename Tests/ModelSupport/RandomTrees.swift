import SpeculativeDecoding

extension RandomCheckpoints {
  /// A random tree of up to `size` nodes; with repeats, siblings may have the same token.
  package mutating func tree(root: Token, vocabulary: Int, size: Int = 24, hasRepeats: Bool = false) -> TokenTree {
    var tree = TokenTree(root: root)
    for _ in 0..<1 + below(size) {
      let parent = below(tree.count)
      if tree[parent].isRepeat { continue }
      // A few tokens only where repeats are wanted, so that there are some.
      let token = below(hasRepeats ? 3 : vocabulary)
      if hasRepeats {
        tree.appendRepeatable(token, to: parent)
      } else if tree.child(of: parent, token: token) < 0 {
        tree.append(token, to: parent)
      }
    }
    return tree
  }

  /// A path from the root's child to a random node, maybe none.
  package mutating func path(in tree: borrowing TokenTree) -> ReusableArray<Int> {
    var node = below(tree.count)
    if tree[node].isRepeat { node = Int(tree[node].original) }
    var nodes: [Int] = []
    while node > 0 {
      nodes.append(node)
      node = Int(tree[node].parent)
    }
    var path = ReusableArray(filler: 0)
    for node in nodes.reversed() { path.append(node) }
    return path
  }
}
