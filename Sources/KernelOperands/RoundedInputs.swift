/// Vectors rounded to 8 bits in blocks of 32 numbers, as products with weights in blocks want them.
///
///     number ≈ scale · code     code in -127...127, scale = the block's largest magnitude / 127
///
/// A block that holds an infinity or a NaN has the scale NaN: what is multiplied with it becomes one.
package struct RoundedInputs: @unchecked Sendable {
  /// Numbers in a block.
  package static var blockLength: Int { 32 }

  /// Shape [row][input / 4][2]: four codes in as many words as the level of the kernels needs.
  package let codes: UnsafeMutablePointer<UInt32>
  /// Shape [row][block].
  package let scales: UnsafeMutablePointer<Float>
  /// The sums of a block's codes, shape [row][block].
  package let sums: UnsafeMutablePointer<Int32>
  /// Scale times sum, shape [row][block].
  package let scaledSums: UnsafeMutablePointer<Float>
  /// Words from one row's codes to the next one's.
  package let codeStride: Int
  /// Blocks of a row.
  package let blockCount: Int

  /// Bytes that the rounded vectors take.
  package static func byteCount(inputCount: Int, rows: Int) -> Int {
    let blocks = inputCount / blockLength
    return rows * blocks * (2 * blockLength + 12)
  }

  /// Rounded vectors in memory of ``byteCount(inputCount:rows:)`` bytes, aligned to 4.
  ///
  /// - Parameter inputCount: a multiple of ``blockLength``.
  package init(_ memory: UnsafeMutableRawPointer, inputCount: Int, rows: Int) {
    blockCount = inputCount / Self.blockLength
    codeStride = blockCount * Self.blockLength / 2
    let blocks = rows * blockCount
    codes = memory.bindMemory(to: UInt32.self, capacity: rows * codeStride)
    let behind = memory + 4 * rows * codeStride
    scales = behind.bindMemory(to: Float.self, capacity: blocks)
    scaledSums = (behind + 4 * blocks).bindMemory(to: Float.self, capacity: blocks)
    sums = (behind + 8 * blocks).bindMemory(to: Int32.self, capacity: blocks)
  }
}
