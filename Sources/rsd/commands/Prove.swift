import ArgumentParser
import Certification
import Foundation
import SpeculativeDecoding

struct Prove: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prove the decoder's law by running its code over every branch.",
    discussion: """
      The production decoder runs in exact fractions along every sequence of choices; the joint law of its first \
      tokens must equal the target's, ==. A difference is printed as a counterexample: the first sequence, both \
      probabilities, and a branch that made it. Exit status 0 all proved, 1 one refuted, 2 one unfinished.
      """)

  @Option(help: ArgumentHelp("Only cases whose identifier matches, such as 'rsd-s/*'.", valueName: "glob"))
  var cases: String?

  @Option(help: ArgumentHelp("Prove the cases of this JSON file instead.", valueName: "file"))
  var corpus: String?

  @Option(help: "Only this rule; may be repeated.")
  var rule: [Rule] = []

  @OptionGroup(title: "Your own models") var models: ModelOptions
  @OptionGroup(title: "Your own models") var window: LengthOptions
  @OptionGroup(title: "Shape (of your own models' trees)") var shape: ShapeOptions
  @OptionGroup(title: "Sampling profile (of your own models; temperature 0 or 1/n)") var profile: ProfileOptions

  @Flag(help: "Take each JSON number at the exact value of its double.")
  var asDoubles = false

  @Option(
    help: NumberLimit.branches.help(
      "The most branches of a case", valueName: "branches", standard: EnumerationLimits.defaultBranches),
    transform: NumberLimit.branches.whole)
  var limit = EnumerationLimits.defaultBranches

  @Option(
    help: NumberLimit.threads.help("Cases at once", "one a processor by default", valueName: "n"),
    transform: NumberLimit.threads.whole)
  var threads: Int?

  @Option(help: ArgumentHelp("Take a decoder with this fault instead, to see its counterexample.", valueName: "fault"))
  var fault: Fault?

  @Option(name: [.short, .long], help: ArgumentHelp("Write the proofs as JSON here.", valueName: "file"))
  var output: String?

  @Flag(help: "Print the proofs as JSON instead of the table.")
  var json = false

  @Flag(help: "List the cases, and prove none.")
  var list = false

  func validate() throws {
    if output?.isEmpty == true { throw ValidationError("--output needs the name of a file") }
    if corpus != nil, models.isGiven {
      throw ValidationError("--corpus brings its own models; leave --target and --draft out")
    }
    try models.requireUse(of: shape, profile, length: window.length, by: Rule.chosen(rule))
  }

  func run() async throws {
    if let output { try Files.requireWritable(output) }
    let (name, chosen) = try await explainingErrors { try chooseCases() }
    if list {
      if json {
        Output.write(try StableJSON.encode(chosen.map(InstanceRow.init)))
      } else {
        Output.line(chosen.map(\.id).joined(separator: "\n"))
      }
      return
    }
    let start = ContinuousClock.now
    let proofs = try await explainingErrors { try await prove(chosen) }
    let names =
      (rule.isEmpty ? [] : ["rules " + rule.map(\.name).joined(separator: ", ")]) + (cases.map { [$0] } ?? [])
    let selection = names.isEmpty ? "all" : names.joined(separator: "; ")
    let report = ProofReport(corpus: name, selection: selection, proofs: proofs)
    let data = try StableJSON.encode(report)
    var files = ResultFiles()
    _ = files.write(data, to: output, kept: true)
    if json {
      Output.write(data)
    } else {
      let table = ProofTable(proofs)
      Output.line(
        ([table.header] + proofs.map(table.row) + proofs.flatMap(ProofTable.counterexample)).joined(separator: "\n"))
      Output.line("\n" + ProofTable.summary(proofs, seconds: start.duration(to: .now) / .seconds(1)))
    }
    try files.requireAll()
    throw report.verdict.exitStatus.code
  }

  private func chooseCases() throws -> (String, [Instance]) {
    var name = ProofCorpus.version
    var chosen: [Instance]
    if let corpus {
      name = "custom"
      do {
        chosen = try ProofCorpus.cases(json: try Files.read(corpus))
      } catch let error as CertificationError {
        throw failure(.badData, "\(corpus): \(error)")
      }
    } else if let pair = try models.pair() {
      name = "custom"
      let rules = Rule.chosen(rule)
      let profile = try profile.profile()
      chosen = rules.map {
        Instance(
          method: shape.method(for: $0), pair: pair, profile: profile,
          profileName: profile.isPlain ? "plain" : "profile",
          length: window.length, endToken: models.endToken)
      }
    } else {
      chosen = try ProofCorpus.cases()
      if !rule.isEmpty {
        chosen.removeAll { !rule.contains($0.method.rule) }
      }
    }
    if let cases { chosen.removeAll { fnmatch(cases, $0.id, 0) != 0 } }
    guard !chosen.isEmpty else {
      throw failure(.badData, "no case matches \"\(cases ?? "")\"; `rsd prove --list` shows them all")
    }
    return (name, chosen)
  }

  private func prove(_ chosen: [Instance]) async throws -> [Proof] {
    Interruption.begin()
    let line = ProgressLine()
    defer { line.clear() }
    let runner = ProofRunner(
      threads: threads ?? Machine.processorCount, branchLimit: limit, isInterrupted: { Interruption.isRequested },
      progress: {
        line.show(
          finished: $0.finishedCases, of: $0.cases, "\($0.finishedCases)/\($0.cases) cases, \($0.branches) branches")
      })
    return try await runner.run(chosen, fault: fault ?? .none, takingDoubles: asDoubles)
  }
}

