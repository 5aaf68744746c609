import Checkpoints
import JSONText
import SpeculativeDecoding

extension TokenizerDescription {
  /// Reads the tokenizer of a GGUF file's metadata: byte-level byte pairs (`gpt2`), SentencePiece's byte pairs (`llama`)
  /// or its unigrams (`t5`).
  ///
  /// - Throws: ``CheckpointError/configuration(file:reason:)`` for what is missing, malformed or not supported.
  package init(_ file: GGUF) throws(CheckpointError) {
    let reader = try GGUFTokenizer(file)
    let model = try file.string(GGUFTokenizer.key("model"))
    switch model {
    case "gpt2": self = try reader.bytePairs()
    case "llama": self = try reader.scoredBytePairs()
    case "t5": self = try reader.unigrams()
    default:
      let name = model.map { "is \"\($0.oneLine())\", which is not supported" } ?? "is missing"
      throw file.fault(GGUFTokenizer.key("model"), "\(name); gpt2, llama and t5 are")
    }
    try reader.readTemplate(into: &self)
    reader.dropPadding(of: &self)
  }
}

/// The tokenizer's part of a GGUF file's metadata.
private struct GGUFTokenizer {
  /// The kind of a token, by the format's numbers.
  enum Kind: Int {
    case normal = 1, unknown, control, userDefined, unused, byte
  }

  let file: GGUF
  let tokens: [[UInt8]]
  let kinds: [Kind]

  private static let longestScored = 256

  static func key(_ name: String) -> String { "tokenizer.ggml.\(name)" }

  init(_ file: GGUF) throws(CheckpointError) {
    guard let tokens = try file.strings(Self.key("tokens")) else { throw file.fault(Self.key("tokens"), "is missing") }
    guard (1...TokenizerLimits.tokens).contains(tokens.count) else {
      throw file.fault(Self.key("tokens"), "has \(tokens.count) tokens; there must be 1 to \(TokenizerLimits.tokens)")
    }
    for (token, text) in tokens.enumerated() where String(validating: text, as: UTF8.self) == nil {
      throw file.fault(Self.key("tokens"), "holds token \(token), which is no UTF-8")
    }
    let numbers = try file.integers(Self.key("token_type")) ?? [Int](repeating: 1, count: tokens.count)
    guard numbers.count == tokens.count else {
      throw file.fault(Self.key("token_type"), "has \(numbers.count) elements, and there are \(tokens.count) tokens")
    }
    var kinds: [Kind] = []
    kinds.reserveCapacity(numbers.count)
    for (token, number) in numbers.enumerated() {
      guard let kind = Kind(rawValue: number) else {
        throw file.fault(Self.key("token_type"), "is \(number) for token \(token); it must be 1 to 6")
      }
      kinds.append(kind)
    }
    (self.file, self.tokens, self.kinds) = (file, tokens, kinds)
  }

  /// Byte-level byte pairs, by the pre-tokenizer that is named.
  func bytePairs() throws(CheckpointError) -> TokenizerDescription {
    guard let lines = try file.strings(Self.key("merges")) else { throw file.fault(Self.key("merges"), "is missing") }
    let index = try TokenIndex(tokens, file: file.file, isListed: { kinds[$0] != .unused })
    var pairs: [(left: [UInt8], right: [UInt8])] = []
    pairs.reserveCapacity(lines.count)
    for (rank, line) in lines.enumerated() {
      guard let pair = TokenIndex.pair(line) else {
        throw file.fault(
          Self.key("merges"),
          "holds \(TokenizerDescription.quoted(line)) as merge \(rank + 1); it must be two tokens with one space between"
        )
      }
      pairs.append(pair)
    }
    let merges = try index.merges(pairs, file: file.file)
    var description = TokenizerDescription(
      place: file.file, algorithm: .bytePairs(merges: merges), tokens: tokens, spelling: .bytes)
    let name = try file.string(Self.key("pre"))
    guard let pre = name.flatMap(GGUFPreTokenizer.init) else {
      let name = name.map { "is \"\($0.oneLine())\", which is not supported" } ?? "is missing"
      throw file.fault(Self.key("pre"), "\(name); supported: \(GGUFPreTokenizer.names.joined(separator: ", "))")
    }
    (description.cuts, description.ignoresMerges) = (try pre.cuts(for: file.file), pre.ignoresMerges)
    try readCommon(into: &description, beginsTexts: pre.beginsTexts)
    return description
  }

  /// SentencePiece's byte pairs: neighbours whose concatenation is a token, that of the highest score first.
  func scoredBytePairs() throws(CheckpointError) -> TokenizerDescription {
    let scores = try readScores()
    // All ways to cut a token in two are tried, which takes the square of its length.
    for (token, text) in tokens.enumerated() where text.count > Self.longestScored {
      throw file.fault(
        Self.key("tokens"), "holds token \(token) of \(text.count) bytes; at most \(Self.longestScored) are read here")
    }
    let index = try TokenIndex(tokens, file: file.file, isListed: { kinds[$0] != .unused })
    var description = TokenizerDescription(
      place: file.file, algorithm: .bytePairs(merges: merges(by: scores, index)), tokens: tokens, spelling: .characters)
    description.fallsBackToBytes = true
    try readSpaces(into: &description)
    try readCommon(into: &description, beginsTexts: true)
    return description
  }

