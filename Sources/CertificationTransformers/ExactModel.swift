import Probability
import SpeculativeDecoding

/// A model whose laws are those of another, as exact fractions: each value over the exact sum of its row.
///
/// With it the decoder that samples over `Float` is enumerated over ``Rational``.
struct ExactModel<Base: LanguageModel>: LanguageModel where Base.Scalar == Float {
  typealias Scalar = Rational

  let base: Base

  var vocabularySize: Int { base.vocabularySize }

  struct Context: Sendable {
    fileprivate var base: Base.Context
    fileprivate var laws: LawTable<Float>
  }

  func makeContext() -> Context {
    Context(base: base.makeContext(), laws: LawTable(vocabularySize: base.vocabularySize))
  }

  func begin(_ prompt: [Token], in context: inout Context) throws(SpeculativeDecodingError) {
    try base.begin(prompt, in: &context.base)
  }

  func evaluate(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout Context, into laws: inout LawTable<Rational>
  ) throws(SpeculativeDecodingError) {
    context.laws.reserve(rows: nodes.upperBound)
    try base.evaluate(nodes, of: tree, in: &context.base, into: &context.laws)
    for node in nodes where !tree[node].isRepeat {
      let exact = context.laws.law(ofRow: node).map { $0 == 0 ? Rational.zero : $0.exact ?? .zero }
      let mass = exact.reduce(.zero, +)
      laws.write(exact.map { $0 == .zero ? $0 : $0 / mass }, toRow: node)
    }
  }

  func keep(
    _ path: ReusableArray<Int>, of tree: borrowing TokenTree, then next: Token, in context: inout Context
  ) throws(SpeculativeDecodingError) {
    try base.keep(path, of: tree, then: next, in: &context.base)
  }
}
