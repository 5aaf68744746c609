/// Where a text stops being JSON, or JSON within the limits, and why.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Bytes before the fault; nil if the whole text is at fault.
  package let offset: Int?
  /// Line and column of the fault, both from 1; nil if the whole text is at fault.
  package let place: String?
  package let reason: String

  /// One line: the place and the reason.
  package var description: String { (place.map { "\($0): " } ?? "") + reason }

  init(_ reason: String) { (offset, place, self.reason) = (nil, nil, reason) }

  init(_ reason: String, at offset: Int, in text: [UInt8]) {
    (self.offset, place, self.reason) = (offset, Self.place(of: offset, in: text), reason)
  }

  /// A column counts characters, as editors do.
  static func place(of offset: Int, in text: [UInt8]) -> String {
    let before = text[..<offset]
    let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let column = String(decoding: before[start...], as: UTF8.self).count + 1
    return "line \(before.count { $0 == 0x0A } + 1), column \(column)"
  }
}
