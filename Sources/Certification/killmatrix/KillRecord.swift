/// A defect, the case that declares it, and what happened.
public struct KillRecord: Hashable, Sendable, Codable {
  /// What became of the defect.
  public enum Verdict: String, Hashable, Sendable, Codable {
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
  public var defect: String
  /// What part of a decoder is wrong.
  public var category: Defect.Category
  /// Where it was found: addresses, and names where there is none.
  public var source: [String]
  /// The case that declares it.
  public var caseID: String
  /// What is looked at.
  public var observable: Observable
  /// The probability that the case refuses it, before the data.
  public var predictedPower: Double
  /// Decodings.
  public var samples: Int
  /// The p-value that was found.
  public var pValue: Double
  /// What became of it.
  public var verdict: Verdict

  /// Whether a defect was killed, or a lossless variant passed.
  public var isAsItMust: Bool { verdict == .killed || verdict == .passed }

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
}
