import ModelSupport
import Probability
import RealModule
import SpeculativeDecoding
import Testing

@testable import Checkpoints
@testable import Transformer

/// A tree's laws are those of its paths as plain sequences, to the last bit, whatever happened before.
@Suite struct TreeEvaluationTests {
  @Test(arguments: ModelConfiguration.tiny, [true, false])
  func everyNodeHasTheLawAfterItsPath(configuration: ModelConfiguration, hasRepeats: Bool) throws {
    var random = RandomCheckpoints(seed: 11)
    let model = try random.model(configuration)
    let vocabulary = model.vocabularySize
    for promptLength in [1, 2, 9] {
      var tokens = random.tokens(promptLength, below: vocabulary)
      var context = model.makeContext()
      try model.begin(tokens, in: &context)
      // Several rounds over one context: rows that were accepted, rejected and written over.
      for _ in 0..<8 {
        let root = try #require(tokens.last)
        let tree = random.tree(root: root, vocabulary: vocabulary, hasRepeats: hasRepeats)
        var laws = LawTable<Float>(vocabularySize: vocabulary)
        laws.reserve(rows: tree.count)
        // As a target at once, or as a draft in parts that continue each other.
        let cuts = ([0, tree.count] + (0..<random.below(3)).map { _ in random.below(tree.count) }).sorted()
        for (start, end) in zip(cuts, cuts.dropFirst()) {
          try model.evaluate(start..<end, of: tree, in: &context, into: &laws)
        }
        for node in 0..<tree.count where !tree[node].isRepeat {
          let logits = try model.logits(after: tokens + tree.tokens(downTo: node))
          #expect(laws.law(ofRow: node) == LawTable.law(of: logits[0]))
        }
        let path = random.path(in: tree)
        let next = random.below(vocabulary)
        tokens += path.map { Int(tree[$0].token) } + [next]
        try model.keep(path, of: tree, then: next, in: &context)
      }
      #expect(context.tokens == tokens)
    }
  }

  @Test(arguments: ModelConfiguration.tiny)
  func aCacheAfterAnyHistoryIsAFreshOne(configuration: ModelConfiguration) throws {
    var random = RandomCheckpoints(seed: 12)
    let model = try random.model(configuration)
    let vocabulary = model.vocabularySize
    var context = model.makeContext()
    var tokens = random.tokens(3, below: vocabulary)
    try model.begin(tokens, in: &context)
    for _ in 0..<25 {
      let tree = random.tree(root: tokens[tokens.count - 1], vocabulary: vocabulary, size: 12)
      var laws = LawTable<Float>(vocabularySize: vocabulary)
      // A draft leaves the last level out; sometimes nothing at all is asked for.
      let evaluated = random.below(tree.count + 1)
      if evaluated > 0 { try model.evaluate(0..<evaluated, of: tree, in: &context, into: &laws) }
      let path = random.path(in: tree)
      let next = random.below(vocabulary)
      tokens += path.map { Int(tree[$0].token) } + [next]
      if tokens.count > 140 { break }
      try model.keep(path, of: tree, then: next, in: &context)
      #expect(context.cache.count == context.cache.committed)

      var fresh = model.makeContext()
      try model.begin(tokens, in: &fresh)
      let numbers = context.evaluatedCount * context.cache.width
      #expect(context.evaluatedCount <= fresh.evaluatedCount)
      for layer in 0..<model.network.layerCount {
        #expect(context.cache.keys[layer][..<numbers] == fresh.cache.keys[layer][..<numbers])
        #expect(context.cache.values[layer][..<numbers] == fresh.cache.values[layer][..<numbers])
      }
    }
    #expect(tokens.count > 40)
  }

  @Test func whatWasEvaluatedOfAPathIsKept() throws {
    var random = RandomCheckpoints(seed: 13)
    let model = try random.model(ModelConfiguration.tiny[0])
    var context = model.makeContext()
    try model.begin([1, 2, 3], in: &context)
    #expect(context.evaluatedCount == 2)
    var tree = TokenTree(root: 3)
    tree.append(9, to: 0)
    let first = tree.append(4, to: 0)
    let second = tree.append(5, to: first)
    let third = tree.append(6, to: second)
    var laws = LawTable<Float>(vocabularySize: 53)
    try model.evaluate(0..<third, of: tree, in: &context, into: &laws)
    var path = ReusableArray(filler: 0)
    for node in [first, second, third] { path.append(node) }
    try model.keep(path, of: tree, then: 7, in: &context)
    // The root and two of the path; the third was not evaluated, the next root never is.
    #expect(context.evaluatedCount == 5)
    #expect(context.tokens == [1, 2, 3, 4, 5, 6, 7])
  }

