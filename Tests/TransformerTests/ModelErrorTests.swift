import ModelSupport
import SpeculativeDecoding
import Testing

@testable import Checkpoints
@testable import Transformer

/// What cannot be evaluated is an error that says where and how to mend it, and costs nothing.
@Suite struct ModelErrorTests {
  private func reason(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "nothing thrown"
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: ModelConfiguration.tiny)
  func aDamagedWeightNamesItsLayer(configuration: ModelConfiguration) throws {
    let cases: [(String, String)] =
      switch configuration {
      case .llama:
        [
          ("embed_tokens.weight", "the embedding"), ("layers.0.self_attn.q_proj.weight", "layer 0"),
          ("layers.2.mlp.down_proj.weight", "layer 2"), ("model.norm.weight", "the head"),
        ]
      case .opt(let opt):
        [
          ("embed_positions.weight", "the embedding"), ("layers.0.self_attn.v_proj.bias", "layer 0"),
          ("layers.1.fc1.weight", "layer 1"),
          (opt.hasFinalNorm ? "final_layer_norm.weight" : "project_out", "the head"),
        ]
      }
    for (name, place) in cases {
      for value in [Float.nan, .infinity] {
        var random = RandomCheckpoints(seed: 21)
        let checkpoint = random.checkpoint(configuration) { tensor, values in
          let isLayers = tensor.contains("layers.")
          if tensor.contains(name), name.contains("layers.") == isLayers {
            for index in values.indices { values[index] = value }
          }
        }
        let model = try TransformerModel(checkpoint)
        let reason = reason { _ = try model.logits(after: [5]) }
        #expect(reason.hasPrefix("\(place) gives a NaN or an infinity at position 0"), "\(name): \(reason)")
      }
    }
  }

