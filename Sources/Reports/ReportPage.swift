import Certification
import ReportTemplates

/// The values of the templates, a property a section; names are unique, because a template looks outwards for them.
struct ReportPage: Sendable {
  let documentTitle: String
  let style: String
  let navigation: [NavigationEntry]
  let verdictSection: VerdictSection
  /// Of a port; without one the sections of this package's decoder follow.
  let portSection: PortSection?
  let testSection: TestSection?
  let proofSection: ProofSection?
  let killSection: KillSection?
  let uniformitySection: UniformitySection?
  let caseSection: CaseSection?
  let acceptanceSection: AcceptanceSection?
  let roundingSection: RoundingSection?
  let reproductionSection: ReproductionSection

  /// A link to a section.
  struct NavigationEntry: Sendable {
    var target: String
    var words: String
  }

  init(_ report: Report) throws(CertificationError) {
    let isOwn = report.port == nil
    verdictSection = VerdictSection(report)
    portSection = PortSection(report)
    testSection = isOwn ? TestSection(report) : nil
    proofSection = isOwn ? ProofSection(report) : nil
    killSection = isOwn ? KillSection(report) : nil
    uniformitySection = isOwn ? try UniformitySection(report) : nil
    caseSection = isOwn ? CaseSection(report) : nil
    acceptanceSection = isOwn ? AcceptanceSection(report) : nil
    roundingSection = isOwn ? RoundingSection(report) : nil
    reproductionSection = ReproductionSection(report)
    let suite = OutsideText.label(report.certificate.suite.version, room: 40)
    documentTitle = "\(verdictSection.verdictWord): \(suite) · RSD certificate"
    style = ReportTemplates.palette + ReportTemplates.page + ReportTemplates.figures
    guard isOwn else {
      let wrong = portSection?.portFindings == nil ? [] : [NavigationEntry(target: "wrong", words: "What is wrong")]
      navigation =
        [
          NavigationEntry(target: "verdict", words: "Verdict"), NavigationEntry(target: "port", words: "Which port"),
        ] + wrong + [
          NavigationEntry(target: "tested", words: "What was tested"),
          NavigationEntry(target: "reproduce", words: "How to reproduce"),
        ]
      return
    }
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
