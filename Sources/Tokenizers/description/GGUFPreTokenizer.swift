import Checkpoints

/// The pre-tokenizer of a name of `tokenizer.ggml.pre`: how llama.cpp cuts a text, and what else follows from the name.
struct GGUFPreTokenizer: Sendable {
  private let steps: Steps
  /// Whether a whole piece that is a token is taken unmerged.
  var ignoresMerges = false
  /// Whether a text begins with the begin token where the file does not say so.
  var beginsTexts = false

  /// The pre-tokenizer of a name; nil for one that is not supported.
  init?(_ name: String) {
    guard let row = Self.table.first(where: { $0.names.contains(name) }) else { return nil }
    self = row.preTokenizer
  }

  private init(_ steps: Steps, ignoresMerges: Bool = false, beginsTexts: Bool = false) {
    (self.steps, self.ignoresMerges, self.beginsTexts) = (steps, ignoresMerges, beginsTexts)
  }

  /// How a text is cut.
  private enum Steps {
    case cuts([TextCut])
    /// At the matches of each pattern in turn.
    case patterns([KnownPattern])
  }

  /// How a text of a file is cut.
  ///
  /// - Throws: ``CheckpointError/configuration(file:reason:)`` where a pattern cannot be read.
  func cuts(for file: String) throws(CheckpointError) -> [TextCut] {
    switch steps {
    case .cuts(let cuts): return cuts
    case .patterns(let patterns):
      return try patterns.map { pattern throws(CheckpointError) in
        .pattern(try pattern.pattern(.llamaCpp, for: file), .isolated, inverted: false)
      }
    }
  }

  private static func isolated(_ patterns: KnownPattern...) -> Steps { .patterns(patterns) }

  /// The names that are supported, for messages.
  static var names: [String] { table.flatMap(\.names) }

  private static let table: [(names: [String], preTokenizer: GGUFPreTokenizer)] = [
    (
      [
        "gpt-2", "phi-2", "gigachat", "a.x-4.0", "mellum", "mpt", "olmo", "jais", "trillion", "granite-docling",
        "exaone4",
      ], .init(.cuts([.gpt2(.llamaCpp)]))
    ),
    (
      ["smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b"],
      .init(.cuts([.digits(individually: true, unicode: PatternForm.llamaCpp.unicode), .gpt2(.llamaCpp)]))
    ),
    (
      ["llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2"],
      .init(.cuts([.llama3(digits: 3, .llamaCpp)]), ignoresMerges: true, beginsTexts: true)
    ),
    (["dbrx", "smaug-bpe", "chatglm-bpe"], .init(isolated(.llama3))),
    (["glm4"], .init(isolated(.llama3), ignoresMerges: true)),
    (
      ["qwen2", "stablelm2", "hunyuan", "megrez", "deepseek-r1-qwen", "kormo", "solar-open", "grok-2"],
      .init(.cuts([.llama3(digits: 1, .llamaCpp)]))
    ),
    (["tekken"], .init(isolated(.tekken), ignoresMerges: true, beginsTexts: true)),
    (["gpt-4o", "llama4", "kanana2", "minimax-m2"], .init(isolated(.gpt4o))),
    (
      ["deepseek-llm"],
      .init(isolated(.lineBreak, .europeanWord, .punctuation, .trailingSpace, .eastAsian, .number))
    ),
    (["deepseek-coder"], .init(isolated(.lineBreak, .word, .anyPunctuation, .eastAsian, .digit))),
    (
      ["deepseek-v3", "hunyuan-dense", "joyai-llm"],
      .init(isolated(.threeDigits, .hanAndKana, .deepSeekV3))
    ),
  ]
}
