import Probability
import TestSupport
import Testing
import ToyModels

@testable import SpeculativeDecoding

/// The law of prompt look-up: its formula, its index, its trees; and the decoder over it, proved.
@Suite struct PromptLookupTests {
  /// The formula, recounted from the text for each law.
  static func naiveLaw(after text: [Token], vocabulary: Int, order: Int, discount: Rational) -> [Rational] {
    var law = [Rational](repeating: Rational(1, vocabulary), count: vocabulary)
    for length in 0...order where length <= text.count {
      let context = Array(text.suffix(length))
      var counts = [Int](repeating: 0, count: vocabulary)
      for end in text.indices where end >= length && Array(text[end - length..<end]) == context {
        counts[text[end]] += 1
      }
      let total = counts.reduce(0, +)
      if total == 0 { continue }
      let kept = discount * Rational(counts.count { $0 > 0 }) / Rational(total)
      for token in law.indices {
        let own = counts[token] > 0 ? (Rational(counts[token]) - discount) / Rational(total) : .zero
        law[token] = own + kept * law[token]
      }
    }
    return law
  }

  static func texts(_ count: Int, vocabulary: Int, seed: UInt64) -> [[Token]] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      (0..<Int.random(in: 0...24, using: &random)).map { _ in Int.random(in: 0..<vocabulary, using: &random) }
    }
  }

  static let settings: [(order: Int, discount: Rational)] = [
    (0, Rational(1, 4)), (1, Rational(1, 2)), (3, Rational(1, 4)), (5, .zero), (2, .one),
  ]

  @Test(arguments: settings.indices)
  func theLawIsItsFormulaAndSumsToOne(setting: Int) throws {
    let (order, discount) = Self.settings[setting]
    for vocabulary in [1, 2, 4] {
      let model = try PromptLookup<Rational>(vocabularySize: vocabulary, order: order, discount: discount)
      // One context for all texts: what it forgets, it must forget wholly.
      var context = model.makeContext()
      var laws = LawTable<Rational>(vocabularySize: vocabulary)
      for text in Self.texts(60, vocabulary: vocabulary, seed: 7) {
        try model.begin(text, in: &context)
        try model.evaluate(0..<1, of: TokenTree(root: text.last ?? -1), in: &context, into: &laws)
        let law = laws.law(ofRow: 0)
        #expect(law == Self.naiveLaw(after: text, vocabulary: vocabulary, order: order, discount: discount))
        #expect(law.reduce(.zero, +) == .one)
      }
    }
  }

  @Test func anEmptyTextIsUniform() throws {
    let model = try PromptLookup<Rational>(vocabularySize: 5)
    var context = model.makeContext()
    var laws = LawTable<Rational>(vocabularySize: 5)
    try model.evaluate(0..<1, of: TokenTree(), in: &context, into: &laws)
    #expect(laws.law(ofRow: 0) == Array(repeating: Rational(1, 5), count: 5))
  }

  @Test func aRepeatedPhraseIsForeseen() throws {
    let model = try PromptLookup<Rational>(vocabularySize: 10)
    var context = model.makeContext()
    var laws = LawTable<Rational>(vocabularySize: 10)
    try model.begin([1, 2, 3, 4, 5, 1, 2, 3], in: &context)
    try model.evaluate(0..<1, of: TokenTree(root: 3), in: &context, into: &laws)
    // Seen once after 1 2 3, after 2 3 and after 3, and once among 8: 3/4 (1 + 1/4 + 1/16), and what is left of 1/64.
    let unigram = Rational(3, 32) + Rational(5, 32) / Rational(10)
    #expect(laws.law(ofRow: 0)[4] == Rational(63, 64) + Rational(1, 64) * unigram)
  }

  /// After any appends and removals, the index is that of a text that was only appended to.
  @Test func whatIsTakenBackLeavesNothing() throws {
    var random = SplitMix64(seed: 3)
    for order in [0, 1, 3] {
      var index = NGramIndex(order: order)
      for _ in 0..<400 {
        if index.tokens.isEmpty || Int.random(in: 0..<5, using: &random) < 3 {
          index.append(Int32.random(in: 0..<3, using: &random))
        } else {
          index.removeLast()
        }
        var fresh = NGramIndex(order: order)
        for token in index.tokens { fresh.append(token) }
        #expect(Self.counts(index) == Self.counts(fresh))
        #expect((0...order).map { Self.words(index, $0) } == (0...order).map { Self.words(fresh, $0) })
      }
    }
  }

  /// Each n-gram's counts, by its tokens.
  static func counts(_ index: NGramIndex) -> [[Int32]: [Int32]] {
    var counts: [[Int32]: [Int32]] = [:]
    for gram in index.grams.indices {
      let entry = index.grams[gram]
      var (children, child) = (Int32(0), entry.newestChild)
      while child >= 0 { (children, child) = (children + 1, index.grams[Int(child)].olderSibling) }
      #expect(children == entry.followers)
      counts[words(index, ofGram: Int32(gram))] = [entry.count, entry.followed, entry.followers]
    }
    return counts
  }

  static func words(_ index: NGramIndex, ofGram gram: Int32) -> [Int32] {
    var (words, gram): ([Int32], Int32) = ([], gram)
    while gram > 0 {
      words.insert(index.grams[Int(gram)].token, at: 0)
      gram = index.grams[Int(gram)].context
    }
    return words
  }

  static func words(_ index: NGramIndex, _ length: Int) -> [Int32]? {
    let gram = index.suffix(length: length)
    return gram < 0 ? nil : words(index, ofGram: gram)
  }

  /// The law of a node is that after the context and the node's path as a plain text, whatever else was evaluated.
  @Test func nodesSeeTheirPaths() throws {
    var random = SplitMix64(seed: 5)
    let model = try PromptLookup<Rational>(vocabularySize: 3, order: 2)
    for text in Self.texts(30, vocabulary: 3, seed: 11) {
      var tree = TokenTree(root: text.last ?? -1)
      for _ in 0..<8 {
        let parent = Int.random(in: 0..<tree.count, using: &random)
        if !tree[parent].isRepeat { tree.appendRepeatable(Int.random(in: 0..<3, using: &random), to: parent) }
      }
      var context = model.makeContext()
      try model.begin(text, in: &context)
      var laws = LawTable<Rational>(vocabularySize: 3)
      // Level by level and once more at once: nothing is left behind.
      for nodes in (0..<tree.count).map({ $0..<$0 + 1 }) + [0..<tree.count] {
        try model.evaluate(nodes, of: tree, in: &context, into: &laws)
        for node in nodes where !tree[node].isRepeat {
          let path = text + tree.tokens(downTo: node)
          #expect(
            laws.law(ofRow: node)
              == Self.naiveLaw(after: path, vocabulary: 3, order: 2, discount: PromptLookup<Rational>.defaultDiscount))
        }
      }
      var path = ReusableArray(filler: 0)
      var (leaf, nodes): (Int, [Int]) = (tree.count - 1, [])
      if tree[leaf].isRepeat { leaf = Int(tree[leaf].original) }
      while leaf > 0 { (nodes, leaf) = ([leaf] + nodes, Int(tree[leaf].parent)) }
      for node in nodes { path.append(node) }
      try model.keep(path, of: tree, then: 1, in: &context)
      var fresh = model.makeContext()
      try model.begin(text + nodes.map { Int(tree[$0].token) } + [1], in: &fresh)
      #expect(context == fresh)
    }
  }

  @Test func floatsAreTheFractionsRounded() throws {
    let exact = try PromptLookup<Rational>(vocabularySize: 4)
    let model = try PromptLookup<Float>(vocabularySize: 4)
    var (first, second) = (exact.makeContext(), model.makeContext())
    var (fractions, floats) = (LawTable<Rational>(vocabularySize: 4), LawTable<Float>(vocabularySize: 4))
    for text in Self.texts(60, vocabulary: 4, seed: 13) {
      try exact.begin(text, in: &first)
      try model.begin(text, in: &second)
      try exact.evaluate(0..<1, of: TokenTree(root: text.last ?? -1), in: &first, into: &fractions)
      try model.evaluate(0..<1, of: TokenTree(root: text.last ?? -1), in: &second, into: &floats)
      for (fraction, float) in zip(fractions.law(ofRow: 0), floats.law(ofRow: 0)) {
        #expect(abs(fraction.approximation - Double(float)) < 1e-6)
      }
    }
  }

  @Test func whatCannotBeIsRefused() throws {
    #expect(throws: SpeculativeDecodingError.emptyVocabulary) { try PromptLookup<Float>(vocabularySize: 0) }
    for (order, discount) in [(-1, Rational(1, 2)), (33, Rational(1, 2)), (2, Rational(-1, 2)), (2, Rational(3, 2))] {
      #expect(throws: SpeculativeDecodingError.self) {
        try PromptLookup<Float>(vocabularySize: 3, order: order, discount: discount)
      }
    }
    let model = try PromptLookup<Float>(vocabularySize: 3)
    var context = model.makeContext()
    #expect(throws: SpeculativeDecodingError.tokenOutOfRange(token: 3, vocabulary: 3, place: "prompt")) {
      try model.begin([1, 3], in: &context)
    }
  }
}

