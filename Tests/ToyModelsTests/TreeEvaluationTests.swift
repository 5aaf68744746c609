import Probability
import SpeculativeDecoding
import Testing
import ToyModels

/// A model evaluates whole trees and keeps a path: what it then says must be the law after those tokens.
@Suite struct TreeEvaluationTests {
  /// A random tree of up to 24 nodes; with repeats, siblings may have the same token.
  private func tree(
    _ random: inout RandomModels, vocabulary: Int, root: Token, hasRepeats: Bool
  ) -> TokenTree {
    var tree = TokenTree(root: root)
    for _ in 0..<1 + random.below(24) {
      let parent = random.below(tree.count)
      if tree[parent].isRepeat { continue }
      let token = random.below(vocabulary)
      if hasRepeats {
        tree.appendRepeatable(token, to: parent)
      } else if tree.child(of: parent, token: token) < 0 {
        tree.append(token, to: parent)
      }
    }
    return tree
  }

  @Test(arguments: Sizes.all, [true, false])
  func everyNodeHasTheLawAfterItsPath(size: (Int, Int), hasRepeats: Bool) throws {
    let (vocabulary, order) = size
    var random = RandomModels(seed: 41)
    let model = try random.model(vocabulary: vocabulary, order: order)
    for promptLength in 0...order + 1 {
      var tokens = (0..<promptLength).map { _ in random.below(vocabulary) }
      var context = model.makeContext()
      try model.begin(tokens, in: &context)
      // Several rounds over one context: a stale state of the last tree would show.
      for _ in 0..<12 {
        let tree = tree(&random, vocabulary: vocabulary, root: tokens.last ?? -1, hasRepeats: hasRepeats)
        var laws = LawTable<Rational>(vocabularySize: vocabulary)
        laws.reserve(rows: tree.count)
        // As a target at once, or as a draft in parts that continue each other.
        let cut = random.below(tree.count + 1)
        for part in [0..<cut, cut..<tree.count] where !part.isEmpty {
          try model.evaluate(part, of: tree, in: &context, into: &laws)
        }
        for node in 0..<tree.count where !tree[node].isRepeat {
          #expect(laws.law(ofRow: node) == model.law(after: tokens + tree.tokens(downTo: node)))
        }
        // Any path from the root may be accepted, followed by any token.
        var path = ReusableArray(filler: 0)
        var node = random.below(tree.count)
        if tree[node].isRepeat { node = Int(tree[node].original) }
        var nodes: [Int] = []
        while node > 0 {
          nodes.append(node)
          node = Int(tree[node].parent)
        }
        for node in nodes.reversed() { path.append(node) }
        let next = random.below(vocabulary)
        tokens += nodes.reversed().map { Int(tree[$0].token) } + [next]
        try model.keep(path, of: tree, then: next, in: &context)
      }
      var laws = LawTable<Rational>(vocabularySize: vocabulary)
      laws.reserve(rows: 1)
      try model.evaluate(0..<1, of: TokenTree(root: tokens.last ?? -1), in: &context, into: &laws)
      #expect(laws.law(ofRow: 0) == model.law(after: tokens))
    }
  }

  @Test func aPathMayHoldNodesThatWereNotEvaluated() throws {
    // A draft does not evaluate the last level, which the target may accept all the same.
    var random = RandomModels(seed: 42)
    let model = try random.model(vocabulary: 3, order: 2)
    var context = model.makeContext()
    try model.begin([2, 1], in: &context)
    var tree = TokenTree(root: 1)
    let first = tree.append(0, to: 0)
    let second = tree.append(2, to: first)
    var laws = LawTable<Rational>(vocabularySize: 3)
    laws.reserve(rows: 3)
    try model.evaluate(0..<1, of: tree, in: &context, into: &laws)
    var path = ReusableArray(filler: 0)
    path.append(first)
    path.append(second)
    try model.keep(path, of: tree, then: 1, in: &context)
    try model.evaluate(0..<1, of: TokenTree(root: 1), in: &context, into: &laws)
    #expect(laws.law(ofRow: 0) == model.law(after: [2, 1, 0, 2, 1]))
  }

  @Test func beginForgetsTheLastPrompt() throws {
    var random = RandomModels(seed: 43)
    let model = try random.model(vocabulary: 2, order: 3)
    var context = model.makeContext()
    var laws = LawTable<Rational>(vocabularySize: 2)
    laws.reserve(rows: 1)
    for prompt in [[0, 1, 1, 0], [1], [], [1, 1]] {
      try model.begin(prompt, in: &context)
      try model.evaluate(0..<1, of: TokenTree(), in: &context, into: &laws)
      #expect(laws.law(ofRow: 0) == model.law(after: prompt))
    }
  }
}
