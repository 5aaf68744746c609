import JSONText

/// Where the tensors of a GGUF file stand, compared with the file.
struct GGUFLayout {
  /// In the order of the file's table.
  let tensors: [GGUF.TensorEntry]

  /// - Throws: ``CheckpointError/malformed(file:tensor:reason:)``; after a return, every tensor lies within the file,
  ///   on its alignment, between two tensors is padding to the alignment and nothing else.
  init(
    _ tables: [GGUFReader.TensorTable], headerLength: Int, alignment: Int, of bytes: MappedBytes, file: String
  ) throws(CheckpointError) {
    let start = min(Self.aligned(headerLength, alignment), bytes.count)
    var tensors: [GGUF.TensorEntry] = []
    tensors.reserveCapacity(tables.count)
    for table in tables {
      tensors.append(try Self.tensor(table, from: start, to: bytes.count, alignment: alignment, file: file))
    }
    try Self.checkTiling(tensors, from: start, to: bytes.count, alignment: alignment, file: file)
    self.tensors = tensors
  }

  /// The next multiple of the alignment, a power of two.
  private static func aligned(_ offset: Int, _ alignment: Int) -> Int { (offset + alignment - 1) & -alignment }

  private static func tensor(
    _ table: GGUFReader.TensorTable, from start: Int, to end: Int, alignment: Int, file: String
  ) throws(CheckpointError) -> GGUF.TensorEntry {
    func fault(_ reason: String) -> CheckpointError { .malformed(file: file, tensor: table.name, reason: reason) }
    var shape: [Int] = []
    var count = 1
    for dimension in table.dimensions.reversed() {
      guard dimension > 0 else { throw fault("it has a dimension of 0") }
      let size = Int(exactly: dimension)
      guard let size, case (let product, false) = count.multipliedReportingOverflow(by: size) else {
        let text = table.dimensions.reversed().map(String.init).joined(separator: ", ")
        throw fault("its shape [\(text)] has more elements than any file")
      }
      shape.append(size)
      count = product
    }
    let (length, blockBytes) = (table.type.blockLength, table.type.blockBytes)
    guard let row = shape.last, row % length == 0 else {
      throw fault(
        "its rows of \(shape.last ?? 0) are no multiple of the \(length) weights in a block of \(table.type.name)")
    }
    guard case (let size, false) = (count / length).multipliedReportingOverflow(by: blockBytes) else {
      throw fault("its shape \(shape.shapeText) has more elements than any file")
    }
    guard table.offset % UInt64(alignment) == 0 else {
      throw fault("its offset \(table.offset) is no multiple of the alignment \(alignment)")
    }
    guard table.offset <= UInt64(end - start), size <= end - start - Int(table.offset) else {
      throw fault(
        "its \(size) bytes from offset \(table.offset) on end beyond the file's \(end - start) bytes of data; was it "
          + "cut off?")
    }
    let first = start + Int(table.offset)
    return GGUF.TensorEntry(name: table.name, shape: shape, type: table.type, range: first..<first + size)
  }

  /// Makes sure that every byte belongs to one tensor, or to the padding before the next: what belongs to none could be
  /// another file in disguise.
  private static func checkTiling(
    _ tensors: [GGUF.TensorEntry], from start: Int, to fileEnd: Int, alignment: Int, file: String
  ) throws(CheckpointError) {
    var end = start
    var previous = ""
    for tensor in tensors.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      if tensor.range.lowerBound < end {
        throw .malformed(
          file: file, tensor: tensor.name, reason: "its bytes overlap those of tensor \(previous.oneLine())")
      }
      let gap = tensor.range.lowerBound - aligned(end, alignment)
      if gap > 0 {
        throw .malformed(file: file, tensor: tensor.name, reason: "the \(gap) bytes before its own belong to no tensor")
      }
      end = tensor.range.upperBound
      previous = tensor.name
    }
    let rest = fileEnd - aligned(end, alignment)
    if rest > 0 {
      throw .malformed(file: file, tensor: nil, reason: "the last \(rest) bytes belong to no tensor")
    }
  }
}
