import KernelOperands

extension PackedMatrix {
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
          withRoundedInputs(rows: rows, by: engine) { rounded in
            let product = PanelProduct(
              weights: UnsafeRawPointer(weights), element: element, inputCount: inputCount, outputCount: outputCount,
              bias: bias.isEmpty ? nil : bias.baseAddress, x: x, rounded: rounded, rows: rows, y: y)
            if rounded != nil, let round = engine.kernels.round {
              engine.pool.split(rows, cost: rows * inputCount * Self.roundingCost) { round(product, $0) }
            }
            engine.pool.split(panelCount, cost: rows * outputCount * inputCount) { panels in
              engine.kernels.multiply(product, panels)
            }
          }
        }
      }
    }
  }

  /// The cost of rounding a number, in multiply-adds.
  private static var roundingCost: Int { 4 }

  /// Calls `body` with memory for rounded vectors, where the kernels want these; else with none.
  private func withRoundedInputs(rows: Int, by engine: Engine, _ body: (RoundedInputs?) -> Void) {
    guard element.isInBlocks, engine.kernels.round != nil else { return body(nil) }
    let byteCount = RoundedInputs.byteCount(inputCount: inputCount, rows: rows)
    withUnsafeTemporaryAllocation(byteCount: byteCount, alignment: 64) { memory in
      body(memory.baseAddress.map { RoundedInputs($0, inputCount: inputCount, rows: rows) })
    }
  }
}

extension PanelProduct.Element {
  /// Whether weights share a scale with their neighbours.
  var isInBlocks: Bool {
    switch self {
    case .float32, .float16, .bfloat16: false
    case .q8_0, .q4_0, .q4_1: true
    }
  }
}
