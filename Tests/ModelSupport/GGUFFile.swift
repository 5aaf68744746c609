import Checkpoints

/// Writes GGUF files: good ones from metadata and tensors, bad ones by changing any part.
package struct GGUFFile {
  package struct Entry {
    package var name: String
    /// The slowest dimension first.
    package var shape: [Int]
    package var type: UInt32
    package var data: [UInt8]
    /// Where the table says that the data are, counted from the first tensor's; where they are by default.
    package var offset: UInt64?

    package init(_ name: String, _ shape: [Int], _ type: GGMLType, _ data: [UInt8], offset: UInt64? = nil) {
      (self.name, self.shape, self.type, self.data, self.offset) = (name, shape, type.rawValue, data, offset)
    }
  }

  package var version: UInt32 = 3
  package var metadata: [(key: String, value: GGUFValue)] = []
  package var tensors: [Entry] = []
  package var alignment = 32
  /// Other counts than those of the parts.
  package var tensorCount: UInt64?
  package var entryCount: UInt64?

  package init(version: UInt32 = 3, alignment: Int = 32, tensorCount: UInt64? = nil, entryCount: UInt64? = nil) {
    (self.version, self.alignment, self.tensorCount, self.entryCount) = (version, alignment, tensorCount, entryCount)
  }

  package subscript(key: String) -> GGUFValue? {
    get { metadata.first { $0.key == key }?.value }
    set {
      let index = metadata.firstIndex { $0.key == key }
      switch (index, newValue) {
      case (let index?, let value?): metadata[index].value = value
      case (let index?, nil): metadata.remove(at: index)
      case (nil, let value?): metadata.append((key, value))
      case (nil, nil): break
      }
    }
  }

  /// Everything before the padding and the tensors' data.
  package var header: [UInt8] {
    var bytes = Array("GGUF".utf8)
    bytes += Self.number(version)
    bytes += Self.number(tensorCount ?? UInt64(tensors.count))
    bytes += Self.number(entryCount ?? UInt64(metadata.count))
    for (key, value) in metadata {
      bytes += Self.string(key)
      bytes += Self.value(value)
    }
    var end = 0
    for tensor in tensors {
      bytes += Self.string(tensor.name)
      bytes += Self.number(UInt32(tensor.shape.count))
      for dimension in tensor.shape.reversed() { bytes += Self.number(UInt64(bitPattern: Int64(dimension))) }
      bytes += Self.number(tensor.type)
      bytes += Self.number(tensor.offset ?? UInt64(end))
      end = aligned(end + tensor.data.count)
    }
    return bytes
  }

  package var bytes: [UInt8] {
    var bytes = padded(header)
    for tensor in tensors { bytes = padded(bytes + tensor.data) }
    return bytes
  }

  private func aligned(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }

  private func padded(_ bytes: [UInt8]) -> [UInt8] {
    bytes + Array(repeating: 0, count: aligned(bytes.count) - bytes.count)
  }

  // MARK: Pieces

  package static func number(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  package static func string(_ text: String) -> [UInt8] { string(Array(text.utf8)) }

  package static func string(_ bytes: some Collection<UInt8>) -> [UInt8] { number(UInt64(bytes.count)) + bytes }

  /// A type's number and a value's bytes.
  private static func typed(_ type: UInt32, _ bytes: [UInt8]) -> [UInt8] { number(type) + bytes }

  /// The type's number and the value.
  package static func value(_ value: GGUFValue) -> [UInt8] {
    switch value {
    case .uint8(let value): typed(0, number(value))
    case .int8(let value): typed(1, number(value))
    case .uint16(let value): typed(2, number(value))
    case .int16(let value): typed(3, number(value))
    case .uint32(let value): typed(4, number(value))
    case .int32(let value): typed(5, number(value))
    case .float32(let value): typed(6, number(value.bitPattern))
    case .bool(let value): typed(7, [value ? 1 : 0])
    case .string(let value): typed(8, string(value))
    case .array(let value): typed(9, array(value))
    case .uint64(let value): typed(10, number(value))
    case .int64(let value): typed(11, number(value))
    case .float64(let value): typed(12, number(value.bitPattern))
    }
  }

  /// The elements' type, their number, and they.
  package static func array(_ array: GGUFArray) -> [UInt8] {
    func numbers(_ type: UInt32, _ elements: [some FixedWidthInteger]) -> [UInt8] {
      number(type) + number(UInt64(elements.count)) + elements.flatMap { number($0) }
    }
    switch array {
    case .uint8(let elements): return numbers(0, elements)
    case .int8(let elements): return numbers(1, elements)
    case .uint16(let elements): return numbers(2, elements)
    case .int16(let elements): return numbers(3, elements)
    case .uint32(let elements): return numbers(4, elements)
    case .int32(let elements): return numbers(5, elements)
    case .float32(let elements): return numbers(6, elements.map(\.bitPattern))
    case .bool(let elements): return numbers(7, elements.map { UInt8($0 ? 1 : 0) })
    case .string(let elements):
      return number(UInt32(8)) + number(UInt64(elements.count)) + elements.flatMap { string($0) }
    case .array(let elements):
      return number(UInt32(9)) + number(UInt64(elements.count)) + elements.flatMap { Self.array($0) }
    case .uint64(let elements): return numbers(10, elements)
    case .int64(let elements): return numbers(11, elements)
    case .float64(let elements): return numbers(12, elements.map(\.bitPattern))
    }
  }
}
