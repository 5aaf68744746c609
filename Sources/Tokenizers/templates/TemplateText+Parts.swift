extension TemplateText {
  /// Without white space, or certain characters, at its ends.
  func stripped(of characters: Set<UInt32>?, left: Bool = true, right: Bool = true) -> TemplateText {
    func isStripped(_ unit: UInt32) -> Bool { characters?.contains(unit.value) ?? unit.isWhite }
    var rest = units[...]
    if left { rest = rest.drop(while: isStripped) }
    if right {
      while let last = rest.last, isStripped(last) { rest.removeLast() }
    }
    return TemplateText(units: rest)
  }

  /// The parts between white space.
  ///
  /// - Parameter most: how often it is cut at most; nil for any number.
  func words(most: Int?, fromEnd: Bool = false) -> [TemplateText] {
    if fromEnd {
      let reversed = TemplateText(units: units.reversed()).words(most: most)
      return reversed.reversed().map { TemplateText(units: $0.units.reversed()) }
    }
    var words: [TemplateText] = []
    var rest = units.drop(while: \.isWhite)
    while !rest.isEmpty {
      if words.count == most {
        words.append(TemplateText(units: rest))
        break
      }
      let word = rest.prefix { !$0.isWhite }
      words.append(TemplateText(units: word))
      rest = rest[word.endIndex...].drop(while: \.isWhite)
    }
    return words
  }

  /// Line ends as Python's `splitlines` has them.
  private static let lineEnds: Set<UInt32> = [0x0A, 0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x85, 0x2028, 0x2029]

  /// The lines; one that is empty behind the last line end is none.
  func lines(keepingEnds: Bool) -> [TemplateText] {
    var lines: [TemplateText] = []
    var start = 0
    while start < units.count {
      let end = units[start...].firstIndex { Self.lineEnds.contains($0.value) } ?? units.count
      var next = end
      if end < units.count {
        let isPair = units[end].value == 0x0D && end + 1 < units.count && units[end + 1].value == 0x0A
        next = end + (isPair ? 2 : 1)
      }
      lines.append(TemplateText(units: units[start..<(keepingEnds ? next : end)]))
      start = next
    }
    return lines
  }
}

extension TemplateRun {
  /// The characters that are to be stripped; nil for white space.
  func characters(_ value: TemplateValue?) throws(TokenizerError) -> Set<UInt32>? {
    guard let value, !value.isNone else { return nil }
    guard case .text(let text) = value else { throw fault("the characters to strip are a string, not \(value.kind)") }
    try charge(text.units.count)
    return Set(text.units.map(\.value))
  }

  /// The parts between occurrences of a separator.
  ///
  /// - Parameter most: how often it is cut at most; nil for any number.
  func parts(
    of text: TemplateText, at separator: TemplateText, most: Int?, fromEnd: Bool = false
  ) throws(TokenizerError) -> [TemplateText] {
    guard !separator.units.isEmpty else { throw fault("a string is split at an empty string") }
    if fromEnd {
      let reversed = try parts(
        of: TemplateText(units: text.units.reversed()), at: TemplateText(units: separator.units.reversed()), most: most)
      return reversed.reversed().map { TemplateText(units: $0.units.reversed()) }
    }
    var parts: [TemplateText] = []
    var start = 0
    while parts.count != most, let place = try place(of: separator, in: text, from: start) {
      parts.append(TemplateText(units: text.units[start..<place]))
      start = place + separator.units.count
    }
    parts.append(TemplateText(units: text.units[start...]))
    return parts
  }

  /// A text with one for another.
  ///
  /// - Parameter most: how often at most; nil, or below 0, for any number.
  func replacing(
    _ old: TemplateText, with new: TemplateText, in text: TemplateText, most: Int?
  ) throws(TokenizerError) -> TemplateText {
    let most = most.map { $0 < 0 ? Int.max : $0 } ?? .max
    var units: [UInt32] = []
    var count = 0
    if old.units.isEmpty {
      // Before each character and at the end, as in Python.
      for unit in text.units {
        if count < most {
          units += new.units
          count += 1
          try charge(new.units.count)
        }
        units.append(unit)
      }
      if count < most { units += new.units }
    } else {
      var start = 0
      while count < most, let place = try place(of: old, in: text, from: start) {
        try charge(new.units.count)
        units += text.units[start..<place] + new.units
        start = place + old.units.count
        count += 1
      }
      units += text.units[start...]
    }
    try charge(units.count)
    return TemplateText(units: units)
  }
}
