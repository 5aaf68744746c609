import Probability
import SpeculativeDecoding
import Synchronization

/// The texts after which a model's law was another than the text's own; shared by the threads that sample one case.
final class Inconsistencies: Sendable {
  private let texts = Mutex<Set<Int32>>([])

  /// How many texts.
  var count: Int { texts.withLock { $0.count } }

  func add(_ text: Int32) { texts.withLock { _ = $0.insert(text) } }
}

/// A model each of whose laws is held, bit for bit, against the law of its text as a plain sequence.
///
/// A law that depends on anything but the text (a rejected token that stays in the cache, a sibling that is seen, a
/// position that is wrong) differs, and is noted; the model's own law is what the round goes on with.
struct ComparedModel<Base: LanguageModel>: LanguageModel where Base.Scalar == Float {
  let base: Base
  let laws: TextLaws
  let role: TextLaws.Role
  let inconsistencies: Inconsistencies

  var vocabularySize: Int { base.vocabularySize }

  struct Context: Sendable {
    fileprivate var base: Base.Context
    fileprivate var root: Int32 = 0
    fileprivate var nodes: [Int32] = []
  }

  func makeContext() -> Context { Context(base: base.makeContext()) }

  func begin(_ prompt: [Token], in context: inout Context) throws(SpeculativeDecodingError) {
    try base.begin(prompt, in: &context.base)
    context.root = 0
  }

  func evaluate(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout Context, into table: inout LawTable<Float>
  ) throws(SpeculativeDecodingError) {
    try base.evaluate(nodes, of: tree, in: &context.base, into: &table)
    for node in nodes {
      if context.nodes.count <= node { context.nodes.append(-1) }
      if tree[node].isRepeat { continue }
      let text = node == 0 ? context.root : text(context.nodes[Int(tree[node].parent)], extendedBy: tree[node].token)
      context.nodes[node] = text
      if text < 0 || !isLaw(after: text, row: node, of: table) { inconsistencies.add(text) }
    }
  }

  func keep(
    _ path: ReusableArray<Int>, of tree: borrowing TokenTree, then next: Token, in context: inout Context
  ) throws(SpeculativeDecodingError) {
    try base.keep(path, of: tree, then: next, in: &context.base)
    for node in path { context.root = text(context.root, extendedBy: tree[node].token) }
    context.root = text(context.root, extendedBy: Int32(next))
  }

  private func text(_ text: Int32, extendedBy token: Int32) -> Int32 {
    guard let number = laws.number(of: Int(token)) else { return -1 }
    return laws.text(text, extendedBy: number)
  }

  private func isLaw(after text: Int32, row: Int, of table: borrowing LawTable<Float>) -> Bool {
    let (own, expected) = (SparseLaw(table, row: row), laws.law(of: role, after: text))
    return own.values == expected.values
      && own.tokens.elementsEqual(expected.tokens) { Int($0) == laws.tokens[Int($1)] }
  }
}
