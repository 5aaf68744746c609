extension Shape {
  /// All shapes of a kind whose target budget is exactly `budget`.
  ///
  /// Trees may not become wider with depth, for a level is the less often reached the deeper it is. Those that are a
  /// chain are left out under a tree's kind, unless the budget allows no other: a chain is speculative decoding,
  /// whatever it is called. Autoregressive decoding has its one shape at any budget.
  /// - Source: RSD (arXiv 2402.14160), section 5: methods are compared at the same target budget.
  public static func all(_ kind: Kind, ofBudget budget: Int) -> [Shape] {
    guard budget > 0 else { return [] }
    return switch kind {
    case .none: [.none]
    case .chain: [.chain(budget)]
    case .branching:
      branchings(ofBudget: budget).filter { budget == 1 || $0.contains { $0 > 1 } }.map { .branching($0) }
    case .rectangle:
      (1...budget).filter { budget % $0 == 0 && ($0 > 1 || budget == 1) }
        .map { .rectangle(width: $0, depth: budget / $0) }
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

  /// The shapes of the same kind and depth that are parts of this one, the widest last.
  ///
  /// Branchings never widen with depth.
  public var parts: [Shape] {
    switch self {
    case .none: []
    case .chain: [self]
    case .rectangle(let width, let depth): (1...width).map { .rectangle(width: $0, depth: depth) }
    case .branching(let most):
      most.reduce([[]]) { all, factor in
        all.flatMap { branching in (1...min(factor, branching.last ?? factor)).map { branching + [$0] } }
      }.map { .branching($0) }
    }
  }
}
