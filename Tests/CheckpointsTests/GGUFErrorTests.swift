import ModelSupport
import Testing

@testable import Checkpoints

/// What is wrong with a GGUF file, whoever wrote it: one line that says where.
@Suite struct GGUFErrorTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var bytes: [UInt8]
    var tensor: String?
    var reason: String

    init(_ name: String, _ bytes: [UInt8], _ reason: String) { self.init(name, bytes, nil, reason) }

    init(_ name: String, _ bytes: [UInt8], _ tensor: String?, _ reason: String) {
      (testDescription, self.bytes, self.tensor, self.reason) = (name, bytes, tensor, reason)
    }
  }

  /// A file with one key, or the beginning of one.
  static func key(_ bytes: [UInt8], name: String = "k") -> [UInt8] {
    Self.bytes(GGUFFile(entryCount: 1).header, GGUFFile.string(name), bytes)
  }

  static func file(_ change: (inout GGUFFile) -> Void) -> [UInt8] {
    var file = GGUFFile()
    file.tensors = [.init("a", [8], .f32, Array(repeating: 0, count: 32))]
    change(&file)
    return file.bytes
  }

  static func tensor(
    _ shape: [Int] = [8], _ type: UInt32 = 0, bytes: Int = 32, offset: UInt64? = nil
  ) -> [UInt8] {
    file {
      $0.tensors = [.init("a", shape, .f32, Array(repeating: 0, count: bytes), offset: offset)]
      $0.tensors[0].type = type
    }
  }

  /// Parts, one after the other; plain functions, for the compiler takes minutes over sums of generic ones.
  static func bytes(_ parts: [UInt8]...) -> [UInt8] { Array(parts.joined()) }

  static func u32(_ value: UInt32) -> [UInt8] { GGUFFile.number(value) }

  static func u64(_ value: UInt64) -> [UInt8] { GGUFFile.number(value) }

  static func magic(_ text: String) -> [UInt8] { bytes(Array(text.utf8), Array(GGUFFile().bytes.dropFirst(4))) }

  static let headers: [Case] = [
    Case("nothing", [], "has 0 bytes, of which a GGUF file begins with 24; was it cut off?"),
    Case(
      "23 bytes", Array(GGUFFile().bytes[..<23]), "has 23 bytes, of which a GGUF file begins with 24; was it cut off?"),
    Case("another magic", magic("GGUE"), "does not begin with GGUF; is it a GGUF file?"),
    Case(
      "GGML", magic("lmgg"),
      "is of a format before GGUF, which is not read; convert the original model by llama.cpp's convert_hf_to_gguf.py"),
    Case(
      "version 1", GGUFFile(version: 1).bytes,
      "is of version 1; 2 and 3 are read, so convert the original model anew"),
    Case(
      "version 4", GGUFFile(version: 4).bytes,
      "is of version 4; 2 and 3 are read, so convert the original model anew"),
    Case(
      "version 0", GGUFFile(version: 0).bytes,
      "is of version 0; 2 and 3 are read, so convert the original model anew"),
    Case(
      "big-endian", GGUFFile(version: UInt32(3).byteSwapped).bytes,
      "is big-endian (its version reads 50331648), which is not read; convert it by the gguf package's "
        + "gguf-convert-endian"),
    Case(
      "more tensors than bytes", GGUFFile(tensorCount: .max).bytes,
      "says that it has 18446744073709551615 tensors, more than its 32 bytes hold; was it cut off?"),
    Case(
      "more keys than bytes", GGUFFile(entryCount: 1 << 40).bytes,
      "says that it has 1099511627776 metadata keys, more than its 32 bytes hold; was it cut off?"),
    Case(
      "a key that is not there", bytes(GGUFFile(entryCount: 1).header, [0, 0]),
      "ends at byte 26, within metadata key 1; was it cut off?"),
    Case(
      "a tensor that is not there", GGUFFile(tensorCount: 1).bytes,
      "ends at byte 32, within the table of tensor \"\"; was it cut off?"),
  ]

  /// The beginnings of 100 arrays of one array each.
  static let nested: [UInt8] = Array(repeatElement(bytes(u32(9), u64(1)), count: 100).joined())

  static let values: [Case] = [
    Case("a key without a type", key([0]), "ends at byte 34, within the value of \"k\"; was it cut off?"),
    Case(
      "a key without a value", key(bytes(u32(4), [0])),
      "ends at byte 38, within the value of \"k\"; was it cut off?"),
    Case("an unknown type", key(u32(13)), "the value of \"k\" has the unknown type 13"),
    Case("a bool of 2", key(bytes(u32(7), [2])), "the value of \"k\" is 2; of type bool it must be 0 or 1"),
    Case(
      "a string beyond the file", key(bytes(u32(8), u64(3), [65, 66])),
      "the value of \"k\" holds a string of 3 bytes; 2 bytes are left; was it cut off?"),
    Case(
      "a string of 2^64 - 1 bytes", key(bytes(u32(8), u64(.max))),
      "the value of \"k\" holds a string of 18446744073709551615 bytes; 0 bytes are left; was it cut off?"),
    Case(
      "an array beyond the file", key(bytes(u32(9), u32(4), u64(2), [0, 0, 0, 0])),
      "the value of \"k\" is an array of 2 elements; 4 bytes are left; was it cut off?"),
    Case(
      "an array of 2^62 strings", key(bytes(u32(9), u32(8), u64(1 << 62))),
      "the value of \"k\" is an array of 4611686018427387904 elements; 0 bytes are left; was it cut off?"),
    Case(
      "an array of bools beyond the file", key(bytes(u32(9), u32(7), u64(2), [1])),
      "the value of \"k\" is an array of 2 elements; 1 bytes are left; was it cut off?"),
    Case(
      "an array of an unknown type", key(bytes(u32(9), u32(99), u64(0))),
      "the value of \"k\" is an array of the unknown type 99"),
    Case(
      "arrays without end",
      key(bytes(u32(9), nested)),
      "the value of \"k\" has arrays nested more than 8 deep"),
    Case(
      "a key that is no UTF-8", bytes(GGUFFile(entryCount: 1).header, GGUFFile.string([0xC3]), u32(4)),
      "metadata key 1 is no UTF-8"),
    Case(
      "a key twice", file { $0.metadata = [("a", .uint8(1)), ("a", .uint8(1))] }, "the key \"a\" occurs twice"),
    Case(
      "a key that would act on a terminal", key(u32(99), name: "\u{1B}[2J\n"),
      "the value of \"\\u{1B}[2J\\u{A}\" has the unknown type 99"),
    Case(
      "an alignment of 0", file { $0["general.alignment"] = .uint32(0) },
      "general.alignment is 0; it must be a power of two of at most 2^30"),
    Case(
      "an alignment of 24", file { $0["general.alignment"] = .uint32(24) },
      "general.alignment is 24; it must be a power of two of at most 2^30"),
    Case(
      "an alignment of 2^62", file { $0["general.alignment"] = .uint64(1 << 62) },
      "general.alignment is 4611686018427387904; it must be a power of two of at most 2^30"),
    Case(
      "an alignment below 0", file { $0["general.alignment"] = .int32(-32) },
      "general.alignment is -32; it must be a power of two of at most 2^30"),
    Case(
      "an alignment that is a text", file { $0["general.alignment"] = .string([]) },
      "general.alignment is of type string; it must be a power of two of at most 2^30"),
  ]

  static let tensors: [Case] = [
    Case(
      "a name that is no UTF-8",
      bytes(GGUFFile(tensorCount: 1).header, GGUFFile.string([0xFF]), Array(repeating: 0, count: 40)),
      "the name of tensor 1 is no UTF-8"),
    Case(
      "a name twice", file { $0.tensors.append($0.tensors[0]) }, "a", "its name occurs twice"),
    Case("no dimensions", tensor([]), "a", "it has 0 dimensions; 1 to 4 are possible"),
    Case("five dimensions", tensor([1, 1, 1, 1, 8]), "a", "it has 5 dimensions; 1 to 4 are possible"),
    Case("a dimension of 0", tensor([4, 0]), "a", "it has a dimension of 0"),
    Case(
      "a dimension beyond Int", tensor([-1]), "a",
      "its shape [18446744073709551615] has more elements than any file"),
    Case(
      "a product that wraps to 0", tensor([1 << 32, 1 << 32]), "a",
      "its shape [4294967296, 4294967296] has more elements than any file"),
    Case(
      "more bytes than Int", tensor([1 << 62]), "a", "its shape [4611686018427387904] has more elements than any file"),
    Case(
      "an unknown type", tensor([8], 1000), "a",
      "its type 1000 is unknown; convert the model by llama-quantize to one that is read, such as Q8_0"),
    Case(
      "a type that was removed", tensor([8], 4), "a",
      "its type 4 is no longer a part of the format; convert the model by llama-quantize to one that is read, such as "
        + "Q8_0"),
    Case(
      "rows of half a block", tensor([2, 48], GGMLType.q8_0.rawValue, bytes: 102), "a",
      "its rows of 48 are no multiple of the 32 weights in a block of Q8_0"),
    Case(
      "an offset out of alignment", tensor(offset: 4), "a", "its offset 4 is no multiple of the alignment 32"),
    Case(
      "an offset beyond the file", tensor(offset: 64), "a",
      "its 32 bytes from offset 64 on end beyond the file's 32 bytes of data; was it cut off?"),
    Case(
      "an offset beyond Int", tensor(offset: 1 << 63), "a",
      "its 32 bytes from offset 9223372036854775808 on end beyond the file's 32 bytes of data; was it cut off?"),
    Case(
      "data beyond the file", tensor([9]), "a",
      "its 36 bytes from offset 0 on end beyond the file's 32 bytes of data; was it cut off?"),
    Case(
      "a file that was cut off", Array(tensor().dropLast()), "a",
      "its 32 bytes from offset 0 on end beyond the file's 31 bytes of data; was it cut off?"),
    Case(
      "tensors that overlap",
      file { $0.tensors.append(.init("b", [4], .f32, Array(repeating: 0, count: 16), offset: 0)) }, "b",
      "its bytes overlap those of tensor a"),
    Case(
      "a gap",
      file {
        $0.tensors[0].offset = 32; $0.tensors[0].data += Array(repeating: 0, count: 32)
      }, "a",
      "the 32 bytes before its own belong to no tensor"),
    Case("bytes at the end", bytes(tensor(), [0]), "the last 1 bytes belong to no tensor"),
    Case(
      "a table that is cut off", Array(file { _ in }[..<40]),
      "ends at byte 40, within the table of tensor \"a\"; was it cut off?"),
  ]

  @Test(arguments: headers + values + tensors)
  func isOneLine(testCase: Case) {
    let expected = CheckpointError.malformed(file: "f", tensor: testCase.tensor, reason: testCase.reason)
    #expect(throws: expected) { try GGUF(testCase.bytes, file: "f") }
    #expect(ReaderProperties.violation(gguf: testCase.bytes) == nil)
  }

  @Test func everyPrefixIsRefused() {
    let bytes = Self.file { $0.metadata = GGUFTests.values.enumerated().map { ("k\($0.offset)", $0.element) } }
    for count in 0..<bytes.count {
      #expect(throws: CheckpointError.self, "\(count)") { try GGUF(Array(bytes[..<count]), file: "f") }
    }
  }
}
