import JSONText

/// Reads a GGUF header piece by piece; every piece is checked against what is left of the file before it is touched.
///
/// A count or a length is believed only as far as the file could hold what it counts: so no number in a file makes the
/// reader take more memory than a small multiple of the file's size.
struct GGUFReader {
  /// The fewest bytes of a tensor's table: lengths, counts and numbers without a name.
  static let leastTensorBytes = 8 + 4 + 8 + 4 + 8
  /// The fewest bytes of a key and its value.
  static let leastEntryBytes = 8 + 4 + 1
  /// Arrays within each other; the format sets no limit, and its own tools write none.
  static let deepestArray = 8

  /// An entry of the table of tensors; not yet compared with the file.
  struct TensorTable {
    let name: String
    /// The fastest first, as the file has them.
    let dimensions: [UInt64]
    let type: GGMLType
    /// Counted from where the tensors' bytes begin.
    let offset: UInt64
  }

  private let bytes: MappedBytes
  private let file: String
  /// The next byte.
  private(set) var offset = 0

  init(_ bytes: MappedBytes, file: String) {
    (self.bytes, self.file) = (bytes, file)
  }

  func fault(_ reason: String) -> CheckpointError { .malformed(file: file, tensor: nil, reason: reason) }

  /// The magic bytes and the version.
  mutating func version() throws(CheckpointError) -> Int {
    guard bytes.count >= 24 else {
      throw fault("has \(bytes.count) bytes, of which a GGUF file begins with 24; was it cut off?")
    }
    let magic = bytes.copy(0..<4)
    guard magic == Array("GGUF".utf8) else {
      // The words that came before GGUF, as 32-bit numbers.
      let old = ["lmgg", "fmgg", "tjgg", "algg"].map { Array($0.utf8) }
      throw fault(
        old.contains(magic)
          ? "is of a format before GGUF, which is not read; convert the original model by llama.cpp's "
            + "convert_hf_to_gguf.py"
          : "does not begin with GGUF; is it a GGUF file?")
    }
    offset = 4
    let version = try number(UInt32.self, "the version")
    if version & 0xFFFF == 0, version != 0 {
      throw fault(
        "is big-endian (its version reads \(version)), which is not read; convert it by the gguf package's "
          + "gguf-convert-endian")
    }
    guard version == 2 || version == 3 else {
      throw fault("is of version \(version); 2 and 3 are read, so convert the original model anew")
    }
    return Int(version)
  }

  /// A count of things, each of which takes some bytes of the rest of the file.
  mutating func count(of things: String, atLeast least: Int) throws(CheckpointError) -> Int {
    let count = try number(UInt64.self, "the count of \(things)")
    guard count <= UInt64(bytes.count / least) else {
      throw fault("says that it has \(count) \(things), more than its \(bytes.count) bytes hold; was it cut off?")
    }
    return Int(count)
  }

  /// A key and its value.
  mutating func entry(_ index: Int) throws(CheckpointError) -> GGUF.Entry {
    let key = try text("metadata key \(index + 1)")
    let place = "the value of \"\(key.oneLine())\""
    let type = try number(UInt32.self, place)
    return GGUF.Entry(key: key, value: try value(type, place))
  }

  private mutating func value(_ type: UInt32, _ place: String) throws(CheckpointError) -> GGUFValue {
    switch type {
    case 0: .uint8(try number(UInt8.self, place))
    case 1: .int8(try number(Int8.self, place))
    case 2: .uint16(try number(UInt16.self, place))
    case 3: .int16(try number(Int16.self, place))
    case 4: .uint32(try number(UInt32.self, place))
    case 5: .int32(try number(Int32.self, place))
    case 6: .float32(Float(bitPattern: try number(UInt32.self, place)))
    case 7: .bool(try boolean(place))
    case 8: .string(try string(place))
    case 9: .array(try array(place, depth: 1))
    case 10: .uint64(try number(UInt64.self, place))
    case 11: .int64(try number(Int64.self, place))
    case 12: .float64(Double(bitPattern: try number(UInt64.self, place)))
    default: throw fault("\(place) has the unknown type \(type)")
    }
  }

