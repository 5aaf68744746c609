extension Tensor {
  /// Writes elements `range` as Float into `output` from `start` on, exactly.
  func read(_ range: Range<Int>, into output: inout [Float], at start: Int) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count && start >= 0 && range.count <= output.count - start
        && count * element.size <= self.range.count && self.range.upperBound <= bytes.buffer.count,
      "elements outside the tensor or its copy")
    guard let base = bytes.buffer.baseAddress, !range.isEmpty else { return }
    let source = base + self.range.lowerBound + range.lowerBound * element.size
    output.withUnsafeMutableBufferPointer { output in
      for index in 0..<range.count {
        switch element {
        case .float32:
          let word = source.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
          output[start + index] = Float(bitPattern: UInt32(littleEndian: word))
        case .float16:
          let word = source.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
          output[start + index] = Float(Float16(bitPattern: UInt16(littleEndian: word)))
        case .bfloat16:
          let word = source.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
          output[start + index] = Float(bitPattern: UInt32(UInt16(littleEndian: word)) << 16)
        }
      }
    }
  }
}
