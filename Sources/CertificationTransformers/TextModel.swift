import Probability
import SpeculativeDecoding

/// A model that looks up the law after each text, over the renumbered tokens; begins with no prompt, which is the texts'.
///
/// It says nothing of trees and caches: ``ComparedModel`` holds those against the same laws.
struct TextModel: LanguageModel {
  let laws: TextLaws
  let role: TextLaws.Role

  var vocabularySize: Int { laws.tokens.count }

  struct Context: Sendable {
    /// The text so far.
    fileprivate var root: Int32 = 0
    /// The text of each node.
    fileprivate var nodes: [Int32] = []
  }

  func makeContext() -> Context { Context() }

  func begin(_ prompt: [Token], in context: inout Context) throws(SpeculativeDecodingError) {
    guard prompt.isEmpty else { throw .model("the texts have their prompt; begin with none") }
    context.root = 0
  }

  func evaluate(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout Context, into table: inout LawTable<Float>
  ) throws(SpeculativeDecodingError) {
    table.reserve(rows: nodes.upperBound)
    for node in nodes {
      if context.nodes.count <= node { context.nodes.append(-1) }
      if tree[node].isRepeat { continue }
      let text =
        node == 0
        ? context.root : laws.text(context.nodes[Int(tree[node].parent)], extendedBy: tree[node].token)
      guard text >= 0 else { throw .model("a round came to a text that neither model can write") }
      context.nodes[node] = text
      laws.law(of: role, after: text).write(into: &table, row: node)
    }
  }

  func keep(
    _ path: ReusableArray<Int>, of tree: borrowing TokenTree, then next: Token, in context: inout Context
  ) throws(SpeculativeDecodingError) {
    for node in path { context.root = laws.text(context.root, extendedBy: tree[node].token) }
    // Behind the last token no round begins, and there is no text.
    context.root = laws.text(context.root, extendedBy: Int32(next))
  }
}
