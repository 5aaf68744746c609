import Checkpoints
import KernelOperands
import Probability
import SpeculativeDecoding

extension TransformerModel: LanguageModel {
  /// An empty context; it must be given a prompt.
  public func makeContext() -> TransformerContext { TransformerContext(self) }

  /// Evaluates all tokens of a prompt but the last, which becomes the root.
  ///
  /// The tokens that the context shares with the prompt, from the first on, are not evaluated again.
  /// - Throws: ``SpeculativeDecodingError/model(_:)`` for an empty prompt, one longer than ``contextLimit``, or a state
  ///   that is not finite; ``SpeculativeDecodingError/tokenOutOfRange(token:vocabulary:place:)``;
  ///   ``SpeculativeDecodingError/interrupted`` where ``isInterrupted`` says so.
  /// - Complexity: one pass over the weights for every 64 tokens.
  public func begin(_ prompt: [Token], in context: inout TransformerContext) throws(SpeculativeDecodingError) {
    try requirePrompt(prompt)
    let known = min(context.cache.committed, prompt.count - 1)
    let shared = zip(context.tokens, prompt.prefix(known)).prefix { $0 == $1 }.count
    context.tokens = prompt
    context.rows.removeAll(keepingCapacity: true)
    context.cache.commit(shared)
    context.batch.reset(firstRow: shared)
    for position in shared..<prompt.count - 1 { context.batch.append(Int32(prompt[position]), position: position) }
    try forward(&context) { _, _ in }
    context.cache.commit(prompt.count - 1)
  }

  /// Evaluates nodes of the tree, and with the root the tokens that are pending, in one forward pass.
  ///
  /// A call that starts with the root starts a new tree. A node sees the context and its own ancestors; its position
  /// is the root's plus its depth. The logits of any node are bit for bit those after its path as a plain sequence.
  /// - Throws: ``SpeculativeDecodingError/model(_:)`` where a node would stand beyond ``contextLimit``, before anything is
  ///   evaluated: the context is as it was, and a tree no deeper than ``deepestTree(after:)`` can be evaluated instead.
  ///   The same where a parent was not evaluated, or a state or a logit is not finite; ``SpeculativeDecodingError/interrupted``
  ///   where ``isInterrupted`` says so.
  /// - Complexity: one pass over the weights for every 64 tokens.
  public func evaluate(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout TransformerContext,
    into laws: inout LawTable<Float>
  ) throws(SpeculativeDecodingError) {
    try evaluate(nodes, of: tree, in: &context, into: &laws, temperature: 1)
  }

  /// Evaluates nodes of the tree, and makes laws of the logits over `temperature`.
  ///
  /// - Throws: what ``evaluate(_:of:in:into:)`` throws.
  public func evaluate(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout TransformerContext,
    into laws: inout LawTable<Float>, temperature: Double
  ) throws(SpeculativeDecodingError) {
    if nodes.isEmpty { return }
    try requireRoom(nodes, of: tree, after: context.tokens.count)
    if nodes.lowerBound == 0 { context.forgetTree() }
    let known = context.rows.count
    laws.reserve(rows: nodes.upperBound)
    do {
      try plan(nodes, of: tree, in: &context)
      try forward(&context) { [engine] nodes, logits in
        engine.kernels.softmax(logits, nodes: nodes, into: &laws, temperature: temperature, on: engine.pool)
      }
    } catch {
      context.rows.removeLast(context.rows.count - known)
      throw error
    }
    if nodes.lowerBound == 0 { context.cache.commitSequence(context.tokens.count) }
  }

  /// Shapes the laws on the model's threads.
  ///
  /// - Throws: what `shape` throws.
  public func shapeLaws(
    after nodes: Range<Int>, of tree: borrowing TokenTree, in laws: inout LawTable<Float>,
    by shape: @escaping LawShape<Float>
  ) throws(SpeculativeDecodingError) {
    var rows: [Int] = []
    for node in nodes where !tree[node].isRepeat { rows.append(node) }
    try laws.shape(rows, by: shape, on: engine.pool)
  }

