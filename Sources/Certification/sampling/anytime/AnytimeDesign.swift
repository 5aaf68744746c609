import Statistics

/// When an anytime-valid run ends, and how often it may be wrong: stated before any data.
///
/// A case is looked at after 1000, 2000, 4000, … decodings and never between, so that no number of threads or shards
/// can change a verdict. Both errors hold however long a run goes on, and whenever it is stopped.
package struct AnytimeDesign: Hashable, Sendable, Codable {
  /// α: the probability that a correct decoder is refused, over all cases and looks; an upper bound.
  package let falseFail: Double
  /// The probability that any case is certified whose total variation exceeds ``epsilon``; an upper bound.
  package let falsePass: Double
  /// m, the cases that share both rates.
  package let cases: Int
  /// ε: a case is certified once its total variation is bounded by it.
  package let epsilon: Double
  /// Decodings after which an undecided case is left inconclusive: the last look is the last one within it.
  package let limit: Int

  /// Decodings at the first look.
  package static let firstLook = 1000
  /// ε of `rsd certify`.
  package static let defaultEpsilon = 0.02
  /// ε for ports, which decode fewer tokens a second.
  package static let portEpsilon = 0.05
  /// The limit of `rsd certify`: the look 2¹⁴ · 1000.
  package static let defaultLimit = firstLook << 14
  /// The largest limit: beyond, counts of rounds could leave the integers.
  package static let largestLimit = 1_000_000_000_000

  /// A design for a run of `cases` cases.
  ///
  /// - Throws: ``CertificationError/statistics(place:_:)`` for rates or an ε outside (0, 1), no case, or a limit outside
  ///   ``firstLook`` to ``largestLimit``.
  package init(
    cases: Int, epsilon: Double = defaultEpsilon, limit: Int = defaultLimit, falseFail: Double = 1e-6,
    falsePass: Double = 1e-6
  ) throws(CertificationError) {
    func refuse(_ reason: String) -> CertificationError {
      .statistics(place: "an anytime-valid design", .argument(reason))
    }
    for (name, rate) in [("false-fail rate", falseFail), ("false-pass rate", falsePass), ("epsilon", epsilon)] {
      guard rate > 0, rate < 1 else { throw refuse("\(name) \(rate) is out of range; it is between 0 and 1") }
    }
    guard cases >= 1 else { throw refuse("a run has at least 1 case, not \(cases)") }
    guard (Self.firstLook...Self.largestLimit).contains(limit) else {
      throw refuse("limit \(limit) is out of range; it is \(Self.firstLook) to \(Self.largestLimit)")
    }
    self.falseFail = falseFail
    self.falsePass = falsePass
    self.cases = cases
    self.epsilon = epsilon
    self.limit = limit
  }

  /// The looks, in decodings: 1000 · 2ʲ within the limit.
  package var looks: [Int] {
    var looks = [Self.firstLook]
    while let last = looks.last, last <= limit / 2 { looks.append(2 * last) }
    return looks
  }

  /// ln(m/α): a case is refused where ln e reaches it.
  package var logThreshold: Double {
    get throws(CertificationError) {
      do {
        return try EProcess.logThreshold(falseFail: falseFail, cases: cases)
      } catch {
        throw .statistics(place: "an anytime-valid design", error)
      }
    }
  }

  /// The false-pass rate of one case's bound.
  package var boundShare: Double { falsePass / Double(cases) }
}
