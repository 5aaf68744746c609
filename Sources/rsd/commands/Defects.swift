import ArgumentParser
import Certification
import Foundation
import Probability
import ToyModels

struct Defects: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the known defects of speculative decoders, and show that each is caught.",
    subcommands: [List.self, Show.self, Run.self, Matrix.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the defects and the lossless variants.")

    @Flag(help: "Print a list of JSON objects.")
    var json = false

    @Flag(help: "Print a table in Markdown, with links to the sources.")
    var markdown = false

    struct Row: Encodable {
      var defect: String
      var category: String
      var observable: String
      var summary: String
      var source: [Defect.Source]

      private enum CodingKeys: String, CodingKey { case defect, category = "class", observable, summary, source }
    }

    func validate() throws {
      if json, markdown { throw ValidationError("--json and --markdown exclude each other") }
    }

    func run() async throws {
      if markdown {
        let declaring = try await explainingErrors {
          try KillMatrix(
            try WitnessFixture.embedded(), share: try DefaultSuite.suite().budget.nominalShare
          ).declaringCases
        }
        Output.write(Data(DefectTable.markdown(declaring).utf8))
        return
      }
      let rows = Defect.all.map {
        Row(
          defect: $0.id, category: $0.category.rawValue, observable: $0.observable.rawValue, summary: $0.summary,
          source: $0.sources)
      }
      if json {
        Output.write(try StableJSON.encode(rows))
        return
      }
      var category = ""
      for row in rows {
        if row.category != category {
          category = row.category
          Output.line(Terminal.colored(category, .bold))
        }
        Output.line("  \(Terminal.padded(row.defect, to: 32))  \(row.summary)")
      }
      Output.line(
        "\(Defect.all.filter { !$0.isLossless }.count) defects, \(Defect.all.filter(\.isLossless).count) lossless variants"
      )
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show a defect, its sources, and its witness.")

    @Argument(help: ArgumentHelp("The defect.", valueName: "defect"))
    var defect: String

    func run() async throws {
      guard let known = Defect.named(defect) else {
        throw failure(.badData, "no defect is called \"\(defect)\"; `rsd defects` lists them")
      }
      let fixture = try await explainingErrors { try WitnessFixture.embedded() }
      var lines = [
        "\(known.id) (\(known.category.rawValue))", known.summary, "Shows in: \(known.observable.rawValue)",
        "Found in:",
      ]
      lines += known.sources.map { "  \([$0.name, $0.link].compactMap(\.self).joined(separator: ", "))" }
      if let cover = fixture.covering.first(where: { $0.declares.contains(known.fault.rawValue) }) {
        lines.append("Declared by: the witness of \(cover.witness), \(CertifyTable.grouped(cover.samples)) samples")
      }
      if let witness = fixture.witnesses.first(where: { $0.fault == known.fault.rawValue }) {
        lines += [
          "Its own witness: \(witness.rule), w = \(String(format: "%.4f", witness.effect)), total variation "
            + "\(witness.totalVariation), \(CertifyTable.grouped(witness.samples)) samples",
          "  target \(rows(witness.target))", "  draft  \(rows(witness.draft))",
        ]
      }
      Output.line(lines.joined(separator: "\n"))
    }

    private func rows(_ document: ModelDocument) -> String {
      document.rows.sorted { ($0.key.count, $0.key) < ($1.key.count, $1.key) }.map { key, row in
        let entries = row.map { entry in
          switch entry {
          case .number(let value): "\(value)"
          case .fraction(let value): value.description
          }
        }
        return "\(key.isEmpty ? "()" : key): \(entries.joined(separator: " "))"
      }.joined(separator: ";  ")
    }
  }

  struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run each defect on the case that declares it: the kill matrix.",
      discussion: """
        Exit status 0 where every defect is killed and every lossless variant passes, 1 where one does not, 130 where one \
        was not run, for the command was interrupted.
        """)

    @Option(
      help: NumberLimit.seed.help("The seed", "by default that of the suite", valueName: "n"),
      transform: NumberLimit.seed.seed)
    var seed: UInt64?

    @Option(
      help: NumberLimit.threads.help("Defects at once", "one a processor by default", valueName: "n"),
      transform: NumberLimit.threads.whole)
    var threads: Int?

    @Flag(help: "Print a list of JSON objects.")
    var json = false

    func run() async throws {
      Interruption.begin()
      let line = ProgressLine()
      let (matrix, records) = try await explainingErrors {
        let suite = try DefaultSuite.suite()
        let matrix = try KillMatrix(
          try WitnessFixture.embedded(), share: suite.budget.nominalShare)
        let records = try await matrix.run(
          seed: seed ?? suite.seed, threads: threads ?? Machine.processorCount,
          isInterrupted: { Interruption.isRequested },
          progress: { line.show(finished: $0, of: $1, "\($0)/\($1) defects") })
        return (matrix, records)
      }
      line.clear()
      if json {
        Output.write(try StableJSON.encode(records))
      } else {
        for record in records { Output.line(KillTable.row(record)) }
        for defect in matrix.uncovered { Output.line("\(defect.id): no case declares it") }
        let unrun = matrix.entries.filter { entry in !records.contains { $0.defect == entry.defect.id } }
        Output.line(
          KillTable.summary(records, unrun: unrun.map(\.defect), uncovered: matrix.uncovered.count))
      }
      // What was missed stays missed, whatever was not run then.
      if !matrix.uncovered.isEmpty || records.contains(where: { $0.verdict == .missed || $0.verdict == .refused }) {
        throw ExitStatus.failed.code
      }
      let unrun = matrix.entries.count - records.count
      if unrun > 0 {
        throw failure(.interrupted, "interrupted: \(unrun) of \(matrix.entries.count) were not run")
      }
    }
  }
}
