extension Tensor {
  /// Writes elements `range` as Float into `output` from `start` on, exactly.
  ///
  /// - Complexity: O(n); a range that cuts blocks costs a copy of the whole blocks.
  package func read(_ range: Range<Int>, into output: inout [Float], at start: Int) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count && start >= 0 && range.count <= output.count - start
        && count / type.blockLength * type.blockBytes <= self.range.count && self.range.upperBound <= bytes.count,
      "elements outside the tensor or its copy")
    output.withUnsafeMutableBufferPointer { output in
      guard let base = output.baseAddress, !range.isEmpty else { return }
      read(range, into: base + start)
    }
  }

  /// Writes elements `range`, which lie within the tensor, to memory that holds as many.
  package func read(_ range: Range<Int>, into output: UnsafeMutablePointer<Float>) {
    guard rowOrder != .stored else { return readStored(range, into: output) }
    var (next, output) = (range.lowerBound, output)
    while next < range.upperBound {
      let (row, column) = next.quotientAndRemainder(dividingBy: rowLength)
      let count = min(range.upperBound - next, rowLength - column)
      let first = storedRow(row) * rowLength + column
      readStored(first..<first + count, into: output)
      next += count
      output += count
    }
  }

  /// Writes elements in the file's order.
  private func readStored(_ range: Range<Int>, into output: UnsafeMutablePointer<Float>) {
    // Blocks of either kind are powers of two long.
    let block = max(type.blockLength, precision.quantisation?.blockLength ?? 1)
    let (first, end) = (range.lowerBound / block * block, (range.upperBound + block - 1) / block * block)
    guard first..<end != range else { return readBlocks(range, into: output) }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: end - first) { scratch in
      guard let scratch = scratch.baseAddress else { return }
      readBlocks(first..<end, into: scratch)
      output.update(from: scratch + (range.lowerBound - first), count: range.count)
    }
  }

  /// Writes whole blocks in the file's order.
  private func readBlocks(_ range: Range<Int>, into output: UnsafeMutablePointer<Float>) {
    guard let base = bytes.buffer.baseAddress else { return }
    let source = base + self.range.lowerBound + range.lowerBound / type.blockLength * type.blockBytes
    switch type {
    case .plain(.float32):
      for index in 0..<range.count {
        let word = source.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
        output[index] = Float(bitPattern: UInt32(littleEndian: word))
      }
    case .plain(.float16):
      for index in 0..<range.count {
        let word = source.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
        output[index] = Float(Float16(bitPattern: UInt16(littleEndian: word)))
      }
    case .plain(.bfloat16):
      for index in 0..<range.count {
        let word = source.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
        output[index] = Float(bitPattern: UInt32(UInt16(littleEndian: word)) << 16)
      }
    case .quantised(let quantisation):
      quantisation.dequantise(source, count: range.count / quantisation.blockLength, into: output)
    }
    // Weights that are stored at the precision asked for are kept as they are.
    if precision.quantisation == nil || type != precision.quantisation.map(TensorType.quantised) {
      precision.round(output, count: range.count)
    }
  }
}
