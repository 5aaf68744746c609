extension TemplateMethods {
  static let ofTexts: [String: Method<TemplateText>] = [
    "capitalize": plain { $0.capitalized },
    "center": padded(.both),
    "count": { (text, arguments, run) throws(TokenizerError) in
      let part = try one("sub", arguments, run)
      guard !part.units.isEmpty else { return .integer(text.units.count + 1) }
      return .integer(try run.parts(of: text, at: part, most: nil).count - 1)
    },
    "endswith": { (text, arguments, run) throws(TokenizerError) in
      .boolean(
        try any("suffix", arguments, run) { text.units.count >= $0.count && same(text.units.suffix($0.count), $0) })
    },
    "find": { (text, arguments, run) throws(TokenizerError) in
      .integer(try run.place(of: try one("sub", arguments, run), in: text, from: 0) ?? -1)
    },
    "format": { (text, arguments, run) throws(TokenizerError) in try run.formatted(text, fields: arguments) },
    "index": { (text, arguments, run) throws(TokenizerError) in
      guard let place = try run.place(of: try one("sub", arguments, run), in: text, from: 0) else {
        throw run.fault("the string is not in the other; ask by \"in\", or by find")
      }
      return .integer(place)
    },
    "isalnum": all { $0.isLetter || $0.numericType != nil },
    "isalpha": all(\.isLetter),
    "isdigit": all { $0.numericType == .decimal || $0.numericType == .digit },
    "islower": { (text, arguments, run) throws(TokenizerError) in .boolean(text.isLowercase) },
    "isnumeric": all { $0.numericType != nil },
    "isspace": { (text, arguments, run) throws(TokenizerError) in
      .boolean(!text.units.isEmpty && text.units.allSatisfy(\.isWhite))
    },
    "isupper": { (text, arguments, run) throws(TokenizerError) in .boolean(text.isUppercase) },
    "join": { (text, arguments, run) throws(TokenizerError) in
      guard let values = try arguments.only("iterable", run) else { throw run.fault("join takes strings") }
      var units: [UInt32] = []
      for (place, element) in try run.elements(of: values).enumerated() {
        guard case .text(let part) = element else { throw run.fault("join takes strings, not \(element.kind)") }
        try run.charge(text.units.count + 1)
        if place > 0 { units += text.units }
        units += part.units
      }
      return try run.text(units)
    },
    "ljust": padded(.right),
    "lower": plain { $0.lowercased },
    "lstrip": stripped(left: true, right: false),
    "partition": partitioned(fromEnd: false),
    "removeprefix": { (text, arguments, run) throws(TokenizerError) in
      let part = try one("prefix", arguments, run).units
      return try run.text(
        same(text.units.prefix(part.count), part) ? text.units.dropFirst(part.count) : text.units[...])
    },
    "removesuffix": { (text, arguments, run) throws(TokenizerError) in
      let part = try one("suffix", arguments, run).units
      return try run.text(same(text.units.suffix(part.count), part) ? text.units.dropLast(part.count) : text.units[...])
    },
    "replace": { (text, arguments, run) throws(TokenizerError) in
      let given = try arguments.bound(["old", "new", "count"], run)
      guard case .text(let old)? = given[0], case .text(let new)? = given[1] else {
        throw run.fault("replace takes two strings")
      }
      return .text(try run.replacing(old, with: new, in: text, most: given[2]?.integer))
    },
    "rfind": { (text, arguments, run) throws(TokenizerError) in
      let part = try one("sub", arguments, run)
      let (reversed, reversedPart) = (text.units.reversed(), part.units.reversed())
      let place = try run.place(of: TemplateText(units: reversedPart), in: TemplateText(units: reversed), from: 0)
      return .integer(place.map { text.units.count - $0 - part.units.count } ?? -1)
    },
    "rjust": padded(.left),
    "rpartition": partitioned(fromEnd: true),
    "rsplit": split(fromEnd: true),
    "rstrip": stripped(left: false, right: true),
    "split": split(fromEnd: false),
    "splitlines": { (text, arguments, run) throws(TokenizerError) in
      let keeps = try arguments.only("keepends", run)?.isTrue == true
      try run.charge(text.units.count)
      return try run.list(text.lines(keepingEnds: keeps).map { .text($0) })
    },
    "startswith": { (text, arguments, run) throws(TokenizerError) in
      .boolean(
        try any("prefix", arguments, run) { text.units.count >= $0.count && same(text.units.prefix($0.count), $0) })
    },
    "strip": stripped(left: true, right: true),
    "swapcase": plain { $0.swapped },
    "title": plain { $0.titled },
    "upper": plain { $0.uppercased },
    "zfill": { (text, arguments, run) throws(TokenizerError) in
      guard let width = try arguments.only("width", run)?.integer else { throw run.fault("zfill takes a width") }
      let count = max(0, width - text.units.count)
      try run.charge(count)
      let sign = text.units.prefix { $0.isCharacter("+") || $0.isCharacter("-") }.prefix(1)
      return try run.text(sign + [UInt32](repeating: 0x30, count: count) + text.units.dropFirst(sign.count))
    },
  ]

  private static func same(_ left: some Sequence<UInt32>, _ right: some Sequence<UInt32>) -> Bool {
    left.elementsEqual(right) { $0.value == $1.value }
  }

  private static func plain(_ change: @escaping @Sendable (TemplateText) -> TemplateText) -> Method<TemplateText> {
    { (text, arguments, run) throws(TokenizerError) in
      try arguments.none(run)
      return try run.text(change(text).units)
    }
  }

  private static func all(_ holds: @escaping @Sendable (Unicode.Scalar.Properties) -> Bool) -> Method<TemplateText> {
    { (text, arguments, run) throws(TokenizerError) in
      try arguments.none(run)
      return .boolean(!text.units.isEmpty && text.units.allSatisfy { holds($0.scalar.properties) })
    }
  }

  private static func one(
    _ name: String, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateText {
    guard case .text(let text)? = try arguments.only(name, run) else { throw run.fault("one string is taken here") }
    return text
  }

  /// Whether it holds for the string that is given, or for one of a tuple.
  private static func any(
    _ name: String, _ arguments: TemplateArguments, _ run: TemplateRun, _ holds: ([UInt32]) -> Bool
  ) throws(TokenizerError) -> Bool {
    let given = try arguments.only(name, run)
    var texts = [given]
    if case .list(let list)? = given, list.kind == .tuple { texts = list.elements }
    for text in texts {
      guard case .text(let text)? = text else { throw run.fault("a string, or a tuple of strings, is taken here") }
      if holds(text.units) { return true }
    }
    return false
  }

  private static func stripped(left: Bool, right: Bool) -> Method<TemplateText> {
    { (text, arguments, run) throws(TokenizerError) in
      let characters = try run.characters(try arguments.only("chars", run))
      return try run.text(text.stripped(of: characters, left: left, right: right).units)
    }
  }

  private static func split(fromEnd: Bool) -> Method<TemplateText> {
    { (text, arguments, run) throws(TokenizerError) in
      let given = try arguments.bound(["sep", "maxsplit"], run)
      let most = given[1]?.integer.flatMap { $0 < 0 ? nil : $0 }
      try run.charge(text.units.count)
      let parts: [TemplateText]
      switch given[0] {
      case nil, .some(.none): parts = text.words(most: most, fromEnd: fromEnd)
      case .text(let separator)?: parts = try run.parts(of: text, at: separator, most: most, fromEnd: fromEnd)
      default: throw run.fault("split takes a string")
      }
      return try run.list(parts.map { .text($0) })
    }
  }

  private static func partitioned(fromEnd: Bool) -> Method<TemplateText> {
    { (text, arguments, run) throws(TokenizerError) in
      let separator = try one("sep", arguments, run)
      let parts = try run.parts(of: text, at: separator, most: 1, fromEnd: fromEnd)
      let empty = TemplateText(units: [])
      var all = parts.count == 2 ? [parts[0], separator, parts[1]] : [text, empty, empty]
      if parts.count < 2, fromEnd { all.reverse() }
      return try run.list(all.map { .text($0) }, .tuple)
    }
  }

  private enum Side { case left, right, both }

  private static func padded(_ side: Side) -> Method<TemplateText> {
    { (text, arguments, run) throws(TokenizerError) in
      let given = try arguments.bound(["width", "fillchar"], run)
      guard let width = given[0]?.integer else { throw run.fault("a width is needed") }
      var filler: UInt32 = 0x20
      if let given = given[1] {
        guard case .text(let text) = given, text.units.count == 1 else { throw run.fault("one character fills a text") }
        filler = text.units[0]
      }
      let count = max(0, width - text.units.count)
      try run.charge(count)
      // Of an odd number the left has the more where the width is odd, as in Python.
      let left = side == .left ? count : side == .right ? 0 : count / 2 + (count & width & 1)
      let fill = { (count: Int) in [UInt32](repeating: filler, count: count) }
      return try run.text(fill(left) + text.units + fill(count - left))
    }
  }
}

extension Unicode.Scalar.Properties {
  fileprivate var isLetter: Bool {
    switch generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: false
    }
  }
}
