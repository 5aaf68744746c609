import SpeculativeDecoding

extension VectorGenerator {
  /// (1/2, 1/4, 1/8, 1/8), rotated: a law for each node that is not its neighbour's.
  private static func law(_ rotation: Int) -> [Double] {
    let law = [0.5, 0.25, 0.125, 0.125]
    return (0..<4).map { law[($0 + rotation) % 4] }
  }

  static var walks: [VectorDraft] {
    let draft = [law(0), law(1), law(2)]
    let target = [law(3), law(0), law(1), law(2)]
    // q/p along the chain 0, 3, 2: (1/8)/(1/2), (1/8)/(1/2), (1/8)/(1/2).
    let scripts: [(comment: String, uniforms: [Double])] = [
      ("rejected at level 1: the residual is of the root's row", [0.3125, 0.1875, 0.5, 0.5, 0.5]),
      ("rejected at level 2: the residual is of node 0's row", [0.1875, 0.3125, 0.1875, 0.5, 0.5]),
      ("rejected at level 3: the residual is of node 1's row", [0.1875, 0.1875, 0.3125, 0.1875, 0.5]),
      ("all accepted: the bonus is of the leaf's row", [0.1875, 0.1875, 0.1875, 0.5625, 0.5]),
      ("uniforms of 0.1875, 0.0625, 0.125 and 0.8125 in this order", [0.1875, 0.0625, 0.125, 0.8125, 0.5]),
      ("uniforms of 0.1875, 0.875, 0.0625 in this order", [0.1875, 0.875, 0.0625, 0.5, 0.5]),
    ]
    return scripts.map { script in
      VectorDraft.chain(
        "a chain of three, \(script.comment)", [.treeWalk, .uniformOrder], [0, 3, 2], draft: draft, target: target,
        uniforms: script.uniforms)
    } + nodeOrders
  }

  /// One tree in several orders of its nodes; the outcome names the same tokens.
  private static var nodeOrders: [VectorDraft] {
    let orders: [(name: String, tree: [(parent: Int, token: Token)])] = [
      ("level by level", [(-1, 2), (-1, 0), (0, 1), (0, 3), (1, 3), (1, 1)]),
      ("depth first", [(-1, 2), (0, 1), (0, 3), (-1, 0), (3, 3), (3, 1)]),
      ("the second subtree first", [(-1, 2), (-1, 0), (1, 3), (1, 1), (0, 1), (0, 3)]),
      ("subtrees interleaved", [(-1, 2), (-1, 0), (1, 3), (0, 1), (1, 1), (0, 3)]),
    ]
    let scripts: [(name: String, uniforms: [Double])] = [
      ("the first sibling, then its second child", [0.1875, 0.9375, 0.0625, 0.6875, 0.5, 0.5]),
      ("the second sibling, then its first child", [0.9375, 0.0625, 0.0625, 0.5625, 0.5, 0.5]),
      ("the second sibling, then none of its children", [0.9375, 0.0625, 0.9375, 0.9375, 0.5625, 0.5]),
    ]
    return orders.flatMap { order in
      scripts.map { script in
        // Laws belong to paths, so that they do not depend on the order.
        func path(_ node: Int) -> Int {
          node < 0 ? 0 : path(order.tree[node].parent) * 4 + order.tree[node].token + 1
        }
        return VectorDraft.tree(
          "a tree of six written \(order.name): \(script.name)", [.treeWalk, .drawOrder], for: .trees, order.tree,
          draft: { law(path($0) + 1) }, target: { law(path($0) + path($0) / 4) }, uniforms: script.uniforms)
      }
    }
  }

  static var longTrees: [VectorDraft] {
    var vectors: [VectorDraft] = []
    for depth in [16, 64] {
      let tokens = (0..<depth).map { $0 * 7 % 4 }
      let target = (0...depth).map(law)
      // The target's law is the draft's, rotated by one: q = 1/2 and p = 1/4 for each drafted token.
      let draft = (1...depth).map(law)
      let low = [Double](repeating: 0.1875, count: depth)
      vectors += [
        .chain(
          "a chain of \(depth), all accepted", [.longTree], tokens, draft: draft, target: target,
          uniforms: low + [0.5625, 0.5]),
        .chain(
          "a chain of \(depth), p = q, all accepted at u = 1 - 2^-24", [.longTree, .equalLaws, .largestUniform], tokens,
          draft: Array(target.dropLast()), target: target,
          uniforms: [Double](repeating: UniformGrid.single.largest, count: depth) + [0.5625, 0.5]),
        .chain(
          "a chain of \(depth), its last token impossible", [.longTree, .impossibleToken], tokens, draft: draft,
          target: Array(target.dropLast(2)) + [excluding(tokens[depth - 1]), target[depth]],
          uniforms: low + [0.1875, 0.5]),
      ]
    }
    let even = [Double](repeating: 1 / 16, count: 16)
    let order = (0..<16).map { $0 * 5 % 16 }
    vectors += [
      .siblings(
        "16 siblings, the last is accepted at u = 1 - 2^-24: the target's only token",
        [.longTree, .oneHotLaw, .largestUniform], for: .trees, order, draft: even,
        target: (0..<16).map { $0 == order[15] ? 1 : 0 }, after: even,
        uniforms: [Double](repeating: UniformGrid.single.largest, count: 16) + [0.53125, 0.5]),
      .siblings(
        "16 siblings, none is the target's 17th token", [.longTree, .oddVocabulary, .impossibleToken], for: .trees,
        order, draft: even + [0], target: [Double](repeating: 0, count: 16) + [1], after: even + [0],
        uniforms: [Double](repeating: 0, count: 16) + [0.53125, 0.5]),
    ]
    for depth in [3, 5] {
      // Children 1, 0 of every node, numbered level by level.
      let tree = (0..<(2 << depth) - 2).map { (parent: $0 / 2 - 1, token: 1 - $0 % 2) }
      vectors += [
        .tree(
          "a full binary tree of depth \(depth): the second child each time", [.longTree, .treeWalk], for: .trees, tree,
          draft: { _ in [0.25, 0.75] }, target: { _ in [0.75, 0.25] },
          uniforms: (0..<depth).flatMap { _ in [0.5, 0.75] } + [0.8125, 0.5]),
        .tree(
          "a full binary tree of depth \(depth): the first and the second child in turn", [.longTree, .treeWalk],
          for: .trees, tree, draft: { _ in [0.25, 0.75] }, target: { _ in [0.75, 0.25] },
          uniforms: (0..<depth).flatMap { $0 % 2 == 0 ? [0.25] : [0.5, 0.75] } + [0.1875, 0.5]),
      ]
    }
    return vectors
  }

  /// Half the mass on the next token and a quarter on each of the other two.
  private static func excluding(_ token: Token) -> [Double] {
    (0..<4).map { $0 == token ? 0 : $0 == (token + 1) % 4 ? 0.5 : 0.25 }
  }
}
