import Foundation
import JSONText
import ModelSupport
import Testing

@testable import Checkpoints
@testable import Tokenizers

/// What is wrong with a tokenizer is one line that names the place.
@Suite struct TokenizerErrorTests {
  private static let byteLevel = #"{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}"#

  /// A small tokenizer.json, with parts replaced.
  private static func file(_ parts: [String: String] = [:], model: [String: String] = [:]) -> [UInt8] {
    var fields = [
      "added_tokens": #"[{"id":4,"content":"<e>","special":true}]"#, "normalizer": "null", "pre_tokenizer": byteLevel,
      "post_processor": "null", "decoder": byteLevel,
    ]
    var modelFields = ["type": #""BPE""#, "vocab": #"{"a":0,"b":1,"ab":2,"Ġ":3}"#, "merges": #"["a b"]"#]
    modelFields.merge(model) { $1 }
    fields["model"] = object(modelFields)
    fields.merge(parts) { $1 }
    return Array(object(fields).utf8)
  }

  private static func object(_ fields: [String: String]) -> String {
    let members = fields.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
    return "{" + members.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
  }

  private static func message(_ bytes: [UInt8]) -> String {
    do {
      _ = try PieceTokenizer(TokenizerDescription(json: bytes, file: "f"))
      return "none"
    } catch {
      #expect(TokenizerProperties.violation(tokenizer: bytes) == nil)
      return String(describing: error)
    }
  }

  @Test func theSmallOneIsGood() { #expect(Self.message(Self.file()) == "none") }

  @Test(arguments: [
    (#"["a c"]"#, #"f: merge 1, "a" with "c": "c" is no token"#),
    (#"["b a"]"#, #"f: merge 1, "b" with "a": "ba" is no token"#),
    (#"["a b","a b"]"#, #"f: merge 2, "a" with "b", occurs twice"#),
    (#"["ab"]"#, "f: model.merges[0] is \"ab\"; it must be"),
    (#"["a  b"]"#, "f: model.merges[0] is"), (#"[["a"]]"#, "f: model.merges[0] is an array"),
    ("7", "f: model.merges is 7"),
    ("", "f: model.merges is missing"),
  ])
  func merges(merges: String, message: String) {
    #expect(Self.message(Self.file(model: ["merges": merges])).hasPrefix(message))
  }

  @Test(arguments: [
    (#"{"a":0,"b":1,"ab":2,"c":2}"#, #"f: token 2 is both "ab" and "c""#),
    (#"{"a":0,"b":1,"ab":2,"c":6}"#, "f: no token has the number 3, and the largest is 6"),
    (#"{"a":0,"b":1,"ab":2,"c":4000000}"#, "f: the largest token is 4000000, and there are 5"),
    (#"{"a":0,"b":1,"ab":-2}"#, "f: model.vocab.ab is -2"), (#"{"a":0,"b":1,"ab":1e9}"#, "f: model.vocab.ab is 1e9"),
    (#"{"a":0,"a":1}"#, #"f: line 1, column "#), (#"[]"#, "f: model.vocab is an array"),
    ("", "f: model.vocab is missing"),
    (#"{"a":0,"b":1,"ab":2,"<e>":3}"#, #"f: the added token "<e>" has the number 4, and 3 in the vocabulary"#),
    (#"{"a":0,"b":1,"ab":2,"x":3,"y":4}"#, #"f: the added token "<e>" has the number 4, which is "y""#),
  ])
  func vocabularies(vocabulary: String, message: String) {
    let found = Self.message(Self.file(model: ["vocab": vocabulary]))
    #expect(found.hasPrefix(message), "\(found)")
  }

  @Test(arguments: [
    (
      "normalizer", #"{"type":"NFD"}"#,
      #"f: normalizer.type is "NFD", which is not supported; supported: Prepend, Replace, NFC"#
    ),
    (
      "normalizer", #"{"type":"Precompiled","precompiled_charsmap":"x"}"#,
      #"f: normalizer.type is "Precompiled", a table"#
    ),
    (
      "normalizer", #"{"type":"Sequence","normalizers":[{"type":"Lowercase"}]}"#,
      #"f: normalizer.normalizers[0].type is "Lowercase""#
    ),
    (
      "normalizer", #"{"type":"Replace","pattern":{"Regex":"x+"},"content":""}"#,
      "f: normalizer.pattern.Regex is not supported"
    ),
    ("pre_tokenizer", #"{"type":"Whitespace"}"#, #"f: pre_tokenizer.type is "Whitespace", which is not supported"#),
    (
      "pre_tokenizer", #"{"type":"Split","pattern":{"Regex":"a|b"},"behavior":"Isolated","invert":false}"#,
      #"f: pre_tokenizer.pattern.Regex is "a|b""#
    ),
    (
      "pre_tokenizer", #"{"type":"Split","pattern":{"String":""},"behavior":"Isolated","invert":false}"#,
      "f: pre_tokenizer.pattern must be"
    ),
    (
      "pre_tokenizer", #"{"type":"Digits","individual_digits":true,"size":3}"#,
      "f: pre_tokenizer.size is not understood"
    ),
    ("pre_tokenizer", #"{"type":"Metaspace","replacement":"_"}"#, #"f: pre_tokenizer.replacement is "_""#),
    ("decoder", "null", "f: decoder must be ByteLevel"),
    ("decoder", #"{"type":"WordPiece"}"#, "f: decoder must be ByteLevel"),
    ("post_processor", #"{"type":"BertProcessing"}"#, #"f: post_processor.type is "BertProcessing""#),
    (
      "post_processor", #"{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>"}}]}"#,
      "f: post_processor.special_tokens does not say"
    ),
    (
      "post_processor",
      #"{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"s"}},{"Sequence":{}}],"special_tokens":{"s":{"ids":[99]}}}"#,
      "f: the begin token 99 is out of range"
    ),
    ("added_tokens", #"[{"id":4,"content":"","special":true}]"#, "f: the added token 4 is empty"),
    ("added_tokens", #"[{"id":4,"content":"x"},{"id":5,"content":"x"}]"#, #"f: the added token "x" occurs twice"#),
    ("added_tokens", #"[{"id":4,"content":"x"},{"id":4,"content":"y"}]"#, #"f: the added token "y" has the number 4"#),
    ("added_tokens", #"[{"id":-1,"content":"x"}]"#, "f: added_tokens[0].id is -1"),
    ("added_tokens", "[3]", "f: added_tokens[0] is 3"),
    ("model", #"{"type":"WordPiece","vocab":{}}"#, #"f: model.type is "WordPiece", which is not supported"#),
    ("model", "null", "f: model is missing"), ("extra", "1", "f: extra is not understood here"),
  ])
  func parts(name: String, value: String, message: String) {
    let found = Self.message(Self.file([name: value]))
    #expect(found.hasPrefix(message), "\(found)")
  }

  @Test(arguments: [
    ("dropout", "0.1", "f: model.dropout is above 0"),
    ("unk_token", #""x""#, #"f: model.unk_token is "x", which is no token"#),
    ("end_of_word_suffix", #""</w>""#, #"f: model.end_of_word_suffix is "</w>", which is not supported"#),
    ("byte_fallback", "true", "f: has no token <0x00>"), ("cache", "1", "f: model.cache is not understood"),
  ])
  func models(name: String, value: String, message: String) {
    let found = Self.message(Self.file(model: [name: value]))
    #expect(found.hasPrefix(message), "\(found)")
  }

  @Test(arguments: [
    (#"[["a",true],["b",0]]"#, "0", "f: model.vocab[0] has no finite number"),
    (#"[["a"],["b",0]]"#, "0", "f: model.vocab[0] is an array"),
    (#"[["a",1],["b",0]]"#, "2000", "f: model.unk_id is 2000"),
    (#"[["a",1],["b",0]]"#, "null", "f: is a unigram vocabulary without"),
  ])
  func unigrams(vocabulary: String, unknown: String, message: String) {
    let space = #"{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true}"#
    let model = #"{"type":"Unigram","vocab":\#(vocabulary),"unk_id":\#(unknown),"byte_fallback":false}"#
    let parts = ["model": model, "pre_tokenizer": space, "decoder": space, "added_tokens": "[]"]
    let found = Self.message(Self.file(parts))
    #expect(found.hasPrefix(message), "\(found)")
  }

  @Test func deepAndHugeFilesAreRefused() {
    let deep = Array(String(repeating: "[", count: 1000).utf8)
    #expect(Self.message(deep) == "f: line 1, column 33: nested more than 32 deep")
    let huge = [UInt8](repeating: 0x20, count: JSON.Limits.tokenizer.bytes + 1)
    #expect(Self.message(huge).contains("the text is longer than 67108864 bytes"))
    #expect(Self.message([]).hasPrefix("f: the file is empty"))
  }

  /// é in both normal forms are two tokens.
  @Test func formsAreDistinguished() throws {
    let vocabulary = "{\"\u{E9}\":0,\"e\u{301}\":1,\"\u{212B}\":2,\"\u{C5}\":3}"
    let space = #"{"type":"Sequence","decoders":[{"type":"Fuse"}]}"#
    let parts = ["pre_tokenizer": "null", "decoder": space, "added_tokens": "[]"]
    let json = Self.file(parts, model: ["vocab": vocabulary, "merges": "[]"])
    let tokenizer = try PieceTokenizer(TokenizerDescription(json: json, file: "f"))
    #expect(tokenizer.encode("\u{E9}\u{C5}\u{212B}") == [0, 3, 2])
  }

  @Test func mergeListsAreChecked() throws {
    let folder = try CheckpointFolder([
      "vocab.json": Array(#"{"a":0,"b":1,"ab":2,"</s>":3}"#.utf8), "merges.txt": Array("#version: 0.2\r\na b\r\n".utf8),
      "tokenizer_config.json": Array(#"{"bos_token":"</s>","add_bos_token":true}"#.utf8),
    ])
    let tokenizer = try TokenizerFixtures.tokenizer(at: folder.path)
    #expect(tokenizer.encode("abba</s>") == [2, 1, 0, 3])
    #expect(tokenizer.definition.beginTokens == [3])
    try folder.write("a b\nab\n".utf8, to: "merges.txt")
    #expect(
      throws: CheckpointError.configuration(
        file: folder.path("merges.txt"), reason: "line 2 is \"ab\"; it must be two tokens with one space between")
    ) { try TokenizerDescription.open(folder.path) }
    try folder.write("a b\n".utf8, to: "merges.txt")
    try folder.write(#"{"bos_token":"<x>"}"#.utf8, to: "tokenizer_config.json")
    #expect(
      throws: CheckpointError.configuration(
        file: folder.path("vocab.json"), reason: "vocab has no token \"<x>\", which is the bos_token")
    ) { try TokenizerDescription.open(folder.path) }
    let empty = try CheckpointFolder()
    #expect(try TokenizerDescription.open(empty.path) == nil)
  }
}
