import ArgumentParser
import Certification
import Foundation
import SpeculativeDecoding

struct Trace: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print one round, explained step by step.",
    discussion: """
      Shows the draft tree, the laws, every uniform with what it decided, the residual and the tokens emitted. \
      Without --target and --draft it runs on the suite's anti-correlated pair.
      """)

  @Option(help: "The rule to trace.")
  var rule: Rule

  @Option(help: NumberLimit.seed.help("The seed", valueName: "n", standard: 1), transform: NumberLimit.seed.seed)
  var seed: UInt64 = 1

  @Option(
    help: NumberLimit.replicate.help("Which decoding of the seed", valueName: "n", standard: 0),
    transform: NumberLimit.replicate.seed)
  var replicate: UInt64 = 0

  @Flag(help: "Print the round as JSON.")
  var json = false

  @OptionGroup(title: "Models") var models: ModelOptions
  @OptionGroup(title: "Shape") var shape: ShapeOptions
  @OptionGroup(title: "Sampling profile") var profile: ProfileOptions

  func validate() throws {
    try models.requirePair()
    try shape.requireUse(by: [rule])
  }

  func run() async throws {
    let trace = try await explainingErrors {
      var pair = try models.pair() ?? ModelPair.suite()[1]
      try models.requireTokens(of: pair)
      if let prompt = models.prompt { pair.prompt = prompt.values }
      let instance = Instance(
        method: shape.method(for: rule), pair: pair, profile: try profile.profile(), profileName: "trace", length: 1,
        endToken: models.endToken)
      return try RoundTrace(CasePlan(instance, budget: ErrorBudget(cases: 1)), seed: seed, replicate: replicate)
    }
    if json {
      Output.write(try StableJSON.encode(trace))
    } else {
      Output.line(TraceText(trace: trace).text)
    }
  }
}

/// A round as a person reads it.
struct TraceText {
  let trace: RoundTrace

  var text: String {
    var lines = [
      "\(trace.rule)\(trace.shape.isEmpty ? "" : " ")\(trace.shape) after \(trace.prompt)", "",
      "The draft tree, in the order drawn:",
    ]
    for node in trace.nodes {
      let depth = depth(of: node.node)
      let name = node.node == 0 ? "root" : "node \(node.node): token \(node.token)"
      let repeats = node.repeats.map { ", repeats node \($0)" } ?? ""
      lines.append("  \(String(repeating: "  ", count: depth))\(name)\(repeats)")
      let indent = "  \(String(repeating: "  ", count: depth))  "
      if let draft = node.draft { lines.append("\(indent)draft  \(law(draft))") }
      if node.repeats == nil { lines.append("\(indent)target \(law(node.target))") }
    }
    lines += ["", "The choices, in the order made:"]
    for (number, choice) in trace.choices.enumerated() {
      lines.append(
        "  \(number + 1). u = \(String(format: "%.6f", choice.uniform)) (\(choice.purpose)): \(explain(choice))")
    }
    let path = trace.accepted.map { "node \($0)" }.joined(separator: ", ")
    lines += [
      "", "Accepted: \(path.isEmpty ? "nothing" : path)",
      "Emitted: \(trace.tokens.map(String.init).joined(separator: " "))",
    ]
    return lines.joined(separator: "\n")
  }

  private func explain(_ choice: RoundTrace.Choice) -> String {
    if let acceptance = choice.acceptance {
      let relation = choice.accepted == true ? "<" : "≥"
      let ratio = String(format: "%.6f", acceptance)
      // SpecTr divides by ρ too, which makes room for the acceptance of later sequences.
      let fraction = Rule.named(trace.rule)?.verification == .sequentialSelection ? "q/(ρp)" : "q/p"
      return "u \(relation) min(1, \(fraction)) = \(ratio), \(choice.accepted == true ? "accepted" : "rejected")"
    }
    let law = law(choice.law ?? [])
    switch UniformPurpose(rawValue: choice.purpose) {
    case .draft: return "token \(choice.index ?? -1) of \(law)"
    case .beam:
      let slots = (choice.law?.count ?? 1) - 1
      return choice.index == slots
        ? "the next beam node of \(law)" : "waiting child in slot \(choice.index ?? -1) of \(law)"
    case .bonus: return "token \(choice.index ?? -1) of the target's law \(law)"
    default: return "token \(choice.index ?? -1) of the residual \(law)"
    }
  }

  private func depth(of node: Int) -> Int {
    var depth = 0
    var node = node
    while node > 0 {
      node = trace.nodes[node].parent
      depth += 1
    }
    return depth
  }

  private func law(_ law: [Double]) -> String {
    "(" + law.map { String(format: "%.4f", $0) }.joined(separator: ", ") + ")"
  }
}
