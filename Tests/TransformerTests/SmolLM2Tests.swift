import ModelSupport
import Testing

@testable import Checkpoints
@testable import Transformer

/// A model as people have it: SmolLM2-135M-Instruct, quantised by others.
@Suite(.needsSmolLM2) struct SmolLM2Tests {
  @Test func itsNumbersAreThoseOfTheModel() throws {
    let checkpoint = try Checkpoint.open(SmolLM2.file)
    #expect(
      checkpoint.configuration
        == .llama(
          LlamaConfiguration(
            vocabularySize: 49_152, hiddenSize: 576, intermediateSize: 1536, layerCount: 30, headCount: 9,
            keyValueHeadCount: 3, headSize: 64, contextLimit: 8192, normEpsilon: 1e-5, ropeBase: 100_000,
            ropeScaling: .none, tiesEmbedding: true, hasAttentionBias: false, hasFeedForwardBias: false,
            endTokens: [2, 0, 4], beginToken: 1)))
    #expect(checkpoint.configuration.parameterCount == 134_515_008)
    let gguf = try #require(checkpoint.gguf)
    #expect(try gguf.string("general.license") == "apache-2.0")
    #expect(try gguf.flag("tokenizer.ggml.add_bos_token") == false)
    #expect(try gguf.strings("tokenizer.ggml.tokens")?.count == 49_152)
  }

  @Test func itsTensorsAreCounted() throws {
    let inspection = try CheckpointInspection(SmolLM2.file)
    #expect(inspection.totals.map(\.type) == ["Q4_1", "Q8_0", "F32"])
    #expect(inspection.totals.map(\.tensors) == [210, 1, 61])
    #expect(inspection.totals.map(\.bytes) == [66_355_200, 30_081_024, 140_544])
    #expect(inspection.parameters == 134_515_008 && inspection.bytes == 96_576_768)
    #expect(inspection.license == "apache-2.0" && inspection.architecture == "llama")
  }

  @Test func itGoesOnWithASentence() throws {
    // The largest logits after "<|im_start|>user\nWhat is the capital of France?<|im_end|>\n<|im_start|>assistant\n",
    // as `transformers` computes them from the dequantised weights.
    let model = try TransformerModel(Checkpoint.open(SmolLM2.file), threads: 2)
    var tokens = [1, 4093, 198, 1780, 314, 260, 3575, 282, 4649, 47, 2, 198, 1, 520, 9531, 198]
    for _ in 0..<Self.answer.count {
      let logits = try model.logits(after: tokens)[0]
      tokens.append(try #require(logits.indices.max { logits[$0] < logits[$1] }))
    }
    #expect(Array(tokens.suffix(Self.answer.count)) == Self.answer)
  }

  /// Spells "The capital of France is Paris." and the end token.
  private static let answer = [504, 3575, 282, 4649, 314, 7042, 30, 2]
}
