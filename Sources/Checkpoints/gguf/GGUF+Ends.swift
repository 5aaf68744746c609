/// The tokens that begin and end a text in a GGUF file, as llama.cpp has them: by their keys, by the kind of the vocabulary
/// where it lacks these, and the end tokens by their text too.
package struct GGUFEnds {
  private let file: GGUF
  private let tokens: GGUFStrings?
  /// Tokens of the vocabulary; no key may name another.
  private let vocabulary: Int

  /// - Parameter vocabulary: the rows of the embedding.
  package init(_ file: GGUF, vocabulary: Int) {
    (self.file, self.vocabulary) = (file, vocabulary)
    if case .array(.string(let tokens))? = file[Self.key("tokens")] { self.tokens = tokens } else { tokens = nil }
  }

  private static func key(_ name: String) -> String { "tokenizer.ggml.\(name)" }

  /// The token of a key, or that which vocabularies of this kind have there.
  package func token(_ name: String) throws(CheckpointError) -> Int? {
    if let token = try file.integer(Self.key(name)) {
      guard (0..<vocabulary).contains(token) else {
        throw file.fault(Self.key(name), "is \(token), which is out of range; the vocabulary is 0...\(vocabulary - 1)")
      }
      return token
    }
    guard let model = try file.string(Self.key("model")), let token = Self.defaults[model]?[name] else { return nil }
    return token < vocabulary ? token : nil
  }

  /// The special tokens of SentencePiece's vocabularies, for files that do not name them.
  ///
  /// llama.cpp takes token 11 for both ends of byte-level vocabularies, which is Falcon's, and a comma in GPT-2's; that is
  /// left out.
  private static let defaults = [
    "llama": ["bos_token_id": 1, "eos_token_id": 2, "unknown_token_id": 0],
    "t5": ["eos_token_id": 1, "unknown_token_id": 2],
  ]

  /// Every token that ends a text, in ascending order but for those that keys name, which come first.
  package func endTokens() throws(CheckpointError) -> [Int] {
    var ends: [Int] = []
    for name in Self.endKeys {
      if let token = try token(name) { ends.append(token) }
    }
    guard let tokens else { return ends.uniqued }
    let kinds = try file.integers(Self.key("token_type"))
    for token in 0..<min(tokens.count, vocabulary, kinds?.count ?? 0) {
      if let kinds, Self.isEnd(tokens[token], kind: kinds[token]) { ends.append(token) }
    }
    let texts = ends.map { $0 < tokens.count ? Array(tokens[$0]) : [] }
    return zip(ends, texts).filter { !Self.isOverruled($0.1, among: texts) }.map(\.0).uniqued
  }

  /// Whether a token of this text and kind ends a text wherever it occurs, so that it is no text.
  ///
  /// Control tokens do, and those that were added by hand; an ordinary piece of text that looks like one does not.
  package static func isEnd(_ text: some Collection<UInt8>, kind: Int) -> Bool {
    // Most of a vocabulary is told apart by its kind.
    (kind == 3 || kind == 4) && endTexts.contains(Array(text))
  }

  private static let endKeys = [
    "eos_token_id", "eot_token_id", "eom_token_id", "fim_pad_token_id", "fim_rep_token_id", "fim_sep_token_id",
  ]

  private static let endTexts = Set(
    [
      "<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<|flush|>", "<|calls|>", "<end_of_turn>",
      "<|endoftext|>", "</s>", "<|eom_id|>", "<EOT>", "_<EOT>", "[EOT]", "[EOS]", "<|end_of_text|>",
      "<end_of_utterance>", "<eos>", "<turn|>", "<|tool_response>", "<\u{FF5C}end\u{2581}of\u{2581}sentence\u{FF5C}>",
      "[e~[",
      // What files are joined by in models that fill in the middle.
      "<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]", "<|fim_repo|>", "<|repo_name|>", "<fim-repo>",
      "<REPO>", "<reponame>", "<|file_sep|>",
    ].map { Array($0.utf8) })

  /// Whether the other end tokens show that this one ends a message's part there, and no text.
  private static func isOverruled(_ text: [UInt8], among ends: [[UInt8]]) -> Bool {
    func has(_ name: String) -> Bool { ends.contains(Array(name.utf8)) }
    switch String(decoding: text, as: UTF8.self) {
    case "<|end|>":
      return has("<|return|>") && has("<|call|>") || has("<|flush|>") && (has("<|call|>") || has("<|calls|>"))
    case "</s>": return has("<|tool_response>")
    default: return false
    }
  }
}
