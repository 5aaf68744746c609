import ModelSupport
import Testing

@testable import Checkpoints

@Suite struct GGUFTests {
  /// A value of each type, with extremes.
  static let values: [GGUFValue] = [
    .uint8(255), .int8(-128), .uint16(65535), .int16(-32768), .uint32(.max), .int32(.min), .uint64(.max), .int64(.min),
    .float32(-0.0), .float32(.leastNonzeroMagnitude), .float64(.infinity), .bool(true), .bool(false), .string([]),
    .string([0xFF, 0, 0x80]), .array(.uint8([1, 2])), .array(.int8([-1])), .array(.uint16([])), .array(.int16([-2])),
    .array(.uint32([.max, 0])), .array(.int32([.min])), .array(.uint64([.max])), .array(.int64([.min, 7])),
    .array(.float32([1.5, .greatestFiniteMagnitude])), .array(.float64([-.pi])), .array(.bool([true, false, true])),
    .array(.string(GGUFStrings([[], [0xC3], Array("é".utf8)]))),
    .array(.array([.uint8([1]), .array([.string(GGUFStrings([[65]])), .array([])]), .float32([])])),
  ]

  static func read(_ file: GGUFFile) throws -> GGUF { try GGUF(file.bytes, file: "model.gguf") }

  @Test(arguments: [UInt32(2), 3])
  func everyTypeOfMetadataIsReadInOrder(version: UInt32) throws {
    var file = GGUFFile(version: version)
    file.metadata = Self.values.enumerated().map { ("key.\($0.offset)", $0.element) }
    let read = try Self.read(file)
    #expect(read.version == Int(version))
    #expect(read.metadata.map(\.key) == file.metadata.map(\.key))
    #expect(read.metadata.map(\.value) == Self.values)
    // Equality takes -0 for 0: the bytes do not.
    for (entry, value) in zip(read.metadata, Self.values) {
      #expect(GGUFFile.value(entry.value) == GGUFFile.value(value))
      #expect(read[entry.key] == value)
    }
    #expect(read["key"] == nil)
    #expect(read.alignment == 32 && read.tensors.isEmpty && read.headerLength == file.header.count)
    #expect(read.header == file.header)
  }

  @Test(arguments: [1, 8, 32, 64, 4096])
  func tensorsStandOnTheAlignment(alignment: Int) throws {
    var file = GGUFFile(alignment: alignment)
    file["general.alignment"] = .uint32(UInt32(alignment))
    file.tensors = [
      .init("a", [3], .f32, Array(repeating: 1, count: 12)), .init("b", [5, 1, 2, 2], .f16, Array(0..<40)),
      .init("c", [2, 256], .q6_K, Array(repeating: 2, count: 420)),
      .init("d", [1], .i64, Array(repeating: 3, count: 8)),
    ]
    let read = try Self.read(file)
    #expect(read.tensors.map(\.name) == ["a", "b", "c", "d"])
    #expect(read.tensors.map(\.shape) == [[3], [5, 1, 2, 2], [2, 256], [1]])
    #expect(read.tensors.map(\.type) == [.f32, .f16, .q6_K, .i64])
    #expect(read.tensors.map(\.count) == [3, 20, 512, 1])
    for (entry, tensor) in zip(read.tensors, file.tensors) {
      #expect(entry.range.lowerBound % alignment == 0)
      #expect(Array(file.bytes[entry.range]) == tensor.data)
      #expect(read.tensor(entry.name) == entry)
    }
    #expect(read.tensor("e") == nil)
    // The padding after the last tensor may lack.
    #expect(throws: Never.self) { try GGUF(Array(file.bytes[..<read.tensors[3].range.upperBound]), file: "f") }
    // The table's order is no matter: the offsets are.
    var shuffled = file
    let offsets = read.tensors.map { UInt64($0.range.lowerBound - read.tensors[0].range.lowerBound) }
    for index in 0..<4 { shuffled.tensors[index].offset = offsets[index] }
    let data = shuffled.bytes[read.tensors[0].range.lowerBound...]
    shuffled.tensors.reverse()
    let start = (shuffled.header.count + alignment - 1) / alignment * alignment
    let bytes = shuffled.header + Array(repeating: 0, count: start - shuffled.header.count) + data
    #expect(try GGUF(bytes, file: "f").tensors.reversed() == read.tensors)
  }

