import Probability
import SpeculativeDecoding

/// A model with one fault in its contexts, rows or positions; the base gives the laws.
package struct FaultyModel<Base: LanguageModel>: LanguageModel {
  /// The base's context, and whether it has been evaluated since its prompt.
  package struct Context: Sendable {
    var base: Base.Context
    var isFirst = true
  }

  /// The model that gives the laws.
  package let base: Base
  /// The fault.
  package let fault: Fault

  /// A model with a fault; with any fault of another kind it is the base.
  package init(_ base: Base, fault: Fault) {
    self.base = base
    self.fault = fault
  }

  /// The base's.
  package var vocabularySize: Int { base.vocabularySize }

  /// An empty context.
  package func makeContext() -> Context { Context(base: base.makeContext()) }

  /// Starts from a prompt.
  ///
  /// - Throws: what the base throws.
  package func begin(_ prompt: [Token], in context: inout Context) throws(SpeculativeDecodingError) {
    context.isFirst = true
    try base.begin(prompt, in: &context.base)
  }

  /// The base's laws, of the nodes that a fault mistakes for these.
  ///
  /// - Throws: what the base throws.
  package func evaluate(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout Context,
    into laws: inout LawTable<Base.Scalar>
  ) throws(SpeculativeDecodingError) {
    try base.evaluate(nodes, of: tree, in: &context.base, into: &laws)
    switch fault {
    case .siblingsVisible, .lastTokenOnly, .draftPositionShifted:
      for node in nodes where node > 0 && !tree[node].isRepeat {
        guard let path = mistakenPath(to: node, of: tree) else { continue }
        try evaluate(path, root: Int(tree[0].token), in: context, into: &laws, row: node)
      }
    case .greedyFirstToken:
      if context.isFirst, nodes.lowerBound == 0 {
        let law = laws.law(ofRow: 0)
        let best = law.indices.reduce(0) { law[$1] > law[$0] ? $1 : $0 }
        laws.write(law.indices.map { $0 == best ? .one : .zero }, toRow: 0)
      }
    default: break
    }
    context.isFirst = false
  }

  /// Keeps what the base keeps, and a rejected token where that is the fault.
  ///
  /// - Throws: what the base throws.
  package func keep(
    _ path: ReusableArray<Int>, of tree: borrowing TokenTree, then next: Token, in context: inout Context
  ) throws(SpeculativeDecodingError) {
    switch fault {
    case .rejectedStaysInContext:
      var path = path
      if let rejected = tree.children(of: path.last ?? 0).first { path.append(rejected) }
      try base.keep(path, of: tree, then: next, in: &context.base)
    case .rejectedStaysInDraft:
      var whole = path
      for node in drafted(behind: path, of: tree) { whole.append(node) }
      try base.keep(whole, of: tree, then: next, in: &context.base)
    case .draftNotRolledBack:
      let whole = Array(path) + drafted(behind: path, of: tree)
      guard let last = whole.last else { return }
      var written = ReusableArray(filler: 0)
      for node in whole.dropLast() { written.append(node) }
      try base.keep(written, of: tree, then: Int(tree[last].token), in: &context.base)
    case .contextReset: try base.begin([next], in: &context.base)
    default: try base.keep(path, of: tree, then: next, in: &context.base)
    }
  }

  /// The draft behind a path: the first child of each node, down to a leaf.
  private func drafted(behind path: ReusableArray<Int>, of tree: borrowing TokenTree) -> [Int] {
    var nodes: [Int] = []
    while let child = tree.children(of: nodes.last ?? path.last ?? 0).first { nodes.append(child) }
    return nodes
  }

  /// The tokens that a node is mistaken to follow; `nil` where it is not mistaken.
  private func mistakenPath(to node: Int, of tree: borrowing TokenTree) -> [Token]? {
    let tokens = tree.tokens(downTo: node)
    switch fault {
    case .siblingsVisible:
      let siblings = tree.children(of: Int(tree[node].parent)).prefix { $0 != node }
      if siblings.isEmpty { return nil }
      return Array(tokens.dropLast()) + siblings.map { Int(tree[$0].token) } + Array(tokens.suffix(1))
    case .lastTokenOnly: return tokens.count > 1 ? Array(tokens.suffix(1)) : nil
    default: return Array(tokens.dropLast())
    }
  }

  /// Writes the law after a path into a row, by the base's own evaluation of a chain.
  private func evaluate(
    _ path: [Token], root: Token, in context: Context, into laws: inout LawTable<Base.Scalar>, row: Int
  ) throws(SpeculativeDecodingError) {
    var chain = TokenTree(root: root)
    for token in path { chain.append(token, to: chain.count - 1) }
    var copy = context.base
    var table = LawTable<Base.Scalar>(vocabularySize: vocabularySize)
    table.reserve(rows: chain.count)
    try base.evaluate(0..<chain.count, of: chain, in: &copy, into: &table)
    laws.write(table.law(ofRow: chain.count - 1), toRow: row)
  }
}

extension FaultyModel.Context: Equatable where Base.Context: Hashable {
  /// Whether what follows has the same laws.
  package static func == (left: Self, right: Self) -> Bool { left.base == right.base }
}

extension FaultyModel.Context: Hashable where Base.Context: Hashable {
  /// Hashes the base's context.
  package func hash(into hasher: inout Hasher) { hasher.combine(base) }
}
