import ArgumentParser
import Certification
import Foundation
import SpeculativeDecoding

struct WitnessCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "witness",
    abstract: "Search the pair of models on which a defect shows with the fewest samples.",
    usage: """
      rsd witness [<defect>] [--seconds <s>] [--seed <n>] [--json]
      rsd witness --cover <file>
      """,
    discussion: """
      Random restarts and local refinement over models of small whole-number weights, each judged by exact \
      enumeration. Without a defect it searches for all of them and prints the fixture. Interrupted (Ctrl-C), it \
      prints the best so far.
      """)

  @Argument(help: ArgumentHelp("The defect; `rsd defects` lists them.", valueName: "defect"))
  var defect: String?

  @Option(
    help: NumberLimit.seconds.help("Seconds to search for each", valueName: "seconds", standard: 30.0),
    transform: NumberLimit.seconds.real)
  var seconds = 30.0

  @Option(
    help: NumberLimit.seed.help("The search's seed", valueName: "n", standard: 1), transform: NumberLimit.seed.seed)
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Choose the covering set of these witnesses, and print the fixture.", valueName: "file"))
  var cover: String?

  @Flag(help: "Print the witness as JSON.")
  var json = false

  func run() async throws {
    if let cover {
      let data = try Files.read(cover)
      let fixture = try await explainingErrors {
        let suite = try DefaultSuite.suite()
        return try WitnessFixture(
          choosingFrom: StableJSON.decode(data), budget: suite.budget)
      }
      Output.write(try StableJSON.encodeCompactly(fixture))
      return
    }
    var faults = Fault.allCases.filter { fault in
      Defect.all.contains {
        $0.fault == fault && !$0.isLossless
          && [.output, .acceptedLength, .secondLength, .draftTree, .exactLaw].contains($0.observable)
      }
    }
    if let defect {
      guard let known = Defect.named(defect) else {
        throw failure(.badData, "no defect is called \"\(defect)\"; `rsd defects` lists them")
      }
      faults = [known.fault]
    }
    let budget = try await explainingErrors { try DefaultSuite.suite().budget }
    var records: [WitnessRecord] = []
    Interruption.begin()
    for fault in faults where !Interruption.isRequested {
      let search = WitnessSearch(
        fault, budget: budget, seconds: seconds, seed: seed, isInterrupted: { Interruption.isRequested })
      let result = search.run()
      guard let best = result.best else {
        if Interruption.isRequested { break }
        StandardError.line("no instance of \(result.evaluations) shows \(fault.rawValue)")
        continue
      }
      records.append(WitnessRecord(best))
      if !json { Output.line(text(best, result)) }
    }
    if json { Output.write(try StableJSON.encode(records)) }
    if Interruption.isRequested {
      throw failure(
        .interrupted, "interrupted: \(records.count) of \(faults.count) have a witness, the last of a short search")
    }
    if records.isEmpty { throw ExitStatus.inconclusive.code }
  }

  private func text(_ witness: Witness, _ result: WitnessSearch.Result) -> String {
    let sorted = result.randomSamples.sorted()
    let median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    return "\(witness.fault.rawValue): \(witness.instance.method.rule) \(witness.instance.method.shape), "
      + "w = \(String(format: "%.4f", witness.effect)), TV = \(witness.totalVariation), "
      + "N = \(CertifyTable.grouped(witness.samples)) (random instances: median \(CertifyTable.grouped(median)) of "
      + "\(sorted.count)); \(CertifyTable.grouped(result.evaluations)) instances judged"
  }
}
