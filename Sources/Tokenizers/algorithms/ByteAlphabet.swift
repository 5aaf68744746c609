/// The characters by which GPT-2's vocabularies spell bytes.
///
/// A byte that is a visible character of Latin-1 stands for itself; the other 68 are U+0100 and on, in their order. So
/// `Ġ` is a space, and a vocabulary is valid UTF-8 whatever bytes its tokens hold.
/// - Source: Radford et al., *Language models are unsupervised multitask learners* (2019), in the code that came with it.
enum ByteAlphabet {
  /// The character of each byte.
  static let scalars: [Unicode.Scalar] = {
    var next: UInt32 = 0x100
    return (UInt8.min...UInt8.max).map { byte in
      switch byte {
      case 33...126, 161...172, 174...255: return Unicode.Scalar(byte)
      default:
        defer { next += 1 }
        return Unicode.Scalar(next) ?? "\u{FFFD}"
      }
    }
  }()

  private static let bytes: [UInt8?] = {
    var table = [UInt8?](repeating: nil, count: 0x144)
    for (byte, scalar) in scalars.enumerated() { table[Int(scalar.value)] = UInt8(byte) }
    return table
  }()

  /// The bytes that a string spells; nil if one of its characters is none of the alphabet.
  static func decode(_ spelled: [UInt8]) -> [UInt8]? {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(spelled.count)
    var position = 0
    while position < spelled.count {
      let (scalar, length) = UTF8Scalars.scalar(at: position, in: spelled)
      guard scalar < bytes.count, let byte = bytes[Int(scalar)] else { return nil }
      decoded.append(byte)
      position += length
    }
    return decoded
  }

  /// How the alphabet spells bytes.
  static func encode(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var text = String.UnicodeScalarView()
    for byte in bytes { text.append(scalars[Int(byte)]) }
    return Array(String(text).utf8)
  }
}
