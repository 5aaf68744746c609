import Probability
import SpeculativeDecoding
import Synchronization

/// Laws by what led to them; shared by the threads that sample one case.
///
/// The key is everything that a model was told since its context was made: the prompt, every tree that it was asked
/// about, every path that was kept. A deterministic model gives the same laws whenever it is told the same.
final class LawMemory<Scalar: ProbabilityScalar>: Sendable {
  private let laws = Mutex<[[Int32]: [SparseLaw<Scalar>]]>([:])

  /// Different histories that were met: each was a forward pass.
  var count: Int { laws.withLock { $0.count } }

  /// The laws after the nodes that were asked for last, but for repeats.
  func laws(after history: [Int32]) -> [SparseLaw<Scalar>]? { laws.withLock { $0[history] } }

  func remember(_ values: [SparseLaw<Scalar>], after history: [Int32]) { laws.withLock { $0[history] = values } }
}

/// A deterministic model that is asked once for each history: sampling meets the same rounds again and again.
///
/// Nothing but repetition is left out. A model whose laws depend on *how* it came to a context, because its cache is
/// wrong, say, is wrong through this wrapper too: histories that differ in a rejected token are different keys.
struct RememberingModel<Base: LanguageModel>: LanguageModel {
  let base: Base
  let memory: LawMemory<Base.Scalar>

  var vocabularySize: Int { base.vocabularySize }

  struct Context: Sendable {
    fileprivate enum Call: Sendable {
      case evaluate(Range<Int>, TokenTree)
      case keep(ReusableArray<Int>, TokenTree, Token)
    }

    fileprivate var prompt: [Token] = []
    /// The text that the base was told, or will have to be.
    fileprivate var calls: [Call] = []
    fileprivate var history: [Int32] = []
    fileprivate var base: Base.Context
    /// Calls that the base has answered; -1 where it has not begun with the prompt.
    fileprivate var answered = -1
  }

  func makeContext() -> Context { Context(base: base.makeContext()) }

  func begin(_ prompt: [Token], in context: inout Context) throws(SpeculativeDecodingError) {
    context.prompt = prompt
    context.calls.removeAll(keepingCapacity: true)
    context.history.removeAll(keepingCapacity: true)
    context.history.append(Int32(prompt.count))
    for token in prompt { context.history.append(Int32(token)) }
    context.answered = -1
  }

  func evaluate(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout Context,
    into laws: inout LawTable<Base.Scalar>
  ) throws(SpeculativeDecodingError) {
    context.history.append(-1)
    for node in nodes {
      context.history.append(tree[node].token)
      context.history.append(tree[node].isRepeat ? -2 : tree[node].parent)
    }
    context.calls.append(.evaluate(nodes, copy tree))
    laws.reserve(rows: nodes.upperBound)
    if let known = memory.laws(after: context.history) {
      var next = 0
      for node in nodes where !tree[node].isRepeat {
        known[next].write(into: &laws, row: node)
        next += 1
      }
      return
    }
    try catchUp(&context, into: &laws)
    var found: [SparseLaw<Base.Scalar>] = []
    for node in nodes where !tree[node].isRepeat { found.append(SparseLaw(laws, row: node)) }
    memory.remember(found, after: context.history)
  }

  func keep(
    _ path: ReusableArray<Int>, of tree: borrowing TokenTree, then next: Token, in context: inout Context
  ) throws(SpeculativeDecodingError) {
    context.history.append(-3)
    for node in path { context.history.append(Int32(node)) }
    context.history.append(-4)
    context.history.append(Int32(next))
    context.calls.append(.keep(path, copy tree, next))
  }

  /// Tells the base what it has not been told, up to the evaluation that is asked for now.
  private func catchUp(
    _ context: inout Context, into laws: inout LawTable<Base.Scalar>
  ) throws(SpeculativeDecodingError) {
    if context.answered < 0 {
      try base.begin(context.prompt, in: &context.base)
      context.answered = 0
    }
    var scratch = LawTable<Base.Scalar>(vocabularySize: laws.vocabularySize)
    while context.answered < context.calls.count {
      switch context.calls[context.answered] {
      case .evaluate(let nodes, let tree):
        if context.answered == context.calls.count - 1 {
          try base.evaluate(nodes, of: tree, in: &context.base, into: &laws)
        } else {
          scratch.reserve(rows: nodes.upperBound)
          try base.evaluate(nodes, of: tree, in: &context.base, into: &scratch)
        }
      case .keep(let path, let tree, let next):
        try base.keep(path, of: tree, then: next, in: &context.base)
      }
      context.answered += 1
    }
  }
}
