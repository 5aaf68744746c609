extension [Int] {
  /// A shape as a part of one line of a message.
  package var shapeText: String {
    "[" + prefix(8).map(String.init).joined(separator: ", ") + (count > 8 ? ", … (\(count) dimensions)]" : "]")
  }
}
