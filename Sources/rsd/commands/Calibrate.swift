import ArgumentParser
import Certification
import Foundation

struct Calibrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check the statistics themselves: p-values and e-values of the correct decoder over many seeds.",
    usage: "rsd calibrate <options>",
    discussion: """
      Decodes a case for each rule from many seeds under two unrelated families of generators. The p-values must be \
      uniform, as many of them small as the level says, and the e-values must average 1 at most (docs/calibration.md).

      Exit status: 0 calibrated, 1 failed, 2 inconclusive. Interrupted (Ctrl-C), it judges the seeds that are done.
      """)

  @Option(
    help: NumberLimit.seeds.help(
      "P-values for each case and family", valueName: "n", standard: CalibrationDesign().seeds),
    transform: NumberLimit.seeds.whole)
  var seeds = CalibrationDesign().seeds

  @Option(
    help: NumberLimit.samplesOfCalibration.help(
      "Decodings for each p-value", valueName: "n", standard: CalibrationDesign().samples),
    transform: NumberLimit.samplesOfCalibration.whole)
  var samples = CalibrationDesign().samples

  @Option(
    help: ArgumentHelp("Other cases of the default suite: those whose identifier matches.", valueName: "glob"))
  var cases: String?

  @Option(
    help: NumberLimit.seed.help("The seed that all seeds follow from", valueName: "n", standard: 1),
    transform: NumberLimit.seed.seed)
  var seed: UInt64 = 1

  @Option(
    help: NumberLimit.threads.help(
      "Decodings at once", "one a processor by default; no figure depends on it", valueName: "n"),
    transform: NumberLimit.threads.whole)
  var threads: Int?

  @Flag(help: "Print the report, with every p-value, as JSON.")
  var json = false

  func run() async throws {
    Interruption.begin()
    let line = ProgressLine()
    let runner = CalibrationRunner(design: CalibrationDesign(seeds: seeds, samples: samples))
    let options = CalibrationRunner.Options(
      seed: seed, threads: threads ?? Machine.processorCount,
      isInterrupted: { Interruption.isRequested },
      progress: { finished, all in line.show(finished: finished, of: all, "\(finished)/\(all) p-values") })
    let report = try await explainingErrors { try await runner.run(chooseCases(), options) }
    line.clear()
    if json {
      Output.write(try StableJSON.encode(report))
    } else {
      Output.line(CalibrationTable.text(report))
    }
    throw report.verdict.exitStatus.code
  }

  private func chooseCases() throws(CertificationError) -> [Instance] {
    guard let cases else { return try CalibrationSuite.cases() }
    let chosen = try DefaultSuite.suite().cases.filter { fnmatch(cases, $0.id, 0) == 0 }
    guard !chosen.isEmpty else { throw .noCases(cases) }
    return chosen
  }
}

/// The checks of a calibration as text.
enum CalibrationTable {
  static func text(_ report: CalibrationReport) -> String {
    let names = report.checks.map { $0.id ?? "all cases" }
    let width = max(4, names.map(\.count).max() ?? 0)
    var lines = [
      Terminal.colored(row(["family", "case", "check", "N", "statistic", "p", "verdict"], width), .bold)
    ]
    for (check, name) in zip(report.checks, names) {
      lines.append(
        row(
          [
            check.family, name, title(check), CertifyTable.grouped(check.samples), statistic(check, in: report),
            CertifyTable.probability(check.pValue), CertifyTable.colored(check.verdict),
          ], width))
    }
    return (lines + summary(report)).joined(separator: "\n")
  }

  private static func row(_ texts: [String], _ width: Int) -> String {
    let widths = [12, width, 15, 7, 21, 7, 0]
    return zip(texts, widths).enumerated().map { index, cell in
      Terminal.padded(cell.0, to: cell.1, right: (3...5).contains(index))
    }.joined(separator: "  ")
  }

  private static func title(_ check: CalibrationCheck) -> String {
    switch check.kind {
    case .uniformity: "uniform"
    case .tail: "p < \(check.level ?? 0)"
    case .evidence: "mean of e ≤ 1"
    }
  }

  private static func statistic(_ check: CalibrationCheck, in report: CalibrationReport) -> String {
    switch check.kind {
    case .uniformity: return String(format: "D = %.4f", check.statistic ?? 0)
    case .tail:
      let expected = (check.level ?? 0) * Double(check.samples)
      return String(format: "%d, %.1f expected", Int(check.statistic ?? 0), expected)
    case .evidence:
      let entry = report.entries.first { $0.family == check.family && $0.id == check.id }
      guard let mean = entry?.meanEvidence else { return "∞" }
      return String(format: "%.3g ± %.2g", mean, entry?.standardError ?? .infinity)
    }
  }

  private static func summary(_ report: CalibrationReport) -> [String] {
    let (design, checks) = (report.design, report.checks)
    let failed = checks.filter { $0.verdict == .fail }.count
    let decodings = report.seeds * design.samples * report.entries.count
    let verdict =
      switch report.verdict {
      case .certified: Terminal.colored("calibrated", .green)
      case .failed, .inconclusive: CertifyTable.colored(report.verdict)
      }
    var lines = [
      "",
      "\(verdict): \(checks.count - failed) of \(checks.count) checks pass; \(report.seeds) of \(design.seeds) seeds, "
        + "\(CertifyTable.grouped(decodings)) decodings, seed \(report.seed)",
    ]
    guard let share = checks.first?.falseFail else { return lines }
    let isTelling = report.detectableDistance <= CalibrationReport.largestDetectableDistance
    let distance = String(format: "%.2f", report.detectableDistance)
    lines.append(
      "A correct decoder fails such a run with probability at most \(CertifyTable.number(design.falseFail)), a check "
        + "with \(CertifyTable.number(share)); "
        + (isTelling
          ? "p-values of a case that are \(distance) from uniform pass with probability at most "
            + "\(CertifyTable.number(design.falsePass))."
          : "so few seeds tell nothing: take more --seeds."))
    return lines
  }
}
