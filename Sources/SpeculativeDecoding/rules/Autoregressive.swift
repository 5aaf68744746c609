extension Rule {
  /// Autoregressive decoding: one token a target evaluation, and no draft.
  ///
  /// - Guide: `docs/rules/autoregressive.md`; tests: `Tests/SpeculativeDecodingTests/rules/AutoregressiveTests.swift`.
  public static let autoregressive = Rule(
    name: "autoregressive", title: "autoregressive", shapes: .none, drafting: .none, verification: .recursiveRejection)
}

extension DecodingMethod {
  /// One token a target evaluation; no draft.
  public static var autoregressive: DecodingMethod {
    DecodingMethod(rule: .autoregressive, shape: .none)
  }
}
