extension DecodingMethod {
  /// The methods of this rule whose trees are parts of this method's, at its full depth: the widest last.
  ///
  /// The first draws are the same whatever follows them. The first children of each node are a tree of smaller
  /// branching factors; the first W prefixes to arrive at each level are the beam of width W; the first K sequences are
  /// K sequences. The upper levels of any of them are the tree of less depth. Nothing is known of a tree of own steps.
  var subtrees: [DecodingMethod] {
    rule.drafting == .ownSteps ? [self] : rule.methods(shape.parts)
  }

  /// Cuts a larger tree of this rule down to what this method would have drawn; other nodes lose their links.
  func prune(_ tree: inout TokenTree) {
    switch rule.drafting {
    case .none: tree.reorderChildren(of: 0, to: [])
    case .ownSteps: break
    case .distinctChildren, .independentChildren: Self.prune(&tree, toFirstChildren: shape.childrenPerLevel)
    case .stochasticBeam: Self.prune(&tree, toBeam: shape.width, depth: draftLength)
    case .independentSequences: Self.prune(&tree, toSequences: shape.width, depth: draftLength)
    }
  }

  private static func prune(_ tree: inout TokenTree, toFirstChildren counts: [Int]) {
    for node in 0..<tree.count {
      let depth = Int(tree[node].depth)
      tree.reorderChildren(
        of: node, to: depth < counts.count ? Array(tree.children(of: node).prefix(counts[depth])) : [])
    }
  }

  private static func prune(_ tree: inout TokenTree, toBeam width: Int, depth: Int) {
    // Nodes stand level by level, in the order of their arrival.
    var counts = Array(repeating: 0, count: depth + 1)
    let isKept = (0..<tree.count).map { node in
      let level = Int(tree[node].depth)
      guard level <= depth, counts[level] < width else { return false }
      counts[level] += 1
      return true
    }
    for node in 0..<tree.count { tree.reorderChildren(of: node, to: tree.children(of: node).filter { isKept[$0] }) }
  }

  private static func prune(_ tree: inout TokenTree, toSequences width: Int, depth: Int) {
    // A node's children are the draws of the sequences that come through it, in their order.
    var left = (0..<tree.count).map { tree.children(of: $0)[...] }
    var kept = Array(repeating: [Int](), count: tree.count)
    for _ in 0..<width {
      var node = 0
      for _ in 0..<depth {
        guard let child = left[node].popFirst() else { break }
        kept[node].append(child)
        node = tree[child].isRepeat ? Int(tree[child].original) : child
      }
    }
    for node in 0..<tree.count { tree.reorderChildren(of: node, to: kept[node]) }
  }
}
