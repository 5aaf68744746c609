import ArgumentParser
import Certification
import Foundation
import SpeculativeDecoding

struct Prove: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prove the decoder's law by running its code over every branch.",
    discussion: """
      The production decoder runs in exact fractions along every sequence of choices; the law of its first tokens \
      must equal the target's, ==. A difference is printed as a counterexample: the first sequence, both \
      probabilities, and a branch that made it.
      """)

  @Option(help: ArgumentHelp("Only cases whose identifier matches, such as 'rsd-s/*'.", valueName: "glob"))
  var cases: String?

  @Option(help: ArgumentHelp("The most branches of a case.", valueName: "branches"))
  var limit = EnumerationLimits.defaultBranches

  @Option(help: "Cases at once.")
  var threads = Machine.processorCount

  @Option(help: ArgumentHelp("Prove a decoder with this fault instead, to see its counterexample.", valueName: "fault"))
  var fault: Fault?

  @Flag(help: "Print a list of JSON objects.")
  var json = false

  func run() async throws {
    var corpus = try await explainingErrors { try ProofCorpus.cases() }
    if let cases { corpus.removeAll { fnmatch(cases, $0.id, 0) != 0 } }
    let clock = ContinuousClock()
    let start = clock.now
    let proofs = try await explainingErrors {
      try await ProofRunner(threads: threads, branchLimit: limit).run(corpus, fault: fault ?? .none)
    }
    for proof in proofs {
      print("\(proof.proofCase.id) \(proof.states) \(proof.branches) \(proof.choices) \(proof.sequences) \(proof.verdict)")
    }
    let seconds = start.duration(to: clock.now) / .seconds(1)
    let choices = proofs.reduce(0) { $0 + $1.choices }
    print("\(proofs.count) cases, \(proofs.reduce(0) { $0 + $1.branches }) branches, \(choices) choices, \(seconds) s, \(Double(choices) / seconds / 1e6) M/s")
  }
}

extension Fault: ExpressibleByArgument {}
