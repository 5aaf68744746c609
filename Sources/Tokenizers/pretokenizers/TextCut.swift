/// A step by which text is cut into pieces before these become tokens: what `tokenizer.json` calls a pre-tokenizer.
package enum TextCut: Hashable, Sendable {
  /// The pattern of GPT-2: contractions, words, numbers and punctuation, each with one space before it, and white space.
  case gpt2(PatternForm)
  /// The pattern of Llama 3 and Qwen 2: as GPT-2's, but in any case, with numbers of so many digits at most, and line
  /// breaks on their own.
  case llama3(digits: Int, PatternForm)
  /// Where a regular expression matches, and between.
  case pattern(Pattern, Delimiter, inverted: Bool)
  /// Numbers and what is between them; each digit on its own, or runs of digits together. Digits of a later version of
  /// Unicode are none.
  case digits(individually: Bool, unicode: Int = .max)
  /// Where a string occurs.
  case occurrences(of: [UInt8], Delimiter, inverted: Bool)
  /// Puts a space before each piece that does not begin with one.
  case spaceBefore
  /// Puts ▁ for each space, and before the text; may cut before each.
  case spaceMark(mark: [UInt8], before: SpaceMarkRule, cuts: Bool)

  /// The treatment of the delimiters at which a text is cut.
  package enum Delimiter: String, Hashable, Sendable {
    /// It is left out.
    case removed = "Removed"
    /// It is a piece of its own.
    case isolated = "Isolated"
    /// It ends the piece before it.
    case mergedWithPrevious = "MergedWithPrevious"
    /// It begins the piece after it.
    case mergedWithNext = "MergedWithNext"
    /// Neighbouring ones are one piece.
    case contiguous = "Contiguous"
  }

  /// Where a mark is put before a text that has none.
  package enum SpaceMarkRule: String, Hashable, Sendable {
    /// Before every text between added tokens.
    case always
    /// Before what begins the whole text.
    case first
    /// Nowhere.
    case never
  }
}

extension [TextCut] {
  /// Calls back for each piece of a text, in order; none is empty.
  ///
  /// - Parameters:
  ///   - text: valid UTF-8.
  ///   - isStart: whether it is the beginning of the whole text.
  /// - Complexity: O(n) for each step, but for ``TextCut/occurrences(of:_:inverted:)``, which compares at each byte.
  func forEachPiece(of text: [UInt8], isStart: Bool, _ body: (_ text: [UInt8], _ range: Range<Int>) -> Void) {
    if !text.isEmpty { cut(text, 0..<text.count, isStart: isStart, step: 0, body) }
  }

  private func cut(
    _ text: [UInt8], _ range: Range<Int>, isStart: Bool, step: Int,
    _ body: (_ text: [UInt8], _ range: Range<Int>) -> Void
  ) {
    guard step < count else { return body(text, range) }
    func next(_ text: [UInt8], _ piece: Range<Int>) {
      if !piece.isEmpty {
        cut(text, piece, isStart: isStart && piece.lowerBound == range.lowerBound, step: step + 1, body)
      }
    }
    switch self[step] {
    case .gpt2(let form): PatternScanner.gpt2(text, range, form) { next(text, $0) }
    case .llama3(let digits, let form): PatternScanner.llama3(text, range, digits: digits, form) { next(text, $0) }
    case .pattern(let pattern, let delimiter, let inverted):
      DelimiterCut.matches(of: pattern, in: text, range, delimiter, inverted: inverted) { next(text, $0) }
    case .digits(let individually, let unicode):
      DelimiterCut.digits(text, range, individually: individually, unicode: unicode) { next(text, $0) }
    case .occurrences(let string, let delimiter, let inverted):
      DelimiterCut.occurrences(of: string, in: text, range, delimiter, inverted: inverted) { next(text, $0) }
    case .spaceBefore:
      if text[range.lowerBound] == UInt8(ascii: " ") { return next(text, range) }
      let spaced = [UInt8(ascii: " ")] + text[range]
      cut(spaced, 0..<spaced.count, isStart: isStart, step: step + 1, body)
    case .spaceMark(let mark, let rule, let cuts):
      let marked = DelimiterCut.marked(text[range], mark: mark, before: rule == .always || rule == .first && isStart)
      guard cuts else { return cut(marked, 0..<marked.count, isStart: isStart, step: step + 1, body) }
      DelimiterCut.occurrences(of: mark, in: marked, 0..<marked.count, .mergedWithNext, inverted: false) { piece in
        if !piece.isEmpty { cut(marked, piece, isStart: isStart, step: step + 1, body) }
      }
    }
  }
}
