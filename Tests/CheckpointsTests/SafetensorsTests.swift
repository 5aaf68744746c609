import Foundation
import ModelSupport
import Testing

@testable import Checkpoints

@Suite struct SafetensorsTests {
  static func read(_ bytes: [UInt8]) throws(CheckpointError) -> Safetensors {
    try Safetensors(MappedBytes(copying: bytes), file: "f")
  }

  /// Bit patterns without a pattern: the middle of multiples of the golden ratio.
  static func words<Word: FixedWidthInteger>(_ count: Int, _ type: Word.Type) -> [Word] {
    (0..<count).map { Word(truncatingIfNeeded: ((UInt64($0) &+ 1) &* 0x9E37_79B9_7F4A_7C15) >> 24) }
  }

  @Test func elementsAreReadBitForBit() throws {
    // All patterns of 16 bits; of 32 bits, some, with both zeros, infinities and a NaN that carries something.
    let halves = (0...UInt16.max).map { $0 }
    let words = Self.words(1000, UInt32.self) + [0, 0x8000_0000, 0x7F80_0000, 0xFF80_0000, 0x7FC0_1234, 1]
    let file = SafetensorsFile(
      entries: [
        .init(name: "f32", type: "F32", shape: [2, 503], data: words.flatMap(SafetensorsFile.littleEndian)),
        .init(name: "f16", type: "F16", shape: [256, 256], data: halves.flatMap(SafetensorsFile.littleEndian)),
        .init(name: "bf16", type: "BF16", shape: [65536], data: halves.flatMap(SafetensorsFile.littleEndian)),
      ], metadata: ["format": "pt"])
    let read = try Self.read(file.bytes)
    #expect(read.metadata == ["format": "pt"])
    #expect(read.tensors.map(\.name) == ["f32", "f16", "bf16"])
    #expect(read.tensors.map(\.type) == [.plain(.float32), .plain(.float16), .plain(.bfloat16)])
    #expect(read.tensors.map(\.shape) == [[2, 503], [256, 256], [65536]])
    #expect(read.tensors[0].floats().map(\.bitPattern) == words)
    #expect(read.tensors[2].floats().map { UInt16($0.bitPattern >> 16) } == halves)
    #expect(read.tensors[2].floats().allSatisfy { $0.bitPattern & 0xFFFF == 0 })
    // A signalling NaN may turn quiet when it is converted, as on any processor.
    for (pattern, value) in zip(halves, read.tensors[1].floats()) {
      let half = Float16(bitPattern: pattern)
      #expect(half.isNaN ? value.isNaN : value == half.exact && value.sign == half.sign)
    }
    #expect(read.tensors[0].floats(5..<7).map(\.bitPattern) == [words[5], words[6]])
  }

  /// `Fixtures/checkpoints/make_elements.py` writes the same patterns with the package `safetensors`.
  @Test func theReferenceWritersFileIsRead() throws {
    let folder = CheckpointFolder.fixtures.appending(path: "elements")
    let file = folder.appending(path: "elements.safetensors").path
    let read = try Safetensors(MappedFile.open(file), file: file)
    let tensors = Dictionary(uniqueKeysWithValues: read.tensors.map { ($0.name, $0) })
    #expect(read.metadata == ["format": "np", "é\n": "👍"])
    #expect(Set(tensors.keys) == ["float32", "float16", "bfloat16", "scalar", "empty", "name\n\"é👍"])
    #expect(tensors["float32"]?.shape == [4, 16])
    #expect(tensors["float32"]?.floats().map(\.bitPattern) == Self.words(64, UInt32.self))
    let halves = Self.words(65, UInt16.self)
    #expect(tensors["bfloat16"]?.shape == [5, 13])
    #expect(tensors["bfloat16"]?.floats().map { UInt16($0.bitPattern >> 16) } == halves)
    #expect(tensors["float16"]?.shape == [65])
    let floats = try #require(tensors["float16"]).floats()
    for (pattern, value) in zip(halves, floats) {
      let half = Float16(bitPattern: pattern)
      #expect(half.isNaN ? value.isNaN : value == half.exact && value.sign == half.sign)
    }
    #expect(tensors["scalar"]?.shape == [] && tensors["scalar"]?.floats() == [1.5])
    #expect(tensors["empty"]?.shape == [3, 0, 2] && tensors["empty"]?.floats() == [])
  }

  @Test func whatTheFormatAllowsIsRead() throws {
    #expect(try Self.read(SafetensorsFile.bytes("{}")).tensors.isEmpty)
    #expect(try Self.read(SafetensorsFile.bytes("{}      ")).tensors.isEmpty)
    // Neither the header's length nor the order or size of elements aligns anything; the order of names is free.
    let header = """
      {"b":{"shape":[1],"data_offsets":[2,6],"dtype":"F32"},
       "a":{"dtype":"F16","shape":[],"data_offsets":[0,2]}}
      """
    let file = try Self.read(SafetensorsFile.bytes(header, [0, 0x3C, 0, 0, 0x80, 0xBF]))
    #expect(file.tensors.map(\.name) == ["b", "a"])
    #expect(file.tensors.map { $0.floats() } == [[-1], [1]])
  }

  @Test func aMillionTensorsTakeSeconds() throws {
    // 91 MB of header: the reference implementation takes 100.
    var parts: [String] = []
    for index in 0..<1_000_000 {
      parts.append(
        "\"layer.\(index).weight\":{\"dtype\":\"F16\",\"shape\":[],\"data_offsets\":[\(2 * index),\(2 * index + 2)]}")
    }
    let header = "{" + parts.joined(separator: ",") + "}"
    #expect(header.utf8.count > 70_000_000)
    let file = try Self.read(SafetensorsFile.bytes(header, Array(repeating: 0, count: 2_000_000)))
    #expect(file.tensors.count == 1_000_000)
  }
}

extension Float16 {
  /// The value, computed by arithmetic instead of a conversion.
  fileprivate var exact: Float {
    let exponent = Int(bitPattern >> 10 & 0x1F)
    let fraction = Float(bitPattern & 0x3FF)
    let magnitude =
      switch exponent {
      case 0: Float(sign: .plus, exponent: -24, significand: fraction)
      case 31: fraction == 0 ? Float.infinity : .nan
      default: Float(sign: .plus, exponent: exponent - 25, significand: 1024 + fraction)
      }
    return bitPattern >> 15 == 0 ? magnitude : -magnitude
  }
}
