extension Rule {
  /// RSD-S: the stochastic beam, sequences without replacement, verified by recursive rejection sampling.
  /// - Source: RSD (arXiv 2402.14160), section 3.2.2.
  /// - Guide: `docs/rules/rsd-s.md`; tests: `Tests/SpeculativeDecodingTests/rules/RSDSTests.swift`.
  public static let rsdS = Rule(
    name: "rsd-s", title: "RSD-S", shapes: .rectangle, drafting: .stochasticBeam, verification: .recursiveRejection)
}

extension DecodingMethod {
  /// A stochastic beam of `width` and `depth`.
  public static func rsdS(width: Int, depth: Int) -> DecodingMethod {
    DecodingMethod(rule: .rsdS, shape: .rectangle(width: width, depth: depth))
  }
}