  private mutating func array(_ place: String, depth: Int) throws(CheckpointError) -> GGUFArray {
    guard depth <= Self.deepestArray else {
      throw fault("\(place) has arrays nested more than \(Self.deepestArray) deep")
    }
    let type = try number(UInt32.self, place)
    let count = try number(UInt64.self, place)
    switch type {
    case 0: return .uint8(try numbers(count, place))
    case 1: return .int8(try numbers(count, place))
    case 2: return .uint16(try numbers(count, place))
    case 3: return .int16(try numbers(count, place))
    case 4: return .uint32(try numbers(count, place))
    case 5: return .int32(try numbers(count, place))
    case 6: return .float32(try numbers(count, place).map { Float(bitPattern: $0) })
    case 7:
      var booleans: [Bool] = []
      booleans.reserveCapacity(try room(for: count, of: 1, place))
      for _ in 0..<count { booleans.append(try boolean(place)) }
      return .bool(booleans)
    case 8:
      var strings = GGUFStrings()
      strings.reserve(try room(for: count, of: 8, place))
      for _ in 0..<count {
        let range = try stringRange(place)
        bytes.append(range, to: &strings)
      }
      return .string(strings)
    case 9:
      var arrays: [GGUFArray] = []
      arrays.reserveCapacity(try room(for: count, of: 12, place))
      for _ in 0..<count { arrays.append(try array(place, depth: depth + 1)) }
      return .array(arrays)
    case 10: return .uint64(try numbers(count, place))
    case 11: return .int64(try numbers(count, place))
    case 12: return .float64(try numbers(count, place).map { Double(bitPattern: $0) })
    default: throw fault("\(place) is an array of the unknown type \(type)")
    }
  }

  /// A tensor's name, dimensions, type and offset.
  mutating func tensorTable(_ index: Int) throws(CheckpointError) -> TensorTable {
    let name = try text("the name of tensor \(index + 1)")
    let place = "the table of tensor \"\(name.oneLine())\""
    func fault(_ reason: String) -> CheckpointError { .malformed(file: file, tensor: name, reason: reason) }
    let rank = try number(UInt32.self, place)
    guard (1...4).contains(rank) else { throw fault("it has \(rank) dimensions; 1 to 4 are possible") }
    var dimensions: [UInt64] = []
    for _ in 0..<rank { dimensions.append(try number(UInt64.self, place)) }
    let code = try number(UInt32.self, place)
    guard let type = GGMLType(rawValue: code) else {
      let isRemoved = [4, 5, 31, 32, 33, 36, 37, 38].contains(code)
      throw fault(
        "its type \(code) is \(isRemoved ? "no longer a part of the format" : "unknown"); convert the model by "
          + "llama-quantize to one that is read, such as Q8_0")
    }
    return TensorTable(name: name, dimensions: dimensions, type: type, offset: try number(UInt64.self, place))
  }

  // MARK: Pieces

  private func missing(_ place: String) -> CheckpointError {
    fault("ends at byte \(bytes.count), within \(place); was it cut off?")
  }

  private mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(
    _: Number.Type, _ place: @autoclosure () -> String
  ) throws(CheckpointError) -> Number {
    let size = MemoryLayout<Number>.size
    guard size <= bytes.count - offset else { throw missing(place()) }
    defer { offset += size }
    return bytes.loadLittleEndian(at: offset, as: Number.self)
  }

  private mutating func numbers<Number: FixedWidthInteger & BitwiseCopyable>(
    _ count: UInt64, _ place: String
  ) throws(CheckpointError) -> [Number] {
    let size = MemoryLayout<Number>.size
    let count = try room(for: count, of: size, place)
    defer { offset += count * size }
    return (0..<count).map { bytes.loadLittleEndian(at: offset + $0 * size, as: Number.self) }
  }

  private mutating func boolean(_ place: String) throws(CheckpointError) -> Bool {
    let byte = try number(UInt8.self, place)
    guard byte <= 1 else { throw fault("\(place) is \(byte); of type bool it must be 0 or 1") }
    return byte == 1
  }

  private mutating func string(_ place: String) throws(CheckpointError) -> [UInt8] {
    bytes.copy(try stringRange(place))
  }

  private mutating func stringRange(_ place: String) throws(CheckpointError) -> Range<Int> {
    let length = try number(UInt64.self, place)
    guard length <= UInt64(bytes.count - offset) else {
      throw fault(
        "\(place) holds a string of \(length) bytes; \(bytes.count - offset) bytes are left; was it cut off?")
    }
    defer { offset += Int(length) }
    return offset..<offset + Int(length)
  }

  private mutating func text(_ place: String) throws(CheckpointError) -> String {
    guard let text = String(validating: try string(place), as: UTF8.self) else { throw fault("\(place) is no UTF-8") }
    return text
  }

  /// The count as `Int`, if the rest of the file holds as many elements of at least so many bytes.
  private func room(for count: UInt64, of size: Int, _ place: String) throws(CheckpointError) -> Int {
    guard count <= UInt64((bytes.count - offset) / size) else {
      throw fault(
        "\(place) is an array of \(count) elements; \(bytes.count - offset) bytes are left; was it cut off?")
    }
    return Int(count)
  }
}