  @Test func accessorsReadTheirTypesAndNoOthers() throws {
    var file = GGUFFile()
    file.metadata = [
      ("text", .string(Array("é".utf8))), ("bytes", .string([0xFF])),
      ("texts", .array(.string(GGUFStrings([[65], [], [0xFF]])))), ("count", .uint16(7)), ("less", .int8(-7)),
      ("much", .uint64(.max)), ("counts", .array(.int32([-1, 2]))), ("many", .array(.uint64([1, .max]))),
      ("single", .float32(0.1)), ("double", .float64(0.1)), ("singles", .array(.float32([0.1]))),
      ("doubles", .array(.float64([0.1]))), ("yes", .bool(true)),
    ]
    let read = try Self.read(file)
    #expect(try read.string("text") == "é" && read.bytes("bytes") == [0xFF])
    #expect(try read.strings("texts") == [[65], [], [0xFF]])
    #expect(try read.integer("count") == 7 && read.integer("less") == -7)
    #expect(try read.integers("counts") == [-1, 2])
    #expect(try read.float("single") == Double(Float(0.1)) && read.float("double") == 0.1)
    #expect(try read.floats("singles") == [Double(Float(0.1))] && read.floats("doubles") == [0.1])
    #expect(try read.flag("yes") == true)
    #expect(try read.string("x") == nil && read.strings("x") == nil && read.integer("x") == nil)
    #expect(try read.integers("x") == nil && read.float("x") == nil && read.floats("x") == nil && read.flag("x") == nil)
    func reason(_ body: () throws -> Void) -> String {
      do { try body() } catch { return "\(error)" }
      return "nothing thrown"
    }
    #expect(reason { _ = try read.string("bytes") } == "model.gguf: bytes is no UTF-8")
    #expect(reason { _ = try read.string("count") } == "model.gguf: count has the type uint16; it must be a string")
    #expect(
      reason { _ = try read.strings("text") }
        == "model.gguf: text has the type string; it must be an array of strings")
    #expect(
      reason { _ = try read.integer("much") }
        == "model.gguf: much has the type uint64; it must be a whole number below 2^63")
    #expect(
      reason { _ = try read.integers("many") }
        == "model.gguf: many has the type array of uint64; it must be an array of whole numbers below 2^63")
    #expect(
      reason { _ = try read.float("count") }
        == "model.gguf: count has the type uint16; it must be a floating-point number")
    #expect(
      reason { _ = try read.floats("single") }
        == "model.gguf: single has the type float32; it must be an array of floating-point numbers")
    #expect(
      reason { _ = try read.flag("text") } == "model.gguf: text has the type string; it must be true or false")
  }

  @Test func stringsAreACollection() {
    let strings: [[UInt8]] = [[], [1, 2], [], [3], Array(4...40), []]
    let held = GGUFStrings(strings)
    #expect(held.map(Array.init) == strings)
    #expect(held.count == 6 && Array(held[1]) == [1, 2] && held[5].isEmpty)
    #expect(held.reversed().map(Array.init) == strings.reversed())
    #expect(GGUFStrings().isEmpty)
  }

  @Test func everyTypeOfTheFormatHasALayout() {
    for type in GGMLType.allCases {
      #expect(type.blockLength >= 1 && type.blockBytes >= 1)
      switch type.tensorType {
      case nil: #expect(type != .f32 && type != .q4_1)
      case let read?:
        #expect(read.name == type.name)
        #expect(read.blockLength == type.blockLength && read.blockBytes == type.blockBytes, "\(type)")
      }
    }
    #expect(GGMLType.allCases.count { $0.tensorType != nil } == 3 + Quantisation.allCases.count)
  }
}
