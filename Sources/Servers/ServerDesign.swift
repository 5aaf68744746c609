import Certification
import Statistics

/// The error rates of a run against servers, and the number of completions that they need: stated before any data.
package struct ServerDesign: Hashable, Sendable, Codable {
  /// The probability that servers with one law are refused, or said to disagree with themselves, in a run; an upper
  /// bound, over all prompts and all tests.
  package let falseFail: Double
  /// The probability that a prompt passes whose laws are ``distance`` apart.
  package let falsePass: Double
  /// The total variation over a prompt's cells that ``falsePass`` speaks of.
  package let distance: Double
  /// Prompts, which share ``falseFail``.
  package let prompts: Int
  /// The most continuations of a prompt under top-k, and the most cells.
  package let outcomes: Int
  /// The false-fail rate of one e-process: half of the run's rate, over two a prompt.
  package let evidenceShare: Double
  /// The significance of one chi-square: two a prompt, with the test of dependence, have half of the other half.
  ///
  /// The rest is room for the approximations, as in ``ErrorBudget``.
  package let plannedShare: Double
  /// The significance of a prompt's test of dependence.
  package let dependenceShare: Double
  /// Completions of each arm that the rates need.
  package let samples: Int

  /// The name of the runs: with other shares or another plan it changes.
  package static let version = "rsd-server-suite/1"
  /// The distance where none is given.
  package static let defaultDistance = 0.1

  /// The run's seed, fixed before any data were seen.
  package static var seed: UInt64 { Suite(version: version, cases: []).seed }

  /// The design for so many prompts, and completions of so many tokens under this top-k.
  ///
  /// - Throws: ``CertificationError/statistics(place:_:)`` for a distance outside (0, 1].
  package init(prompts: Int, topK: Int, length: Int, distance: Double = defaultDistance) throws(CertificationError) {
    falseFail = 1e-6
    falsePass = 1e-6
    self.distance = distance
    self.prompts = max(1, prompts)
    var outcomes = 1
    for _ in 0..<length where outcomes < TwoSampleChiSquare.mostCells { outcomes *= max(topK, 1) }
    // Under a top-k of 1 there is one continuation, which the data will say.
    self.outcomes = min(max(outcomes, 2), TwoSampleChiSquare.mostCells)
    evidenceShare = falseFail / 2 / Double(2 * self.prompts)
    plannedShare = ErrorBudget(cases: 3 * self.prompts, falseFail: falseFail / 2).nominalShare
    dependenceShare = plannedShare
    do {
      samples = try TwoSampleChiSquare.samples(
        totalVariation: distance, outcomes: self.outcomes, falseFail: plannedShare, falsePass: falsePass)
    } catch {
      throw .statistics(place: "a server's run", error)
    }
  }

  /// ln of the evidence at which an e-process refuses.
  var logThreshold: Double {
    get throws(StatisticsError) { try EProcess.logThreshold(falseFail: falseFail / 2, cases: 2 * prompts) }
  }
}
