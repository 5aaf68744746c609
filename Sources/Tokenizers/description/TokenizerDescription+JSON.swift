import Checkpoints
import JSONText
import SpeculativeDecoding

extension TokenizerDescription {
  /// Reads a `tokenizer.json`, as Hugging Face's `tokenizers` writes it.
  ///
  /// A part that is not understood is refused by name. `truncation` and `padding` concern batches and are passed
  /// over, as is what a post-processor adds after a text.
  /// - Parameters:
  ///   - json: the file's bytes.
  ///   - file: its name, for messages.
  /// - Throws: ``CheckpointError/configuration(file:reason:)``
  public init(json: [UInt8], file: String) throws(CheckpointError) {
    let fields = try TokenizerFile.fields(of: json, file: file)
    try fields.requireOnly([
      "version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder",
      "model",
    ])
    guard let model = try fields.object("model") else { throw fields.fault("model", "is missing") }
    let vocabulary = try TokenizerFile.vocabulary(of: model)
    let added = try TokenizerFile.addedTokens(of: fields)
    var tokens = try TokenizerFile.tokens(vocabulary, added, fields)
    let cutting = try TokenizerFile.cuts(of: fields)
    let normalizations = try TokenizerFile.normalizations(of: fields)
    let isUnigram = model["vocab"].map { if case .array = $0 { true } else { false } } ?? false
    let algorithm: Algorithm
    if isUnigram {
      algorithm = .unigram(scores: try TokenizerFile.scores(of: model, count: tokens.count))
    } else {
      let index = try TokenIndex(tokens, file: file, isListed: { !tokens[$0].isEmpty })
      algorithm = .bytePairs(merges: try TokenizerFile.merges(of: model, index))
    }
    for added in added { tokens[added.token] = added.content }
    self.init(
      place: file, algorithm: algorithm, tokens: tokens, spelling: cutting.spellsBytes ? .bytes : .characters)
    unknownToken = try TokenizerFile.unknownToken(of: model, tokens, isUnigram: isUnigram)
    fusesUnknown = try model.boolean("fuse_unk", default: false)
    fallsBackToBytes = try model.boolean("byte_fallback", default: false)
    ignoresMerges = try model.boolean("ignore_merges", default: false)
    self.added = added
    addedOnly = Set(added.map(\.token)).subtracting(vocabulary.map(\.token))
    self.normalizations = normalizations
    cuts = cutting.cuts
    try TokenizerFile.readDecoder(of: fields, into: &self)
    beginTokens = try TokenizerFile.beginTokens(of: fields)
  }
}

/// The parts of a `tokenizer.json`.
enum TokenizerFile {
  /// The members of a file's object.
  static func fields(of json: [UInt8], file: String) throws(CheckpointError) -> ConfigurationFields {
    let value: JSON
    do throws(JSONError) {
      value = try JSON(json, limits: .tokenizer)
    } catch {
      throw .configuration(file: file, reason: "\(error)")
    }
    guard case .object(let members) = value else {
      throw .configuration(file: file, reason: "is no JSON object; is it a tokenizer's?")
    }
    return ConfigurationFields(members, file: file)
  }

  /// The elements of an array, none where it is absent.
  static func elements(_ name: String, of fields: ConfigurationFields) throws(CheckpointError) -> [JSON] {
    guard let value = fields[name] else { return [] }
    guard case .array(let elements) = value else { throw fields.fault(name, "is \(value.kind); it must be an array") }
    return elements
  }

  /// The elements of an array, each an object.
  static func objects(_ name: String, of fields: ConfigurationFields) throws(CheckpointError) -> [ConfigurationFields] {
    var objects: [ConfigurationFields] = []
    for (index, element) in try elements(name, of: fields).enumerated() {
      guard case .object(let members) = element else {
        throw fields.fault("\(name)[\(index)]", "is \(element.kind); it must be an object")
      }
      objects.append(
        ConfigurationFields(members, file: fields.file, path: "\(fields.path)\(name)[\(index)]."))
    }
    return objects
  }

