import Certification

/// The section on proofs by enumeration.
struct ProofSection: Sendable {
  let proofs: Proofs?

  /// The proofs of a certificate.
  struct Proofs: Sendable {
    var corpus: String
    var corpusSelection: String
    var proofTotal: String
    var proofProved: String
    var proofBranches: String
    var proofRules: [RuleRow]
    var proofRows: [Row]
    var refuted: [Refuted]
  }

  /// All proofs of one rule.
  struct RuleRow: Sendable {
    var ruleName: String
    var ruleProved: String
    var ruleTokens: String
    var ruleBranches: String
    var ruleChoices: String
    var ruleSequences: String
    var ruleBadge: Badge
  }

  /// One proof.
  struct Row: Sendable {
    var proofID: String
    var proofLength: String
    var proofStates: String
    var proofPaths: String
    var proofSequences: String
    var proofBadge: Badge
    var proofReason: String
  }

  /// A counterexample.
  struct Refuted: Sendable {
    var refutedID: String
    var refutedSequence: String
    var refutedTarget: String
    var refutedDecoder: String
    var refutedWeight: String
    var refutedSteps: [Step]
  }

  /// One choice on the branch of a counterexample.
  struct Step: Sendable {
    var stepPurpose: String
    var stepAnswer: String
  }

  init(_ report: Report) {
    proofs = report.certificate.proofs.map(Proofs.init)
  }
}

extension ProofSection.Proofs {
  init(_ proofs: ProofReport) {
    let records = proofs.cases
    let proved = records.filter { $0.verdict == .proved }.count
    self.init(
      corpus: OutsideText.shown(proofs.corpus), corpusSelection: OutsideText.shown(proofs.selection),
      proofTotal: NumberText.grouped(records.count), proofProved: NumberText.grouped(proved),
      proofBranches: Self.sum(records, \.branches), proofRules: Self.rules(records),
      proofRows: records.map(ProofSection.Row.init), refuted: records.compactMap(ProofSection.Refuted.init))
  }

  private static func sum(_ records: [ProofRecord], _ value: (ProofRecord) -> Int) -> String {
    NumberText.grouped(records.reduce(0) { $0.addingReportingOverflow(value($1)).partialValue })
  }

  /// The records by the first word of their identifier, in the order of its first use.
  private static func rules(_ records: [ProofRecord]) -> [ProofSection.RuleRow] {
    var names: [String] = []
    var groups: [String: [ProofRecord]] = [:]
    for record in records {
      let name = String(record.id.prefix { $0 != "/" })
      if groups[name] == nil { names.append(name) }
      groups[name, default: []].append(record)
    }
    return names.map { name in
      let group = groups[name] ?? []
      let proved = group.filter { $0.verdict == .proved }.count
      let lengths = group.map(\.length)
      let (least, most) = (lengths.min() ?? 0, lengths.max() ?? 0)
      let isRefuted = group.contains { $0.verdict == .refuted }
      return ProofSection.RuleRow(
        ruleName: OutsideText.label(name, room: 40),
        ruleProved: "\(NumberText.grouped(proved)) of \(NumberText.grouped(group.count))",
        ruleTokens: least == most ? "\(least)" : "\(least)–\(most)", ruleBranches: sum(group, \.branches),
        ruleChoices: sum(group, \.choices), ruleSequences: sum(group, \.sequences),
        ruleBadge: Badge(isRefuted ? .refuted : proved == group.count ? .proved : .unfinished))
    }
  }
}

extension ProofSection.Row {
  init(_ record: ProofRecord) {
    self.init(
      proofID: OutsideText.shown(record.id), proofLength: "\(record.length)",
      proofStates: NumberText.grouped(record.states), proofPaths: NumberText.grouped(record.branches),
      proofSequences: NumberText.grouped(record.sequences), proofBadge: Badge(record.verdict),
      proofReason: record.reason.map { OutsideText.shown($0) } ?? "")
  }
}

extension ProofSection.Refuted {
  init?(_ record: ProofRecord) {
    guard let found = record.counterexample else { return nil }
    self.init(
      refutedID: OutsideText.shown(record.id), refutedSequence: OutsideText.shown(found.sequence),
      refutedTarget: OutsideText.shown(found.target), refutedDecoder: OutsideText.shown(found.decoder),
      refutedWeight: OutsideText.shown(found.weight),
      refutedSteps: found.branch.prefix(60).map {
        ProofSection.Step(stepPurpose: OutsideText.shown($0.purpose), stepAnswer: OutsideText.shown($0.answer))
      })
  }
}
