import Certification
import Foundation
import Testing

@Suite struct InspectTests {
  private static let fixtures = Command.repository.appending(path: "Fixtures/checkpoints")

  private struct Inspection: Decodable {
    struct Entry: Decodable { let key: String, type: String, count: Int? }
    struct Tensor: Decodable { let name: String, type: String, shape: [Int], parameters: Int, bytes: Int, offset: Int }
    struct Total: Decodable { let type: String, tensors: Int, parameters: Int, bytes: Int }

    let path: String, format: String, version: Int?, architecture: String?, name: String?, license: String?
    let metadata: [Entry], tensors: [Tensor], totals: [Total], parameters: Int, bytes: Int
  }

  @Test func aGGUFFileIsPrinted() async throws {
    let file = Self.fixtures.appending(path: "gguf/llama-bf16.gguf").path
    let result = try await Command.run(["inspect", file], in: Folder())
    #expect(result.status == 0 && result.error == "")
    let lines = result.text.split(separator: "\n").map(String.init)
    #expect(
      lines[..<7].map { $0.prefix(14).trimmingCharacters(in: .whitespaces) } == [
        "file", "format", "architecture", "name", "licence", "parameters", "bytes",
      ])
    #expect(lines[1].hasSuffix("GGUF, version 3") && lines[2].hasSuffix("llama"))
    #expect(lines[3].hasSuffix("llama-bf16") && lines[4].hasSuffix("apache-2.0"))
    #expect(lines.contains { $0.wholeMatch(of: /\s+llama\.block_count +uint32 +2/) != nil })
    #expect(
      lines.contains { $0.wholeMatch(of: /\s+token_embd\.weight +BF16 +\[73, 32\] +[\d,]+ bytes at [\d,]+/) != nil })
    #expect(lines.last?.hasPrefix("  all ") == true)
    for line in lines { #expect(!line.hasSuffix(" ")) }
  }

  @Test(arguments: [
    ("gguf/llama-bf16.gguf", "gguf"), ("tiny/llama-sharded", "folder"),
    ("elements/elements.safetensors", "safetensors"),
  ])
  func jsonHasTheWhole(name: String, format: String) async throws {
    let file = Self.fixtures.appending(path: name)
    let result = try await Command.run(["inspect", file.path, "--json"], in: Folder())
    #expect(result.status == 0 && result.error == "")
    let inspection = try JSONDecoder().decode(Inspection.self, from: result.output)
    #expect(inspection.path == file.path && inspection.format == format)
    #expect(inspection.parameters == inspection.tensors.reduce(0) { $0 + $1.parameters })
    #expect(inspection.bytes == inspection.tensors.reduce(0) { $0 + $1.bytes })
    #expect(inspection.parameters == inspection.totals.reduce(0) { $0 + $1.parameters })
    #expect(inspection.tensors.count == inspection.totals.reduce(0) { $0 + $1.tensors })
    #expect(inspection.tensors.allSatisfy { $0.parameters == $0.shape.reduce(1, *) && $0.offset > 0 })
    #expect(inspection.tensors.count >= 6 && !inspection.metadata.isEmpty)
    #expect(inspection.architecture == (format == "safetensors" ? nil : "llama"))
    #expect((inspection.version == 3) == (format == "gguf"))
  }

  @Test func hostileNamesAreHarmless() async throws {
    // A key, a value and a tensor that would clear the screen, and an array whose elements are counted.
    var bytes = Array("GGUF".utf8)
    func add(_ number: some FixedWidthInteger) { withUnsafeBytes(of: number.littleEndian) { bytes += $0 } }
    func add(_ text: String) {
      add(UInt64(text.utf8.count))
      bytes += Array(text.utf8)
    }
    add(UInt32(3))
    add(UInt64(1))
    add(UInt64(3))
    add("\u{1B}[2J")
    add(UInt32(8))
    add("a\n\u{1B}]0;x\u{7}")
    add("list")
    add(UInt32(9))
    add(UInt32(4))
    add(UInt64(1000))
    for element in 0..<UInt32(1000) { add(element) }
    add("number")
    add(UInt32(6))
    add(Float.nan.bitPattern)
    // A tensor of a type that is not computed: one block of IQ4_XS.
    add("\u{1B}[31mt")
    add(UInt32(1))
    add(UInt64(256))
    add(UInt32(23))
    add(UInt64(0))
    bytes += Array(repeating: 0, count: 32 - bytes.count % 32)
    bytes += Array(repeating: 0, count: 136)
    let folder = try Folder()
    try Data(bytes).write(to: folder.url.appending(path: "x.gguf"))
    let result = try await Command.run(["inspect", "x.gguf"], in: folder)
    #expect(result.status == 0 && result.error == "")
    #expect(result.text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
    #expect(result.text.contains("array of uint32 × 1,000  0, 1, 2, 3, 4, 5, 6, 7, …\n"))
    #expect(result.text.contains("IQ4_XS") && result.text.contains("nan"))
    #expect(result.text.contains("architecture  not stated") && result.text.contains("licence       not stated"))
    let json = try await Command.run(["inspect", "x.gguf", "--json"], in: folder)
    let inspection = try JSONDecoder().decode(Inspection.self, from: json.output)
    #expect(inspection.metadata.map(\.count) == [nil, 1000, nil])
    #expect(inspection.tensors[0].name == "\u{1B}[31mt")
  }

  @Test func whatIsNoCheckpointIsOneLine() async throws {
    let folder = try Folder()
    try folder.write("hello, this is a text", to: "x")
    try folder.write("GGUFxxxxxxxxxxxxxxxxxxxxxxxxxxxx", to: "y")
    try folder.write("{}", to: "config.json")
    let cases = [
      ("x", "rsd: x: is no checkpoint; give a GGUF file, a safetensors file, or a folder with config.json\n"),
      ("y", "rsd: y: is of version 2021161080; 2 and 3 are read, so convert the original model anew\n"),
      ("none", "rsd: none: does not exist\n"),
      (
        ".",
        "rsd: .: holds neither model.safetensors nor model.safetensors.index.json; weights of other names are not read\n"
      ),
    ]
    for (file, line) in cases {
      let result = try await Command.run(["inspect", file], in: folder)
      #expect(result.status == 65 && result.text == "" && result.error == line)
    }
  }
}
