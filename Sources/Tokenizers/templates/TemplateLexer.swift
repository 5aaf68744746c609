/// Cuts the source of a template into text and tags, with Jinja's rules for white space as transformers sets them:
/// a statement's line end goes with it (`trim_blocks`), and so do blanks before it that begin a line (`lstrip_blocks`).
struct TemplateLexer {
  let source: TemplateSource
  var tokens: [TemplateToken] = []
  var offset = 0
  /// Whether what was read last ended with a line feed.
  var isLineStart = true

  private init(_ source: TemplateSource) { self.source = source }

  /// The tokens of a source, the last of them its end.
  ///
  /// - Complexity: O(n).
  static func tokens(of source: TemplateSource) throws(TokenizerError) -> [TemplateToken] {
    var lexer = TemplateLexer(source)
    while let tag = lexer.nextTag() { try lexer.read(tag) }
    lexer.append(data: lexer.offset..<source.scalars.count)
    lexer.tokens.append(TemplateToken(kind: .end, offset: source.scalars.count))
    return lexer.tokens
  }

  /// The kind of a tag that begins in a text.
  private enum Tag {
    case output, statement, comment
    /// With the end of its begin tag.
    case raw(Int)
  }

  private func nextTag() -> (tag: Tag, start: Int)? {
    var place = offset
    while place + 1 < source.scalars.count {
      if source.scalars[place] == 0x7B {
        switch source.scalars[place + 1] {
        case 0x7B: return (.output, place)
        case 0x23: return (.comment, place)
        case 0x25: return (rawEnd(from: place).map { .raw($0) } ?? .statement, place)
        default: break
        }
      }
      place += 1
    }
    return nil
  }

  /// The end of a tag `{% raw %}`, if one begins here.
  private func rawEnd(from start: Int) -> Int? {
    var place = start + 2
    if source.has("-", at: place) || source.has("+", at: place) { place += 1 }
    place = source.endOfWhite(from: place)
    guard source.has("raw", at: place) else { return nil }
    place = source.endOfWhite(from: place + 3)
    if source.has("-%}", at: place) { return source.endOfWhite(from: place + 3) }
    return source.has("%}", at: place) ? place + 2 : nil
  }

  private mutating func read(_ found: (tag: Tag, start: Int)) throws(TokenizerError) {
    let start = found.start
    var isOutput = false
    if case .output = found.tag { isOutput = true }
    append(data: stripped(offset..<start, beforeTagAt: start, isOutput: isOutput))
    offset = start + 2
    if source.has("-", at: offset) || source.has("+", at: offset) { offset += 1 }
    switch found.tag {
    case .raw(let end):
      offset = end
      isLineStart = source.scalars[end - 1] == 0x0A
      try readRaw(from: start)
    case .comment:
      guard let end = source.firstPlace(of: "#}", from: offset) else {
        throw source.fault(at: start, "the comment that begins here does not end; close it by #}")
      }
      // A minus that belongs to the begin is not the end's.
      let sign = end > offset ? source.scalars[end - 1] : 0
      offset = end + 2
      skipAfterStatement(sign)
    case .output, .statement:
      tokens.append(TemplateToken(kind: isOutput ? .outputBegin : .statementBegin, offset: start))
      try readTag(isOutput: isOutput, from: start)
    }
  }

  /// A text without what the tag after it takes away.
  private func stripped(_ range: Range<Int>, beforeTagAt start: Int, isOutput: Bool) -> Range<Int> {
    var end = range.upperBound
    if source.has("-", at: start + 2) {
      while end > range.lowerBound, source.scalars[end - 1].isWhite { end -= 1 }
      return range.lowerBound..<end
    }
    guard !source.has("+", at: start + 2), !isOutput else { return range }
    while end > range.lowerBound, source.scalars[end - 1] != 0x0A, source.scalars[end - 1].isWhite { end -= 1 }
    let beginsLine = end > range.lowerBound ? source.scalars[end - 1] == 0x0A : isLineStart
    return beginsLine ? range.lowerBound..<end : range
  }

  /// Passes over what a statement or a comment takes away behind it.
  mutating func skipAfterStatement(_ sign: UInt32) {
    if sign.isCharacter("-") {
      offset = source.endOfWhite(from: offset)
    } else if !sign.isCharacter("+"), source.has("\n", at: offset) {
      offset += 1
    }
    isLineStart = source.scalars[offset - 1] == 0x0A
  }

  private mutating func readRaw(from start: Int) throws(TokenizerError) {
    let begin = offset
    var place = begin
    while let tag = source.firstPlace(of: "{%", from: place) {
      place = tag + 2
      var end = place
      if source.has("-", at: end) || source.has("+", at: end) { end += 1 }
      end = source.endOfWhite(from: end)
      guard source.has("endraw", at: end) else { continue }
      end = source.endOfWhite(from: end + 6)
      let sign = source.has("-", at: end) || source.has("+", at: end) ? source.scalars[end] : 0
      if sign != 0 { end += 1 }
      guard source.has("%}", at: end) else { continue }
      append(data: stripped(begin..<tag, beforeTagAt: tag, isOutput: false))
      offset = end + 2
      skipAfterStatement(sign)
      return
    }
    throw source.fault(at: start, "the raw text that begins here does not end; close it by {% endraw %}")
  }

  private mutating func append(data range: Range<Int>) {
    guard !range.isEmpty else { return }
    tokens.append(
      TemplateToken(kind: .data(TemplateText(units: source.scalars[range])), offset: range.lowerBound))
  }
}
