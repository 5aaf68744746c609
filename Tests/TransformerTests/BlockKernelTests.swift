import KernelOperands
import ModelSupport
import Testing

@testable import Checkpoints
@testable import Transformer

/// Products with weights in blocks: the plain loop over what the blocks stand for, or over their codes.
@Suite struct BlockKernelTests {
  static let elements: [PanelProduct.Element] = [.q8_0, .q4_0, .q4_1]

  private func engine(_ arithmetic: Arithmetic, for level: ProcessorLevel = .current, threads: Int = 1) -> Engine {
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

  /// Random blocks: every code, scales and minima of either sign, of all sizes down to subnormal ones.
  private func tensor(
    _ element: PanelProduct.Element, outputs: Int, inputs: Int, _ random: inout RandomCheckpoints
  ) -> Tensor {
    let quantisation: Quantisation = element == .q8_0 ? .q8_0 : element == .q4_0 ? .q4_0 : .q4_1
    var bytes: [UInt8] = []
    for _ in 0..<outputs * inputs / 32 {
      for _ in 0..<(element == .q4_1 ? 2 : 1) {
        let small = random.below(20) == 0
        let half = Float16(random.number() * (small ? 0x1p-20 : 0.25)).bitPattern
        bytes += [UInt8(truncatingIfNeeded: half), UInt8(half >> 8)]
      }
      for _ in 0..<(element == .q8_0 ? 32 : 16) { bytes.append(UInt8(random.below(256))) }
    }
    return Tensor(
      name: "w", shape: [outputs, inputs], type: .quantised(quantisation), file: "memory",
      bytes: MappedBytes(copying: bytes), range: 0..<bytes.count)
  }

  static let sides = [(1, 32), (47, 64), (48, 96), (49, 160), (97, 32), (145, 224)]

  @Test(arguments: elements, ProcessorLevel.available)
  func deterministicProductsAreThePlainLoop(element: PanelProduct.Element, level: ProcessorLevel) {
    var random = RandomCheckpoints(seed: 71)
    for (outputs, inputs) in Self.sides {
      let tensor = tensor(element, outputs: outputs, inputs: inputs, &random)
      let bias = random.numbers(outputs)
      let matrix = PackedMatrix([tensor], bias: bias)
      #expect(matrix.element == element)
      for rows in [1, 2, 3, 5, 8, 17] {
        let x = random.numbers(rows * inputs)
        let twin = NaiveTwins.multiply(tensor.floats(), bias: bias, inputCount: inputs, by: x)
        #expect(
          product(matrix, x, by: engine(.deterministic, for: level)) == twin, "\(outputs)×\(inputs), \(rows) rows")
      }
    }
  }

  @Test(arguments: elements, ProcessorLevel.available)
  func fastProductsAreThePlainLoopOverCodes(element: PanelProduct.Element, level: ProcessorLevel) {
    var random = RandomCheckpoints(seed: 72)
    for (outputs, inputs) in Self.sides {
      let tensor = tensor(element, outputs: outputs, inputs: inputs, &random)
      let matrix = PackedMatrix([tensor])
      for rows in [1, 2, 3, 4, 7, 9] {
        // A block of zeros, one that is tiny, one with a number far from its neighbours.
        var x = random.numbers(rows * inputs)
        for index in 0..<32 { x[index] = 0 }
        if rows > 1 { for index in inputs..<inputs + 32 { x[index] *= 0x1p-140 } }
        if rows > 2 { x[2 * inputs + 5] = 300 }
        let twin = NaiveTwins.multiplyCodes(tensor, by: x, isFused: level > .baseline)
        let fast = product(matrix, x, by: engine(.fast, for: level))
        #expect(fast == twin, "\(outputs)×\(inputs), \(rows) rows")
        // Each input moves by half a step at most, a step being the 127th part of its block's largest magnitude; what is
        // too small for a reciprocal moves by all of it.
        let weights = tensor.floats()
        let exact = NaiveTwins.multiply(weights, bias: [], inputCount: inputs, by: x)
        let sizes = NaiveTwins.multiply(weights.map(abs), bias: [], inputCount: inputs, by: x.map(abs))
        let steps = x.indices.map { index in
          x[index / 32 * 32..<index / 32 * 32 + 32].reduce(0) { max($0, abs($1)) } / 254 + 0x1p-119
        }
        let moves = NaiveTwins.multiply(weights.map(abs), bias: [], inputCount: inputs, by: steps)
        for index in fast.indices {
          let rounding = Float(2 * inputs + 4) * 0x1p-24 * (sizes[index] + moves[index]) * 4
          #expect(abs(fast[index] - exact[index]) <= moves[index] * 1.001 + rounding)
        }
      }
    }
  }

  @Test(arguments: elements)
  func neitherRowsNorThreadsChangeABit(element: PanelProduct.Element) {
    var random = RandomCheckpoints(seed: 73)
    let tensor = tensor(element, outputs: 600, inputs: 512, &random)
    let matrix = PackedMatrix([tensor])
    let x = random.numbers(13 * 512)
    for arithmetic in Arithmetic.allCases {
      let all = product(matrix, x, by: engine(arithmetic))
      for threads in [2, 3, 7] { #expect(product(matrix, x, by: engine(arithmetic, threads: threads)) == all) }
      for row in 0..<13 {
        let alone = product(matrix, Array(x[row * 512..<(row + 1) * 512]), by: engine(arithmetic))
        #expect(alone == Array(all[row * 600..<(row + 1) * 600]))
      }
    }
  }

  @Test(arguments: elements, ProcessorLevel.available)
  func whatIsNotFiniteStaysSo(element: PanelProduct.Element, level: ProcessorLevel) {
    var random = RandomCheckpoints(seed: 74)
    let matrix = PackedMatrix([tensor(element, outputs: 5, inputs: 96, &random)])
    for bad in [Float.nan, .infinity, -.infinity] {
      for place in [0, 31, 32, 95] {
        var x = random.numbers(96)
        x[place] = bad
        for arithmetic in Arithmetic.allCases {
          #expect(product(matrix, x, by: engine(arithmetic, for: level)).allSatisfy { !$0.isFinite })
        }
      }
    }
  }

  @Test func roundedRowsAreHeldAsTheirBlocks() throws {
    var random = RandomCheckpoints(seed: 75)
    let weights = Tensor("w", shape: [50, 96], random.numbers(50 * 96), element: .float16)
    let x = random.numbers(2 * 96)
    for (precision, element) in [(WeightPrecision.q8_0, PanelProduct.Element.q8_0), (.q4_0, .q4_0)] {
      let rounded = try weights.rounded(to: precision)
      let matrix = PackedMatrix([rounded])
      #expect(matrix.element == element && matrix.byteCount < 2 * 48 * 128 * 2)
      let twin = NaiveTwins.multiply(rounded.floats(), bias: [], inputCount: 96, by: x)
      #expect(product(matrix, x, by: engine(.deterministic)) == twin)
    }
  }

  @Test func blocksOfTwoTypesAreHeldAsFloats() {
    var random = RandomCheckpoints(seed: 76)
    let tensors = [tensor(.q8_0, outputs: 3, inputs: 64, &random), tensor(.q4_1, outputs: 60, inputs: 64, &random)]
    let matrix = PackedMatrix(tensors)
    #expect(matrix.element == .float32)
    let x = random.numbers(64)
    let twin = NaiveTwins.multiply(tensors.flatMap { $0.floats() }, bias: [], inputCount: 64, by: x)
    #expect(product(matrix, x, by: engine(.deterministic)) == twin)
  }
}