  /// Every pair of text tokens whose concatenation is one; equal scores have equal ranks.
  private func merges(by scores: [Double], _ index: TokenIndex) -> [TokenizerDescription.Merge] {
    let isText = { (token: Token) in kinds[token] == .normal || kinds[token] == .userDefined }
    let order = tokens.indices.filter(isText).sorted { scores[$0] > scores[$1] }
    var merges: [TokenizerDescription.Merge] = []
    var rank = -1
    var score = Double.infinity
    for result in order {
      if scores[result] < score { (rank, score) = (rank + 1, scores[result]) }
      let text = tokens[result]
      var split = text.isEmpty ? 0 : UTF8Scalars.scalar(at: 0, in: text).length
      while split < text.count {
        if let left = index[Array(text[..<split])], let right = index[Array(text[split...])], isText(left),
          isText(right)
        {
          merges.append(.init(left: left, right: right, result: result, rank: rank))
        }
        split += UTF8Scalars.scalar(at: split, in: text).length
      }
    }
    return merges
  }

  /// SentencePiece's unigrams.
  func unigrams() throws(CheckpointError) -> TokenizerDescription {
    let scores = try readScores()
    _ = try TokenIndex(tokens, file: file.file, isListed: { kinds[$0] != .unused })
    var description = TokenizerDescription(
      place: file.file, algorithm: .unigram(scores: scores), tokens: tokens, spelling: .characters)
    description.fallsBackToBytes = kinds.contains(.byte)
    description.matchesByteNames = false
    description.addsInSinglePrecision = true
    try readSpaces(into: &description)
    try readCommon(into: &description, beginsTexts: false)
    return description
  }

  private func readScores() throws(CheckpointError) -> [Double] {
    guard let scores = try file.floats(Self.key("scores")) else { throw file.fault(Self.key("scores"), "is missing") }
    guard scores.count == tokens.count else {
      throw file.fault(Self.key("scores"), "has \(scores.count) elements, and there are \(tokens.count) tokens")
    }
    if let token = scores.firstIndex(where: { !$0.isFinite }) {
      throw file.fault(Self.key("scores"), "is \(scores[token]) for token \(token); it must be a finite number")
    }
    return scores
  }

  /// ▁ for each space, and one before each text.
  private func readSpaces(into description: inout TokenizerDescription) throws(CheckpointError) {
    if let map = file.metadata.first(where: { $0.key == Self.key("precompiled_charsmap") }) {
      throw file.fault(map.key, "is a table of SentencePiece that is not read; take a model whose tokenizer has none")
    }
    if try file.flag(Self.key("remove_extra_whitespaces")) == true {
      throw file.fault(Self.key("remove_extra_whitespaces"), "is true, which is not supported; false is")
    }
    let addsSpace = try file.flag(Self.key("add_space_prefix")) ?? true
    if addsSpace { description.normalizations.append(.prepend(SpaceMark.bytes)) }
    description.normalizations.append(.replace([UInt8(ascii: " ")], with: SpaceMark.bytes))
    description.marksSpaces = true
    description.dropsFirstSpace = addsSpace
    description.fusesUnknown = true
    let named = try file.integer(Self.key("unknown_token_id")) == nil ? kinds.firstIndex(of: .unknown) : nil
    description.unknownToken = if let named { named } else { try token("unknown_token_id") }
  }

  /// Added and control tokens, and those before a prompt, where the file does not say whether there are any.
  private func readCommon(
    into description: inout TokenizerDescription, beginsTexts: Bool
  ) throws(CheckpointError) {
    for (token, kind) in kinds.enumerated() {
      switch kind {
      case .control, .unknown, .userDefined:
        let isSpecial = kind != .userDefined || GGUFEnds.isEnd(tokens[token], kind: kind.rawValue)
        var content = tokens[token]
        if !isSpecial, description.marksSpaces {
          content = TokenizerDescription.replacing(SpaceMark.bytes, with: [UInt8(ascii: " ")], in: content[...])
        }
        description.added.append(.init(token: token, content: content, isSpecial: isSpecial))
      case .unused: description.controlTokens.insert(token)
      case .normal, .byte: break
      }
    }
    let begin = try token("bos_token_id")
    let addsBegin = try file.flag(Self.key("add_bos_token")) ?? beginsTexts
    description.beginTokens = addsBegin ? begin.map { [$0] } ?? [] : []
    let names = [
      "bos_token": begin, "eos_token": try token("eos_token_id"), "unk_token": try token("unknown_token_id"),
      "pad_token": try token("padding_token_id"),
    ]
    for case (let name, let token?) in names {
      description.namedTokens[name] = String(decoding: tokens[token], as: UTF8.self)
    }
  }

  func readTemplate(into description: inout TokenizerDescription) throws(CheckpointError) {
    description.chatTemplate = try file.string("tokenizer.chat_template")
  }

  private func token(_ name: String) throws(CheckpointError) -> Token? {
    try GGUFEnds(file, vocabulary: tokens.count).token(name)
  }

  /// Leaves out the tokens at the end that llama.cpp's converter makes for the padding rows of a table.
  func dropPadding(of description: inout TokenizerDescription) {
    var count = tokens.count
    while count > 1, kinds[count - 1] == .unused, tokens[count - 1].elementsEqual("[PAD\(count - 1)]".utf8) {
      count -= 1
    }
    guard count < tokens.count else { return }
    description.tokens.removeLast(tokens.count - count)
    description.controlTokens = description.controlTokens.filter { $0 < count }
    description.beginTokens?.removeAll { $0 >= count }
    description.unknownToken = description.unknownToken.flatMap { $0 < count ? $0 : nil }
    if case .unigram(let scores) = description.algorithm {
      description.algorithm = .unigram(scores: Array(scores.prefix(count)))
    }
  }
}
