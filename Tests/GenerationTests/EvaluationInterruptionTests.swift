import ModelSupport
import SpeculativeDecoding
import Synchronization
import Testing

@testable import Checkpoints
@testable import Generation
@testable import Transformer

/// A forward pass that is told to end does so before its next layer, and leaves nothing wrong behind.
@Suite struct EvaluationInterruptionTests {
  /// Says no so often, and then yes.
  private final class Countdown: Sendable {
    private let left: Atomic<Int>
    init(_ count: Int) { left = Atomic(count) }
    var isOver: Bool { left.wrappingSubtract(1, ordering: .relaxed).newValue < 0 }
    var asked: Int { -left.load(ordering: .relaxed) }
  }

  @Test(arguments: ModelConfiguration.tiny)
  func aPromptEndsBetweenTwoLayers(configuration: ModelConfiguration) throws {
    var random = RandomCheckpoints(seed: 21)
    let fresh = try random.model(configuration)
    let prompt = random.tokens(150, below: fresh.vocabularySize)
    let expected = try fresh.logits(after: prompt)
    // Three parts of 64 tokens at most, each through all layers: so often the question is put.
    let questions = 3 * fresh.network.layerCount
    for count in 0..<questions {
      let countdown = Countdown(count)
      var model = fresh
      model.isInterrupted = { countdown.isOver }
      var context = model.makeContext()
      #expect(throws: SpeculativeDecodingError.interrupted) { try model.begin(prompt, in: &context) }
      #expect(countdown.asked == 1)
      // The same context, begun again without being told to end.
      try fresh.begin(prompt, in: &context)
      var laws = LawTable<Float>(vocabularySize: fresh.vocabularySize)
      try fresh.evaluate(0..<1, of: TokenTree(root: prompt[149]), in: &context, into: &laws)
      #expect(laws.law(ofRow: 0) == LawTable.law(of: expected[0]))
    }
    let countdown = Countdown(questions)
    var model = fresh
    model.isInterrupted = { countdown.isOver }
    var context = model.makeContext()
    try model.begin(prompt, in: &context)
  }

  @Test func aGenerationKeepsItsTokens() throws {
    var random = RandomCheckpoints(seed: 22)
    let isOver = Mutex(false)
    var target = try random.model(.llama(.tiny()))
    target.isInterrupted = { isOver.withLock { $0 } }
    let pair = try TransformerPair(target: target, draft: .transformer(target), endTokens: [])
    var generation = try Generation(of: pair, by: .speculative(depth: 2), from: [1, 2], maximum: 100, seed: 1)
    for _ in 0..<3 { _ = try generation.next() }
    let tokens = generation.tokens
    isOver.withLock { $0 = true }
    #expect(throws: SpeculativeDecodingError.interrupted) { try generation.next() }
    #expect(generation.tokens == tokens && generation.end == nil && !tokens.isEmpty)
  }
}
