import SpeculativeDecoding

/// A vector before it has a rule, a number and an outcome.
struct VectorDraft {
  /// The rules that a vector makes sense for.
  enum Scope {
    /// A chain: every rule drafts it.
    case every
    /// Different siblings: all but a chain.
    case trees
    /// Different siblings, without replacement.
    case withoutReplacement
    /// Siblings that may repeat.
    case withReplacement
    /// A shape that no chain has.
    case chains

    func contains(_ rule: Rule) -> Bool {
      switch self {
      case .every: true
      case .trees: rule.shapes != .chain
      case .withoutReplacement: rule.shapes != .chain && !rule.drafting.isWithReplacement
      case .withReplacement: rule.drafting.isWithReplacement
      case .chains: rule.shapes == .chain
      }
    }
  }

  var comment: String
  var flags: [VectorFlag]
  var scope: Scope
  var nodes: [VectorRequest.Node]
  var target: [String: [VectorNumber]]
  var uniforms: [VectorNumber]
  var endToken: Token?
  var result = DirectedVector.Result.valid

  /// A tree of any form.
  ///
  /// - Parameters:
  ///   - tree: parent and token of each node.
  ///   - draft: the draft's law after a node; -1 is the root.
  ///   - target: the target's law after a node; -1 is the root.
  static func tree(
    _ comment: String, _ flags: [VectorFlag], for scope: Scope, _ tree: [(parent: Int, token: Token)],
    draft: (Int) -> [Double], target: (Int) -> [Double], uniforms: [Double], endToken: Token? = nil
  ) -> VectorDraft {
    VectorDraft(
      comment: comment, flags: flags, scope: scope,
      nodes: tree.map {
        .init(parent: $0.parent, token: $0.token, draft: draft($0.parent).map { VectorNumber($0) })
      },
      target: Dictionary(
        uniqueKeysWithValues: (-1..<tree.count).map { (String($0), target($0).map { VectorNumber($0) }) }),
      uniforms: uniforms.map { VectorNumber($0) }, endToken: endToken)
  }

  /// A chain, with a law of draft and target for each level; the target has one more.
  static func chain(
    _ comment: String, _ flags: [VectorFlag], _ tokens: [Token], draft: [[Double]], target: [[Double]],
    uniforms: [Double], endToken: Token? = nil
  ) -> VectorDraft {
    tree(
      comment, flags, for: .every, tokens.enumerated().map { ($0.offset - 1, $0.element) },
      draft: { draft[$0 + 1] }, target: { target[$0 + 1] }, uniforms: uniforms, endToken: endToken)
  }

  /// Children of the root, in draw order; `after` is the target's law after each of them.
  static func siblings(
    _ comment: String, _ flags: [VectorFlag], for scope: Scope, _ tokens: [Token], draft: [Double],
    target: [Double], after: [Double], uniforms: [Double], endToken: Token? = nil
  ) -> VectorDraft {
    tree(
      comment, flags, for: scope, tokens.map { (-1, $0) }, draft: { _ in draft },
      target: { $0 < 0 ? target : after }, uniforms: uniforms, endToken: endToken)
  }

  func request(of rule: Rule) -> VectorRequest {
    VectorRequest(rule: rule.name, nodes: nodes, target: target, uniforms: uniforms, endToken: endToken)
  }
}

/// Vectors of one topic, before they have a rule.
struct VectorTopic {
  var name: String
  var drafts: [VectorDraft]
}

/// The grids that uniforms lie on.
enum UniformGrid: Int, CaseIterable {
  case single = 24
  case word = 32
  case double = 53

  /// The distance of two neighbours.
  var step: Double { Double(sign: .plus, exponent: -rawValue, significand: 1) }

  /// The largest uniform.
  var largest: Double { 1 - step }

  /// The coarsest grid that holds all these uniforms; `nil` where none does.
  init?(holding uniforms: [Double]) {
    let grid = Self.allCases.first { grid in
      uniforms.allSatisfy { ($0 / grid.step).rounded() * grid.step == $0 }
    }
    guard let grid else { return nil }
    self = grid
  }
}