  @Test func whatContinuesANodeThatWasNotEvaluatedIsEvaluatedAnew() throws {
    // A path over a repeat, which has no row of its own, to a child of its original, which has one.
    var random = RandomCheckpoints(seed: 17)
    let model = try random.model(ModelConfiguration.tiny[0])
    var context = model.makeContext()
    try model.begin([1, 2], in: &context)
    var tree = TokenTree(root: 2)
    let original = tree.appendRepeatable(5, to: 0)
    tree.appendRepeatable(5, to: 0)
    let child = tree.append(6, to: original)
    var laws = LawTable<Float>(vocabularySize: 53)
    try model.evaluate(0..<4, of: tree, in: &context, into: &laws)
    var path = ReusableArray(filler: 0)
    for node in [2, child] { path.append(node) }
    try model.keep(path, of: tree, then: 7, in: &context)
    #expect(context.evaluatedCount == 2)
    try model.evaluate(0..<1, of: TokenTree(root: 7), in: &context, into: &laws)
    #expect(laws.law(ofRow: 0) == LawTable.law(of: try model.logits(after: [1, 2, 5, 6, 7])[0]))
  }

  @Test(arguments: ModelConfiguration.tiny)
  func siblingsNeverSeeEachOther(configuration: ModelConfiguration) throws {
    var random = RandomCheckpoints(seed: 14)
    let model = try random.model(configuration)
    let vocabulary = model.vocabularySize
    let prompt = random.tokens(5, below: vocabulary)
    for changed in 1..<12 {
      // Two trees that differ in one node's token alone.
      let parents = [0] + (1..<12).map { random.below($0) }
      var trees = [TokenTree(root: prompt[4]), TokenTree(root: prompt[4])]
      for node in 1..<12 {
        let token = random.below(vocabulary)
        trees[0].append(token, to: parents[node])
        trees[1].append(node == changed ? (token + 1) % vocabulary : token, to: parents[node])
      }
      let laws = try trees.map { tree in
        var context = model.makeContext()
        try model.begin(prompt, in: &context)
        var laws = LawTable<Float>(vocabularySize: vocabulary)
        try model.evaluate(0..<12, of: tree, in: &context, into: &laws)
        return laws
      }
      for node in 0..<12 {
        var isBelow = false
        var ancestor = node
        while ancestor >= 0 {
          isBelow = isBelow || ancestor == changed
          ancestor = Int(trees[0][ancestor].parent)
        }
        #expect((laws[0].law(ofRow: node) == laws[1].law(ofRow: node)) == !isBelow)
      }
    }
  }

  @Test(arguments: ModelConfiguration.tiny)
  func noNumberOfThreadsAndNoBatchChangesABit(configuration: ModelConfiguration) throws {
    var random = RandomCheckpoints(seed: 15)
    let checkpoint = random.checkpoint(configuration)
    let models = try [1, 2, 3, 7].map { try TransformerModel(checkpoint, threads: $0) }
    let vocabulary = models[0].vocabularySize
    // More than a chunk of 64, so that the prompt is cut too, and enough work to be split among threads.
    let tokens = random.tokens(150, below: vocabulary)
    let together = try models[0].logits(after: tokens, all: true)
    for model in models { #expect(try model.logits(after: tokens, all: true) == together) }
    for count in [1, 2, 63, 64, 65, 129, 150] {
      #expect(try models[0].logits(after: Array(tokens[..<count]))[0] == together[count - 1])
    }
    // A wide tree is a batch too.
    var tree = TokenTree(root: tokens[9])
    for token in 0..<vocabulary { for _ in 0..<2 { tree.append(token, to: token % 2 == 0 ? 0 : tree.count - 1) } }
    let laws = try models.map { model in
      var context = model.makeContext()
      try model.begin(Array(tokens[..<10]), in: &context)
      var laws = LawTable<Float>(vocabularySize: vocabulary)
      try model.evaluate(0..<tree.count, of: tree, in: &context, into: &laws)
      return laws.values
    }
    for other in laws { #expect(other == laws[0]) }
  }

  @Test(arguments: ModelConfiguration.tiny)
  func aLawIsTheSoftmaxOfItsLogits(configuration: ModelConfiguration) throws {
    var random = RandomCheckpoints(seed: 16)
    let model = try random.model(configuration)
    for _ in 0..<20 {
      let tokens = random.tokens(1 + random.below(12), below: model.vocabularySize)
      let logits = try model.logits(after: tokens)[0]
      let law = LawTable.law(of: logits)
      let total = Softmax.logSumExp(logits)
      #expect(abs(law.reduce(0) { $0 + Double($1) } - 1) < 1e-6)
      for (token, logit) in logits.enumerated() {
        let expected = Double.exp(Double(logit) - total)
        #expect(abs(Double(law[token]) - expected) <= 1e-6 * expected)
      }
    }
  }
}
