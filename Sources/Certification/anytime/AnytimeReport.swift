/// What an anytime-valid run showed: the counts and looks of every case, and the verdicts that follow.
public struct AnytimeReport: Hashable, Sendable, Codable {
  /// The suite, and which of its cases.
  public var suite: Certificate.SuiteReference
  /// The version of the package that ran it.
  public var package: String
  /// The suite's seed, a UInt64 as decimal text.
  public var seed: String
  /// The architecture and operating system; counts do not depend on them.
  public var machine: String
  /// Both error rates, ε and the limit.
  public var design: AnytimeDesign
  /// The cases, in the suite's order.
  public var cases: [AnytimeRecord]
  /// The verdict over all cases.
  public var verdict: RunVerdict

  /// A report of these cases; its verdict follows from theirs.
  public init(suite: Certificate.SuiteReference, seed: UInt64, design: AnytimeDesign, cases: [AnytimeRecord]) {
    self.suite = suite
    package = CertificationModule.packageVersion
    self.seed = String(seed)
    machine = Machine.description
    self.design = design
    self.cases = cases
    verdict = RunVerdict(cases: cases.map(\.verdict.caseVerdict))
  }
}
