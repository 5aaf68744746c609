extension Pattern {
  /// Reads a regular expression; nil for one with anything else than ``Pattern`` knows.
  ///
  /// - Parameter unicode: the Unicode version in which later characters are unassigned.
  init?(_ text: String, unicode: Int) {
    var parser = PatternParser(text, unicode: unicode)
    guard parser.alternatives(), parser.isAtEnd else { return nil }
    self.init(steps: parser.steps + [.match])
  }
}

/// A parser by descent that writes steps as it reads.
private struct PatternParser {
  private let text: [Unicode.Scalar]
  private let unicode: Int
  private var position = 0
  private var ignoresCase = false
  var steps: [Pattern.Step] = []

  init(_ text: String, unicode: Int) { (self.text, self.unicode) = (Array(text.unicodeScalars), unicode) }

  var isAtEnd: Bool { position == text.count }

  private var next: Unicode.Scalar? { position < text.count ? text[position] : nil }

  private mutating func take(_ string: String) -> Bool {
    let wanted = Array(string.unicodeScalars)
    guard text[position...].starts(with: wanted) else { return false }
    position += wanted.count
    return true
  }

  /// Alternatives up to the end or a closing parenthesis; false for what is not known.
  mutating func alternatives() -> Bool {
    let fork = steps.count
    var ways: [Int] = []
    var jumps: [Int] = []
    steps.append(.match)
    repeat {
      ways.append(steps.count)
      while let scalar = next, scalar != "|", scalar != ")" {
        guard element() else { return false }
      }
      jumps.append(steps.count)
      steps.append(.match)
    } while take("|")
    if ways.count == 1 {
      // A single way needs neither fork nor jump; those of its groups are moved with it.
      steps.remove(at: fork)
      steps.removeLast()
      for index in fork..<steps.count { steps[index] = Self.moved(steps[index], from: fork) }
      return true
    }
    steps[fork] = .fork(ways)
    for jump in jumps { steps[jump] = .jump(steps.count) }
    return true
  }

  private static func moved(_ step: Pattern.Step, from start: Int) -> Pattern.Step {
    switch step {
    case .jump(let target): .jump(target > start ? target - 1 : target)
    case .fork(let ways): .fork(ways.map { $0 > start ? $0 - 1 : $0 })
    default: step
    }
  }

  /// One class, group or assertion, with what says how often.
  private mutating func element() -> Bool {
    if take("$") {
      steps.append(.lineEnd)
      return true
    }
    if take("(?!") {
      guard let characters = atom(), take(")") else { return false }
      steps.append(.notBefore(characters))
      return true
    }
    let isCaseless = take("(?i:")
    if isCaseless || take("(?:") { return group(ignoringCase: isCaseless) }
    guard let characters = atom() else { return false }
    let least: Int
    let most: Int
    if take("?") {
      (least, most) = (0, 1)
    } else if take("*") {
      (least, most) = (0, .max)
    } else if take("+") {
      (least, most) = (1, .max)
    } else if take("{") {
      guard let lower = number(), take(","), let upper = number(), take("}"), lower <= upper else { return false }
      (least, most) = (lower, upper)
    } else {
      (least, most) = (1, 1)
    }
    steps.append(.run(characters, least: least, most: most))
    return true
  }

  private mutating func group(ignoringCase: Bool) -> Bool {
    let start = steps.count
    let outer = ignoresCase
    ignoresCase = ignoresCase || ignoringCase
    steps.append(.match)
    guard alternatives(), take(")") else { return false }
    ignoresCase = outer
    let isOptional = take("?")
    if let next, "*+{?".unicodeScalars.contains(next) { return false }
    steps[start] = .fork(isOptional ? [start + 1, steps.count] : [start + 1])
    return true
  }

  private mutating func number() -> Int? {
    let start = position
    while let scalar = next, scalar.properties.numericType == .decimal, scalar.isASCII { position += 1 }
    return Int(String(String.UnicodeScalarView(text[start..<position])))
  }

  /// A class, a category, an escape, or a character.
  private mutating func atom() -> PatternClass? {
    if take("[") { return bracket() }
    // Elsewhere these stand for more than themselves, as in `++`; they are read only where an element takes them.
    if let next, "*+?{}().^|]".unicodeScalars.contains(next) { return nil }
    return part()
  }

  /// The rest of a class in brackets.
  private mutating func bracket() -> PatternClass? {
    let isNegated = take("^")
    var parts: [PatternClass] = []
    while !take("]") {
      if take("&&") {
        guard let other = bracket() else { return nil }
        return PatternClass(anyOf: parts, isNegated: isNegated).intersection(other)
      }
      if take("[") {
        guard let inner = bracket() else { return nil }
        parts.append(inner)
        continue
      }
      let start = position
      guard let part = part() else { return nil }
      guard let lower = single(start), next == "-", position + 1 < text.count, text[position + 1] != "]" else {
        parts.append(part)
        continue
      }
      position += 1
      let after = position
      guard self.part() != nil, let upper = single(after), lower <= upper,
        let range = PatternClass(.range(lower...upper))
      else { return nil }
      parts.append(range)
    }
    return PatternClass(anyOf: parts, isNegated: isNegated)
  }

  /// The character that was read from a place on, if it is one.
  private func single(_ start: Int) -> UInt32? {
    let read = text[start..<position]
    if read.count == 1, let scalar = read.first, scalar != "\\" { return scalar.value }
    guard read.count == 2, let scalar = read.last else { return nil }
    return Self.escaped(scalar)?.value
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    switch scalar {
    case "r": "\r"
    case "n": "\n"
    case "t": "\t"
    default: scalar.isASCII && !scalar.properties.isAlphabetic && !("0"..."9").contains(scalar) ? scalar : nil
    }
  }

  /// An escape, a category, or a character.
  private mutating func part() -> PatternClass? {
    guard let scalar = next else { return nil }
    position += 1
    guard scalar == "\\" else { return literal(scalar) }
    guard let kind = next else { return nil }
    position += 1
    switch kind {
    case "s": return PatternClass(.space)
    case "S": return PatternClass(.space).map { PatternClass(anyOf: [$0], isNegated: true) }
    case "p":
      guard take("{"), let end = text[position...].firstIndex(of: "}") else { return nil }
      let name = String(String.UnicodeScalarView(text[position..<end]))
      position = end + 1
      return PatternClass(.category(name), unicode: unicode)
    default: return Self.escaped(kind).flatMap(literal)
    }
  }

  private func literal(_ scalar: Unicode.Scalar) -> PatternClass? {
    guard ignoresCase, scalar.properties.isAlphabetic else { return PatternClass(.range(scalar.value...scalar.value)) }
    // By Unicode's case folding ſ (U+017F) is an s as well; no other letter of a known pattern has a third form.
    let forms = [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping] + (scalar == "s" ? ["ſ"] : [])
    return PatternClass(
      anyOf: forms.flatMap(\.unicodeScalars).compactMap { PatternClass(.range($0.value...$0.value)) })
  }
}
