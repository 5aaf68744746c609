import ModelSupport
import Testing

@testable import Checkpoints
@testable import Transformer

@Suite struct WeightPrecisionTests {
  /// Sides that are multiples of 32, as blocks need them.
  static let configuration = LlamaConfiguration.tiny {
    $0.hiddenSize = 64; $0.intermediateSize = 96; $0.headCount = 4; $0.keyValueHeadCount = 2; $0.headSize = 16
  }

  @Test(arguments: WeightPrecision.allCases)
  func aModelIsThatOfTheRoundedMatrices(precision: WeightPrecision) throws {
    var random = RandomCheckpoints(seed: 51)
    let checkpoint = random.checkpoint(.llama(Self.configuration), elements: [.float32, .bfloat16, .float16])
    // The same, rounded before: every matrix and no vector.
    var tensors = checkpoint.tensors
    for (name, tensor) in tensors where tensor.shape.count == 2 {
      tensors[name] = Tensor(
        name, shape: tensor.shape, try tensor.rounded(to: precision).floats(), element: .float32)
    }
    let rounded = Checkpoint(configuration: checkpoint.configuration, place: "memory", tensors: tensors)
    let tokens = [1, 5, 0, 52, 17, 17, 3, 40]
    let model = try TransformerModel(checkpoint, precision: precision)
    #expect(model.precision == precision)
    let logits = try model.logits(after: tokens, all: true)
    #expect(try logits == TransformerModel(rounded).logits(after: tokens, all: true))
    let isExact = precision == .stored || precision == .float32
    #expect(try (logits == TransformerModel(checkpoint).logits(after: tokens, all: true)) == isExact)
  }

  @Test func rowsOfHalfABlockAreRefused() throws {
    var random = RandomCheckpoints(seed: 52)
    let checkpoint = random.checkpoint(.llama(.tiny()))
    let reason =
      "memory: tensor model.embed_tokens.weight: its rows of 60 are no multiple of the 32 weights in a block of Q8_0, so "
      + "the precision q8_0 is not possible; bf16 is"
    do {
      _ = try TransformerModel(checkpoint, precision: .q8_0)
      Issue.record("nothing thrown")
    } catch {
      #expect("\(error)" == reason)
    }
    #expect(throws: Never.self) { try TransformerModel(checkpoint, precision: .bfloat16) }
  }

  @Test func roundingToBF16IsToNearestEven() {
    // Halfway between two BF16 numbers, and on either side; the largest; subnormal; infinite.
    for (bits, rounded) in [
      (0x3F80_8000, 0x3F80_0000), (0x3F81_8000, 0x3F82_0000), (0x3F80_7FFF, 0x3F80_0000), (0x3F80_8001, 0x3F81_0000),
      (0xBF81_8000, 0xBF82_0000), (0x7F7F_FFFF, 0x7F80_0000), (0x0000_8001, 0x0001_0000), (0xFF80_0000, 0xFF80_0000),
    ] as [(UInt32, UInt32)] {
      #expect(WeightPrecision.bfloat16(Float(bitPattern: bits)).bitPattern == rounded)
    }
    for bits in [0x7F80_0001, 0xFFFF_FFFF, 0x7FC0_0000] as [UInt32] {
      #expect(WeightPrecision.bfloat16(Float(bitPattern: bits)).isNaN)
    }
  }

  @Test(arguments: [WeightPrecision.q8_0, .q4_0])
  func damagedWeightsStayDamaged(precision: WeightPrecision) throws {
    // Neither a trap nor a number: the model's own check then names the layer.
    for value in [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude] {
      var weights = [Float](repeating: 0.5, count: 64)
      weights[40] = value
      let floats = try Tensor("w", shape: [2, 32], weights, element: .float32).rounded(to: precision).floats()
      #expect(floats[..<32].allSatisfy { abs($0 - 0.5) <= 0.07 })
      #expect(floats[32...].contains { !$0.isFinite })
    }
    // What no scale holds becomes 0.
    let tiny = Tensor("w", shape: [1, 32], Array(repeating: .leastNonzeroMagnitude, count: 32), element: .float32)
    #expect(try tiny.rounded(to: precision).floats().allSatisfy { $0 == 0 })
  }

  @Test func blocksOfThePrecisionAreKept() throws {
    let blocks = try QuantisationTests.tensor("Q8_0")
    #expect(try blocks.rounded(to: .q8_0).floats().map(\.bitPattern) == blocks.floats().map(\.bitPattern))
    #expect(try blocks.rounded(to: .q4_0).floats() != blocks.floats())
  }
}