/// The decoder is lossless over a draft whose law depends on all that was emitted: equal fractions.
@Suite struct PromptLookupProofs {
  static let prompt = [0, 2, 0, 1, 0]

  @Test(arguments: Methods.small.filter { $0.budget <= 4 })
  func everyRuleHasTheTargetsLaw(method: DecodingMethod) throws { try expectTheTargetsLaw(method) }

  @Test(.long, arguments: Methods.small.filter { $0.budget > 4 })
  func everyLargerTreeHasTheTargetsLaw(method: DecodingMethod) throws { try expectTheTargetsLaw(method) }

  private func expectTheTargetsLaw(_ method: DecodingMethod) throws {
    let target = ExactPairs.skewed.target
    let draft = try PromptLookup<Rational>(vocabularySize: 3, order: 2)
    let decoder = try Decoder(target: target, draft: draft, method: method)
    let length = method.draftLength + 2
    let law = try decoder.emittedLaw(length: length, after: Self.prompt)
    #expect(law.sequences == (try SequenceLaw(of: target, after: Self.prompt, length: length).table))
    // The draft remembers the whole text: more states than the target's tokens.
    if method.draftLength > 1 { #expect(law.states > 3) }
  }

  /// Verified by the law after the context, not after the node's path: the draft's law at the time of the last round.
  struct LawOfTheRoot: RoundSteps {
    typealias Scalar = Rational

    mutating func willVerify(_ workspace: inout Workspace<Rational>) {
      for node in 1..<workspace.tree.count where workspace.tree[node].firstChild >= 0 {
        workspace.draftLaws.write(workspace.draftLaws.law(ofRow: 0), toRow: node)
      }
    }
  }

  @Test(arguments: [DecodingMethod.speculative(depth: 2), .rsdC(branching: [2, 2]), .rsdS(width: 2, depth: 2)])
  func aLawThatWasNotDrawnFromIsRefuted(method: DecodingMethod) throws {
    let target = ExactPairs.skewed.target
    let draft = try PromptLookup<Rational>(vocabularySize: 3, order: 2)
    let decoder = try Decoder(target: target, draft: draft, method: method)
    let law = try decoder.emittedLaw(
      length: method.draftLength + 2, after: Self.prompt, steps: { LawOfTheRoot() }, choices: EnumeratedChoices())
    let exact = try SequenceLaw(of: target, after: Self.prompt, length: method.draftLength + 2).table
    #expect(law.sequences != exact)
    #expect(law.sequences.values.reduce(.zero, +) == .one)
  }
}
