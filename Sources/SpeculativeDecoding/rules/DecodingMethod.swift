/// A way to decode: a rule, and the shape of its trees.
///
/// Every method emits the target's law exactly; they differ in how many tokens a target evaluation yields.
public struct DecodingMethod: Hashable, Sendable {
  /// How a tree is drafted and verified.
  public let rule: Rule
  /// The shape of the tree.
  public let shape: Shape

  /// A method; ``validate()`` says whether a tree can have the shape.
  @inlinable
  public init(rule: Rule, shape: Shape) {
    self.rule = rule
    self.shape = shape
  }
}

extension DecodingMethod {
  /// "rule/shape", or the rule alone where it has no shape: "rsd-s/2x3", "autoregressive".
  public var id: String { shape == .none ? rule.name : "\(rule)/\(shape)" }

  /// Whether a round has a draft.
  @inlinable public var drafts: Bool { rule.drafting != .none }

  /// The draft length L: the most drafted tokens that a round can emit.
  ///
  /// At most ``maximumBudget`` + 1, also where the shape says more: such a method is refused, and what is reckoned from its
  /// length before stays an integer.
  public var draftLength: Int { min(max(shape.levels, 0), Self.maximumBudget + 1) }

  /// The target budget: the most drafted tokens that the target evaluates in a round; `Int.max` where they are no integer.
  public var budget: Int { shape.budget }

  /// The largest tree that is drafted: nodes beyond it are a slip of the pen, not a plan.
  public static let maximumBudget = 65_536

  /// Checks the shape.
  ///
  /// - Throws: ``SpeculativeDecodingError/invalidShape(_:)`` where the rule has shapes of another kind, a depth, width or
  ///   branching factor is below 1, there is no level, or the budget exceeds ``maximumBudget``.
  public func validate() throws(SpeculativeDecodingError) {
    guard shape.kind == rule.shapes else {
      throw .invalidShape(
        "\(rule) has no shape of the kind \"\(shape.kind.rawValue)\", but \"\(rule.shapes.rawValue)\"")
    }
    let factors = shape.factors
    if factors.isEmpty, shape != .none {
      throw .invalidShape("branching is empty; \(rule) needs one factor a level, such as 2,2")
    }
    if let factor = factors.first(where: { $0.value < 1 }) {
      throw .invalidShape("\(factor.name) \(factor.value) draws nothing; \(rule) needs at least 1")
    }
    guard budget <= Self.maximumBudget else {
      // A list may have thousands of factors.
      let shown = shape.text.count <= 60 ? shape.text : "\(shape.text.prefix(60))…"
      throw .invalidShape("the shape \(shown) asks for more than \(Self.maximumBudget) nodes a round; make it smaller")
    }
  }

  /// The same method with no more than `depth` levels; autoregressive where none is left.
  ///
  /// Every method emits the target's law, and so does one that changes from round to round, as long as the change
  /// depends on nothing but the text so far: near the end of a context the trees may become shallower.
  public func limited(toDepth depth: Int) -> DecodingMethod {
    if depth >= draftLength { return self }
    return depth < 1 ? .autoregressive : DecodingMethod(rule: rule, shape: shape.limited(toDepth: depth))
  }

  /// The method of another rule whose tree is as wide in its first level, and as deep.
  public func carried(over rule: Rule) -> DecodingMethod {
    rule.method(width: shape.width, depth: max(draftLength, 1))
  }
}
