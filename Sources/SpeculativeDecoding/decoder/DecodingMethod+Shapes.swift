extension DecodingMethod {
  /// All shapes of this method's rule whose target budget is exactly `budget`, as methods.
  ///
  /// Trees may not become wider with depth, for a level is the less often reached the deeper it is. Those that are a
  /// chain are left out under a tree's rule, unless the budget allows no other: a chain is speculative decoding,
  /// whatever it is called. Autoregressive decoding has its one shape at any budget.
  /// - Source: RSD (arXiv 2402.14160), section 5: methods are compared at the same target budget.
  public func shapes(ofBudget budget: Int) -> [DecodingMethod] {
    guard budget > 0 else { return [] }
    let rectangles = (1...budget).filter { budget % $0 == 0 && ($0 > 1 || budget == 1) }
      .map { (width: $0, depth: budget / $0) }
    let trees = Self.branchings(ofBudget: budget).filter { budget == 1 || $0.contains { $0 > 1 } }
    return switch self {
    case .autoregressive: [self]
    case .speculative: [.speculative(depth: budget)]
    case .specInfer: trees.map { .specInfer(branching: $0) }
    case .specTr: rectangles.map { .specTr(width: $0.width, depth: $0.depth) }
    case .rsdC: trees.map { .rsdC(branching: $0) }
    case .rsdS: rectangles.map { .rsdS(width: $0.width, depth: $0.depth) }
    }
  }

  /// The branchings b₁ ≥ b₂ ≥ … with b₁(1 + b₂(1 + …)) = budget: the first factor divides the budget, and what is below
  /// each of its nodes is a tree of the quotient less one.
  static func branchings(ofBudget budget: Int, most: Int = .max) -> [[Int]] {
    if budget == 0 { return [[]] }
    return (1...min(budget, most)).filter { budget % $0 == 0 }.flatMap { factor in
      branchings(ofBudget: budget / factor - 1, most: factor).map { [factor] + $0 }
    }
  }
}
