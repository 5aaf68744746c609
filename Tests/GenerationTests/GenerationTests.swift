import ModelSupport
import Probability
import SpeculativeDecoding
import Testing

@testable import Checkpoints
@testable import Generation
@testable import Transformer

@Suite struct GenerationTests {
  static let methods = Rule.all.flatMap {
    $0.methods([.none, .chain(3), .branching([3, 1, 1]), .rectangle(width: 2, depth: 4)])
  }

  private static func configuration(limit: Int, endTokens: [Int] = []) -> ModelConfiguration {
    .llama(
      LlamaConfiguration(
        vocabularySize: 19, hiddenSize: 16, intermediateSize: 24, layerCount: 2, headCount: 2, keyValueHeadCount: 1,
        headSize: 8, contextLimit: limit, normEpsilon: 1e-5, ropeBase: 10_000, ropeScaling: .none,
        tiesEmbedding: true, hasAttentionBias: false, hasFeedForwardBias: false, endTokens: endTokens, beginToken: 1))
  }

  private static func pair(
    limit: Int = 64, draftLimit: Int? = nil, endTokens: [Int] = [], profile: SamplingProfile = .plain,
    promptLookup: Bool = false
  ) throws -> TransformerPair {
    var random = RandomCheckpoints(seed: 11)
    let target = try random.model(configuration(limit: limit, endTokens: endTokens))
    let draft: DraftModel =
      promptLookup
      ? .promptLookup(try PromptLookup(vocabularySize: 19))
      : .transformer(try random.model(configuration(limit: draftLimit ?? limit)))
    return try TransformerPair(target: target, draft: draft, profile: profile)
  }

  private static func finished(
    _ pair: TransformerPair, _ method: DecodingMethod, maximum: Int, seed: UInt64 = 3
  ) throws -> Generation {
    var generation = try Generation(of: pair, by: method, from: [1, 4, 2], maximum: maximum, seed: seed)
    var tokens: [Token] = []
    while generation.end == nil { tokens += try generation.next() }
    #expect(tokens == generation.tokens)
    #expect(try generation.next().isEmpty)
    return generation
  }

  @Test(arguments: methods, [false, true])
  func aTextFillsTheContext(method: DecodingMethod, promptLookup: Bool) throws {
    for limit in 3...12 {
      let pair = try Self.pair(limit: limit, promptLookup: promptLookup)
      let generation = try Self.finished(pair, method, maximum: 100)
      // One token more than there are positions, for nothing is asked after the last.
      #expect(generation.tokens.count == limit + 1 - 3)
      #expect(generation.end == .context)
      #expect(generation.draftEnd == nil)
    }
    #expect(throws: SpeculativeDecodingError.self) {
      try Generation(of: try Self.pair(limit: 2), by: method, from: [1, 4, 2], maximum: 1, seed: 3)
    }
  }

  @Test(arguments: methods.dropFirst())
  func aShorterDraftEndsEarlier(method: DecodingMethod) throws {
    let generation = try Self.finished(try Self.pair(limit: 20, draftLimit: 8), method, maximum: 100)
    #expect(generation.tokens.count == 18)
    // The draft can extend up to 8 tokens, by a tree of depth 1 whose round emits one token or two.
    #expect((6...7).contains(try #require(generation.draftEnd)))
    #expect(throws: SpeculativeDecodingError.self) {
      try Generation(of: try Self.pair(draftLimit: 2), by: method, from: [1, 4, 2], maximum: 1, seed: 3)
    }
  }

  @Test(arguments: methods, [false, true])
  func greedyTextIsTheTargetsOwn(method: DecodingMethod, promptLookup: Bool) throws {
    let pair = try Self.pair(limit: 40, profile: SamplingProfile(temperature: 0), promptLookup: promptLookup)
    let tokens = try Self.finished(pair, method, maximum: 100).tokens
    #expect(tokens == (try Self.finished(pair, .autoregressive, maximum: 100).tokens))
    // Each is the argument of the largest logit after what stands before it.
    var text = [1, 4, 2]
    for token in tokens {
      let logits = try pair.target.logits(after: text)[0]
      #expect(logits.firstIndex(of: try #require(logits.max())) == token)
      text.append(token)
    }
  }

  /// With one end token the decoder ends, with several the text is cut: the text before is the same.
  @Test(arguments: methods, [[5], [5, 7, 12]])
  func anEndTokenEnds(method: DecodingMethod, endTokens: [Int]) throws {
    var ended = 0
    for seed in 0..<12 as Range<UInt64> {
      let whole = try Self.finished(try Self.pair(), method, maximum: 40, seed: seed)
      let generation = try Self.finished(try Self.pair(endTokens: endTokens), method, maximum: 40, seed: seed)
      let end = whole.tokens.firstIndex { endTokens.contains($0) }
      #expect(generation.tokens == Array(whole.tokens[...(end ?? 39)]))
      #expect(generation.end == (end == nil ? .maximum : .endToken))
      ended += end == nil ? 0 : 1
    }
    #expect(ended > 3)
  }

  /// A draft without parameters reads no weights, and has no end.
  @Test func promptLookupCostsNothing() throws {
    let pair = try Self.pair(limit: 40, promptLookup: true)
    #expect(pair.sizeRatio == 0)
    #expect(pair.deepestTree(after: 10) == 30)
    #expect(try Self.pair(limit: 40).sizeRatio == 1)
    #expect(throws: SpeculativeDecodingError.vocabularyMismatch(target: 19, draft: 20)) {
      try TransformerPair(target: pair.target, draft: .promptLookup(PromptLookup(vocabularySize: 20)))
    }
  }

  /// A context of one draft given to another is refused, and is still what it was.
  @Test func draftsDoNotTakeEachOthersContexts() throws {
    let (first, second) = (try Self.pair().draft, try Self.pair(promptLookup: true).draft)
    for (own, other) in [(try #require(first), try #require(second)), (try #require(second), try #require(first))] {
      var context = own.makeContext()
      #expect(throws: SpeculativeDecodingError.self) { try other.begin([1, 2], in: &context) }
      try own.begin([1, 2], in: &context)
    }
  }

  @Test func whatCannotBeIsRefused() throws {
    let pair = try Self.pair()
    let alone = try TransformerPair(target: pair.target, draft: nil)
    #expect(throws: SpeculativeDecodingError.nothingToDecode) {
      try Generation(of: pair, by: .autoregressive, from: [1], maximum: 0, seed: 0)
    }
    #expect(throws: SpeculativeDecodingError.self) {
      try Generation(of: alone, by: .speculative(depth: 1), from: [1], maximum: 1, seed: 0)
    }
    #expect(try Generation(of: alone, by: .autoregressive, from: [1], maximum: 1, seed: 0).end == nil)
    #expect(throws: SpeculativeDecodingError.self) {
      try Generation(of: pair, by: .autoregressive, from: [], maximum: 1, seed: 0)
    }
    #expect(throws: SpeculativeDecodingError.self) {
      try TransformerPair(target: pair.target, draft: nil, endTokens: [19])
    }
  }
}
