import KernelOperands
import ModelSupport
import Probability
import RealModule
import SpeculativeDecoding
import Testing

@testable import Checkpoints
@testable import Transformer

/// The vector loops are the plain ones, bit for bit, at every level of processor.
@Suite struct VectorKernelTests {
  /// Lengths around a vector's sixteen and a block's 256.
  private static let lengths = [1, 2, 15, 16, 17, 31, 48, 255, 256, 257, 300, 513, 1000]

  private func rows(_ numbers: [Float]) -> Rows {
    var rows = Rows(width: numbers.count)
    rows.values = numbers
    return rows
  }

  @Test(arguments: Arithmetic.allCases, ProcessorLevel.available)
  func eachIsItsTwin(arithmetic: Arithmetic, level: ProcessorLevel) {
    let kernels = Kernels.kernels(arithmetic, for: level)
    var random = RandomCheckpoints(seed: 41)
    for count in Self.lengths {
      let (x, weight) = (random.numbers(count), random.numbers(count))
      var sum = rows(weight)
      kernels.add(rows(x), to: &sum, rows: 1)
      #expect(sum.values == zip(x, weight).map { $1 + $0 })

      var normed = Rows(width: count)
      kernels.normalize(rows(x), weight: weight, epsilon: 1e-5, into: &normed, rows: 1)
      #expect(normed.values == NaiveTwins.normalize(x, weight: weight, epsilon: 1e-5))

      var gated = Rows(width: count)
      let gates = x.map { 20 * $0 }
      kernels.gate(rows(gates + weight), into: &gated, rows: 1)
      #expect(gated.values == NaiveTwins.gate(gates, up: weight))

      var law = LawTable<Float>(vocabularySize: count)
      law.reserve(rows: 1)
      kernels.softmax(rows(gates), nodes: [0], into: &law)
      #expect(law.law(ofRow: 0) == NaiveTwins.softmax(gates))

      let angles = random.numbers(count)
      let (cosines, sines) = (angles.map(Float.cos), angles.map(Float.sin))
      var turned = rows(x + weight)
      kernels.turn(&turned, row: 0, start: 0, heads: 1, cosines: rows(cosines), sines: rows(sines))
      #expect(turned.values == NaiveTwins.turn(x + weight, cosines: cosines, sines: sines))
    }
  }

  /// What several threads share out among them is what one does, in the place that it was asked for.
  @Test(arguments: [0.7, 1])
  func rowsAreTheSameOnSeveralThreads(temperature: Double) {
    let kernels = Kernels.kernels(.deterministic)
    let pool = WorkPool(threads: 2)
    var random = RandomCheckpoints(seed: 43)
    let (count, width) = (9, 4100)
    var logits = Rows(width: width)
    logits.values = random.numbers(count * width).map { 20 * $0 }
    // Rows of a tree that repeats siblings have gaps between them.
    let nodes = (0..<count).map { 2 * $0 + 1 }
    var laws = LawTable<Float>(vocabularySize: width)
    kernels.softmax(logits, nodes: nodes, into: &laws, temperature: temperature, on: pool)
    for (row, node) in nodes.enumerated() {
      var law = LawTable<Float>(vocabularySize: width)
      kernels.softmax(rows(Array(logits.values[logits.row(row)])), nodes: [0], into: &law, temperature: temperature)
      #expect(laws.law(ofRow: node) == law.law(ofRow: 0))
      #expect(laws.law(ofRow: node - 1).allSatisfy { $0 == 0 })
    }

    var (alone, together) = (Rows(width: width / 2), Rows(width: width / 2))
    kernels.gate(logits, into: &alone, rows: count)
    kernels.gate(logits, into: &together, rows: count, on: pool)
    #expect(alone.values == together.values)

    #expect(kernels.firstNonFinite(logits, rows: count, on: pool) == nil)
    for (early, late) in [(0, 8), (3, 4), (5, 5), (2, 7)] {
      var damaged = logits
      damaged.values[damaged.row(late).upperBound - 1] = .nan
      damaged.values[damaged.row(early).lowerBound] = .infinity
      #expect(kernels.firstNonFinite(damaged, rows: count, on: pool) == early)
    }
  }

  @Test(arguments: ProcessorLevel.available)
  func everyPlaceOfANaNOrAnInfinityIsSeen(level: ProcessorLevel) {
    let kernels = Kernels.kernels(.fast, for: level)
    let finite = [Float](repeating: .greatestFiniteMagnitude, count: 37)
    #expect(kernels.firstNonFinite(rows(finite), rows: 1) == nil)
    for place in finite.indices {
      for bad in [Float.nan, .infinity, -.infinity] {
        var x = finite
        x[place] = bad
        #expect(kernels.firstNonFinite(rows(x), rows: 1) == 0)
      }
    }
  }

  @Test func theExponentialIsWithinTwoUnitsInTheLastPlace() {
    var random = RandomCheckpoints(seed: 42)
    var worst = 0.0
    for _ in 0..<200_000 {
      let x = 87 * random.numbers(1)[0]
      guard abs(x) < 87 else { continue }
      let exact = Double.exp(Double(x))
      worst = max(worst, abs(Double(NaiveTwins.exponential(x)) - exact) / Double(Float(exact).ulp))
    }
    #expect(worst < 1.2)
    // Gradual underflow, zero, infinity, and one at nothing.
    #expect(NaiveTwins.exponential(-100) == Float(Double.exp(-100)))
    #expect(NaiveTwins.exponential(-150) == 0 && NaiveTwins.exponential(-.infinity) == 0)
    #expect(NaiveTwins.exponential(0) == 1 && NaiveTwins.exponential(200) == .infinity)
  }
}
