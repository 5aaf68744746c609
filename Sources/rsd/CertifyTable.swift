import Certification
import Foundation
import SpeculativeDecoding
import Statistics

/// The table that `certify` prints: a row a case, as soon as it is judged.
struct CertifyTable: Sendable {
  private let widths: [Int]
  private static let titles = [
    "rule", "shape", "model", "profile", "N", "χ²", "df", "p", "power", "tokens/round", "verdict",
  ]

  init(_ plans: [CasePlan]) {
    func widest(_ texts: [String], _ title: String) -> Int { max(title.count, texts.map(\.count).max() ?? 0) }
    let titles = Self.titles
    widths = [
      widest(plans.map(\.testCase.method.rule), titles[0]),
      widest(plans.map(\.testCase.method.shape), titles[1]),
      widest(plans.map(\.testCase.pair.name), titles[2]),
      widest(plans.map(\.testCase.profileName), titles[3]),
      widest(plans.map { Self.grouped($0.samples) }, titles[4]), 8, 4, 7, 8, 12, 7,
    ]
  }

  var header: String { Terminal.colored(line(Self.titles), .bold) }

  func row(_ record: CaseRecord) -> String {
    let names = record.id.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let hasShape = record.rule != "autoregressive"
    let shape = hasShape && names.count > 1 ? names[1] : "–"
    let rest = Array(names.dropFirst(hasShape ? 2 : 1))
    let efficiency = record.targetEvaluations == 0 ? 0 : Double(record.tokens) / Double(record.targetEvaluations)
    let cells = line([
      record.rule, shape, rest.first ?? "", rest.dropFirst().joined(separator: "/"), Self.grouped(record.samples),
      String(format: "%.1f", record.statistic), "\(record.degreesOfFreedom)", Self.probability(record.pValue),
      Self.power(record.power), String(format: "%.3f", efficiency),
    ])
    return "\(cells)  \(Self.colored(record.verdict))"
  }

  private func line(_ texts: [String]) -> String {
    texts.enumerated().map { index, text in
      Terminal.padded(text, to: widths[index], right: (4...9).contains(index))
    }.joined(separator: "  ")
  }

  /// The plans of all cases, before any data.
  static func list(_ plans: [CasePlan]) -> String {
    let lines = plans.map { plan in
      let numbers = [
        padded(grouped(plan.samples), 11), padded("\(plan.cells.degreesOfFreedom)", 5), padded("\(plan.testCase.length)", 7),
        padded(power(plan.power), 9),
      ]
      return "\(numbers.joined())  \(plan.testCase.id)"
    }
    let rounds = plans.reduce(0) { $0 + $1.plannedRounds }
    let titles = [padded("N", 11), padded("df", 5), padded("tokens", 7), padded("power", 9)].joined()
    return ([Terminal.colored("\(titles)  case", .bold)] + lines + [
      "\(plans.count) cases, at most \(grouped(rounds)) rounds"
    ]).joined(separator: "\n")
  }

  /// The last lines: what was shown, at which error rates.
  static func summary(_ certificate: Certificate, path: String?) -> String {
    let cases = certificate.cases
    let counted = { (verdict: CaseVerdict) in cases.filter { $0.verdict == verdict }.count }
    let budget = certificate.errorBudget
    let samples = cases.reduce(0) { $0 + $1.samples }
    let rounds = cases.reduce(0) { $0 + $1.targetEvaluations }
    var lines = [
      "",
      "\(colored(certificate.verdict)): \(counted(.pass)) of \(cases.count) cases pass, \(counted(.fail)) fail, "
        + "\(counted(.inconclusive)) inconclusive; \(grouped(samples)) decodings, \(grouped(rounds)) rounds, "
        + "seed \(certificate.seed)",
      "A correct decoder fails such a run with probability at most \(number(budget.falseFail)); a case passes a "
        + "decoder that is wrong by w ≥ \(number(budget.effect)) with probability at most \(number(budget.falsePass)).",
    ]
    if let path { lines.append("Certificate: \(path) (check it with `rsd verify \(path)`)") }
    return lines.joined(separator: "\n")
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
  static func grouped(_ value: Int) -> String {
    var text = ""
    for (index, digit) in String(value).reversed().enumerated() {
      if index > 0, index % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return String(text.reversed())
  }

  static func probability(_ value: Double) -> String {
    value >= 1e-3 || value == 0 ? String(format: "%.4f", value) : String(format: "%.1e", value)
  }

  static func power(_ value: Double) -> String {
    let miss = 1 - value
    return miss < 1e-3 ? (miss < 1e-15 ? "1" : "1-" + String(format: "%.0e", miss)) : String(format: "%.4f", value)
  }

  static func number(_ value: Double) -> String { value < 1e-3 ? String(format: "%.0e", value) : "\(value)" }
}
