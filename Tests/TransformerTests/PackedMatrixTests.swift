import Testing

@testable import Transformer

/// The packed product is the plain loop, bit for bit.
@Suite struct PackedMatrixTests {
  private func engine(threads: Int = 1) -> Engine {
    Engine(kernels: .deterministic, pool: WorkPool(threads: threads))
  }

  private func product(_ matrix: PackedMatrix, _ x: [Float], by engine: Engine) -> [Float] {
    var input = Rows(width: matrix.inputCount)
    input.values = x
    let rows = x.count / matrix.inputCount
    var output = Rows(width: matrix.outputCount)
    matrix.multiply(input, rows: rows, into: &output, by: engine)
    return Array(output.values.prefix(rows * matrix.outputCount))
  }

  @Test(arguments: Tensor.Element.allCases)
  func theProductIsThePlainLoop(element: Tensor.Element) {
    var random = RandomCheckpoints(seed: 1)
    for (outputs, inputs) in [(1, 1), (47, 63), (48, 64), (49, 65), (95, 3), (97, 130), (200, 129)] {
      let tensor = Tensor("w", shape: [outputs, inputs], random.numbers(outputs * inputs), element: element)
      for hasBias in [false, true] {
        let bias = hasBias ? random.numbers(outputs) : []
        let matrix = PackedMatrix([tensor], bias: bias)
        #expect(matrix.element == element)
        for rows in [1, 2, 3, 7, 16, 33] {
          let x = random.numbers(rows * inputs)
          let twin = NaiveTwins.multiply(tensor.floats(), bias: bias, inputCount: inputs, by: x)
          #expect(product(matrix, x, by: engine()) == twin, "\(outputs)×\(inputs), \(rows) rows")
        }
      }
    }
  }

  @Test func noNumberOfThreadsChangesABit() {
    var random = RandomCheckpoints(seed: 2)
    // Large enough to be split: 600 · 500 multiply-adds a row.
    let tensor = Tensor("w", shape: [600, 500], random.numbers(300_000), element: .bfloat16)
    let matrix = PackedMatrix([tensor])
    for rows in [1, 5] {
      let x = random.numbers(rows * 500)
      let twin = NaiveTwins.multiply(tensor.floats(), bias: [], inputCount: 500, by: x)
      for threads in [1, 2, 3, 7] { #expect(product(matrix, x, by: engine(threads: threads)) == twin) }
    }
  }

  @Test func matricesOfOneInputSideAreOneProduct() {
    var random = RandomCheckpoints(seed: 3)
    for elements in [[Tensor.Element.float16, .float16, .float16], [.float16, .bfloat16, .float32]] {
      let tensors = zip([30, 5, 70], elements).map { outputs, element in
        Tensor("w", shape: [outputs, 20], random.numbers(outputs * 20), element: element)
      }
      let matrix = PackedMatrix(tensors)
      #expect(matrix.element == (Set(elements).count == 1 ? elements[0] : .float32))
      let x = random.numbers(40)
      let twin = NaiveTwins.multiply(tensors.flatMap { $0.floats() }, bias: [], inputCount: 20, by: x)
      #expect(product(matrix, x, by: engine()) == twin)
    }
  }

  @Test func everyHalfIsWidenedExactly() {
    for low in 0..<UInt32(0x8000) {
      // All 65,536 patterns, half of them in a word's upper half.
      let words = SIMD8(repeating: low | (low | 0x8000) << 16)
      let (lower, upper) = UnsafeDeterministicKernels.halves(words)
      let (first, second) = (Float(Float16(bitPattern: UInt16(low))), Float(Float16(bitPattern: UInt16(low | 0x8000))))
      guard first.isNaN == lower[3].isNaN, first.isNaN || first.bitPattern == lower[3].bitPattern,
        second.isNaN == upper[5].isNaN, second.isNaN || second.bitPattern == upper[5].bitPattern
      else {
        Issue.record("pattern \(String(low, radix: 16))")
        return
      }
    }
  }

  @Test func aTensorIsReadAsItsFloats() {
    var random = RandomCheckpoints(seed: 4)
    for element in Tensor.Element.allCases {
      let tensor = Tensor("w", shape: [7, 9], random.numbers(63), element: element)
      var output = [Float](repeating: 9, count: 20)
      tensor.read(18..<27, into: &output, at: 4)
      #expect(output == Array(repeating: 9, count: 4) + tensor.floats(18..<27) + Array(repeating: 9, count: 7))
    }
  }
}
