extension String {
  /// The text as a part of one line of a message: what a terminal would act on is escaped, what is too long cut.
  ///
  /// Names in a file are its writer's choice: they may hold line feeds, escape sequences, or a megabyte.
  package func oneLine(limit: Int = 96) -> String {
    var line = ""
    var rest = unicodeScalars[...]
    for _ in 0..<limit {
      guard let scalar = rest.popFirst() else { return line }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse, .surrogate:
        line += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: line.unicodeScalars.append(scalar)
      }
    }
    return rest.isEmpty ? line : "\(line)… (\(utf8.count) bytes)"
  }
}
