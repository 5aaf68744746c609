/// The memory of packed weights: written while a matrix is made, then read only, hence `Sendable`.
final class PanelMemory: @unchecked Sendable {
  let buffer: UnsafeMutableRawBufferPointer

  /// Zeros, on a cache line's boundary.
  init(byteCount: Int) {
    buffer = .allocate(byteCount: byteCount, alignment: 64)
    buffer.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit { buffer.deallocate() }
}

extension PackedMatrix {
  /// Copies a tensor's rows into the panels as outputs `firstOutput` and following.
  func pack(_ tensor: Tensor, from firstOutput: Int) {
    precondition(
      tensor.range.count == tensor.count / tensor.type.blockLength * tensor.type.blockBytes
        && tensor.count == tensor.shape[0] * inputCount && tensor.range.upperBound <= tensor.bytes.count,
      "a tensor's bytes are those of its shape")
    withUnsafeTemporaryAllocation(of: Float.self, capacity: inputCount) { scratch in
      guard let scratch = scratch.baseAddress, let to = panels.buffer.baseAddress,
        let from = tensor.bytes.buffer.baseAddress
      else { return }
      for row in 0..<tensor.shape[0] {
        let (panel, lane) = (firstOutput + row).quotientAndRemainder(dividingBy: Self.panelWidth)
        let output = to + panel * inputCount * Self.panelWidth * element.size
        if element != .float32, tensor.isHeldAsStored {
          let input = from + tensor.range.lowerBound + tensor.storedRow(row) * inputCount * element.size
          let words = output + halfSlot(lane)
          for k in 0..<inputCount {
            let word = UInt16(littleEndian: input.loadUnaligned(fromByteOffset: 2 * k, as: UInt16.self))
            words.storeBytes(of: word, toByteOffset: 2 * k * Self.panelWidth, as: UInt16.self)
          }
          continue
        }
        tensor.read(row * inputCount..<(row + 1) * inputCount, into: scratch)
        if element == .float32 {
          let weights = output.assumingMemoryBound(to: Float.self) + lane
          for k in 0..<inputCount { weights[k * Self.panelWidth] = scratch[k] }
        } else {
          // Rounded to BF16 already: the upper half is the number.
          let words = output + halfSlot(lane)
          for k in 0..<inputCount {
            let word = UInt16(truncatingIfNeeded: scratch[k].bitPattern >> 16)
            words.storeBytes(of: word, toByteOffset: 2 * k * Self.panelWidth, as: UInt16.self)
          }
        }
      }
    }
  }

  /// Where, in bytes, the 16-bit weight of a panel's output stands among those of an input: halves of a native word,
  /// so that a shift finds them on any machine.
  private func halfSlot(_ lane: Int) -> Int {
    let half = Self.panelWidth / 2
    return 4 * (lane % half) + 2 * (lane < half ? Self.lowerHalf : 1 - Self.lowerHalf)
  }

  /// Where a word's lower half stands in memory: 0 on a little-endian machine.
  private static let lowerHalf = UInt32(1).littleEndian == 1 ? 0 : 1

  /// The product with `rows` vectors: `y[row][output] = Σ w[output][input] · x[row][input] + bias[output]`.
  ///
  /// Each output is summed by one thread, so that the bits do not depend on how many there are.
  /// - Parameters:
  ///   - x: shape [rows][inputCount].
  ///   - y: shape [rows][outputCount].
  func multiply(_ x: borrowing Rows, rows: Int, into y: inout Rows, by engine: Engine) {
    y.reserve(rows)
    precondition(x.width == inputCount && y.width == outputCount, "vectors of the matrix's sides")
    precondition(x.values.count >= rows * inputCount, "as many vectors as rows")
    x.values.withUnsafeBufferPointer { input in
      y.values.withUnsafeMutableBufferPointer { output in
        bias.withUnsafeBufferPointer { bias in
          guard let x = input.baseAddress, let y = output.baseAddress, let weights = panels.buffer.baseAddress else {
            return
          }
          let product = PanelProduct(
            weights: UnsafeRawPointer(weights), element: element, inputCount: inputCount, outputCount: outputCount,
            bias: bias.isEmpty ? nil : bias.baseAddress, x: x, rows: rows, y: y)
          engine.pool.split(panelCount, cost: rows * outputCount * inputCount) { panels in
            engine.kernels.multiply(product, panels)
          }
        }
      }
    }
  }
}
