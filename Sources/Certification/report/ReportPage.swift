import ReportTemplates

/// What the templates are given, a property a section; names are unique, because a template looks outwards for them.
struct ReportPage: Sendable {
  let documentTitle: String
  let style: String
  let navigation: [NavigationEntry]
  let verdictSection: VerdictSection
  let testSection: TestSection
  let proofSection: ProofSection
  let killSection: KillSection
  let uniformitySection: UniformitySection
  let caseSection: CaseSection
  let acceptanceSection: AcceptanceSection
  let roundingSection: RoundingSection
  let reproductionSection: ReproductionSection

  /// A link to a section.
  struct NavigationEntry: Sendable {
    var target: String
    var words: String
  }

  init(_ report: Report) throws(CertificationError) {
    verdictSection = VerdictSection(report)
    testSection = TestSection(report)
    proofSection = ProofSection(report)
    killSection = KillSection(report)
    uniformitySection = try UniformitySection(report)
    caseSection = CaseSection(report)
    acceptanceSection = AcceptanceSection(report)
    roundingSection = RoundingSection(report)
    reproductionSection = ReproductionSection(report)
    let suite = OutsideText.label(report.certificate.suite.version, room: 40)
    documentTitle = "\(verdictSection.verdictWord): \(suite) · RSD certificate"
    style = ReportTemplates.palette + ReportTemplates.page + ReportTemplates.figures
    navigation = [
      NavigationEntry(target: "verdict", words: "Verdict"), NavigationEntry(target: "tested", words: "What was tested"),
      NavigationEntry(target: "proved", words: "What was proved"),
      NavigationEntry(target: "defects", words: "Known defects"),
      NavigationEntry(target: "uniformity", words: "The p-values"),
      NavigationEntry(target: "cases", words: "Observed and expected"),
      NavigationEntry(target: "acceptance", words: "Tokens a round"),
      NavigationEntry(target: "rounding", words: "Rounding"),
      NavigationEntry(target: "reproduce", words: "How to reproduce"),
    ]
  }
}

/// A verdict as a word and a kind, which the style sheet gives a colour and a sign.
struct Badge: Sendable {
  var badgeWord: String
  /// "good", "bad" or "open".
  var badgeKind: String

  init(_ word: String, _ kind: String) {
    badgeWord = word
    badgeKind = kind
  }

  init(_ verdict: CaseVerdict) {
    self.init(verdict.rawValue, verdict == .pass ? "good" : verdict == .fail ? "bad" : "open")
  }

  init(_ verdict: KillRecord.Verdict) {
    self.init(verdict.rawValue, verdict == .killed || verdict == .passed ? "good" : "bad")
  }

  init(_ verdict: ProofRecord.Verdict) {
    self.init(verdict.rawValue, verdict == .proved ? "good" : verdict == .refuted ? "bad" : "open")
  }
}