  /// Keeps the rows of the accepted path; tokens of it that this model did not evaluate, and `next`, become pending.
  ///
  /// - Throws: ``SpeculativeDecodingError/tokenOutOfRange(token:vocabulary:place:)`` for `next`.
  /// - Complexity: O(path · layers · width); no forward pass.
  public func keep(
    _ path: ReusableArray<Int>, of tree: borrowing TokenTree, then next: Token, in context: inout TransformerContext
  ) throws(SpeculativeDecodingError) {
    guard (0..<vocabularySize).contains(next) else {
      throw .tokenOutOfRange(token: next, vocabulary: vocabularySize, place: "kept path")
    }
    if contextFault == .rejectedStaysInCache { return keepAll(of: tree, then: next, in: &context) }
    var isEvaluated = true
    for node in path {
      context.tokens.append(Int(tree[node].token))
      isEvaluated = isEvaluated && node < context.rows.count && context.rows[node] >= 0
      if isEvaluated { context.cache.keep(row: Int(context.rows[node])) }
    }
    context.cache.commit(context.cache.committed)
    context.rows.removeAll(keepingCapacity: true)
    context.tokens.append(next)
  }

  /// The fault of a context from which nothing is taken out.
  private func keepAll(of tree: borrowing TokenTree, then next: Token, in context: inout TransformerContext) {
    for node in 1..<max(context.rows.count, 1) where context.rows[node] >= 0 {
      context.tokens.append(Int(tree[node].token))
    }
    context.cache.commit(context.cache.count)
    context.rows.removeAll(keepingCapacity: true)
    context.tokens.append(next)
  }

  /// Puts the pending tokens and the nodes into the context's batch.
  private func plan(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout TransformerContext
  ) throws(SpeculativeDecodingError) {
    context.batch.reset(firstRow: context.cache.count)
    if nodes.lowerBound == 0 {
      let root = context.tokens.count - 1
      for position in context.cache.count...root {
        context.batch.append(
          Int32(context.tokens[position]), position: position, output: position == root ? 0 : -1)
      }
      context.rows.append(Int32(root))
    }
    guard context.rows.count == max(nodes.lowerBound, 1) else {
      throw .model(
        "nodes \(nodes.lowerBound)... were asked for, but \(context.rows.count) nodes of this tree were evaluated; "
          + "evaluate the nodes in order, from the root on")
    }
    for node in max(nodes.lowerBound, 1)..<nodes.upperBound {
      if tree[node].isRepeat {
        context.rows.append(-1)
        continue
      }
      guard context.rows[Int(tree[node].parent)] >= 0 else {
        throw .model("node \(node) continues node \(tree[node].parent), which repeats a sibling; continue that sibling")
      }
      let row = context.batch.firstRow + context.batch.count
      context.batch.append(node, of: tree, after: context.tokens.count, rows: context.rows, fault: contextFault)
      context.rows.append(Int32(row))
    }
  }

  func requirePrompt(_ prompt: [Token]) throws(SpeculativeDecodingError) {
    guard !prompt.isEmpty else {
      let begin =
        switch configuration {
        case .llama(let llama): llama.beginToken
        case .opt(let opt): opt.beginToken
        }
      throw .model(
        "the prompt is empty; a transformer needs at least one token"
          + (begin.map { ", such as \($0), with which its texts begin" } ?? ""))
    }
    for token in prompt where !(0..<vocabularySize).contains(token) {
      throw .tokenOutOfRange(token: token, vocabulary: vocabularySize, place: "prompt")
    }
    guard prompt.count <= contextLimit else {
      throw .model(
        "the prompt has \(prompt.count) tokens, and the model's context holds \(contextLimit); shorten the prompt")
    }
  }

  /// Makes sure that every node's position is below the context limit.
  private func requireRoom(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, after count: Int
  ) throws(SpeculativeDecodingError) {
    guard count > 0 else { throw .model("the context is empty; begin with a prompt of at least one token") }
    var depth = 0
    for node in nodes { depth = max(depth, Int(tree[node].depth)) }
    if depth <= deepestTree(after: count) { return }
    guard depth > 0, deepestTree(after: count) >= 0 else {
      throw .model(
        "the text has \(count) tokens, and the model's context holds \(contextLimit); shorten the prompt or ask for "
          + "fewer tokens")
    }
    throw .model(
      "the text has \(count) tokens, and a tree of depth \(depth) needs a context of \(count + depth); the model's "
        + "holds \(contextLimit), so make the tree no deeper than \(deepestTree(after: count)), or shorten the prompt")
  }
}
