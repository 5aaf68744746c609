/// A node of a drawing; whatever text is put into it is escaped when it is written.
indirect enum SVG: Hashable, Sendable {
  /// An element with its attributes and what it holds.
  case element(String, [Attribute], [SVG])
  /// Text.
  case text(String)

  /// An attribute of an element.
  struct Attribute: Hashable, Sendable {
    var name: String
    var value: String
  }
}

extension SVG {
  /// An element; `nil` attributes are left out.
  static func node(_ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ children: [SVG] = []) -> SVG {
    .element(name, attributes.compactMap { name, value in value.map { Attribute(name: name, value: $0) } }, children)
  }

  /// A group.
  static func group(_ attributes: KeyValuePairs<String, String?>, _ children: [SVG]) -> SVG {
    node("g", attributes, children)
  }

  /// A text with its anchor at a point.
  static func label(
    _ text: String, _ x: Double, _ y: Double, kind: String = "label", anchor: String? = nil, rotated: Double? = nil
  ) -> SVG {
    let turn = rotated.map { "rotate(\(number($0)) \(number(x)) \(number(y)))" }
    return node(
      "text", ["class": kind, "x": number(x), "y": number(y), "text-anchor": anchor, "transform": turn], [.text(text)])
  }

  /// About how wide a text is at a size of letters, in a wide face; a drawing makes room by it.
  static func width(of text: String, size: Double) -> Double {
    let ems = text.reduce(0.0) { sum, letter in
      let isNarrow = "ijltfr-/.,:;|!'()[] ".contains(letter)
      let isWide = "mwMW@%—".contains(letter) || letter.unicodeScalars.contains { $0.value >= 0x1100 }
      return sum + (isNarrow ? 0.4 : isWide ? 1 : 0.67)
    }
    return ems * size
  }

  /// A straight line.
  static func line(_ kind: String, from start: (Double, Double), to end: (Double, Double)) -> SVG {
    node(
      "line",
      [
        "class": kind, "x1": number(start.0), "y1": number(start.1), "x2": number(end.0), "y2": number(end.1),
      ])
  }

  /// A rectangle.
  static func rectangle(_ kind: String, _ x: Double, _ y: Double, _ width: Double, _ height: Double) -> SVG {
    node(
      "rect",
      [
        "class": kind, "x": number(x), "y": number(y), "width": number(max(0, width)),
        "height": number(max(0, height)),
      ])
  }

  /// A path; nothing where it is empty.
  static func path(_ kind: String, _ path: SVGPath) -> [SVG] {
    path.data.isEmpty ? [] : [node("path", ["class": kind, "d": path.data])]
  }

  /// A coordinate: two decimals at most, as short as can be.
  static func number(_ value: Double) -> String {
    let hundredths = (min(max(value, -1e6), 1e6) * 100).rounded()
    guard hundredths.isFinite, hundredths != 0 else { return "0" }
    let (whole, rest) = Int(hundredths.magnitude).quotientAndRemainder(dividingBy: 100)
    let fraction = rest == 0 ? "" : rest % 10 == 0 ? ".\(rest / 10)" : rest < 10 ? ".0\(rest)" : ".\(rest)"
    return "\(hundredths < 0 ? "-" : "")\(whole)\(fraction)"
  }
}

extension SVG {
  /// The drawing as text.
  var written: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .text(let content): text += Self.escaped(content)
    case .element(let name, let attributes, let children):
      text += "<\(name)"
      for attribute in attributes { text += " \(attribute.name)=\"\(Self.escaped(attribute.value))\"" }
      if children.isEmpty {
        text += "/>"
      } else {
        text += ">"
        for child in children { child.write(to: &text) }
        text += "</\(name)>"
      }
    }
  }

  /// Scalar by scalar: an accent joins the character before it, and may not hide a mark of XML.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      // What XML does not allow at all.
      case "\n": escaped += "\n"
      case _ where scalar.value < 0x20 || scalar.value & 0xFFFE == 0xFFFE: escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

/// The data of a path: many marks in one element keep a page small.
struct SVGPath: Hashable, Sendable {
  private(set) var data = ""

  /// A point, which a round line cap makes a dot.
  mutating func point(_ x: Double, _ y: Double) { data += "M\(SVG.number(x)) \(SVG.number(y))h0" }

  /// A line.
  mutating func line(from start: (Double, Double), to end: (Double, Double)) {
    data += "M\(SVG.number(start.0)) \(SVG.number(start.1))L\(SVG.number(end.0)) \(SVG.number(end.1))"
  }

  /// The next corner of a polygon or of a line.
  mutating func corner(_ x: Double, _ y: Double) {
    data += "\(data.isEmpty ? "M" : "L")\(SVG.number(x)) \(SVG.number(y))"
  }

  /// A rectangle.
  mutating func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double) {
    data += "M\(SVG.number(x)) \(SVG.number(y))h\(SVG.number(width))v\(SVG.number(height))h\(SVG.number(-width))z"
  }

  /// A circle.
  mutating func circle(_ x: Double, _ y: Double, _ radius: Double) {
    let (left, size) = (SVG.number(x - radius), SVG.number(radius))
    data += "M\(left) \(SVG.number(y))a\(size) \(size) 0 1 0 \(SVG.number(2 * radius)) 0"
    data += "a\(size) \(size) 0 1 0 \(SVG.number(-2 * radius)) 0z"
  }
}
