import Checkpoints
import JSONText
import SpeculativeDecoding

extension TokenizerFile {
  /// The objects of a step: one, or those of a sequence within sequences, in order.
  private static func steps(
    _ name: String, list: String, of fields: ConfigurationFields
  ) throws(CheckpointError) -> [ConfigurationFields] {
    guard let step = try fields.object(name) else { return [] }
    return try flattened(step, list: list)
  }

  private static func flattened(
    _ step: ConfigurationFields, list: String
  ) throws(CheckpointError) -> [ConfigurationFields] {
    guard try step.string("type") == "Sequence" else { return [step] }
    try step.requireOnly(["type", list])
    var steps: [ConfigurationFields] = []
    for inner in try objects(list, of: step) { steps += try flattened(inner, list: list) }
    return steps
  }

  private static func refusal(_ step: ConfigurationFields, supported: String) throws(CheckpointError)
    -> CheckpointError
  {
    guard let type = try step.string("type") else { return step.fault("type", "is missing") }
    return step.fault("type", "is \"\(type.oneLine())\", which is not supported; supported: \(supported)")
  }

  /// The string of a pattern; patterns that are regular expressions only where they are known.
  private static func pattern(_ step: ConfigurationFields) throws(CheckpointError) -> (text: String, isRegex: Bool) {
    guard let pattern = try step.object("pattern") else { throw step.fault("pattern", "is missing") }
    try pattern.requireOnly(["String", "Regex"])
    if let text = try pattern.string("String"), pattern["Regex"] == nil, !text.isEmpty { return (text, false) }
    if let text = try pattern.string("Regex"), pattern["String"] == nil { return (text, true) }
    throw step.fault("pattern", "must be one String that is not empty, or one Regex")
  }

  /// How text is changed before it is cut.
  static func normalizations(
    of fields: ConfigurationFields
  ) throws(CheckpointError) -> [TokenizerDescription.Normalization] {
    var normalizations: [TokenizerDescription.Normalization] = []
    for step in try steps("normalizer", list: "normalizers", of: fields) {
      switch try step.string("type") {
      case "Prepend":
        try step.requireOnly(["type", "prepend"])
        guard let text = try step.string("prepend") else { throw step.fault("prepend", "is missing") }
        normalizations.append(.prepend(Array(text.utf8)))
      case "Replace":
        try step.requireOnly(["type", "pattern", "content"])
        let (text, isRegex) = try pattern(step)
        guard let content = try step.string("content") else { throw step.fault("content", "is missing") }
        if isRegex { throw step.fault("pattern.Regex", "is not supported here; a String is") }
        normalizations.append(.replace(Array(text.utf8), with: Array(content.utf8)))
      case "NFC":
        try step.requireOnly(["type"])
        normalizations.append(.composed)
      case "Precompiled":
        throw step.fault(
          "type", "is \"Precompiled\", a table of SentencePiece that is not read; take a model whose tokenizer has none"
        )
      default: throw try refusal(step, supported: "Prepend, Replace, NFC")
      }
    }
    return normalizations
  }

