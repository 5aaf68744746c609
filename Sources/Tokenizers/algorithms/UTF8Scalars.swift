/// Characters of valid UTF-8, where a `String` would cost an allocation for each piece.
enum UTF8Scalars {
  /// The scalar that begins at a position, and its length in bytes.
  ///
  /// Bytes that are no UTF-8 give some number below 2^21, and never a length beyond the bytes.
  @inline(__always)
  static func scalar(at position: Int, in bytes: [UInt8]) -> (value: UInt32, length: Int) {
    let lead = bytes[position]
    if lead < 0x80 { return (UInt32(lead), 1) }
    let length = min(lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4, bytes.count - position)
    var value = UInt32(lead) & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
    for index in position + 1..<position + length { value = value << 6 | UInt32(bytes[index] & 0x3F) }
    return (value, length)
  }

  /// The scalar that ends before a position above 0, and its length in bytes.
  static func scalar(before position: Int, in bytes: [UInt8]) -> (value: UInt32, length: Int) {
    var start = position - 1
    while start > 0, position - start < 4, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    return (scalar(at: start, in: bytes).value, position - start)
  }
}
