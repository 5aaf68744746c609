extension Rule {
  /// SpecInfer: independent children at each node, verified by multi-step speculative sampling.
  /// - Source: SpecInfer (arXiv 2305.09781).
  /// - Guide: `docs/rules/specinfer.md`; tests: `Tests/SpeculativeDecodingTests/rules/SpecInferTests.swift`.
  public static let specInfer = Rule(
    name: "specinfer", title: "SpecInfer", shapes: .branching, drafting: .independentChildren,
    verification: .recursiveRejection)
}

extension DecodingMethod {
  /// `branching[l]` independent children at each node of level l.
  public static func specInfer(branching: [Int]) -> DecodingMethod {
    DecodingMethod(rule: .specInfer, shape: .branching(branching))
  }
}
