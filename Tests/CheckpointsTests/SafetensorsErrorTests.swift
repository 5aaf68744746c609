import JSONText
import ModelSupport
import TestSupport
import Testing

@testable import Checkpoints

@Suite struct SafetensorsErrorTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var bytes: [UInt8]
    var tensor: String?
    var reason: String

    init(_ name: String, _ bytes: [UInt8], _ tensor: String?, _ reason: String) {
      (testDescription, self.bytes, self.tensor, self.reason) = (name, bytes, tensor, reason)
    }
  }

  /// A header of one tensor `a`, with four bytes of data.
  static func entry(
    dtype: String = "\"F32\"", shape: String = "[1]", offsets: String = "[0,4]", data: Int = 4
  ) -> [UInt8] {
    header("\"a\":{\"dtype\":\(dtype),\"shape\":\(shape),\"data_offsets\":\(offsets)}", data: data)
  }

  static func header(_ members: String, data: Int = 4) -> [UInt8] {
    SafetensorsFile.bytes("{\(members)}", Array(repeating: 0, count: data))
  }

  static func part(_ name: String, _ begin: Int, _ end: Int) -> String {
    "\"\(name)\":{\"dtype\":\"F16\",\"shape\":[\((end - begin) / 2)],\"data_offsets\":[\(begin),\(end)]}"
  }

  static let lengths: [Case] = [
    Case("nothing", [], nil, "has 0 bytes, of which a safetensors file begins with 8; was it cut off?"),
    Case(
      "seven bytes", Array(repeating: 0, count: 7), nil,
      "has 7 bytes, of which a safetensors file begins with 8; was it cut off?"),
    Case("no header", SafetensorsFile.bytes(""), nil, "its header does not begin with {"),
    Case(
      "a length of all ones", SafetensorsFile.bytes("{}", length: .max), nil,
      "says that its header has 18446744073709551615 bytes, of at most 100000000; is it a safetensors file?"),
    Case(
      "a length beyond Int", SafetensorsFile.bytes("{}", length: 1 << 63), nil,
      "says that its header has 9223372036854775808 bytes, of at most 100000000; is it a safetensors file?"),
    Case(
      "a byte beyond the limit", SafetensorsFile.bytes("{}", length: 100_000_001), nil,
      "says that its header has 100000001 bytes, of at most 100000000; is it a safetensors file?"),
    Case(
      "a byte beyond the file", SafetensorsFile.bytes("{}", length: 3), nil,
      "says that its header has 3 bytes; 2 follow; was it cut off?"),
  ]

  static let headers: [Case] = [
    Case("a blank first", SafetensorsFile.bytes(" {}"), nil, "its header does not begin with {"),
    Case("an array", SafetensorsFile.bytes("[]"), nil, "its header does not begin with {"),
    Case("a NUL last", SafetensorsFile.bytes("{}\0"), nil, "its header ends with something else than } and spaces"),
    Case(
      "a line feed among the last blanks", SafetensorsFile.bytes("{}\n "), nil,
      "its header ends with something else than } and spaces"),
    Case("two objects", SafetensorsFile.bytes("{}{}"), nil, "byte 10: \"{\" follows the end of the value"),
    Case("no JSON", SafetensorsFile.bytes("{\"a\"}"), nil, "byte 12: a colon is expected, not \"}\""),
    Case("a name twice", header(part("a", 0, 4) + "," + part("a", 0, 4)), nil, "byte 62: the key \"a\" occurs twice"),
    Case(
      "a name twice, once in escapes", header(part("a", 0, 4) + "," + part("\\u0061", 0, 4)), nil,
      "byte 62: the key \"a\" occurs twice"),
    Case(
      "no UTF-8",
      SafetensorsFile.littleEndian(UInt64(8)) + Array("{\"".utf8) + [0xC0, 0x80] + Array("\":1}".utf8), nil,
      "byte 9: the text that begins here is no UTF-8"),
    Case(
      "half a surrogate pair", header("\"\\ud800\":1", data: 0), nil, "byte 10: the escape is half of a surrogate pair"),
    Case(
      "deep", header("\"a\":" + String(repeating: "[", count: 100_000) + "}", data: 0), nil,
      "byte 20: nested more than 8 deep"),
    Case(
      "metadata that is no map", header("\"__metadata__\":[]", data: 0), nil,
      "__metadata__ is an array; it must map names to strings"),
    Case(
      "metadata that is null", header("\"__metadata__\":null", data: 0), nil,
      "__metadata__ is null; it must map names to strings"),
    Case(
      "metadata that is no text", header("\"__metadata__\":{\"a\":1}", data: 0), nil,
      "__metadata__ \"a\" is 1; it must be a string"),
  ]

  static let entries: [Case] =
    [
      Case(
        "an entry that is no object", header("\"a\":[]", data: 0), "a", "its entry is an array; it must be an object"),
      Case("an empty entry", header("\"a\":{}", data: 0), "a", "its dtype is missing"),
      Case("no shape", header("\"a\":{\"dtype\":\"F32\"}", data: 0), "a", "its shape is missing"),
      Case(
        "no offsets", header("\"a\":{\"dtype\":\"F32\",\"shape\":[]}", data: 0), "a", "its data_offsets are missing"),
      Case(
        "an unknown part", header("\"a\":{\"strides\":[1]}"), "a", "its entry has an unknown part \"strides\""),
      Case("a type that is a number", entry(dtype: "32"), "a", "its dtype is 32; it must be a string"),
      Case(
        "an unknown type", entry(dtype: "\"F31\""), "a",
        "its dtype \"F31\" is unknown; F32, F16 and BF16 are supported"),
      Case(
        "a type of another case", entry(dtype: "\"f32\""), "a",
        "its dtype \"f32\" is unknown; F32, F16 and BF16 are supported"),
    ]
    + SafetensorsEntry.unsupportedTypes.sorted().map { type in
      Case(
        "the type \(type)", entry(dtype: "\"\(type)\""), "a",
        "its dtype \(type) is not supported; F32, F16 and BF16 are")
    }

  static let naturals = "an array of whole numbers from 0 to 9223372036854775807"

  static let shapes: [Case] =
    ["[-1]", "[1.0]", "[1e0]", "[\"1\"]", "[null]", "[9223372036854775808]", "{}", "1", "null"].map { shape in
      Case("the shape \(shape)", entry(shape: shape), "a", "its shape must be \(naturals)")
    }
    + ["[0]", "[0,4,4]", "[-4,0]", "[0,4.0]", "[0,18446744073709551616]", "[]", "{}"].map { offsets in
      let reason = "its data_offsets must be two whole numbers from 0 to 9223372036854775807"
      return Case("the offsets \(offsets)", entry(offsets: offsets), "a", reason)
    } + [
      Case(
        "more elements than Int", entry(shape: "[4294967296,4294967296,4]", offsets: "[0,0]"), "a",
        "its shape [4294967296, 4294967296, 4] has more elements than any file"),
      // 2^64 · 4 bytes: without a check this wraps around to none.
      Case(
        "a product that wraps to 0", entry(shape: "[4294967296,4294967296]", offsets: "[0,0]", data: 0), "a",
        "its shape [4294967296, 4294967296] has more elements than any file"),
      Case(
        "more bytes than Int", entry(shape: "[4611686018427387904]", offsets: "[0,0]"), "a",
        "its shape [4611686018427387904] has more elements than any file"),
      Case(
        "many dimensions", entry(shape: "[2,2,2,2,2,2,2,2,2,2]"), "a",
        "its shape [2, 2, 2, 2, 2, 2, 2, 2, … (10 dimensions)] of F32 takes 4096 bytes; its data_offsets [0, 4] hold 4"
      ),
      Case(
        "less than the shape takes", entry(shape: "[2]"), "a",
        "its shape [2] of F32 takes 8 bytes; its data_offsets [0, 4] hold 4"),
      Case(
        "part of an element", entry(offsets: "[0,3]", data: 3), "a",
        "its shape [1] of F32 takes 4 bytes; its data_offsets [0, 3] hold 3"),
    ]

  static let places: [Case] = [
    Case("offsets inverted", entry(offsets: "[4,0]"), "a", "its data_offsets [4, 0] end before they begin"),
    Case(
      "a byte missing", entry(data: 3), "a",
      "its data_offsets end at 4; the file has 3 bytes of data; was it cut off?"),
    Case(
      "the end of all numbers", entry(offsets: "[9223372036854775803,9223372036854775807]"), "a",
      "its data_offsets end at 9223372036854775807; the file has 4 bytes of data; was it cut off?"),
    Case("the same bytes", header(part("a", 0, 4) + "," + part("b", 0, 4)), "b", "its bytes overlap those of tensor a"),
    Case(
      "a shared byte", header(part("b", 2, 6) + "," + part("a", 0, 4), data: 6), "b",
      "its bytes overlap those of tensor a"),
    Case(
      "one in another", header(part("a", 0, 6) + "," + part("b", 2, 4), data: 6), "b",
      "its bytes overlap those of tensor a"),
    Case(
      "a hole first", header(part("a", 2, 4)), "a", "the 2 bytes before its own belong to no tensor"),
    Case(
      "a hole between", header(part("a", 0, 2) + "," + part("b", 4, 6), data: 6), "b",
      "the 2 bytes before its own belong to no tensor"),
    Case(
      "an empty tensor in another", header(part("a", 0, 4) + "," + part("b", 2, 2)), "b",
      "its bytes overlap those of tensor a"),
    Case("bytes after the last", entry(data: 7), nil, "the last 3 bytes belong to no tensor"),
    Case("bytes without tensors", header(""), nil, "the last 4 bytes belong to no tensor"),
  ]

  @Test(arguments: lengths + headers + entries + shapes + places)
  func everyFaultIsNamed(fault: Case) {
    let error = CheckpointError.malformed(file: "f", tensor: fault.tensor, reason: fault.reason)
    #expect(throws: error) { try SafetensorsTests.read(fault.bytes) }
    #expect(ReaderProperties.violation(safetensors: fault.bytes) == nil)
  }

  @Test func everyPrefixOfAFileIsRefused() throws {
    let entries = [
      SafetensorsFile.Entry(name: "é", type: "F32", shape: [2], data: Array(0..<8)),
      SafetensorsFile.Entry(name: "b", type: "BF16", shape: [1, 3], data: Array(0..<6)),
    ]
    let bytes = SafetensorsFile(entries: entries, metadata: ["format": "pt"]).bytes
    _ = try SafetensorsTests.read(bytes)
    for count in bytes.indices {
      #expect(throws: CheckpointError.self) { try SafetensorsTests.read(Array(bytes[..<count])) }
    }
  }

  @Test func namesDoNotBreakTheLine() throws {
    let lines = [
      ("", "f: tensor \"\": its dtype is missing"),
      ("a\u{1B}[2J\nb\u{2028}\u{202E}", "f: tensor a\\u{1B}[2J\\u{A}b\\u{2028}\\u{202E}: its dtype is missing"),
      (
        String(repeating: "x", count: 1 << 20),
        "f: tensor \(String(repeating: "x", count: 96))… (1048576 bytes): its dtype is missing"
      ),
    ]
    for (name, line) in lines {
      let bytes = SafetensorsFile.bytes("{\(JSON.quoted(name)):{}}")
      let error = try #require(throws: CheckpointError.self) { try SafetensorsTests.read(bytes) }
      #expect(error == .malformed(file: "f", tensor: name, reason: "its dtype is missing"))
      #expect("\(error)" == line)
    }
  }

  @Test func listsWithoutEndAreRefused() {
    // Fifty million zeros fit into a header of 100 MB, and would take a gigabyte of memory.
    let zeros = "{\"a\":[" + String(repeating: "0,", count: 8_400_000) + "0]}"
    let error = CheckpointError.malformed(
      file: "f", tensor: nil, reason: "byte 16777226: the text holds more than 8388608 values")
    #expect(throws: error) { try SafetensorsTests.read(SafetensorsFile.bytes(zeros)) }
  }
}
