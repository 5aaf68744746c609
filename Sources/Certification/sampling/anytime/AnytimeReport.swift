/// The result of an anytime-valid run: the counts and looks of every case, and the verdicts that follow.
package struct AnytimeReport: Hashable, Sendable, Codable {
  /// The suite, and which of its cases.
  package var suite: SuiteReference
  /// The version of the package that ran it.
  package var package: String
  /// The suite's seed, a UInt64 as decimal text.
  package var seed: String
  /// The architecture and operating system; counts do not depend on them.
  package var machine: String
  /// Both error rates, ε and the limit.
  package var design: AnytimeDesign
  /// The cases, in the suite's order.
  package var cases: [AnytimeRecord]
  /// The verdict over all cases.
  package var verdict: RunVerdict

  /// A report of these cases; its verdict follows from theirs.
  package init(suite: SuiteReference, seed: UInt64, design: AnytimeDesign, cases: [AnytimeRecord]) {
    self.suite = suite
    package = CertificationModule.packageVersion
    self.seed = String(seed)
    machine = Machine.description
    self.design = design
    self.cases = cases
    verdict = RunVerdict(cases: cases.map(\.verdict.caseVerdict))
  }
}
