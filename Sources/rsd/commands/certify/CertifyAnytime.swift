import ArgumentParser
import Certification
import Foundation
import SpeculativeDecoding

/// `rsd certify --until-certified`: as many decodings as the evidence needs, instead of a number planned before.
struct AnytimeOptions: ParsableArguments {
  @Flag(help: "Decode each case until it is certified or refused, whichever number that takes.")
  var untilCertified = false

  @Option(
    help: NumberLimit.epsilon.help(
      "Certified means: total variation at most this",
      "\(AnytimeDesign.defaultEpsilon) by default, \(AnytimeDesign.portEpsilon) with --port", valueName: "tv"),
    transform: NumberLimit.epsilon.real)
  var epsilon: Double?

  @Option(
    help: NumberLimit.decodings.help(
      "Decodings a case, after which it is inconclusive", "\(AnytimeDesign.defaultLimit) by default", valueName: "n"),
    transform: NumberLimit.decodings.whole)
  var limit: Int?

  /// The design of a run whose error rates are shared by `sharers` cases.
  func design(sharers: Int) throws(CertificationError) -> AnytimeDesign {
    try AnytimeDesign(
      cases: sharers, epsilon: epsilon ?? AnytimeDesign.defaultEpsilon, limit: limit ?? AnytimeDesign.defaultLimit)
  }
}

/// A run of the production decoder under an anytime-valid design.
struct CertifyAnytime {
  var suite: SuiteReference
  var plans: [CasePlan]
  var design: AnytimeDesign
  var seed: UInt64
  /// One a processor where not given.
  var threads: Int?
  var json: Bool
  var output: String?

  /// Decodes, prints, writes; returns how the command ends.
  func run() async throws -> ExitStatus {
    let line = ProgressLine()
    let table = json ? nil : AnytimeTable(plans, design)
    if let table { Output.line(table.header) }
    let options = ShardedRun.Options(
      seed: seed, threads: threads ?? Machine.processorCount,
      isInterrupted: { Interruption.isRequested },
      progress: { progress in
        line.show(
          finished: progress.finishedCases, of: progress.cases,
          "\(progress.finishedCases)/\(progress.cases) \(progress.current): TV ≤ "
            + "\(AnytimeTable.bound(progress.look?.totalVariationBound ?? 1)) after \(CertifyTable.grouped(progress.look?.samples ?? 0))"
        )
      })
    let records = try await explainingErrors {
      try await ShardedRun(.production, options).records(of: plans, design: design) { record in
        line.clear()
        if let table { Output.line(table.row(record)) }
      }
    }
    line.clear()
    let report = AnytimeReport(suite: suite, seed: seed, design: design, cases: records)
    let data = try StableJSON.encode(report)
    var files = ResultFiles()
    let output = files.write(data, to: output, kept: true)
    if json {
      Output.write(data)
    } else {
      Output.line(AnytimeTable.summary(report, path: output))
    }
    try files.requireAll()
    return report.verdict.exitStatus
  }
}

/// The table of an anytime-valid run: a row a case, as soon as it is decided.
///
/// Where the terminal is too narrow for it, a shorter one: the identifier instead of its parts, and no evidence.
struct AnytimeTable: Sendable {
  private let names: [String: [String]]
  private let widths: [Int]
  private let isNarrow: Bool
  private static let titles = ["rule", "shape", "model", "profile", "N", "log10 e", "TV ≤", "verdict"]
  private static let narrowTitles = ["case", "N", "TV ≤", "verdict"]

  init(_ plans: [CasePlan], _ design: AnytimeDesign, columns: Int? = Terminal.columns) {
    func widest(_ texts: [String], _ title: String) -> Int { max(title.count, texts.map(\.count).max() ?? 0) }
    let parts = plans.map { Self.names(of: $0) }
    names = Dictionary(zip(plans.map(\.instance.id), parts)) { first, _ in first }
    let samples = CertifyTable.grouped(design.looks.last ?? 0).count
    let wide =
      (0..<4).map { column in widest(parts.map { $0[column] }, Self.titles[column]) } + [samples, 10, 6, 12]
    isNarrow = columns.map { $0 < wide.reduce(0, +) + 2 * (wide.count - 1) } ?? false
    widths = isNarrow ? [widest(plans.map(\.instance.id), "case"), samples, 6, 12] : wide
  }

  private static func names(of plan: CasePlan) -> [String] {
    let (instance, shape) = (plan.instance, plan.instance.method.shape)
    let end = instance.endToken == nil ? "" : "/end"
    return [
      instance.method.rule.name, shape == .none ? "–" : shape.text, instance.pair.name, instance.profileName + end,
    ]
  }

  var header: String { Terminal.colored(line(isNarrow ? Self.narrowTitles : Self.titles), .bold) }

  func row(_ record: AnytimeRecord) -> String {
    let (samples, bound) = (CertifyTable.grouped(record.samples), Self.bound(record.totalVariationBound))
    let cells =
      isNarrow
      ? [record.id, samples, bound]
      : (names[record.id] ?? [record.id, "", "", ""]) + [samples, Self.evidence(record.logEvidence), bound]
    return "\(line(cells))  \(Self.colored(record.verdict))"
  }

  private func line(_ texts: [String]) -> String {
    let numbers = isNarrow ? 1...2 : 4...6
    return texts.enumerated().map { index, text in
      index == widths.count - 1 ? text : Terminal.padded(text, to: widths[index], right: numbers.contains(index))
    }.joined(separator: "  ")
  }

  /// The last lines: what was shown, at which error rates.
  static func summary(_ report: AnytimeReport, path: String?) -> String {
    let (cases, design) = (report.cases, report.design)
    let counted = { (verdict: AnytimeVerdict) in cases.filter { $0.verdict == verdict }.count }
    let decodings = CertifyTable.grouped(cases.reduce(0) { $0 + $1.samples })
    let rounds = CertifyTable.grouped(cases.reduce(0) { $0 + $1.targetEvaluations })
    var lines = [
      "",
      "\(CertifyTable.colored(report.verdict)): \(counted(.certified)) of \(cases.count) cases certified, "
        + "\(counted(.refused)) refused, \(counted(.inconclusive)) inconclusive; \(decodings) decodings, "
        + "\(rounds) rounds, seed \(report.seed)",
      "A correct decoder is refused in such a run with probability at most \(CertifyTable.number(design.falseFail)), "
        + "and one with a total variation above \(design.epsilon) is certified in a case with probability at most "
        + "\(CertifyTable.number(design.falsePass)), over all cases, looks and times to stop.",
    ]
    if let path { lines.append("Report: \(path)") }
    return lines.joined(separator: "\n")
  }

  static func colored(_ verdict: AnytimeVerdict) -> String {
    switch verdict {
    case .certified: Terminal.colored("certified", .green)
    case .refused: Terminal.colored("REFUSED", .red)
    case .inconclusive: Terminal.colored("inconclusive", .yellow)
    }
  }

  /// log10 e from ln e.
  static func evidence(_ logEvidence: Double) -> String {
    logEvidence.isFinite ? String(format: "%.2f", logEvidence / log(10)) : "∞"
  }

  /// Rounded up: a bound must not be printed below itself.
  static func bound(_ value: Double) -> String { String(format: "%.4f", (value * 1e4).rounded(.up) / 1e4) }
}
