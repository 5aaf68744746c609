import JSONText

/// The header of a GGUF file: metadata and a table of tensors, checked against the size of the file.
///
/// The format, little-endian: the bytes `GGUF`, a version, the counts of tensors and of metadata; the metadata, each a
/// key, a type and a value; for each tensor its name, dimensions, type and offset; then, from the next multiple of
/// `general.alignment` on, the tensors' bytes, each on such a multiple. A string is its length and its bytes.
/// - Source: `docs/gguf.md` of ggml-org/ggml; versions 2 and 3.
package struct GGUF: Sendable {
  /// A key of the metadata, and its value.
  package struct Entry: Hashable, Sendable {
    /// Dotted lower-case words, such as `llama.block_count`; unique in its file.
    package let key: String
    /// The value, in its type.
    package let value: GGUFValue
  }

  /// A tensor as the file has it.
  package struct TensorEntry: Hashable, Sendable {
    /// The name, unique in its file.
    package let name: String
    /// The dimensions, the slowest first, as PyTorch writes them; the file has them in the opposite order.
    package let shape: [Int]
    /// How its weights are stored.
    package let type: GGMLType
    /// Where its bytes stand in the file; as many as the shape and the type say.
    package let range: Range<Int>

    /// Weights in all.
    package var count: Int { range.count / type.blockBytes * type.blockLength }
  }

  /// The format's version: 2, or 3.
  package let version: Int
  /// All metadata, in the order of the file.
  package let metadata: [Entry]
  /// All tensors, in the order of the file's table.
  package let tensors: [TensorEntry]
  /// Tensors begin at multiples of so many bytes: a power of two.
  package let alignment: Int
  /// Where the header ends, and padding or the tensors' bytes begin.
  package let headerLength: Int
  /// The file's name, for messages.
  package let file: String

  /// The mapped file.
  let bytes: MappedBytes
  private let values: [String: Int]
  private let places: [String: Int]

  /// Bytes of the file.
  package var byteCount: Int { bytes.count }

  /// A copy of the header.
  package var header: [UInt8] { bytes.copy(0..<headerLength) }

  /// The value of a key; nil where the file does not have it.
  package subscript(_ key: String) -> GGUFValue? { values[key].map { metadata[$0].value } }

  /// The tensor of a name; nil where the file does not have it.
  package func tensor(_ name: String) -> TensorEntry? { places[name].map { tensors[$0] } }

  /// Maps a file and reads its header; no tensor is touched.
  ///
  /// - Throws: ``CheckpointError/unreadable(file:reason:)`` and ``CheckpointError/malformed(file:tensor:reason:)``;
  ///   after a return, keys and names are unique, and every tensor lies within the file, on its alignment, and shares
  ///   no byte with another.
  /// - Complexity: O(h + n log n) in the header's length and the number of tensors; memory in proportion to the header.
  package static func open(_ path: String) throws(CheckpointError) -> GGUF {
    try GGUF(MappedFile.open(path), file: path)
  }

  /// Reads a file's header from memory; the bytes are copied once.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - file: its name, for messages.
  /// - Throws: ``CheckpointError/malformed(file:tensor:reason:)``, as ``open(_:)`` does.
  package init(_ bytes: [UInt8], file: String) throws(CheckpointError) {
    try self.init(MappedBytes(copying: bytes), file: file)
  }

  init(_ bytes: MappedBytes, file: String) throws(CheckpointError) {
    var reader = GGUFReader(bytes, file: file)
    version = try reader.version()
    let tensorCount = try reader.count(of: "tensors", atLeast: GGUFReader.leastTensorBytes)
    let entryCount = try reader.count(of: "metadata keys", atLeast: GGUFReader.leastEntryBytes)

    var metadata: [Entry] = []
    metadata.reserveCapacity(entryCount)
    var values: [String: Int] = [:]
    values.reserveCapacity(entryCount)
    for index in 0..<entryCount {
      let entry = try reader.entry(index)
      if values.updateValue(index, forKey: entry.key) != nil {
        throw reader.fault("the key \"\(entry.key.oneLine())\" occurs twice")
      }
      metadata.append(entry)
    }
    let alignment = try Self.alignment(values["general.alignment"].map { metadata[$0].value }, reader)

    var tables: [GGUFReader.TensorTable] = []
    tables.reserveCapacity(tensorCount)
    var places: [String: Int] = [:]
    places.reserveCapacity(tensorCount)
    for index in 0..<tensorCount {
      let table = try reader.tensorTable(index)
      if places.updateValue(index, forKey: table.name) != nil {
        throw .malformed(file: file, tensor: table.name, reason: "its name occurs twice")
      }
      tables.append(table)
    }
    headerLength = reader.offset
    tensors = try GGUFLayout(tables, headerLength: reader.offset, alignment: alignment, of: bytes, file: file).tensors
    (self.metadata, self.values, self.alignment) = (metadata, values, alignment)
    (self.bytes, self.file, self.places) = (bytes, file, places)
  }

  private static func alignment(_ value: GGUFValue?, _ reader: GGUFReader) throws(CheckpointError) -> Int {
    guard let value else { return 32 }
    guard let alignment = value.integer, alignment >= 1, alignment & (alignment - 1) == 0, alignment <= 1 << 30 else {
      let given = value.integer.map(String.init) ?? "of type \(value.typeName)"
      throw reader.fault("general.alignment is \(given); it must be a power of two of at most 2^30")
    }
    return alignment
  }
}
