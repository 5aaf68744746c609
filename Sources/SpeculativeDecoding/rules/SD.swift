extension Rule {
  /// Speculative decoding: a chain, verified token by token.
  /// - Source: Leviathan et al. 2023; Chen et al. 2023.
  /// - Guide: `docs/rules/sd.md`; tests: `Tests/SpeculativeDecodingTests/rules/SDTests.swift`.
  public static let speculative = Rule(
    name: "sd", title: "SD", shapes: .chain, drafting: .distinctChildren, verification: .recursiveRejection)
}

extension DecodingMethod {
  /// A chain of `depth` tokens.
  public static func speculative(depth: Int) -> DecodingMethod {
    DecodingMethod(rule: .speculative, shape: .chain(depth))
  }
}
