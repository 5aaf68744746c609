import Certification
import Foundation
import SpeculativeDecoding
import Statistics

/// The table that `certify` prints: a row a case, as soon as it is judged.
///
/// Where the terminal is too narrow for it, a shorter one: the identifier instead of its parts, and no statistic.
struct CertifyTable: Sendable {
  private let widths: [Int]
  private let isNarrow: Bool
  private static let titles = [
    "rule", "shape", "model", "profile", "N", "χ²", "df", "p", "power", "tokens/round", "verdict",
  ]
  private static let narrowTitles = ["case", "N", "p", "per round", "verdict"]

  init(_ plans: [CasePlan], columns: Int? = Terminal.columns) {
    func widest(_ texts: [String], _ title: String) -> Int { max(title.count, texts.map(\.count).max() ?? 0) }
    let titles = Self.titles
    let samples = widest(plans.map { Self.grouped($0.samples) }, titles[4])
    let wide = [
      widest(plans.map(\.instance.method.rule.name), titles[0]),
      widest(plans.map(\.instance.method.shape.text), titles[1]),
      widest(plans.map(\.instance.pair.name), titles[2]),
      widest(plans.map { Self.profileName($0.instance.id) }, titles[3]),
      samples, 8, 4, 7, 8, 12, 12,
    ]
    isNarrow = columns.map { $0 < wide.reduce(0, +) + 2 * (wide.count - 1) } ?? false
    widths = isNarrow ? [widest(plans.map(\.instance.id), "case"), samples, 7, 9, 12] : wide
  }

  var header: String { Terminal.colored(line(isNarrow ? Self.narrowTitles : Self.titles), .bold) }

  func row(_ record: CaseRecord) -> String {
    let efficiency = record.targetEvaluations == 0 ? 0 : Double(record.tokens) / Double(record.targetEvaluations)
    let tokens = String(format: "%.3f", efficiency)
    // One cell tests nothing: a point law is judged by its impossible sequences alone.
    let isTested = record.degreesOfFreedom > 0
    let pValue = isTested ? Self.probability(record.pValue) : "–"
    let cells: [String]
    if isNarrow {
      cells = [record.id, Self.grouped(record.samples), pValue, tokens]
    } else {
      let names = record.id.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      let hasShape = record.rule != "autoregressive"
      cells = [
        record.rule, hasShape ? names[1] : "–", names[hasShape ? 2 : 1], Self.profileName(record.id),
        Self.grouped(record.samples), isTested ? String(format: "%.1f", record.statistic) : "–",
        "\(record.degreesOfFreedom)", pValue,
        isTested || record.verdict != .inconclusive ? Self.power(record.power) : "–", tokens,
      ]
    }
    return "\(line(cells))  \(Self.colored(record.verdict))"
  }

  /// The profile's name: the part of an identifier behind rule, shape and pair.
  private static func profileName(_ id: String) -> String {
    let names = id.split(separator: "/", omittingEmptySubsequences: false)
    return names.dropFirst(names.first == "autoregressive" ? 2 : 3).joined(separator: "/")
  }

  private func line(_ texts: [String]) -> String {
    let words = texts.enumerated().map { index, text in
      Terminal.padded(text, to: widths[index], right: isNarrow ? (1...3).contains(index) : (4...9).contains(index))
    }
    var line = words.joined(separator: "  ")
    while line.last == " " { line.removeLast() }
    return line
  }

  /// The plans of all cases, before any data.
  static func list(_ plans: [CasePlan]) -> String {
    let width = plans.map { grouped($0.samples).count }.reduce(11, max)
    let lines = plans.map { plan in
      let numbers = [
        padded(grouped(plan.samples), width), padded("\(plan.test.cells.degreesOfFreedom)", 5),
        padded("\(plan.instance.length)", 7),
        padded(power(plan.power), 9),
      ]
      return "\(numbers.joined())  \(plan.instance.id)"
    }
    let rounds = plans.reduce(0) { $0 + $1.plannedRounds }
    let titles = [padded("N", width), padded("df", 5), padded("tokens", 7), padded("power", 9)].joined()
    return
      ([Terminal.colored("\(titles)  case", .bold)] + lines + [
        "\(plans.count) cases, at most \(grouped(rounds)) rounds"
      ]).joined(separator: "\n")
  }

