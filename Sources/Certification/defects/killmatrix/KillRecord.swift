/// A defect, the case that declares it, and what happened.
package struct KillRecord: Hashable, Sendable, Codable {
  /// The fate of a defect in the case that declares it.
  package enum Verdict: String, Hashable, Sendable, Codable {
    /// The case refused it.
    case killed
    /// The case passed it, and should not have.
    case missed
    /// A lossless variant passed, as it must.
    case passed
    /// A lossless variant did not pass, and should have.
    case refused
  }

  /// The defect's name.
  package var defect: String
  /// The part of a decoder that is wrong.
  package var category: Defect.Category
  /// Where it was found: addresses, and names where there is none.
  package var source: [String]
  /// The case that declares it.
  package var caseID: String
  /// The observable.
  package var observable: Observable
  /// The probability that the case refuses it, before the data.
  package var predictedPower: Double
  /// Decodings.
  package var samples: Int
  /// The p-value that was found.
  package var pValue: Double
  /// Its fate.
  package var verdict: Verdict

  /// Whether a defect was killed, or a lossless variant passed.
  package var isAsItMust: Bool { verdict == .killed || verdict == .passed }

  private enum CodingKeys: String, CodingKey {
    case defect, category = "class", source, caseID = "case", observable, predictedPower, samples, pValue, verdict
  }

  /// The record of an entry.
  init(_ entry: KillMatrix.Entry, _ found: ObservableRecord) {
    defect = entry.defect.id
    category = entry.defect.category
    source = entry.defect.sources.map(\.text)
    caseID = entry.observableCase.id
    observable = entry.observableCase.observable
    predictedPower = entry.predictedPower
    samples = found.samples
    pValue = found.pValue
    switch (entry.defect.isLossless, found.verdict) {
    case (false, .fail): verdict = .killed
    case (false, _): verdict = .missed
    case (true, .pass): verdict = .passed
    case (true, _): verdict = .refused
    }
  }

  /// The record of a defect by figures that are stated; a verdict that its kind cannot have becomes the one that it must have.
  ///
  /// - Parameter predictedPower: that of the power matrix; `nil` keeps the stated one.
  init(_ defect: Defect, like stated: KillRecord?, predictedPower: Double?) {
    self.defect = defect.id
    category = defect.category
    source = defect.sources.map(\.text)
    caseID = stated?.caseID ?? ""
    observable = stated?.observable ?? defect.observable
    self.predictedPower = predictedPower ?? stated?.predictedPower ?? 0
    samples = stated?.samples ?? 0
    pValue = stated?.pValue ?? 1
    let allowed: [Verdict] = defect.isLossless ? [.passed, .refused] : [.killed, .missed]
    verdict = stated.map(\.verdict).flatMap { allowed.contains($0) ? $0 : nil } ?? allowed[0]
  }
}