  /// The tokens of the model's vocabulary by their numbers; no two numbers are the same.
  static func vocabulary(of model: ConfigurationFields) throws(CheckpointError) -> [(token: Token, text: [UInt8])] {
    let kind = try model.string("type")
    guard let vocab = model["vocab"] else { throw model.fault("vocab", "is missing") }
    switch (kind, vocab) {
    case ("BPE", .object(let members)), (nil, .object(let members)):
      try model.requireOnly([
        "type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk", "byte_fallback",
        "ignore_merges", "vocab", "merges",
      ])
      for name in ["continuing_subword_prefix", "end_of_word_suffix"] {
        if let text = try model.string(name), !text.isEmpty {
          throw model.fault(name, "is \"\(text.oneLine(limit: 48))\", which is not supported; an empty one is")
        }
      }
      if try model.number("dropout", in: 0...1, default: 0) > 0 {
        throw model.fault("dropout", "is above 0: this tokenizer is random; set it to null")
      }
      return try numbered(members, model)
    case ("Unigram", .array(let elements)), (nil, .array(let elements)):
      try model.requireOnly(["type", "unk_id", "vocab", "byte_fallback"])
      var vocabulary: [(token: Token, text: [UInt8])] = []
      for (index, element) in elements.enumerated() {
        guard case .array(let pair) = element, pair.count == 2, case .string(let text) = pair[0] else {
          throw model.fault("vocab[\(index)]", "is \(element.kind); it must be a token and its score")
        }
        vocabulary.append((index, Array(text.utf8)))
      }
      return vocabulary
    case ("BPE", let other): throw model.fault("vocab", "is \(other.kind); it must be an object")
    case ("Unigram", let other): throw model.fault("vocab", "is \(other.kind); it must be an array")
    case (let kind, _):
      throw model.fault("type", "is \"\((kind ?? "").oneLine())\", which is not supported; BPE and Unigram are")
    }
  }

  /// A vocabulary that gives each token its number.
  static func numbered(
    _ members: [JSON.Member], _ fields: ConfigurationFields
  ) throws(CheckpointError) -> [(token: Token, text: [UInt8])] {
    var vocabulary: [(token: Token, text: [UInt8])] = []
    vocabulary.reserveCapacity(members.count)
    for member in members {
      guard case .number(let number) = member.value, let token = number.integer,
        (0..<TokenizerLimits.tokens).contains(token)
      else {
        throw fields.fault(
          "vocab.\(member.name.oneLine(limit: 48))",
          "is \(member.value.kind); it must be a token from 0 to \(TokenizerLimits.tokens - 1)")
      }
      vocabulary.append((token, Array(member.name.utf8)))
    }
    return vocabulary
  }

