@testable import Ports
import Probability
import SpeculativeDecoding
import Testing
import ToyModels

@testable import Certification

/// Dependence between the decodings of an ordered sample: what is seen, what is not called so, and at which rates.
///
/// N = 16,000 decodings of 16 tokens, as the port suite asks for. Each of the four p-values is below the suite's share, 2e-9
/// and more, with at most that probability for independent decodings of the target's law.
@Suite struct PortDependenceTests {
  static let samples = 2 * PortCheckPlan.pairs
  static let share = PortSuite.budget.nominalShare

  /// Decodings of the target, each from uniforms of its own.
  static func decodings(
    seed: UInt64 = 1, count: Int = samples, law: (([Double]) -> [Double])? = nil,
    uniform: ((_ decoding: Int, _ token: Int, _ fresh: Double) -> Double)? = nil
  ) throws -> [[Token]] {
    let instance = try PortSuite.orderedCase(.speculative)
    let model = try instance.pair.target.model()
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { decoding in
      var text = instance.pair.prompt
      for token in 0..<instance.length {
        let fresh = Double(generator.next() >> 11) * 0x1p-53
        let value = uniform?(decoding, token, fresh) ?? fresh
        let own = model.law(after: text) ?? []
        var sum = 0.0
        let shaped = law?(own) ?? own
        let index = shaped.firstIndex { probability in
          sum += probability
          return sum > value
        }
        text.append(index ?? own.count - 1)
      }
      return Array(text.dropFirst(instance.pair.prompt.count))
    }
  }

  static func finding(_ decodings: [[Token]]) throws -> String? {
    let instance = try PortSuite.orderedCase(.speculative)
    let dependence = try #require(try PortDependence(decodings, of: instance))
    // What a certificate states follows from its counts.
    #expect(dependence.repeated(of: instance) == dependence)
    return dependence.finding(share: Self.share)
  }

  @Test(arguments: 1...5) func independentDecodingsPass(seed: UInt64) throws {
    #expect(try Self.finding(Self.decodings(seed: seed)) == nil)
  }

  /// Batches that are decoded twice, of any size: a lag within a request or from one to the next.
  @Test(arguments: [1, 2, 3, 8, 31, 32, 64, 100, 256, 1000, 3000, 7000])
  func batchesThatRepeatAreSeen(size: Int) throws {
    var decodings = try Self.decodings()
    for index in decodings.indices where index / size % 2 == 1 { decodings[index] = decodings[index - size] }
    let finding = try #require(try Self.finding(decodings))
    #expect(finding.contains("the one \(size) before them too often"), "\(finding)")
  }

  /// One decoding of a hundred is a copy of the one 50 before.
  @Test func fewCopiesAreSeen() throws {
    var decodings = try Self.decodings()
    for index in stride(from: 100, to: decodings.count, by: 100) { decodings[index] = decodings[index - 50] }
    #expect(try #require(try Self.finding(decodings)).contains("the one 50 before"))
  }

  /// Periods that change: batches of 5 to 60 decodings, each decoded twice.
  @Test func changingPeriodsAreSeen() throws {
    var decodings = try Self.decodings()
    var (start, size) = (0, 5)
    while start + 2 * size <= decodings.count {
      for index in start..<start + size { decodings[index + size] = decodings[index] }
      start += 2 * size
      size = size >= 60 ? 5 : size + 7
    }
    #expect(try Self.finding(decodings) != nil)
  }

  /// Seeds of 2¹⁴ values: no lag holds two copies, and the repeats show.
  @Test func fewSeedsAreSeen() throws {
    let known = try Self.decodings(count: 1 << 14)
    var generator = SplitMix64(seed: 9)
    let decodings = (0..<Self.samples).map { _ in known[Int(generator.next() % UInt64(known.count))] }
    #expect(try #require(try Self.finding(decodings)).contains("repeat an earlier one"))
  }

  /// Only the uniform of the first token is shared, at lag 7.
  @Test func aSharedUniformIsSeen() throws {
    var last: [Double] = []
    let decodings = try Self.decodings(uniform: { decoding, token, fresh in
      guard token == 0 else { return fresh }
      last.append(decoding >= 7 && decoding / 7 % 2 == 1 ? last[decoding - 7] : fresh)
      return last[decoding]
    })
    #expect(try #require(try Self.finding(decodings)).contains("the one 7 before"))
  }

  /// u and 1 − u at lag 5: decodings begin alike too rarely.
  @Test func antitheticUniformsAreSeen() throws {
    var last: [[Double]] = []
    let decodings = try Self.decodings(uniform: { decoding, token, fresh in
      if token == 0 { last.append([]) }
      let value = decoding / 5 % 2 == 1 ? 1 - last[decoding - 5][token] - 0x1p-53 : fresh
      last[decoding].append(value)
      return value
    })
    #expect(try #require(try Self.finding(decodings)).contains("too rarely"))
  }

  /// Stratified uniforms: the counts are as even as can be.
  @Test func drawsWithoutReplacementAreSeen() throws {
    let instance = try PortSuite.orderedCase(.speculative)
    let law = try OrderedLaw(instance).sequences(length: PortDependence.evenLength)
    let tails = try Self.decodings(seed: 3)
    var heads: [[Token]] = []
    var sum = 0.0
    for entry in law {
      sum += entry.probability * Double(Self.samples)
      while Double(heads.count) < sum.rounded() { heads.append(entry.tokens) }
    }
    var generator = SplitMix64(seed: 4)
    for index in heads.indices.dropFirst().reversed() {
      heads.swapAt(index, Int(generator.next() % UInt64(index + 1)))
    }
    let decodings = zip(heads, tails).map { $0 + $1.dropFirst(PortDependence.evenLength) }
    #expect(try #require(try Self.finding(decodings)).contains("without replacement"))
  }

  /// Independent decodings of another law depend on nothing: sharper, flatter, or with one token left out.
  @Test func anotherLawIsNotCalledDependence() throws {
    func normalised(_ weights: [Double]) -> [Double] {
      let sum = weights.reduce(0, +)
      return weights.map { $0 / sum }
    }
    #expect(try Self.finding(Self.decodings { normalised($0.map { $0 * $0 }) }) == nil)
    #expect(try Self.finding(Self.decodings { normalised($0.map { $0.squareRoot() }) }) == nil)
    #expect(try Self.finding(Self.decodings { normalised([$0[0], $0[1], 0]) }) == nil)
  }

  /// The probability that two sequences are equal, against all 3⁵ of them.
  @Test func collisionsAreThoseOfTheListedLaw() throws {
    let law = try OrderedLaw(try PortSuite.orderedCase(.speculative))
    let listed = law.sequences(length: 5)
    #expect(listed.count == 243)
    #expect(abs(listed.reduce(0) { $0 + $1.probability } - 1) < 1e-12)
    let sum = listed.reduce(0) { $0 + $1.probability * $1.probability }
    #expect(abs(law.collisionProbability(length: 5) - sum) < 1e-15)
    for entry in listed.prefix(20) { #expect(abs(law.probability(of: entry.tokens) - entry.probability) < 1e-15) }
  }
}
