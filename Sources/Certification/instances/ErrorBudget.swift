/// Both errors of a certification, stated before any data.
public struct ErrorBudget: Hashable, Sendable, Codable {
  /// The probability that a correct decoder fails, over all cases of a run; an upper bound, for any seed.
  public var falseFail: Double
  /// The nominal significance of each case.
  ///
  /// Shares sum to half of ``falseFail``: with expected counts of 1000 the true rate of a chi-square is 1.3 to 1.55
  /// times its nominal one at levels of 1e-8 to 5e-9 (two cells, computed exactly; `docs/certification.md`).
  public var nominalShare: Double
  /// The probability that a case passes a decoder whose law differs from the target's by ``effect`` or more.
  public var falsePass: Double
  /// The smallest difference that ``falsePass`` speaks of: Cohen's w = √Σ(q′ − q)²/q over a case's cells.
  public var effect: Double

  /// The budget of a run of `cases` cases.
  public init(cases: Int, falseFail: Double = 1e-6, falsePass: Double = 1e-6, effect: Double = 0.03) {
    self.falseFail = falseFail
    self.falsePass = falsePass
    self.effect = effect
    nominalShare = falseFail / 2 / Double(max(cases, 1))
  }
}
