/// What llama.cpp does for a name of `tokenizer.ggml.pre`: how a text is cut, and what else follows from the name.
struct GGUFPreTokenizer: Sendable {
  var cuts: [TextCut]
  /// Whether a whole piece that is a token is taken unmerged.
  var ignoresMerges = false
  /// Whether a text begins with the begin token where the file does not say so.
  var beginsTexts = false

  /// The pre-tokenizer of a name; nil for one that is not supported.
  init?(_ name: String) {
    guard let row = Self.table.first(where: { $0.names.contains(name) }) else { return nil }
    self = row.preTokenizer
  }

  private init(_ cuts: [TextCut], ignoresMerges: Bool = false, beginsTexts: Bool = false) {
    (self.cuts, self.ignoresMerges, self.beginsTexts) = (cuts, ignoresMerges, beginsTexts)
  }

  private static func isolated(_ patterns: KnownPattern...) -> [TextCut] {
    patterns.map { .pattern($0, .isolated, inverted: false) }
  }

  /// The names that are supported, for messages.
  static var names: [String] { table.flatMap(\.names) }

  private static let table: [(names: [String], preTokenizer: GGUFPreTokenizer)] = [
    (
      [
        "gpt-2", "phi-2", "gigachat", "a.x-4.0", "mellum", "mpt", "olmo", "jais", "trillion", "granite-docling",
        "exaone4",
      ], .init([.gpt2])
    ),
    (
      ["smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b"],
      .init([.digits(individually: true), .gpt2])
    ),
    (
      ["llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2"],
      .init([.llama3(digits: 3)], ignoresMerges: true, beginsTexts: true)
    ),
    (["dbrx", "smaug-bpe", "glm4", "chatglm-bpe"], .init([.llama3(digits: 3)])),
    (
      ["qwen2", "stablelm2", "hunyuan", "megrez", "deepseek-r1-qwen", "kormo", "solar-open", "grok-2"],
      .init([.llama3(digits: 1)])
    ),
    (["tekken"], .init(isolated(.tekkenOfLlamaCpp), ignoresMerges: true, beginsTexts: true)),
    (["gpt-4o", "llama4", "kanana2", "minimax-m2"], .init(isolated(.gpt4oOfLlamaCpp))),
    (["deepseek-coder"], .init(isolated(.lineBreak, .word, .anyPunctuation, .eastAsian, .digit))),
    (
      ["deepseek-v3", "hunyuan-dense", "joyai-llm"],
      .init(isolated(.threeDigits, .hanAndKana, .deepSeekV3OfLlamaCpp))
    ),
  ]
}