extension Fault: ExpressibleByArgument {}

/// A case as `--list --json` prints it.
private struct InstanceRow: Encodable {
  let id, rule, shape, pair, profile: String
  let length: Int
  let endToken: Int?

  init(_ instance: Instance) {
    (id, pair, profile) = (instance.id, instance.pair.name, instance.profileName)
    (rule, shape) = (instance.method.rule.name, instance.method.shape.text)
    (length, endToken) = (instance.length, instance.endToken)
  }
}

/// The table that `prove` prints.
struct ProofTable {
  private let width: Int

  init(_ proofs: [Proof]) { width = max(4, proofs.map(\.instance.id.count).max() ?? 0) }

  var header: String {
    Terminal.colored(line(["case", "tokens", "states", "branches", "choices", "M choices/s"]) + "  verdict", .bold)
  }

  func row(_ proof: Proof) -> String {
    // A rate of a few milliseconds says nothing.
    let rate = proof.seconds >= 0.02 ? String(format: "%.1f", Double(proof.choices) / proof.seconds / 1e6) : "–"
    let verdict =
      switch proof.verdict {
      case .proved: Terminal.colored("proved", .green)
      case .refuted: Terminal.colored("REFUTED", .red)
      case .unfinished: Terminal.colored("unfinished", .yellow)
      }
    let cells = [
      proof.instance.id, "\(proof.instance.length)", "\(proof.states)", CertifyTable.grouped(proof.branches),
      CertifyTable.grouped(proof.choices), rate,
    ]
    return "\(line(cells))  \(verdict)"
  }

  private func line(_ texts: [String]) -> String {
    zip(texts, [width, 6, 6, 10, 12, 11]).enumerated().map { index, cell in
      Terminal.padded(cell.0, to: cell.1, right: index > 0)
    }.joined(separator: "  ")
  }

  /// The counterexample of a refuted proof and its branch, in lines; the reason of an unfinished one.
  static func counterexample(_ proof: Proof) -> [String] {
    switch proof.verdict {
    case .proved: return []
    case .unfinished(let reason): return ["", "\(proof.instance.id): unfinished: \(reason)"]
    case .refuted(let found):
      let tokens = found.sequence.map(String.init).joined(separator: " ")
      var lines = [
        "", "\(proof.instance.id): the sequence \(tokens) has probability",
        "  \(found.target) under the target", "  \(found.decoder) under the decoder",
      ]
      guard !found.branch.isEmpty else { return lines + ["  and no branch of the decoder begins it"] }
      lines.append("  A branch of weight \(found.weight) that begins it:")
      lines += found.branch.enumerated().map { "    \($0.offset + 1). \($0.element.purpose): \($0.element.answer)" }
      return lines
    }
  }

  static func summary(_ proofs: [Proof], seconds: Double) -> String {
    var (proved, refuted, unfinished) = (0, 0, 0)
    for proof in proofs {
      switch proof.verdict {
      case .proved: proved += 1
      case .refuted: refuted += 1
      case .unfinished: unfinished += 1
      }
    }
    let branches = CertifyTable.grouped(proofs.reduce(0) { $0 + $1.branches })
    let choices = CertifyTable.grouped(proofs.reduce(0) { $0 + $1.choices })
    return
      "\(proved) of \(proofs.count) cases proved, \(refuted) refuted, \(unfinished) unfinished; \(branches) branches, "
      + "\(choices) choices, \(String(format: "%.1f", seconds)) s"
  }
}
