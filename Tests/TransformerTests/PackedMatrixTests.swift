import KernelOperands
import ModelSupport
import Testing

@testable import Checkpoints
@testable import Transformer

/// The packed product is the plain loop: bit for bit, or within the bound of a sum's rounding.
@Suite struct PackedMatrixTests {
  private func engine(
    threads: Int = 1, _ arithmetic: Arithmetic = .deterministic, for level: ProcessorLevel = .current
  ) -> Engine {
    Engine(kernels: .kernels(arithmetic, for: level), pool: WorkPool(threads: threads))
  }

  private func product(_ matrix: PackedMatrix, _ x: [Float], by engine: Engine) -> [Float] {
    var input = Rows(width: matrix.inputCount)
    input.values = x
    let rows = x.count / matrix.inputCount
    var output = Rows(width: matrix.outputCount)
    matrix.multiply(input, rows: rows, into: &output, by: engine)
    return Array(output.values.prefix(rows * matrix.outputCount))
  }

  @Test(arguments: Tensor.Element.allCases, ProcessorLevel.available)
  func theProductIsThePlainLoop(element: Tensor.Element, level: ProcessorLevel) {
    var random = RandomCheckpoints(seed: 1)
    for (outputs, inputs) in [(1, 1), (47, 63), (48, 64), (49, 65), (95, 3), (97, 130), (200, 129)] {
      let tensor = Tensor("w", shape: [outputs, inputs], random.numbers(outputs * inputs), element: element)
      for hasBias in [false, true] {
        let bias = hasBias ? random.numbers(outputs) : []
        let matrix = PackedMatrix([tensor], bias: bias)
        #expect(matrix.element == tensor.heldElement && matrix.element.isInBlocks == false)
        for rows in [1, 2, 3, 7, 16, 33] {
          let x = random.numbers(rows * inputs)
          let twin = NaiveTwins.multiply(tensor.floats(), bias: bias, inputCount: inputs, by: x)
          let place: Comment = "\(outputs)×\(inputs), \(rows) rows"
          #expect(product(matrix, x, by: engine(for: level)) == twin, place)
          // |error| <= n · u · Σ|w · x| for a sum of n products in any order, fused or not, and so twice that from one
          // sum to another (Higham 2002, section 3.1).
          let sizes = NaiveTwins.multiply(
            tensor.floats().map(abs), bias: bias.map(abs), inputCount: inputs, by: x.map(abs))
          let fused = product(matrix, x, by: engine(.fast, for: level))
          for (index, size) in sizes.enumerated() {
            #expect(abs(fused[index] - twin[index]) <= 2 * Float(inputs + 1) * 0x1p-24 * size * 1.001, place)
          }
        }
      }
    }
  }

  @Test(arguments: Arithmetic.allCases, ProcessorLevel.available)
  func aRowIsTheSameInAnyBatch(arithmetic: Arithmetic, level: ProcessorLevel) {
    var random = RandomCheckpoints(seed: 6)
    for element in Tensor.Element.allCases {
      let matrix = PackedMatrix([Tensor("w", shape: [70, 131], random.numbers(70 * 131), element: element)])
      let x = random.numbers(33 * 131)
      let all = product(matrix, x, by: engine(arithmetic, for: level))
      for row in 0..<33 {
        let alone = product(matrix, Array(x[row * 131..<(row + 1) * 131]), by: engine(arithmetic, for: level))
        #expect(alone == Array(all[row * 70..<(row + 1) * 70]))
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
      #expect(matrix.element == (Set(elements).count == 1 ? tensors[0].heldElement : .float32))
      let x = random.numbers(40)
      let twin = NaiveTwins.multiply(tensors.flatMap { $0.floats() }, bias: [], inputCount: 20, by: x)
      #expect(product(matrix, x, by: engine()) == twin)
    }
  }

  @Test(arguments: ProcessorLevel.available)
  func everyHalfIsWidenedExactly(level: ProcessorLevel) {
    // All 65,536 patterns as the weights of one input, even and odd, times 1. A zero's sign is lost in the sum.
    let patterns = (0..<65_536).map { UInt16($0) }
    for column in 0..<2 {
      var bytes: [UInt8] = []
      for pattern in patterns {
        let number = [UInt8(truncatingIfNeeded: pattern), UInt8(truncatingIfNeeded: pattern >> 8)]
        bytes += column == 0 ? number + [0, 0] : [0, 0] + number
      }
      let tensor = Tensor("w", shape: [65_536, 2], bytes: bytes, element: .float16)
      let x: [Float] = column == 0 ? [1, 0] : [0, 1]
      let widened = product(PackedMatrix([tensor]), x, by: engine(for: level))
      for (pattern, value) in zip(patterns, widened) {
        let exact = Float(Float16(bitPattern: pattern))
        guard exact.isNaN == value.isNaN, exact.isNaN || exact == value else {
          Issue.record("pattern \(String(pattern, radix: 16)): \(value), not \(exact)")
          return
        }
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
