import ModelSupport
import Testing

@testable import Checkpoints
@testable import Tokenizers

/// A tokenizer in a GGUF file's metadata: what is wrong with it is one line.
@Suite struct TokenizerGGUFTests {
  private static func strings(_ texts: [String]) -> GGUFValue {
    .array(.string(GGUFStrings(texts.map { Array($0.utf8) })))
  }

  private static func text(_ text: String) -> GGUFValue { .string(Array(text.utf8)) }

  private static func key(_ name: String) -> String { "tokenizer.ggml.\(name)" }

  /// Byte-level byte pairs.
  private static let pairs: GGUFFile = {
    var file = GGUFFile()
    file[key("model")] = text("gpt2")
    file[key("pre")] = text("gpt-2")
    file[key("tokens")] = strings(["a", "b", "ab", "Ġ", "<e>", "\n\n"])
    file[key("token_type")] = .array(.int32([1, 1, 1, 1, 3, 4]))
    file[key("merges")] = strings(["a b"])
    file[key("bos_token_id")] = .uint32(4)
    return file
  }()

  /// SentencePiece's byte pairs: all bytes, three letters, and two ways to join them.
  private static let scored: GGUFFile = {
    var file = GGUFFile()
    let bytes = (0..<256).map { ByteToken.name(of: UInt8($0)) }
    file[key("model")] = text("llama")
    file[key("tokens")] = strings(["<unk>", "<s>"] + bytes + ["a", "b", "c", "ab", "bc", "▁", "▁ab", "\u{7B}"])
    file[key("token_type")] = .array(.int32([2, 3] + [Int32](repeating: 6, count: 256) + [1, 1, 1, 1, 1, 1, 1, 5]))
    file[key("scores")] = .array(.float32([Float](repeating: 0, count: 258) + [-9, -9, -9, -1, -1, -9, -2, 0]))
    return file
  }()

  private static func tokenizer(_ file: GGUFFile) throws(CheckpointError) -> PieceTokenizer {
    try PieceTokenizer(TokenizerDescription(GGUF(file.bytes, file: "f")))
  }

  private static func message(_ file: GGUFFile) -> String {
    do {
      _ = try tokenizer(file)
      return "none"
    } catch {
      return String(describing: error)
    }
  }

  @Test func bothAreGood() throws {
    let pairs = try Self.tokenizer(Self.pairs)
    #expect(pairs.encode("ab\n\n<e>a") == [2, 5, 4, 0])
    #expect(pairs.decode([2, 5, 4, 0]) == "ab\n\na")
    // GPT-2's begins no text by itself, SentencePiece's does unless it says otherwise.
    #expect(pairs.definition.beginTokens == [])
    var begun = Self.scored
    begun[Self.key("bos_token_id")] = .uint32(1)
    #expect(try Self.tokenizer(begun).definition.beginTokens == [1])
    begun[Self.key("add_bos_token")] = .bool(false)
    #expect(try Self.tokenizer(begun).definition.beginTokens == [])
    let scored = try Self.tokenizer(Self.scored)
    // Of equal scores the left pair is merged first; { is unused, and so spelled by its byte.
    #expect(scored.encode("abc{é") == [264, 260, 2 + 0x7B, 2 + 0xC3, 2 + 0xA9])
    #expect(scored.decode(scored.encode("abc{é")) == "abc{é")
    #expect(scored.encode("<s><0x0A>", allowSpecial: false).contains(1) == false)
  }

  @Test(arguments: [
    ("model", "x", "f: tokenizer.ggml.model is \"x\", which is not supported; gpt2, llama and t5 are"),
    ("pre", "default", "f: tokenizer.ggml.pre is \"default\", which is not supported"),
  ])
  func names(name: String, value: String, message: String) {
    var file = Self.pairs
    file[Self.key(name)] = Self.text(value)
    #expect(Self.message(file).hasPrefix(message))
    file[Self.key(name)] = nil
    #expect(Self.message(file).hasPrefix("f: tokenizer.ggml.\(name) is missing"))
  }

  @Test func pairsAreChecked() {
    let changes: [(String, GGUFValue?, String)] = [
      ("merges", Self.strings(["a c"]), "f: merge 1, \"a\" with \"c\": \"c\" is no token"),
      ("merges", Self.strings(["ab"]), "f: tokenizer.ggml.merges holds \"ab\" as merge 1"),
      ("merges", nil, "f: tokenizer.ggml.merges is missing"),
      ("tokens", Self.strings(["a", "b", "ab", "a", "<e>", "\n"]), "f: tokens 0 and 3 are both \"a\""),
      ("tokens", nil, "f: tokenizer.ggml.tokens is missing"),
      ("tokens", Self.strings([]), "f: tokenizer.ggml.tokens has 0 tokens"),
      ("tokens", .array(.string(GGUFStrings([[0xFF]]))), "f: tokenizer.ggml.tokens holds token 0, which is no UTF-8"),
      ("token_type", .array(.int32([1])), "f: tokenizer.ggml.token_type has 1 elements, and there are 6 tokens"),
      (
        "token_type", .array(.int32([1, 1, 1, 1, 3, 9])), "f: tokenizer.ggml.token_type is 9 for token 5"
      ),
      ("bos_token_id", .uint32(6), "f: tokenizer.ggml.bos_token_id is 6, which is out of range"),
      ("eos_token_id", .int32(-1), "f: tokenizer.ggml.eos_token_id is -1, which is out of range"),
      ("tokens", Self.text("a"), "f: tokenizer.ggml.tokens"),
    ]
    for (name, value, message) in changes {
      var file = Self.pairs
      file[Self.key(name)] = value
      #expect(Self.message(file).hasPrefix(message), "\(Self.message(file))")
    }
  }

  @Test func scoresAreChecked() {
    let changes: [(String, GGUFValue?, String)] = [
      ("scores", .array(.float32([Float](repeating: .nan, count: 266))), "f: tokenizer.ggml.scores is nan for token 0"),
      ("scores", .array(.float32([0])), "f: tokenizer.ggml.scores has 1 elements"),
      ("scores", nil, "f: tokenizer.ggml.scores is missing"),
      ("precompiled_charsmap", .array(.uint8([1])), "f: tokenizer.ggml.precompiled_charsmap is a table"),
      ("remove_extra_whitespaces", .bool(true), "f: tokenizer.ggml.remove_extra_whitespaces is true"),
    ]
    for (name, value, message) in changes {
      var file = Self.scored
      file[Self.key(name)] = value
      #expect(Self.message(file).hasPrefix(message), "\(Self.message(file))")
    }
    var long = Self.scored
    long[Self.key("tokens")] = Self.strings([String(repeating: "a", count: 257)] + (0..<265).map { "t\($0)" })
    #expect(Self.message(long) == "f: tokenizer.ggml.tokens holds token 0 of 257 bytes; at most 256 are read here")
    var file = Self.scored
    let tokens = (["<unk>", "<s>", "<0x00>"] + (0..<263).map { "t\($0)" })
    file[Self.key("tokens")] = Self.strings(tokens)
    #expect(Self.message(file) == "f: has no token <0x01>, which byte fallback needs")
  }
}
