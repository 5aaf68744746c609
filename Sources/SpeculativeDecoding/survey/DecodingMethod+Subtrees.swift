extension DecodingMethod {
  /// The methods of this rule whose trees are parts of this method's, at its full depth: the widest last.
  ///
  /// What is drawn first is drawn the same whatever follows. The first children of each node are a tree of smaller
  /// branching factors; the first W prefixes to arrive at each level are the beam of width W; the first K sequences are
  /// K sequences. The upper levels of any of them are the tree of less depth.
  var subtrees: [DecodingMethod] {
    switch self {
    case .autoregressive: []
    case .speculative: [self]
    case .specTr(let width, let depth): (1...width).map { .specTr(width: $0, depth: depth) }
    case .rsdS(let width, let depth): (1...width).map { .rsdS(width: $0, depth: depth) }
    case .specInfer(let branching): Self.branchings(within: branching).map { .specInfer(branching: $0) }
    case .rsdC(let branching): Self.branchings(within: branching).map { .rsdC(branching: $0) }
    }
  }

  /// The branchings of the same depth that never exceed `most`, nor widen with depth.
  private static func branchings(within most: [Int]) -> [[Int]] {
    most.reduce([[]]) { all, factor in
      all.flatMap { branching in (1...min(factor, branching.last ?? factor)).map { branching + [$0] } }
    }
  }

  /// Cuts a larger tree of this rule down to what this method would have drawn; other nodes lose their links.
  func prune(_ tree: inout TokenTree) {
    switch self {
    case .autoregressive: tree.reorderChildren(of: 0, to: [])
    case .speculative: break
    case .rsdC(let branching), .specInfer(let branching):
      for node in 0..<tree.count {
        let depth = Int(tree[node].depth)
        tree.reorderChildren(
          of: node, to: depth < branching.count ? Array(tree.children(of: node).prefix(branching[depth])) : [])
      }
    case .rsdS(let width, let depth):
      // Nodes stand level by level, in the order of their arrival.
      var counts = Array(repeating: 0, count: depth + 1)
      let isKept = (0..<tree.count).map { node in
        let level = Int(tree[node].depth)
        guard level <= depth, counts[level] < width else { return false }
        counts[level] += 1
        return true
      }
      for node in 0..<tree.count { tree.reorderChildren(of: node, to: tree.children(of: node).filter { isKept[$0] }) }
    case .specTr(let width, let depth):
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
}