  /// The spellings of a vocabulary, that of a token which is only added being empty.
  static func tokens(
    _ vocabulary: [(token: Token, text: [UInt8])], _ added: [TokenizerDescription.AddedToken],
    _ fields: ConfigurationFields
  ) throws(CheckpointError) -> [[UInt8]] {
    let count = max(vocabulary.map(\.token).max() ?? -1, added.map(\.token).max() ?? -1) + 1
    // Numbers far beyond their count are gaps; a table of them could take all memory.
    guard count <= 2 * (vocabulary.count + added.count) else {
      throw .configuration(
        file: fields.file,
        reason:
          "the largest token is \(count - 1), and there are \(vocabulary.count + added.count); numbers have no gaps")
    }
    var tokens = [[UInt8]?](repeating: nil, count: count)
    for (token, text) in vocabulary {
      if let other = tokens[token] {
        throw .configuration(
          file: fields.file,
          reason:
            "token \(token) is both \(TokenizerDescription.quoted(other)) and \(TokenizerDescription.quoted(text))")
      }
      tokens[token] = text
    }
    let numbers = Dictionary(vocabulary.map { ($0.text, $0.token) }) { first, _ in first }
    for added in added {
      let content = TokenizerDescription.quoted(added.content)
      if let token = numbers[added.content], token != added.token {
        throw .configuration(
          file: fields.file,
          reason: "the added token \(content) has the number \(added.token), and \(token) in the vocabulary")
      }
      switch tokens[added.token] {
      case nil: tokens[added.token] = []
      case let other? where other == added.content: break
      case let other?:
        throw .configuration(
          file: fields.file,
          reason: "the added token \(content) has the number \(added.token), which is "
            + "\(other.isEmpty ? "another's" : TokenizerDescription.quoted(other))")
      }
    }
    if let gap = tokens.firstIndex(of: nil) {
      throw .configuration(
        file: fields.file,
        reason: "no token has the number \(gap), and the largest is \(count - 1); numbers must have no gaps")
    }
    return tokens.map { $0 ?? [] }
  }

  /// The scores of a unigram vocabulary, and its highest for tokens that are only added, which no text becomes.
  static func scores(of model: ConfigurationFields, count: Int) throws(CheckpointError) -> [Double] {
    var scores: [Double] = []
    for (index, element) in try elements("vocab", of: model).enumerated() {
      guard case .array(let pair) = element, pair.count == 2, case .number(let number) = pair[1],
        let score = number.double
      else { throw model.fault("vocab[\(index)]", "has no finite number for a score") }
      scores.append(score)
    }
    return scores + [Double](repeating: scores.max() ?? 0, count: max(0, count - scores.count))
  }

  /// The merges, in either spelling: a string with a space, or a pair.
  static func merges(
    of model: ConfigurationFields, _ index: TokenIndex
  ) throws(CheckpointError) -> [TokenizerDescription.Merge] {
    guard model["merges"] != nil else { throw model.fault("merges", "is missing") }
    var pairs: [(left: [UInt8], right: [UInt8])] = []
    for (rank, element) in try elements("merges", of: model).enumerated() {
      guard let pair = mergePair(element) else {
        throw model.fault("merges[\(rank)]", "is \(element.kind); it must be two tokens with one space between")
      }
      pairs.append(pair)
    }
    return try index.merges(pairs, file: model.file)
  }

  private static func mergePair(_ element: JSON) -> (left: [UInt8], right: [UInt8])? {
    switch element {
    case .string(let line): return TokenIndex.pair(line.utf8)
    case .array(let parts):
      guard parts.count == 2, case .string(let left) = parts[0], case .string(let right) = parts[1] else { return nil }
      return (Array(left.utf8), Array(right.utf8))
    default: return nil
    }
  }

  /// The token of what no other has.
  static func unknownToken(
    of model: ConfigurationFields, _ tokens: [[UInt8]], isUnigram: Bool
  ) throws(CheckpointError) -> Token? {
    if isUnigram { return try model.optionalInteger("unk_id", in: 0...max(0, tokens.count - 1)) }
    guard let name = try model.string("unk_token") else { return nil }
    guard let token = tokens.firstIndex(where: { $0.elementsEqual(name.utf8) }) else {
      throw model.fault("unk_token", "is \"\(name.oneLine(limit: 48))\", which is no token")
    }
    return token
  }

  /// The tokens that are matched before all else.
  static func addedTokens(
    of fields: ConfigurationFields
  ) throws(CheckpointError) -> [TokenizerDescription.AddedToken] {
    var added: [TokenizerDescription.AddedToken] = []
    for entry in try objects("added_tokens", of: fields) {
      added.append(try addedToken(entry, token: entry.integer("id", in: 0...TokenizerLimits.tokens - 1)))
    }
    return added
  }

  /// One of them.
  static func addedToken(
    _ entry: ConfigurationFields, token: Token
  ) throws(CheckpointError) -> TokenizerDescription.AddedToken {
    guard let content = try entry.string("content") else { throw entry.fault("content", "is missing") }
    let isSpecial = try entry.boolean("special", default: false)
    var added = TokenizerDescription.AddedToken(token: token, content: Array(content.utf8), isSpecial: isSpecial)
    added.isSingleWord = try entry.boolean("single_word", default: false)
    added.stripsLeft = try entry.boolean("lstrip", default: false)
    added.stripsRight = try entry.boolean("rstrip", default: false)
    added.isNormalized = try entry.boolean("normalized", default: !isSpecial)
    return added
  }
}
