/// A drawing with a name and a description, for those who do not see it.
protocol Figure: Sendable {
  /// Its title, in a few words.
  var title: String { get }
  /// Its description for those who do not see it.
  var summary: String { get }
  /// Its size in user units.
  var size: (width: Double, height: Double) { get }
  /// Whether something in it can be followed.
  var hasLinks: Bool { get }
  /// The shapes.
  var content: [SVG] { get }
}

extension Figure {
  var hasLinks: Bool { false }

  /// The drawing as part of a page, whose style sheet colours it.
  ///
  /// - Parameter id: unique in the page.
  func inline(id: String) -> String {
    SVG.node(
      "svg",
      [
        // What is in an image is hidden from a screen reader, links too.
        "role": hasLinks ? "group" : "img", "class": "figure", "viewBox": viewBox,
        "width": SVG.number(size.width), "height": SVG.number(size.height),
        "aria-labelledby": "\(id)-title", "aria-describedby": "\(id)-desc",
      ], named(id)
    ).written
  }

  /// The drawing as a file, with its style sheet.
  func file(style: String) -> String {
    // A style sheet is no text of XML's: it may hold no mark, and none is in it.
    let style = SVG.node("style", [:], [.text(style)])
    return SVG.node(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "role": "img", "class": "figure", "viewBox": viewBox,
        "width": SVG.number(size.width), "height": SVG.number(size.height), "aria-labelledby": "figure-title",
        "aria-describedby": "figure-desc",
      ], [style, .rectangle("sheet", 0, 0, size.width, size.height)] + named("figure")
    ).written + "\n"
  }

  private var viewBox: String { "0 0 \(SVG.number(size.width)) \(SVG.number(size.height))" }

  private func named(_ id: String) -> [SVG] {
    [.node("title", ["id": "\(id)-title"], [.text(title)]), .node("desc", ["id": "\(id)-desc"], [.text(summary)])]
      + content
  }
}
