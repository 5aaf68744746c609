/// A way to decode: which tree is drafted and by which rule it is verified.
///
/// Every method emits the target's law exactly; they differ in how many tokens a target evaluation yields.
public enum DecodingMethod: Hashable, Sendable {
  /// One token a target evaluation; no draft.
  case autoregressive
  /// A chain of `depth` tokens (Leviathan et al. 2023, Chen et al. 2023).
  case speculative(depth: Int)
  /// `branching[l]` independent children at each node of level l (SpecInfer, arXiv 2305.09781, multi-step).
  case specInfer(branching: [Int])
  /// `width` independent sequences of `depth` tokens, K-SEQ selection (SpecTr, arXiv 2310.15141).
  case specTr(width: Int, depth: Int)
  /// `branching[l]` children without replacement at each node of level l (RSD, arXiv 2402.14160, section 3.2.1).
  case rsdC(branching: [Int])
  /// Stochastic beam search of `width` and `depth` (RSD, arXiv 2402.14160, section 3.2.2).
  case rsdS(width: Int, depth: Int)
}

extension DecodingMethod {
  /// The rule's name in the port protocol: "autoregressive", "sd", "specinfer", "spectr", "rsd-c", "rsd-s".
  public var rule: String {
    switch self {
    case .autoregressive: "autoregressive"
    case .speculative: "sd"
    case .specInfer: "specinfer"
    case .specTr: "spectr"
    case .rsdC: "rsd-c"
    case .rsdS: "rsd-s"
    }
  }

  /// The shape as people write it: "3", "2-2", "2x3"; empty for autoregressive decoding.
  public var shape: String {
    switch self {
    case .autoregressive: ""
    case .speculative(let depth): "\(depth)"
    case .specInfer(let branching), .rsdC(let branching): branching.map(String.init).joined(separator: "-")
    case .specTr(let width, let depth), .rsdS(let width, let depth): "\(width)x\(depth)"
    }
  }

  /// The draft length L: the most drafted tokens that a round can emit.
  ///
  /// At most ``maximumBudget`` + 1, also where the shape says more: such a method is refused, and what is reckoned from its
  /// length before stays an integer.
  public var draftLength: Int {
    let length =
      switch self {
      case .autoregressive: 0
      case .speculative(let depth), .specTr(_, let depth), .rsdS(_, let depth): depth
      case .specInfer(let branching), .rsdC(let branching): branching.count
      }
    return min(max(length, 0), Self.maximumBudget + 1)
  }

  /// The target budget: the most drafted tokens that the target evaluates in a round; `Int.max` where they are no integer.
  public var budget: Int {
    switch self {
    case .autoregressive: return 0
    case .speculative(let depth): return depth
    case .specTr(let width, let depth), .rsdS(let width, let depth):
      let (nodes, overflow) = width.multipliedReportingOverflow(by: depth)
      return overflow ? .max : nodes
    case .specInfer(let branching), .rsdC(let branching):
      var (nodes, level, overflow) = (0, 1, false)
      for factor in branching {
        (level, overflow) = level.multipliedReportingOverflow(by: factor)
        if overflow { return .max }
        (nodes, overflow) = nodes.addingReportingOverflow(level)
        if overflow { return .max }
      }
      return nodes
    }
  }

  /// The largest tree that is drafted: nodes beyond it are a slip of the pen, not a plan.
  public static let maximumBudget = 65_536

  /// Checks the shape.
  ///
  /// - Throws: ``SpeculativeDecodingError/invalidShape(_:)`` where a depth, width or branching factor is below 1, there
  ///   is no level, or the budget exceeds ``maximumBudget``.
  public func validate() throws(SpeculativeDecodingError) {
    let factors: [(name: String, value: Int)] =
      switch self {
      case .autoregressive: []
      case .speculative(let depth): [("depth", depth)]
      case .specTr(let width, let depth), .rsdS(let width, let depth): [("width", width), ("depth", depth)]
      case .specInfer(let branching), .rsdC(let branching): branching.map { ("branching", $0) }
      }
    if factors.isEmpty, self != .autoregressive {
      throw .invalidShape("branching is empty; \(rule) needs one factor a level, such as 2,2")
    }
    if let factor = factors.first(where: { $0.value < 1 }) {
      throw .invalidShape("\(factor.name) \(factor.value) draws nothing; \(rule) needs at least 1")
    }
    guard budget <= Self.maximumBudget else {
      // A list may have thousands of factors.
      let shown = shape.count <= 60 ? shape : "\(shape.prefix(60))…"
      throw .invalidShape("the shape \(shown) asks for more than \(Self.maximumBudget) nodes a round; make it smaller")
    }
  }
}
