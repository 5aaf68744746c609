/// A value of a GGUF file's metadata, in the type that the file gives it.
package enum GGUFValue: Hashable, Sendable {
  /// A whole number of 0 to 2^8 - 1.
  case uint8(UInt8)
  /// A whole number of -2^7 to 2^7 - 1.
  case int8(Int8)
  /// A whole number of 0 to 2^16 - 1.
  case uint16(UInt16)
  /// A whole number of -2^15 to 2^15 - 1.
  case int16(Int16)
  /// A whole number of 0 to 2^32 - 1.
  case uint32(UInt32)
  /// A whole number of -2^31 to 2^31 - 1.
  case int32(Int32)
  /// A whole number of 0 to 2^64 - 1.
  case uint64(UInt64)
  /// A whole number of -2^63 to 2^63 - 1.
  case int64(Int64)
  /// A 32-bit IEEE 754 number.
  case float32(Float)
  /// A 64-bit IEEE 754 number.
  case float64(Double)
  /// True or false.
  case bool(Bool)
  /// Bytes that are mostly, but need not be, UTF-8.
  case string([UInt8])
  /// Values of one type.
  case array(GGUFArray)

  /// Its type, as messages name it, such as "uint32" or "array of string".
  package var typeName: String {
    switch self {
    case .uint8: "uint8"
    case .int8: "int8"
    case .uint16: "uint16"
    case .int16: "int16"
    case .uint32: "uint32"
    case .int32: "int32"
    case .uint64: "uint64"
    case .int64: "int64"
    case .float32: "float32"
    case .float64: "float64"
    case .bool: "bool"
    case .string: "string"
    case .array(let array): "array of \(array.elementTypeName)"
    }
  }

  /// The value of any integer type, if `Int` holds it.
  var integer: Int? {
    switch self {
    case .uint8(let value): Int(value)
    case .int8(let value): Int(value)
    case .uint16(let value): Int(value)
    case .int16(let value): Int(value)
    case .uint32(let value): Int(exactly: value)
    case .int32(let value): Int(value)
    case .uint64(let value): Int(exactly: value)
    case .int64(let value): Int(exactly: value)
    default: nil
    }
  }

  /// The value of either floating-point type, exactly.
  var float: Double? {
    switch self {
    case .float32(let value): Double(value)
    case .float64(let value): value
    default: nil
    }
  }
}

/// An array of a GGUF file's metadata: values of one type, held as such.
package enum GGUFArray: Hashable, Sendable {
  /// Elements of type uint8.
  case uint8([UInt8])
  /// Elements of type int8.
  case int8([Int8])
  /// Elements of type uint16.
  case uint16([UInt16])
  /// Elements of type int16.
  case int16([Int16])
  /// Elements of type uint32.
  case uint32([UInt32])
  /// Elements of type int32.
  case int32([Int32])
  /// Elements of type uint64.
  case uint64([UInt64])
  /// Elements of type int64.
  case int64([Int64])
  /// Elements of type float32.
  case float32([Float])
  /// Elements of type float64.
  case float64([Double])
  /// Elements of type bool.
  case bool([Bool])
  /// Elements of type string.
  case string(GGUFStrings)
  /// Elements that are arrays, each of its own type.
  case array([GGUFArray])

  /// The elements' type, as messages name it.
  package var elementTypeName: String {
    switch self {
    case .uint8: "uint8"
    case .int8: "int8"
    case .uint16: "uint16"
    case .int16: "int16"
    case .uint32: "uint32"
    case .int32: "int32"
    case .uint64: "uint64"
    case .int64: "int64"
    case .float32: "float32"
    case .float64: "float64"
    case .bool: "bool"
    case .string: "string"
    case .array: "array"
    }
  }

  /// Elements.
  package var count: Int {
    switch self {
    case .uint8(let elements): elements.count
    case .int8(let elements): elements.count
    case .uint16(let elements): elements.count
    case .int16(let elements): elements.count
    case .uint32(let elements): elements.count
    case .int32(let elements): elements.count
    case .uint64(let elements): elements.count
    case .int64(let elements): elements.count
    case .float32(let elements): elements.count
    case .float64(let elements): elements.count
    case .bool(let elements): elements.count
    case .string(let elements): elements.count
    case .array(let elements): elements.count
    }
  }

  /// The elements of any integer type, if `Int` holds them all.
  var integers: [Int]? {
    switch self {
    case .uint8(let elements): elements.map(Int.init)
    case .int8(let elements): elements.map(Int.init)
    case .uint16(let elements): elements.map(Int.init)
    case .int16(let elements): elements.map(Int.init)
    case .uint32(let elements): Self.exact(elements)
    case .int32(let elements): elements.map(Int.init)
    case .uint64(let elements): Self.exact(elements)
    case .int64(let elements): Self.exact(elements)
    default: nil
    }
  }

  /// The elements of either floating-point type, exactly.
  var floats: [Double]? {
    switch self {
    case .float32(let elements): elements.map(Double.init)
    case .float64(let elements): elements
    default: nil
    }
  }

  private static func exact(_ elements: [some FixedWidthInteger]) -> [Int]? {
    var integers: [Int] = []
    integers.reserveCapacity(elements.count)
    for element in elements {
      guard let integer = Int(exactly: element) else { return nil }
      integers.append(integer)
    }
    return integers
  }
}

/// Many strings in one piece of memory: a vocabulary is tens of thousands.
package struct GGUFStrings: Hashable, Sendable, RandomAccessCollection {
  private var bytes: [UInt8] = []
  /// Where each string ends, and so the next begins.
  private var ends: [Int] = []

  /// No strings.
  package init() {}

  /// Strings, in order.
  package init(_ strings: some Sequence<[UInt8]>) {
    for string in strings { append(string) }
  }

  /// Adds a string at the end.
  mutating func append(_ string: some Sequence<UInt8>) {
    bytes.append(contentsOf: string)
    ends.append(bytes.count)
  }

  /// Makes room for so many strings.
  mutating func reserve(_ count: Int) { ends.reserveCapacity(count) }

  /// The first string's number.
  package var startIndex: Int { 0 }
  /// Strings in all.
  package var endIndex: Int { ends.count }

  /// A string's bytes.
  ///
  /// - Complexity: O(1)
  package subscript(index: Int) -> ArraySlice<UInt8> { bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]] }
}