  @Test func aPromptIsChecked() throws {
    var random = RandomCheckpoints(seed: 22)
    let model = try random.model(.llama(.tiny()))
    var context = model.makeContext()
    #expect(
      reason { try model.begin([], in: &context) }
        == "the prompt is empty; a transformer needs at least one token, such as 1, with which its texts begin")
    #expect(
      reason { try model.begin([1, 53], in: &context) }
        == "token 53 in the prompt is out of range; the vocabulary is 0...52")
    #expect(reason { try model.begin([-1], in: &context) }.hasPrefix("token -1 in the prompt is out of range"))
    #expect(
      reason { _ = try model.logits(after: Array(repeating: 1, count: 161)) }
        == "the prompt has 161 tokens, and the model's context holds 160; shorten the prompt")
    var laws = LawTable<Float>(vocabularySize: 53)
    var fresh = model.makeContext()
    #expect(
      reason { try model.evaluate(0..<1, of: TokenTree(root: 1), in: &fresh, into: &laws) }
        == "the context is empty; begin with a prompt of at least one token")
  }

  @Test func nodesAreEvaluatedInOrder() throws {
    var random = RandomCheckpoints(seed: 23)
    let model = try random.model(.llama(.tiny()))
    var context = model.makeContext()
    try model.begin([1, 2], in: &context)
    var tree = TokenTree(root: 2)
    tree.append(3, to: tree.append(4, to: 0))
    var laws = LawTable<Float>(vocabularySize: 53)
    #expect(
      reason { try model.evaluate(1..<3, of: tree, in: &context, into: &laws) }.hasPrefix("nodes 1... were asked for"))
    try model.evaluate(0..<1, of: tree, in: &context, into: &laws)
    #expect(
      reason { try model.evaluate(2..<3, of: tree, in: &context, into: &laws) }
        == "nodes 2... were asked for, but 1 nodes of this tree were evaluated; evaluate the nodes in order, from the "
        + "root on")
    // The context is as it was: the node that was left out can still be evaluated.
    try model.evaluate(1..<3, of: tree, in: &context, into: &laws)
    #expect(laws.law(ofRow: 2) == LawTable.law(of: try model.logits(after: [1, 2, 4, 3])[0]))
  }

  @Test(arguments: [ModelConfiguration.tiny[0], ModelConfiguration.tiny[3]])
  func theContextLimitIsAnErrorBeforeAnythingIsLost(configuration: ModelConfiguration) throws {
    var random = RandomCheckpoints(seed: 24)
    let model = try random.model(configuration)
    let limit = model.contextLimit
    var tokens = random.tokens(limit - 2, below: model.vocabularySize)
    var context = model.makeContext()
    try model.begin(tokens, in: &context)
    var laws = LawTable<Float>(vocabularySize: model.vocabularySize)
    var tree = TokenTree(root: tokens[limit - 3])
    let second = tree.append(2, to: tree.append(1, to: 0))
    let third = tree.append(3, to: second)
    #expect(model.deepestTree(after: tokens.count) == 2)
    #expect(
      reason { try model.evaluate(0..<4, of: tree, in: &context, into: &laws) }
        == "the text has 158 tokens, and a tree of depth 3 needs a context of 161; the model's holds 160, so make the "
        + "tree no deeper than 2, or shorten the prompt")
    // The tree up to the limit, then round after round with shallower trees, to the last position.
    try model.evaluate(0..<third, of: tree, in: &context, into: &laws)
    #expect(laws.law(ofRow: second) == LawTable.law(of: try model.logits(after: tokens + [1, 2])[0]))
    var path = ReusableArray(filler: 0)
    path.append(1)
    try model.keep(path, of: tree, then: 7, in: &context)
    tokens += [1, 7]
    #expect(model.deepestTree(after: tokens.count) == 0)
    #expect(
      reason { try model.evaluate(0..<2, of: tree, in: &context, into: &laws) }.hasSuffix(
        "make the tree no deeper than 0, or shorten the prompt"))
    try model.evaluate(0..<1, of: TokenTree(root: 7), in: &context, into: &laws)
    #expect(laws.law(ofRow: 0) == LawTable.law(of: try model.logits(after: tokens)[0]))
    path.empty()
    try model.keep(path, of: TokenTree(root: 7), then: 4, in: &context)
    #expect(context.tokens.count == limit + 1)
    #expect(
      reason { try model.evaluate(0..<1, of: TokenTree(root: 4), in: &context, into: &laws) }
        == "the text has 161 tokens, and the model's context holds 160; shorten the prompt or ask for fewer tokens")
  }

  @Test func aFailedEvaluationChangesNothing() throws {
    // Only token 9 is damaged: a tree with it fails, the same context then goes on without it.
    var random = RandomCheckpoints(seed: 25)
    let checkpoint = random.checkpoint(.llama(.tiny())) { name, values in
      if name.contains("embed_tokens") { values[9 * 60] = .nan }
    }
    let model = try TransformerModel(checkpoint)
    var context = model.makeContext()
    try model.begin([1, 2], in: &context)
    var laws = LawTable<Float>(vocabularySize: 53)
    var tree = TokenTree(root: 2)
    tree.append(3, to: 0)
    tree.append(9, to: 0)
    #expect(reason { try model.evaluate(0..<3, of: tree, in: &context, into: &laws) }.hasPrefix("the embedding gives"))
    try model.evaluate(0..<2, of: tree, in: &context, into: &laws)
    #expect(reason { try model.evaluate(2..<3, of: tree, in: &context, into: &laws) }.hasPrefix("the embedding gives"))
    tree.reset(root: 2)
    tree.append(3, to: 0)
    tree.append(8, to: 0)
    try model.evaluate(2..<3, of: tree, in: &context, into: &laws)
    #expect(laws.law(ofRow: 2) == LawTable.law(of: try model.logits(after: [1, 2, 8])[0]))
    #expect(throws: CheckpointError.noThreads(0)) { try TransformerModel(checkpoint, threads: 0) }
  }
}
