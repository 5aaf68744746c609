import SpeculativeDecoding

@testable import Checkpoints
@testable import Tokenizers

/// What must hold of tokenizers for any file and any text; the fuzzers and the replay of their corpus ask the same.
enum TokenizerProperties {
  /// Texts that a tokenizer of unknown origin is tried on.
  private static let texts = [
    "", " ", "Hello world", "a'll  b\n\n 12\tc", "é한👍🏽\u{3000}\u{10FFFF}\u{0}", "<|im_end|> </s><s>▁<0x0A>",
    "the-o_=3=ab aab",
  ]

  /// What a tokenizer of these bytes did that it must not; nil if nothing.
  static func violation(tokenizer bytes: [UInt8]) -> String? {
    let tokenizer: PieceTokenizer
    do throws(CheckpointError) {
      tokenizer = try PieceTokenizer(TokenizerDescription(json: bytes, file: "f"))
    } catch {
      let text = String(describing: error)
      guard text.hasPrefix("f: ") else { return "a message that does not name the file" }
      return isOneLine(text) ? nil : "more than a line"
    }
    // The vocabulary's own tokens are the texts that reach the most.
    let own = tokenizer.definition.tokens.prefix(8).flatMap { (token: [UInt8]) -> [UInt8] in token + [0x20] }
    for text in texts + [String(decoding: own, as: UTF8.self)] {
      if let violation = violation(text, tokenizer) { return violation }
    }
    return nil
  }

  /// What a tokenizer did to a text that it must not.
  static func violation(_ text: String, _ tokenizer: PieceTokenizer) -> String? {
    for allowSpecial in [true, false] {
      let tokens = tokenizer.encode(text, allowSpecial: allowSpecial)
      guard tokens.allSatisfy({ (0..<tokenizer.vocabularySize).contains($0) }) else { return "a token out of range" }
      var streamed = StreamingText(tokenizer, showsSpecial: true)
      var shown = tokens.reduce(into: "") { $0 += streamed.append($1) }
      shown += streamed.finish()
      if isLossless(tokenizer), !shown.utf8.elementsEqual(text.utf8) {
        return "\(text.debugDescription) is not decoded"
      }
    }
    return nil
  }

  /// Whether every text can be read back from its tokens.
  static func isLossless(_ tokenizer: PieceTokenizer) -> Bool {
    let definition = tokenizer.definition
    let cutsLoseNothing = definition.cuts.allSatisfy { cut in
      switch cut {
      case .gpt2, .llama3, .digits: true
      case .occurrences(_, let delimiter, _), .pattern(_, let delimiter, _): delimiter != .removed
      case .spaceBefore, .spaceMark: false
      }
    }
    return definition.spelling == .bytes && tokenizer.lostBytes.isEmpty && definition.unknownToken == nil
      && cutsLoseNothing && definition.normalizations.isEmpty
      && definition.added.allSatisfy { !$0.stripsLeft && !$0.stripsRight && !$0.isNormalized }
  }

  /// Whether merges that these bytes name differ from their naive twin's on a text that they spell; nil if not.
  ///
  /// The first byte is the number of merges and whether two of them have each rank, then come two bytes a merge, the
  /// tokens that it joins, and then the text.
  static func violation(merges bytes: [UInt8]) -> String? {
    guard let header = bytes.first else { return nil }
    let sharesRanks = header >= 128
    var tokens = (UInt8.min...UInt8.max).map { ByteAlphabet.encode([$0]) }
    var merges: [TokenizerDescription.Merge] = []
    var known = Set(tokens)
    var position = 1
    while position + 1 < bytes.count, merges.count < Int(header % 128) {
      let (first, second) = (Int(bytes[position]), Int(bytes[position + 1]))
      position += 2
      // Half of the numbers are the latest tokens, so that merges build on merges.
      let left = first < 128 || tokens.count < 384 ? first : tokens.count - 1 - first % 128
      let right = second % 2 == 0 ? max(0, tokens.count - 1 - second / 2) : second
      let merged = tokens[left] + tokens[right]
      guard merged.count <= 64, known.insert(merged).inserted else { continue }
      let rank = sharesRanks ? merges.count / 2 : merges.count
      merges.append(.init(left: left, right: right, result: tokens.count, rank: rank))
      tokens.append(merged)
    }
    let text = String(decoding: bytes[position...], as: UTF8.self)
    var description = TokenizerDescription(
      place: "f", algorithm: .bytePairs(merges: merges), tokens: tokens, spelling: .bytes)
    guard let whole = try? PieceTokenizer(description) else { return "a good vocabulary is refused" }
    let expected = BytePairMerger(merges).naivelyMerged(text.utf8.map(UInt32.init))
    guard whole.encode(text).elementsEqual(expected.map(Int.init)) else { return "the heap and its twin differ" }
    description.cuts = [.gpt2(.tokenizers)]
    guard let cut = try? PieceTokenizer(description) else { return "a good vocabulary is refused" }
    return violation(text, whole) ?? violation(text, cut)
  }

  /// What a template did that it must not; nil if nothing.
  ///
  /// What the messages say is marked as content wherever it is written, and a run ends, by a text or by one line.
  static func violation(template bytes: [UInt8]) -> String? {
    let source = String(decoding: bytes, as: UTF8.self)
    // Scalars that no template makes of others.
    let words: Set<Unicode.Scalar> = ["\u{E000}", "\u{E001}"]
    let messages: [ChatTemplate.Message] = [
      .init(.system, "\u{E000} \n\u{E001}"), .init(.user, "\u{E001}"), .init(.assistant, "\u{E000}\u{E001}a"),
      .init(.user, ""),
    ]
    let parts: [PromptPart]
    do throws(TokenizerError) {
      parts = try ChatTemplate(source).prompt(messages, names: ["bos_token": "<s>"], at: .epoch)
    } catch {
      return isOneLine(String(describing: error)) ? nil : "more than a line"
    }
    // A template may write them itself, by escapes too.
    if source.contains("\\") || source.unicodeScalars.contains(where: words.contains) { return nil }
    let isUnmarked = parts.contains { !$0.isContent && $0.text.unicodeScalars.contains(where: words.contains) }
    return isUnmarked ? "content that is not marked" : nil
  }

  private static func isOneLine(_ text: String) -> Bool {
    text.utf8.count < 2000
      && text.unicodeScalars.allSatisfy {
        ![.control, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
      }
  }
}
