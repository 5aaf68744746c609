import JSONText

/// The tensors of one safetensors file.
///
/// The format: eight bytes that give the length of a header, little-endian; the header, a JSON object that maps a
/// tensor's name to its element type, shape and place; the tensors' bytes, one after the other without gaps.
/// Source: the format's description in the repository huggingface/safetensors.
struct Safetensors: Sendable {
  /// In the order in which the header has them; their bytes tile the rest of the file.
  let tensors: [Tensor]
  /// The header's own `__metadata__`.
  let metadata: [String: String]

  /// The longest header that the format's reference implementation reads.
  static let maximumHeaderLength = JSON.Limits.tensors.bytes

  /// Reads the header, and checks it against the size of the file; no tensor is touched.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - file: its name, for messages.
  /// - Throws: ``CheckpointError/malformed(file:tensor:reason:)``; after a return, every tensor lies within the file,
  ///   and no two share a byte.
  /// - Complexity: O(h + n log n) in the header's length and the number of tensors.
  init(_ bytes: MappedBytes, file: String) throws(CheckpointError) {
    func fault(_ reason: String) -> CheckpointError { .malformed(file: file, tensor: nil, reason: reason) }
    guard bytes.count >= 8 else {
      throw fault("has \(bytes.count) bytes, of which a safetensors file begins with 8; was it cut off?")
    }
    let length = bytes.loadLittleEndian(at: 0, as: UInt64.self)
    guard length <= Self.maximumHeaderLength else {
      throw fault(
        "says that its header has \(length) bytes, of at most \(Self.maximumHeaderLength); is it a safetensors file?")
    }
    let start = 8 + Int(length)
    guard start <= bytes.count else {
      throw fault("says that its header has \(length) bytes; \(bytes.count - 8) follow; was it cut off?")
    }
    let header = bytes.copy(8..<start)
    // The format says so, that a file is recognised by its ninth byte.
    guard header.first == UInt8(ascii: "{") else { throw fault("its header does not begin with {") }
    guard header.last(where: { $0 != UInt8(ascii: " ") }) == UInt8(ascii: "}") else {
      throw fault("its header ends with something else than } and spaces")
    }
    let json: JSON
    do throws(JSONError) {
      json = try JSON(header, limits: .tensors)
    } catch {
      throw fault((error.offset.map { "byte \(8 + $0): " } ?? "") + error.reason)
    }
    guard case .object(let members) = json else { throw fault("its header is no JSON object") }

    var metadata: [String: String] = [:]
    var tensors: [Tensor] = []
    tensors.reserveCapacity(members.count)
    for member in members {
      if member.name == "__metadata__" {
        metadata = try Self.metadata(member.value, file: file)
      } else {
        let entry = try SafetensorsEntry(member.value, name: member.name, file: file)
        tensors.append(try entry.tensor(of: bytes, from: start, file: file))
      }
    }
    try Self.checkTiling(tensors, of: start..<bytes.count, file: file)
    self.tensors = tensors
    self.metadata = metadata
  }

  private static func metadata(_ value: JSON, file: String) throws(CheckpointError) -> [String: String] {
    guard case .object(let members) = value else {
      throw .malformed(file: file, tensor: nil, reason: "__metadata__ is \(value.kind); it must map names to strings")
    }
    var metadata: [String: String] = [:]
    for member in members {
      guard case .string(let text) = member.value else {
        let reason = "__metadata__ \"\(member.name.oneLine())\" is \(member.value.kind); it must be a string"
        throw .malformed(file: file, tensor: nil, reason: reason)
      }
      metadata[member.name] = text
    }
    return metadata
  }

  /// Makes sure that every byte belongs to one tensor: what belongs to none could be another file in disguise.
  private static func checkTiling(_ tensors: [Tensor], of data: Range<Int>, file: String) throws(CheckpointError) {
    var end = data.lowerBound
    var previous = ""
    let ordered = tensors.sorted { a, b in
      (a.range.lowerBound, a.range.upperBound) < (b.range.lowerBound, b.range.upperBound)
    }
    for tensor in ordered {
      if tensor.range.lowerBound < end {
        throw .malformed(
          file: file, tensor: tensor.name, reason: "its bytes overlap those of tensor \(previous.oneLine())")
      }
      if tensor.range.lowerBound > end {
        throw .malformed(
          file: file, tensor: tensor.name,
          reason: "the \(tensor.range.lowerBound - end) bytes before its own belong to no tensor")
      }
      end = tensor.range.upperBound
      previous = tensor.name
    }
    if end < data.upperBound {
      let reason = "the last \(data.upperBound - end) bytes belong to no tensor"
      throw .malformed(file: file, tensor: nil, reason: reason)
    }
  }
}
