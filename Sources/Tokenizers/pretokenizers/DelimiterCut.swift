/// Cuts at what is found in a text, as Hugging Face's `tokenizers` does by a `SplitDelimiterBehavior`.
enum DelimiterCut {
  /// Cuts at numbers.
  static func digits(
    _ text: [UInt8], _ range: Range<Int>, individually: Bool, unicode: Int, _ body: (Range<Int>) -> Void
  ) {
    var start = range.lowerBound
    var position = start
    var wasDigit = false
    while position < range.upperBound {
      let (value, length) = UTF8Scalars.scalar(at: position, in: text)
      let isDigit = CharacterClass.isDigit(value, in: unicode)
      if position > start, isDigit != wasDigit || isDigit && individually {
        body(start..<position)
        start = position
      }
      wasDigit = isDigit
      position += length
    }
    if position > start { body(start..<position) }
  }

  /// Cuts where a string occurs, from left to right without overlaps; or, inverted, at what is between.
  static func occurrences(
    of string: [UInt8], in text: [UInt8], _ range: Range<Int>, _ delimiter: TextCut.Delimiter, inverted: Bool,
    _ body: (Range<Int>) -> Void
  ) {
    var parts: [(range: Range<Int>, isMatch: Bool)] = []
    var start = range.lowerBound
    var position = start
    while position + string.count <= range.upperBound {
      guard text[position] == string[0], text[position..<position + string.count].elementsEqual(string) else {
        position += 1
        continue
      }
      if start < position { parts.append((start..<position, inverted)) }
      parts.append((position..<position + string.count, !inverted))
      position += string.count
      start = position
    }
    if start < range.upperBound { parts.append((start..<range.upperBound, inverted)) }
    join(parts, delimiter, body)
  }

  /// Cuts where a pattern matches; or, inverted, at what is between.
  static func matches(
    of pattern: Pattern, in text: [UInt8], _ range: Range<Int>, _ delimiter: TextCut.Delimiter, inverted: Bool,
    _ body: (Range<Int>) -> Void
  ) {
    if delimiter == .isolated { return pattern.forEachPart(of: text, range) { part, _ in body(part) } }
    var parts: [(range: Range<Int>, isMatch: Bool)] = []
    pattern.forEachPart(of: text, range) { part, isMatch in parts.append((part, isMatch != inverted)) }
    join(parts, delimiter, body)
  }

  private static func join(
    _ parts: [(range: Range<Int>, isMatch: Bool)], _ delimiter: TextCut.Delimiter, _ body: (Range<Int>) -> Void
  ) {
    var pending: (range: Range<Int>, isMatch: Bool)?
    for part in parts {
      let joins: Bool =
        switch delimiter {
        case .removed, .isolated: false
        case .contiguous: pending?.isMatch == part.isMatch
        case .mergedWithPrevious: part.isMatch && pending?.isMatch == false
        case .mergedWithNext: pending?.isMatch == true && !part.isMatch
        }
      if joins, let left = pending {
        pending = (left.range.lowerBound..<part.range.upperBound, part.isMatch)
        continue
      }
      if let left = pending { body(left.range) }
      pending = delimiter == .removed && part.isMatch ? nil : part
    }
    if let left = pending { body(left.range) }
  }

  /// A text with a mark for each space, and one before it if it has none there.
  static func marked(_ text: ArraySlice<UInt8>, mark: [UInt8], before: Bool) -> [UInt8] {
    var marked: [UInt8] = []
    marked.reserveCapacity(text.count + 16)
    for byte in text {
      if byte == UInt8(ascii: " ") { marked += mark } else { marked.append(byte) }
    }
    return before && !marked.starts(with: mark) ? mark + marked : marked
  }
}
