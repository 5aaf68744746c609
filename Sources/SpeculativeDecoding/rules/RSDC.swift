extension Rule {
  /// RSD-C: children without replacement, as many at each node of a level, verified by recursive rejection sampling.
  /// - Source: RSD (arXiv 2402.14160), section 3.2.1.
  /// - Guide: `docs/rules/rsd-c.md`; tests: `Tests/SpeculativeDecodingTests/rules/RSDCTests.swift`.
  public static let rsdC = Rule(
    name: "rsd-c", title: "RSD-C", shapes: .branching, drafting: .distinctChildren, verification: .recursiveRejection)
}

extension DecodingMethod {
  /// `branching[l]` children without replacement at each node of level l.
  public static func rsdC(branching: [Int]) -> DecodingMethod {
    DecodingMethod(rule: .rsdC, shape: .branching(branching))
  }
}