  /// The known regular expressions, which are scanned by hand.
  private static let scanners: [(pattern: String, cut: TextCut)] = [
    (#"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#, .gpt2(.tokenizers)),
    (
      #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#,
      .llama3(digits: 3, .tokenizers)
    ),
    (
      #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#,
      .llama3(digits: 1, .tokenizers)
    ),
  ]

  /// How text is cut, and whether the vocabulary spells bytes.
  static func cuts(of fields: ConfigurationFields) throws(CheckpointError) -> (cuts: [TextCut], spellsBytes: Bool) {
    var cuts: [TextCut] = []
    var spellsBytes = false
    for step in try steps("pre_tokenizer", list: "pretokenizers", of: fields) {
      if spellsBytes { throw step.fault("type", "follows ByteLevel, which must be the last step") }
      switch try step.string("type") {
      case "ByteLevel":
        try step.requireOnly(["type", "add_prefix_space", "trim_offsets", "use_regex"])
        if try step.boolean("add_prefix_space", default: true) { cuts.append(.spaceBefore) }
        if try step.boolean("use_regex", default: true) { cuts.append(.gpt2(.tokenizers)) }
        spellsBytes = true
      case "Digits":
        try step.requireOnly(["type", "individual_digits"])
        cuts.append(.digits(individually: try step.boolean("individual_digits", default: false)))
      case "Split": cuts.append(try split(step))
      case "Metaspace": cuts.append(try spaceMark(step))
      default: throw try refusal(step, supported: "ByteLevel, Digits, Split, Metaspace, Sequence")
      }
    }
    return (cuts, spellsBytes)
  }

  private static func split(_ step: ConfigurationFields) throws(CheckpointError) -> TextCut {
    try step.requireOnly(["type", "pattern", "behavior", "invert"])
    let (text, isRegex) = try pattern(step)
    let inverted = try step.boolean("invert", default: false)
    guard let name = try step.string("behavior"), let behavior = TextCut.Delimiter(rawValue: name) else {
      throw step.fault(
        "behavior", "must be Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous")
    }
    guard isRegex else { return .occurrences(of: Array(text.utf8), behavior, inverted: inverted) }
    // Where every character belongs to a match, to isolate matches is to remove what is between them.
    let isolates = behavior == .isolated && !inverted || behavior == .removed && inverted
    if isolates, let scanner = scanners.first(where: { $0.pattern == text }) { return scanner.cut }
    guard let known = KnownPattern(text) else {
      throw step.fault(
        "pattern.Regex",
        "is \"\(text.oneLine(limit: 48))\", which is not supported; the isolated patterns of GPT-2, Llama 3 and Qwen 2 are, "
          + "and those of Tekken, GPT-4o and DeepSeek")
    }
    return .pattern(try known.pattern(.tokenizers, for: step.file), behavior, inverted: inverted)
  }

  private static func spaceMark(_ step: ConfigurationFields) throws(CheckpointError) -> TextCut {
    let (mark, rule) = try metaspace(step)
    return .spaceMark(mark: mark, before: rule, cuts: try step.boolean("split", default: true))
  }

  /// The mark of `Metaspace`, and where it is put before a text.
  private static func metaspace(
    _ step: ConfigurationFields
  ) throws(CheckpointError) -> (mark: [UInt8], rule: TextCut.SpaceMarkRule) {
    try step.requireOnly(["type", "replacement", "prepend_scheme", "split", "add_prefix_space", "str_rep"])
    guard let mark = try step.string("replacement") else { throw step.fault("replacement", "is missing") }
    guard mark.utf8.elementsEqual(SpaceMark.bytes) else {
      throw step.fault("replacement", "is \"\(mark.oneLine(limit: 8))\", which is not supported; \u{2581} is")
    }
    let adds = try step.boolean("add_prefix_space", default: true)
    let name = try step.choice("prepend_scheme", of: ["always", "first", "never"], default: adds ? "always" : "never")
    if !adds, name != "never" { throw step.fault("add_prefix_space", "is false, and prepend_scheme \(name)") }
    return (SpaceMark.bytes, TextCut.SpaceMarkRule(rawValue: name) ?? .always)
  }

  /// How tokens become text again, which must undo what the other steps did.
  static func readDecoder(
    of fields: ConfigurationFields, into description: inout TokenizerDescription
  ) throws(CheckpointError) {
    let steps = try steps("decoder", list: "decoders", of: fields)
    if description.spelling == .bytes {
      guard steps.count == 1, try steps[0].string("type") == "ByteLevel" else {
        throw fields.fault("decoder", "must be ByteLevel, as the pre-tokenizer is")
      }
      return
    }
    var joinsBytes = false
    for step in steps {
      switch try step.string("type") {
      case "Replace":
        try step.requireOnly(["type", "pattern", "content"])
        let (text, isRegex) = try pattern(step)
        guard !isRegex, text.utf8.elementsEqual(SpaceMark.bytes), try step.string("content") == " " else {
          throw step.fault("pattern", "is not supported; a space for \u{2581} is")
        }
        description.marksSpaces = true
      case "ByteFallback": joinsBytes = true
      case "Fuse": break
      case "Strip":
        try step.requireOnly(["type", "content", "start", "stop"])
        guard try step.string("content") == " ", try step.integer("stop", in: 0...0) == 0,
          try step.integer("start", in: 0...1) == 1
        else { throw step.fault("content", "is not supported; one space at the start is") }
        description.dropsFirstSpace = true
      case "Metaspace":
        description.marksSpaces = true
        description.dropsFirstSpace = try metaspace(step).rule != .never
      default:
        throw try refusal(
          step, supported: "Replace, ByteFallback, Fuse, Strip, Metaspace, Sequence; ByteLevel for bytes")
      }
    }
    if steps.isEmpty { throw fields.fault("decoder", "is missing; without one a space would follow each token") }
    if joinsBytes != description.fallsBackToBytes {
      throw fields.fault("decoder", "must have ByteFallback where the model has byte_fallback, and only there")
    }
  }

  /// The tokens that the post-processor puts before a text; none without one.
  static func beginTokens(of fields: ConfigurationFields) throws(CheckpointError) -> [Token]? {
    var tokens: [Token] = []
    for step in try steps("post_processor", list: "processors", of: fields) {
      switch try step.string("type") {
      case "ByteLevel": try step.requireOnly(["type", "add_prefix_space", "trim_offsets", "use_regex"])
      case "TemplateProcessing": tokens += try templateTokens(step)
      default: throw try refusal(step, supported: "TemplateProcessing, ByteLevel, Sequence")
      }
    }
    return tokens
  }

  private static func templateTokens(_ step: ConfigurationFields) throws(CheckpointError) -> [Token] {
    try step.requireOnly(["type", "single", "pair", "special_tokens"])
    var tokens: [Token] = []
    for part in try objects("single", of: step) {
      if try part.object("Sequence") != nil { return tokens }
      guard let name = try part.object("SpecialToken")?.string("id") else {
        throw part.fault("SpecialToken", "is missing, and Sequence too")
      }
      let known = try step.object("special_tokens")
      guard let special = try known?.object(name),
        let ids = try special.integers("ids", in: 0...TokenizerLimits.tokens - 1)
      else { throw step.fault("special_tokens", "does not say what \"\(name.oneLine(limit: 48))\" is") }
      tokens += ids
    }
    throw step.fault("single", "holds no Sequence")
  }
}
