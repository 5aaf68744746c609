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
    let source = UnsafeRawBufferPointer(rebasing: tensor.bytes.buffer[tensor.range])
    precondition(source.count == tensor.count * tensor.element.size, "a tensor's bytes are those of its shape")
    guard let from = source.baseAddress, let to = panels.buffer.baseAddress else { return }
    for row in 0..<tensor.shape[0] {
      let (panel, lane) = (firstOutput + row).quotientAndRemainder(dividingBy: Self.panelWidth)
      let input = from + row * inputCount * tensor.element.size
      let output = to + panel * inputCount * Self.panelWidth * element.size
      switch (tensor.element, element) {
      case (.float32, _):
        for k in 0..<inputCount {
          let word = UInt32(littleEndian: input.loadUnaligned(fromByteOffset: 4 * k, as: UInt32.self))
          output.storeBytes(of: word, toByteOffset: 4 * (k * Self.panelWidth + lane), as: UInt32.self)
        }
      case (_, .float32):
        var values = [Float](repeating: 0, count: inputCount)
        tensor.read(row * inputCount..<(row + 1) * inputCount, into: &values, at: 0)
        for k in 0..<inputCount {
          output.storeBytes(of: values[k], toByteOffset: 4 * (k * Self.panelWidth + lane), as: Float.self)
        }
      default:
        let half = Self.panelWidth / 2
        // Halves of a native word, so that a shift finds them on any machine.
        let slot = 2 * (lane % half) + (lane < half ? Self.lowerHalf : 1 - Self.lowerHalf)
        for k in 0..<inputCount {
          let word = UInt16(littleEndian: input.loadUnaligned(fromByteOffset: 2 * k, as: UInt16.self))
          output.storeBytes(of: word, toByteOffset: 2 * (k * Self.panelWidth + slot), as: UInt16.self)
        }
      }
    }
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
