import KernelOperands

/// A tensor of a checkpoint: its name, shape, and elements where the file has them.
///
/// The bytes are mapped, not read: a page is loaded when it is touched. They need not be aligned in memory.
package struct Tensor: Sendable {
  /// How an element that stands alone is stored; little-endian.
  package enum Element: String, Hashable, Sendable, CaseIterable {
    /// 32-bit IEEE 754.
    case float32 = "F32"
    /// 16-bit IEEE 754.
    case float16 = "F16"
    /// The upper half of 32-bit IEEE 754.
    case bfloat16 = "BF16"

    /// Bytes an element.
    package var size: Int { self == .float32 ? 4 : 2 }
  }

  /// In which order a file has a tensor's rows.
  package enum RowOrder: Hashable, Sendable {
    /// As the tensor has them.
    case stored
    /// Within each head of so many rows, the two rows of a rotated pair side by side, where the tensor has first the
    /// first rows of all pairs, then the second.
    case pairs(headSize: Int)
  }

  /// The tensor's name in its file.
  package let name: String
  /// Its dimensions, the slowest first, as PyTorch writes them; none for a single number.
  package let shape: [Int]
  /// How its elements are stored.
  package let type: TensorType
  /// The file, for messages.
  package let file: String
  /// The mapped file.
  package let bytes: MappedBytes
  /// Where the tensor's bytes stand in the file; as many as the shape and the type say.
  package let range: Range<Int>
  /// Where its rows stand within them.
  package var rowOrder = RowOrder.stored
  /// To what its elements are rounded when they are read.
  private(set) var precision = WeightPrecision.stored

  /// A tensor of bytes that are there, as many as the shape and the type say.
  package init(name: String, shape: [Int], type: TensorType, file: String, bytes: MappedBytes, range: Range<Int>) {
    (self.name, self.shape, self.type, self.file, self.bytes, self.range) = (name, shape, type, file, bytes, range)
  }

  /// Elements in all.
  package var count: Int { range.count / type.blockBytes * type.blockLength }

  /// Elements of a row, which follow each other in the file: of a vector 1.
  package var rowLength: Int { shape.count < 2 ? 1 : shape[shape.count - 1] }

  /// The same matrix without the rows from `count` on.
  ///
  /// - Precondition: it has at least so many rows, in the order of the tensor.
  package func prefix(rows count: Int) -> Tensor {
    precondition(shape.count == 2 && count <= shape[0] && rowOrder == .stored, "rows outside the tensor")
    let end = range.lowerBound + range.count / shape[0] * count
    var tensor = Tensor(
      name: name, shape: [count, shape[1]], type: type, file: file, bytes: bytes, range: range.lowerBound..<end)
    tensor.precision = precision
    return tensor
  }

  /// The same tensor, whose elements are rounded as they are read.
  ///
  /// - Throws: ``CheckpointError/malformed(file:tensor:reason:)`` where its rows are no whole number of blocks.
  package func rounded(to precision: WeightPrecision) throws(CheckpointError) -> Tensor {
    if let quantisation = precision.quantisation, rowLength % quantisation.blockLength != 0 {
      throw .malformed(
        file: file, tensor: name,
        reason: "its rows of \(rowLength) are no multiple of the \(quantisation.blockLength) weights in a block of "
          + "\(quantisation.rawValue), so the precision \(precision.rawValue) is not possible; bf16 is")
    }
    var tensor = self
    tensor.precision = precision
    return tensor
  }

  /// The same tensor, as it is stored.
  package var unrounded: Tensor {
    var tensor = self
    tensor.precision = .stored
    return tensor
  }

  /// The type that holds the elements exactly, after rounding.
  package var heldElement: PanelProduct.Element {
    switch (precision, type) {
    case (.stored, .plain(.float32)), (.float32, _): .float32
    case (.stored, .plain(.float16)): .float16
    case (.stored, .plain(.bfloat16)), (.bfloat16, _): .bfloat16
    case (.stored, .quantised(.q8_0)), (.q8_0, _): .q8_0
    case (.stored, .quantised(.q4_0)), (.q4_0, _): .q4_0
    case (.stored, .quantised(.q4_1)): .q4_1
    case (.stored, .quantised): .float32
    }
  }

  /// Whether the elements are stored as they would be held, so that their bytes can be copied.
  package func isStored(as element: PanelProduct.Element) -> Bool {
    switch (element, type) {
    case (.float32, .plain(.float32)): precision.quantisation == nil && precision != .bfloat16
    case (.float16, .plain(.float16)): true
    case (.bfloat16, .plain(.bfloat16)): precision.quantisation == nil
    case (.q8_0, .quantised(.q8_0)), (.q4_0, .quantised(.q4_0)), (.q4_1, .quantised(.q4_1)): true
    default: false
    }
  }

  /// A copy of elements `range` as Float, exactly, since all types stand for such numbers.
  ///
  /// - Parameter range: which elements, row by row; nil for all.
  /// - Precondition: `range` lies within `0..<count`.
  /// - Complexity: O(n) in the number of elements copied.
  package func floats(_ range: Range<Int>? = nil) -> [Float] {
    let range = range ?? 0..<count
    var floats = [Float](repeating: 0, count: range.count)
    read(range, into: &floats, at: 0)
    return floats
  }

  /// The row of the file's order that is row `row` of the tensor.
  package func storedRow(_ row: Int) -> Int {
    switch rowOrder {
    case .stored: return row
    case .pairs(let headSize):
      let (head, place) = row.quotientAndRemainder(dividingBy: headSize)
      let (second, pair) = place.quotientAndRemainder(dividingBy: headSize / 2)
      return head * headSize + 2 * pair + second
    }
  }
}
