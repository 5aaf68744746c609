/// The source of a template, as Jinja reads it: line ends are line feeds, and the last one is dropped.
struct TemplateSource: Sendable {
  let scalars: [UInt32]

  /// - Throws: ``TokenizerError/template(line:column:reason:)`` where it is longer than a limit.
  init(_ text: String) throws(TokenizerError) {
    var scalars: [UInt32] = []
    for scalar in text.unicodeScalars {
      if scalar == "\n", scalars.last == 0x0D { scalars.removeLast() }
      scalars.append(scalar.value)
    }
    for index in scalars.indices where scalars[index] == 0x0D { scalars[index] = 0x0A }
    if scalars.last == 0x0A { scalars.removeLast() }
    self.scalars = scalars
    guard scalars.count <= TemplateLimits.source else {
      throw fault(at: TemplateLimits.source, "the template is longer than \(TemplateLimits.source) characters")
    }
  }

  /// An error with its line and column, both from 1.
  func fault(at offset: Int, _ reason: String) -> TokenizerError {
    let before = scalars[..<min(offset, scalars.count)]
    let line = before.count { $0 == 0x0A } + 1
    let column = before.count - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
    return .template(line: line, column: column, reason: reason)
  }

  /// The first place of an ASCII text from an offset on.
  func firstPlace(of text: String, from start: Int) -> Int? {
    let wanted = text.unicodeScalars.map(\.value)
    guard scalars.count >= wanted.count else { return nil }
    var offset = start
    while offset + wanted.count <= scalars.count {
      if scalars[offset] == wanted[0], scalars[offset..<offset + wanted.count].elementsEqual(wanted) { return offset }
      offset += 1
    }
    return nil
  }

  /// Whether an ASCII text stands at an offset.
  func has(_ text: String, at offset: Int) -> Bool {
    var place = offset
    for scalar in text.unicodeScalars {
      guard place < scalars.count, scalars[place] == scalar.value else { return false }
      place += 1
    }
    return true
  }

  /// The end of the white space that begins at an offset.
  func endOfWhite(from offset: Int) -> Int {
    var end = offset
    while end < scalars.count, scalars[end].isWhite { end += 1 }
    return end
  }
}
