import KernelOperands
import Foundation
import ModelSupport
import Testing

@testable import Checkpoints
@testable import Transformer

/// Blocks and the weights that they stand for, bit for bit as the `gguf` package of PyPI computes them.
///
/// `blocks.gguf` is written by Fixtures/checkpoints/make_gguf.py: random bytes under scales of both signs, subnormal,
/// the largest, and 0.
@Suite struct QuantisationTests {
  static let golden = Result {
    try GGUF.open(CheckpointFolder.fixtures.appending(path: "gguf/blocks.gguf").path)
  }

  static func tensor(_ name: String) throws -> Tensor {
    let golden = try golden.get()
    let entry = try #require(golden.tensor(name))
    return try golden.tensor(entry, named: name, shape: entry.shape)
  }

  @Test(arguments: Quantisation.allCases)
  func weightsAreThoseOfTheGGUFPackage(quantisation: Quantisation) throws {
    let blocks = try Self.tensor(quantisation.rawValue)
    let floats = try Self.tensor("\(quantisation.rawValue).floats").floats()
    #expect(blocks.type == .quantised(quantisation))
    #expect(blocks.count == 14 * quantisation.blockLength && floats.count == blocks.count)
    #expect(blocks.floats().map(\.bitPattern) == floats.map(\.bitPattern))
    #expect(floats.allSatisfy { $0.isFinite } && Set(floats.map(\.bitPattern)).count >= 64)
  }

  @Test(arguments: Quantisation.allCases)
  func anyRangeIsThePartOfTheWhole(quantisation: Quantisation) throws {
    let blocks = try Self.tensor(quantisation.rawValue)
    let (all, length) = (blocks.floats(), quantisation.blockLength)
    for range in [
      0..<0, 0..<1, 5..<6, 0..<length, length..<3 * length, 7..<length + 9, blocks.count - 1..<blocks.count,
    ] {
      #expect(blocks.floats(range).map(\.bitPattern) == all[range].map(\.bitPattern))
    }
  }

  @Test(arguments: Quantisation.allCases)
  func aPackedMatrixHoldsTheWeights(quantisation: Quantisation) throws {
    let blocks = try Self.tensor(quantisation.rawValue)
    let matrix = PackedMatrix([blocks])
    let hasKernel = [.q8_0, .q4_0, .q4_1].contains(quantisation)
    #expect(matrix.element.isInBlocks == hasKernel && (hasKernel || matrix.element == .float32))
    var random = RandomCheckpoints(seed: 41)
    var input = Rows(width: quantisation.blockLength)
    input.values = random.numbers(quantisation.blockLength)
    var output = Rows(width: 14)
    matrix.multiply(
      input, rows: 1, into: &output, by: Engine(kernels: .kernels(.deterministic), pool: WorkPool(threads: 1)))
    let twin = NaiveTwins.multiply(
      blocks.floats(), bias: [], inputCount: quantisation.blockLength, by: Array(input.values))
    #expect(Array(output.values.prefix(14)) == twin)
  }

  @Test(arguments: [(WeightPrecision.q8_0, "Q8_0"), (.q4_0, "Q4_0"), (.bfloat16, "BF16")])
  func weightsAreRoundedAsTheGGUFPackageDoes(precision: WeightPrecision, name: String) throws {
    let weights = try Self.tensor("weights").rounded(to: precision)
    let floats = try Self.tensor("weights.\(name).floats").floats()
    #expect(weights.floats().map(\.bitPattern) == floats.map(\.bitPattern))
    #expect(weights.floats(70..<75) == Array(floats[70..<75]))
    // And so are the blocks' own bytes.
    #expect(try Self.tensor("weights.\(name)").floats().map(\.bitPattern) == floats.map(\.bitPattern))
    if let quantisation = precision.quantisation {
      let blocks = try Self.tensor("weights.\(name)")
      #expect(Self.quantised(try Self.tensor("weights").floats(), quantisation) == blocks.bytes.copy(blocks.range))
    }
  }

  static func quantised(_ weights: [Float], _ quantisation: Quantisation) -> [UInt8] {
    var weights = weights
    let count = weights.count / quantisation.blockLength
    return weights.withUnsafeMutableBufferPointer { weights in
      [UInt8](unsafeUninitializedCapacity: count * quantisation.blockBytes) { bytes, written in
        for index in 0..<count {
          let block = MutableBlockBytes(
            start: UnsafeMutableRawPointer(bytes.baseAddress! + index * quantisation.blockBytes))
          let part = BlockWeights(start: weights.baseAddress! + index * quantisation.blockLength)
          if quantisation == .q8_0 { Q8_0.quantise(part, into: block) } else { Q4_0.quantise(part, into: block) }
        }
        written = bytes.count
      }
    }
  }
}
