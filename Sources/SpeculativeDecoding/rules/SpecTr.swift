extension Rule {
  /// SpecTr: independent sequences, K-SEQ selection.
  /// - Source: SpecTr (arXiv 2310.15141).
  /// - Guide: `docs/rules/spectr.md`; tests: `Tests/SpeculativeDecodingTests/rules/SpecTrTests.swift`.
  public static let specTr = Rule(
    name: "spectr", title: "SpecTr", shapes: .rectangle, drafting: .independentSequences,
    verification: .sequentialSelection, hasAcceptedLengthLaw: false)
}

extension DecodingMethod {
  /// `width` independent sequences of `depth` tokens.
  public static func specTr(width: Int, depth: Int) -> DecodingMethod {
    DecodingMethod(rule: .specTr, shape: .rectangle(width: width, depth: depth))
  }
}