  /// The last lines: what was shown, at which error rates.
  static func summary(
    _ certificate: Certificate, plans: [CasePlan], unrun: Int = 0, path: String?, report: String? = nil
  ) -> String {
    let cases = certificate.cases
    let others = certificate.transformers?.cases ?? []
    let verdicts = cases.map(\.verdict) + others.map(\.verdict)
    let all = verdicts.count + unrun
    let counted = { (verdict: CaseVerdict) in verdicts.filter { $0 == verdict }.count }
    let samples = cases.reduce(0) { $0 + $1.samples } + others.reduce(0) { $0 + $1.samples }
    let rounds = cases.reduce(0) { $0 + $1.targetEvaluations } + others.reduce(0) { $0 + $1.targetEvaluations }
    var lines = [
      "",
      "\(colored(certificate.verdict)): \(counted(.pass)) of \(all) cases pass, \(counted(.fail)) fail, "
        + "\(counted(.inconclusive) + unrun) inconclusive",
      "\(grouped(samples)) decodings, \(grouped(rounds)) rounds, seed \(certificate.seed)",
      errorRates(certificate.errorBudget),
    ]
    let unfinished = cases.filter { $0.samples == 0 }.count + others.filter { $0.samples == 0 }.count + unrun
    if unfinished > 0 {
      lines.append("Interrupted: \(unfinished) of \(all) cases were not run to their end.")
    }
    let short = zip(cases, plans).filter { $0.samples > 0 && !$1.isConclusive }.count
    if short > 0 {
      lines.append("Too few decodings to decide \(short) of the cases: leave --samples out, or see --list.")
    }
    if let path {
      lines.append("Certificate: \(path)")
      if let report { lines.append("Report: \(report)") }
      lines.append("Check it with: rsd verify \(path)")
    } else if let report {
      lines.append("Report: \(report)")
    }
    return lines.joined(separator: "\n")
  }

  /// Both error rates of a verdict, on two lines.
  static func errorRates(_ budget: ErrorBudget) -> String {
    """
    A correct decoder fails such a run with probability at most \(number(budget.falseFail)). A case
    passes a decoder that is wrong by w ≥ \(number(budget.effect)) with probability at most \
    \(number(budget.falsePass)).
    """
  }

  static func colored(_ verdict: CaseVerdict) -> String {
    switch verdict {
    case .pass: Terminal.colored("pass", .green)
    case .fail: Terminal.colored("FAIL", .red)
    case .inconclusive: Terminal.colored("inconclusive", .yellow)
    }
  }

  static func colored(_ verdict: RunVerdict) -> String {
    switch verdict {
    case .certified: Terminal.colored("certified", .green)
    case .failed: Terminal.colored("FAILED", .red)
    case .inconclusive: Terminal.colored("inconclusive", .yellow)
    }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    Terminal.padded(text, to: width, right: true)
  }

  /// 1234567 as "1,234,567", whatever the locale.
  static func grouped(_ value: Int) -> String { NumberText.grouped(value) }

  static func probability(_ value: Double) -> String {
    value >= 1e-3 || value == 0 ? String(format: "%.4f", value) : exponential(value, digits: 1)
  }

  static func power(_ value: Double) -> String {
    let miss = 1 - value
    if miss < 1e-15 { return "1" }
    return miss < 1e-3 ? "1-" + exponential(miss, digits: 0) : String(format: "%.4f", value)
  }

  static func number(_ value: Double) -> String { value < 1e-3 ? exponential(value, digits: 0) : "\(value)" }

  /// 0.000012 as "1.2e-5": the exponent without the zero that C pads it with.
  private static func exponential(_ value: Double, digits: Int) -> String {
    let text = String(format: "%.\(digits)e", value)
    return text.replacingOccurrences(of: "e-0", with: "e-")
  }
}
