import ModelSupport
import Probability
import SpeculativeDecoding
import Testing

@testable import Checkpoints
@testable import Generation
@testable import Transformer

/// Rows of a table beyond the tokenizer's tokens are no tokens: none has a probability, in target or draft.
@Suite struct PaddedVocabularyTests {
  private static let tokens = 40

  @Test(arguments: ModelConfiguration.tiny.indices)
  func logitsAreThoseOfTheFirstRows(index: Int) throws {
    var random = RandomCheckpoints(seed: 5)
    let whole = random.checkpoint(ModelConfiguration.tiny[index])
    let limited = whole.limited(toVocabulary: Self.tokens)
    #expect(limited.configuration.vocabularySize == Self.tokens)
    let text = [1, 5, 0, 39, 17, 3]
    let (rows, all) = (
      try TransformerModel(limited).logits(after: text, all: true),
      try TransformerModel(whole).logits(after: text, all: true)
    )
    #expect(rows.count == text.count && rows == all.map { Array($0.prefix(Self.tokens)) })
    // A checkpoint of no more tokens is itself, and the other's table is untouched.
    #expect(whole.limited(toVocabulary: 53).configuration.vocabularySize == 53)
    #expect(all[0].count == 53)
  }

  @Test func endTokensBeyondAreDropped() {
    var random = RandomCheckpoints(seed: 5)
    let checkpoint = random.checkpoint(
      .llama(
        .tiny {
          $0.endTokens = [2, 40, 39, 52]; $0.beginToken = 45
        }))
    let limited = checkpoint.limited(toVocabulary: Self.tokens).configuration
    #expect(limited.endTokens == [2, 39] && limited.beginToken == nil)
    #expect(checkpoint.configuration.endTokens == [2, 40, 39, 52])
  }

  /// A target and a draft that are padded otherwise have laws over the same tokens.
  @Test(arguments: GenerationTests.methods)
  func aPairDecodesTheTokensAlone(method: DecodingMethod) throws {
    var random = RandomCheckpoints(seed: 6)
    let target = random.checkpoint(
      .llama(
        .tiny {
          $0.vocabularySize = 64; $0.endTokens = []
        }))
    let draft = random.checkpoint(
      .llama(
        .tiny {
          $0.vocabularySize = 48; $0.endTokens = []
        }))
    #expect(throws: (any Error).self) {
      try TransformerPair(target: try TransformerModel(target), draft: .transformer(try TransformerModel(draft)))
    }
    let models = try [target, draft].map { try TransformerModel($0.limited(toVocabulary: 10)) }
    let pair = try TransformerPair(target: models[0], draft: .transformer(models[1]))
    for seed in UInt64(0)..<3 {
      var generation = try Generation(of: pair, by: method, from: [1, 4, 2], maximum: 60, seed: seed)
      while generation.end == nil { _ = try generation.next() }
      // With 64 and 48 rows, hardly any text of 60 tokens would keep to the first ten.
      #expect(generation.tokens.count == 60 && generation.tokens.allSatisfy { $0 < 10 })
    }
  }
}
