/// The patterns of pre-tokenizers, each as a scanner that is its backtracking written out.
///
/// A scanner calls back for each match; every character belongs to one. Ranges are of whole characters.
enum PatternScanner {
  /// GPT-2's pattern.
  ///
  ///     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
  static func gpt2(_ text: [UInt8], _ range: Range<Int>, _ form: PatternForm, _ body: (Range<Int>) -> Void) {
    let unicode = form.unicode
    let end = range.upperBound
    var start = range.lowerBound
    while start < end {
      var position = start
      if let contraction = contraction(text, start, end) {
        position = contraction
      } else {
        var (value, length) = UTF8Scalars.scalar(at: position, in: text)
        var kind = CharacterClass(value, in: unicode)
        if value == 0x20, position + 1 < end {
          let next = UTF8Scalars.scalar(at: position + 1, in: text)
          let nextKind = CharacterClass(next.value, in: unicode)
          if nextKind != .space {
            position += 1
            (value, length, kind) = (next.value, next.length, nextKind)
          }
        }
        if kind == .space {
          position = endOfSpace(text, start, end)
        } else {
          position = endOfRun(of: kind, text, position + length, end, unicode)
        }
      }
      body(start..<position)
      start = position
    }
  }

  /// The pattern of Llama 3, and with one digit that of Qwen 2.
  ///
  ///     (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
  static func llama3(
    _ text: [UInt8], _ range: Range<Int>, digits: Int, _ form: PatternForm, _ body: (Range<Int>) -> Void
  ) {
    let end = range.upperBound
    var start = range.lowerBound
    while start < end {
      let position = endOfLlama3Match(text, start, end, digits: digits, form)
      body(start..<position)
      start = position
    }
  }

  private static func endOfLlama3Match(
    _ text: [UInt8], _ start: Int, _ end: Int, digits: Int, _ form: PatternForm
  ) -> Int {
    if let contraction = contraction(text, start, end, anyCase: true, form) { return contraction }
    let unicode = form.unicode
    let (value, length) = UTF8Scalars.scalar(at: start, in: text)
    let kind = CharacterClass(value, in: unicode)
    let second = start + length
    if kind == .letter { return endOfRun(of: .letter, text, second, end, unicode) }
    if kind == .number { return endOfRun(of: .number, text, second, end, unicode, limit: digits - 1) }
    let next: (kind: CharacterClass, length: Int)? =
      if second < end {
        { (CharacterClass($0.value, in: unicode), $0.length) }(UTF8Scalars.scalar(at: second, in: text))
      } else {
        nil
      }
    if value != 0x0D, value != 0x0A, let next, next.kind == .letter {
      return endOfRun(of: .letter, text, second + next.length, end, unicode)
    }
    if kind == .other { return endOfBreaks(text, endOfRun(of: .other, text, second, end, unicode), end) }
    if value == 0x20, let next, next.kind == .other {
      return endOfBreaks(text, endOfRun(of: .other, text, second + next.length, end, unicode), end)
    }
    // White space up to its last line break, if it has one.
    let space = endOfRun(of: .space, text, second, end, unicode)
    if let last = text[start..<space].lastIndex(where: { $0 == 0x0D || $0 == 0x0A }) { return last + 1 }
    return endOfSpace(text, start, end)
  }

  /// The end of `'s` and its like; nil where there is none.
  ///
  /// In any case `ſ` (U+017F) is an s as well, by Unicode's case folding, but not to llama.cpp.
  private static func contraction(
    _ text: [UInt8], _ start: Int, _ end: Int, anyCase: Bool = false, _ form: PatternForm = .tokenizers
  ) -> Int? {
    guard text[start] == UInt8(ascii: "'"), start + 1 < end else { return nil }
    let fold: UInt8 = anyCase ? 0x20 : 0
    let first = text[start + 1] | fold
    switch first {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return start + 2
    default: break
    }
    guard start + 2 < end else { return nil }
    if anyCase, form == .tokenizers, text[start + 1] == 0xC5, text[start + 2] == 0xBF { return start + 3 }
    switch (first, text[start + 2] | fold) {
    case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
      (UInt8(ascii: "l"), UInt8(ascii: "l")):
      return start + 3
    default: return nil
    }
  }

  @inline(__always)
  private static func endOfRun(
    of kind: CharacterClass, _ text: [UInt8], _ start: Int, _ end: Int, _ unicode: Int, limit: Int = .max
  ) -> Int {
    var position = start
    var left = limit
    while position < end, left > 0 {
      let (value, length) = UTF8Scalars.scalar(at: position, in: text)
      if CharacterClass(value, in: unicode) != kind { break }
      position += length
      left -= 1
    }
    return position
  }

  private static func endOfBreaks(_ text: [UInt8], _ start: Int, _ end: Int) -> Int {
    var position = start
    while position < end, text[position] == 0x0D || text[position] == 0x0A { position += 1 }
    return position
  }

  /// `\s+(?!\S)|\s+`: all white space at the end of the text, else all but its last character, unless it has only one.
  private static func endOfSpace(_ text: [UInt8], _ start: Int, _ end: Int) -> Int {
    var position = start
    var last = start
    while position < end {
      let (value, length) = UTF8Scalars.scalar(at: position, in: text)
      if CharacterClass(value) != .space { break }
      last = position
      position += length
    }
    return position == end || last == start ? position : last
  }
}
