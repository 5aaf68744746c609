import ModelSupport
import Probability
import SpeculativeDecoding
import Testing

@testable import Checkpoints
@testable import Transformer

/// Greedy decoding has one outcome: every method must write what the target alone writes.
@Suite struct GreedyDecodingTests {
  private static let methods = Rule.allThatDraft.flatMap {
    $0.methods([.chain(3), .branching([3, 2, 1]), .rectangle(width: 3, depth: 4)])
  }

  @Test(arguments: ModelConfiguration.tiny, methods)
  func everyMethodWritesWhatTheTargetWrites(configuration: ModelConfiguration, method: DecodingMethod) throws {
    var random = RandomCheckpoints(seed: 41)
    let target = try random.model(configuration)
    // The target's own weights, a little off: a draft that is sometimes right.
    var (weights, noise) = (RandomCheckpoints(seed: 41), RandomCheckpoints(seed: 42))
    let near = try TransformerModel(
      weights.checkpoint(configuration) { _, values in
        for index in values.indices { values[index] += 0.02 * noise.number() }
      })
    let greedy = try SamplingProfile(temperature: 0)
    // The near draft is sampled as it is: greedy, its trees would have one branch.
    let drafts = [ProfiledModel(near, profile: .plain), ProfiledModel(target, profile: greedy)]
    let profiled = ProfiledModel(target, profile: greedy)
    for (index, draft) in drafts.enumerated() {
      let plain = try Decoder(target: profiled, draft: draft, method: .autoregressive)
      let tree = try Decoder(target: profiled, draft: draft, method: method)
      var choices = RandomChoices<Float, _>(Philox4x64(key: [1, 2]))
      var (first, second) = (plain.makeSession(), tree.makeSession())
      var seen: Set<Token> = []
      for prompt in [[5, 1, 4], [7], [30, 2], [41, 40, 39, 38]] {
        let expected = try plain.generate(40, from: prompt, in: &first, using: &choices)
        #expect(try tree.generate(40, from: prompt, in: &second, using: &choices) == expected)
        seen.formUnion(expected)
        // The target as its own draft is always right; the other is right now and then.
        let rounds = second.diagnostics.rounds
        let fewest = (40 + method.draftLength) / (method.draftLength + 1)
        #expect(index == 1 ? rounds == fewest : rounds < 40)
      }
      #expect(seen.count > 1)
    }
  }
}
