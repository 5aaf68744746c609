@testable import CertificationTransformers
import Probability
import SpeculativeDecoding
import Testing
import ToyModels

@testable import Certification

/// A model that is asked once for each history answers as the model itself.
@Suite struct RememberingModelTests {
  static let target = try! MarkovModel<Double>(
    vocabularySize: 3, order: 1,
    rows: [[]: [0.2, 0.5, 0.3], [0]: [0.6, 0.1, 0.3], [1]: [0.1, 0.1, 0.8], [2]: [0.3, 0.4, 0.3]])
  static let draft = try! MarkovModel<Double>(
    vocabularySize: 3, order: 1,
    rows: [[]: [0.4, 0.3, 0.3], [0]: [0.2, 0.5, 0.3], [1]: [0.4, 0.4, 0.2], [2]: [0.1, 0.8, 0.1]])

  @Test(arguments: [
    DecodingMethod.autoregressive, .speculative(depth: 3), .specInfer(branching: [2, 2]), .specTr(width: 2, depth: 2),
    .rsdC(branching: [2, 1]), .rsdS(width: 2, depth: 2),
  ])
  func sameTokensWithAndWithout(method: DecodingMethod) throws {
    let memory = (target: LawMemory<Double>(), draft: LawMemory<Double>())
    let plain = try Decoder(target: Self.target, draft: Self.draft, method: method)
    let remembering = try Decoder(
      target: RememberingModel(base: Self.target, memory: memory.target),
      draft: RememberingModel(base: Self.draft, memory: memory.draft), method: method)
    var (first, second) = (plain.makeSession(), remembering.makeSession())
    for replicate in 0..<300 {
      var choices = RandomChoices<Double, Philox4x64>(Philox4x64(key: [7, 1], replicate: UInt64(replicate)))
      let expected = try plain.generate(8, from: [1], in: &first, using: &choices)
      choices = RandomChoices<Double, Philox4x64>(Philox4x64(key: [7, 1], replicate: UInt64(replicate)))
      #expect(try remembering.generate(8, from: [1], in: &second, using: &choices) == expected)
    }
    #expect(memory.target.count > 0)
    // The last tree of every decoding was met, or is kept: each history once.
    let asked = memory.target.count
    for replicate in 0..<300 {
      var choices = RandomChoices<Double, Philox4x64>(Philox4x64(key: [7, 1], replicate: UInt64(replicate)))
      _ = try remembering.generate(8, from: [1], in: &second, using: &choices)
    }
    #expect(memory.target.count == asked)
  }

  /// A model that is wrong because of how it came to a context is wrong through the memory too.
  @Test func whatDependsOnTheHistoryIsNotHidden() throws {
    let faulty = FaultyModel(Self.target, fault: .rejectedStaysInContext)
    let plain = try Decoder(
      target: faulty, draft: FaultyModel(Self.draft, fault: .none), method: .speculative(depth: 2))
    let remembering = try Decoder(
      target: RememberingModel(base: faulty, memory: LawMemory()),
      draft: RememberingModel(base: FaultyModel(Self.draft, fault: .none), memory: LawMemory()),
      method: .speculative(depth: 2))
    var (first, second) = (plain.makeSession(), remembering.makeSession())
    for replicate in 0..<500 {
      var choices = RandomChoices<Double, Philox4x64>(Philox4x64(key: [7, 2], replicate: UInt64(replicate)))
      let expected = try plain.generate(9, from: [0], in: &first, using: &choices)
      choices = RandomChoices<Double, Philox4x64>(Philox4x64(key: [7, 2], replicate: UInt64(replicate)))
      #expect(try remembering.generate(9, from: [0], in: &second, using: &choices) == expected)
    }
  }
}
