import Statistics

/// A law under test: what each look at its counts showed, and what follows.
///
/// The one judgement of all anytime-valid runs. The outcomes are those of positive probability; everything else is one
/// outcome of probability 0. Looking is up to the caller.
package struct AnytimeTest: Sendable {
  /// When it ends.
  package let design: AnytimeDesign
  /// The e-process against the law.
  package let process: EProcess
  /// The looks so far.
  package private(set) var looks: [AnytimeLook] = []
  /// The verdict of the last look.
  package private(set) var verdict = AnytimeVerdict.inconclusive
  private let place: String
  private let logThreshold: Double

  /// A test before any data.
  ///
  /// - Parameters:
  ///   - law: the positive probabilities, of sum 1.
  ///   - place: what errors call it.
  /// - Throws: ``CertificationError/statistics(place:_:)`` where the law has no e-process.
  package init(law: [Double], design: AnytimeDesign, place: String) throws(CertificationError) {
    self.design = design
    self.place = place
    logThreshold = try design.logThreshold
    do {
      process = try EProcess(law: law + [0])
    } catch {
      throw .statistics(place: place, error)
    }
  }

  /// Looks at all counts so far.
  ///
  /// Evidence is judged before the bound: a law that is refused is not certified, however small the difference.
  /// - Parameters:
  ///   - counts: of each outcome, in the law's order.
  ///   - impossible: how often an outcome of probability 0 occurred.
  /// - Throws: ``CertificationError/statistics(place:_:)`` where the evidence cannot be computed.
  package mutating func look(at counts: [Int], impossible: Int) throws(CertificationError) {
    let cells = counts + [impossible]
    let look: AnytimeLook
    do {
      look = AnytimeLook(
        samples: cells.reduce(0, +), logEvidence: try process.logEvidence(counts: cells),
        totalVariationBound: try process.totalVariationBound(counts: cells, falseFail: design.boundShare))
    } catch {
      throw .statistics(place: place, error)
    }
    looks.append(look)
    if look.logEvidence >= logThreshold {
      verdict = .refused
    } else if look.totalVariationBound <= design.epsilon {
      verdict = .certified
    }
  }
}
