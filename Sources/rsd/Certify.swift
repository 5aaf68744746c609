import ArgumentParser
import Certification
import Foundation
import SpeculativeDecoding

struct Certify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Certify the decoder's law on a suite of toy models, or on your own.",
    discussion: """
      Samples the production decoder and tests the joint law of the first tokens against the target's exact law \
      by a chi-square whose cells, samples and power are planned before the data. The default suite covers six \
      rules; the certificate holds the counts, so that anyone can verify it again.

      Interrupted (Ctrl-C), it writes what is done, marked inconclusive.
      """)

  enum SuiteName: String, CaseIterable, ExpressibleByArgument { case `default`, wide }

  @Option(help: ArgumentHelp("The suite to run.", valueName: "name"))
  var suite = SuiteName.default

  @Flag(help: "One case for each tree shape of the default suite.")
  var quick = false

  @Option(help: ArgumentHelp("Only cases whose identifier matches, such as 'rsd-s/*'.", valueName: "glob"))
  var cases: String?

  @Option(help: "Decodings for each case, instead of what its power needs.")
  var samples: Int?

  @Option(help: "The suite's seed; by default it follows from the suite's version.")
  var seed: UInt64?

  @Flag(help: "Take the seed from the system once, and print it: measures the false-fail rate.")
  var varySeed = false

  @Option(help: "Decodings at once; the counts do not depend on it.")
  var threads = Machine.processorCount

  @Option(name: [.short, .long], help: ArgumentHelp("Write the certificate here.", valueName: "file"))
  var output: String?

  @Flag(help: "Print the certificate as JSON instead of the table.")
  var json = false

  @Flag(help: "List the cases with their plans, and run none.")
  var list = false

  @OptionGroup(title: "Your own models") var models: ModelOptions
  @OptionGroup(title: "Shape (with --rule)") var shape: ShapeOptions
  @OptionGroup(title: "Sampling profile (of your own models)") var profile: ProfileOptions

  func validate() throws {
    if let samples, samples < 1 { throw ValidationError("--samples must be at least 1.") }
    if threads < 1 { throw ValidationError("--threads must be at least 1.") }
    if seed != nil, varySeed { throw ValidationError("--seed and --vary-seed exclude each other.") }
    if models.isGiven, quick || suite != .default {
      throw ValidationError("--target and --draft bring their own cases; leave --suite and --quick out.")
    }
  }

  func run() async throws {
    if let output { try Files.requireWritable(output) }
    let selection = try await explainingErrors { try chooseCases() }
    let budget = ErrorBudget(cases: selection.sharers)
    let plans = try await explainingErrors {
      try selection.suite.cases.map { try CasePlan($0, budget: budget, samples: samples) }
    }
    if list {
      print(json ? try CasePlanList(plans).json() : CertifyTable.list(plans))
      return
    }
    let seed = chooseSeed(selection.suite)
    let records = try await explainingErrors { try await sample(plans, seed: seed) }
    let certificate = Certificate(
      suite: .init(version: selection.suite.version, selection: selection.name), seed: seed,
      errorBudget: budget, cases: records)
    let data = try certificate.json()
    if let output { try Files.write(data, to: output) }
    if json {
      FileHandle.standardOutput.write(data)
    } else {
      print(CertifyTable.summary(certificate, path: output))
    }
    throw certificate.verdict.exitStatus.code
  }

  private struct Selection {
    var suite: Suite
    var name: String
    /// Cases that share the error budget: all of the suite's, so that a selection decides each as the whole would.
    var sharers: Int
  }

  private func chooseCases() throws -> Selection {
    if models.isGiven {
      let suite = try models.suite(shape: shape, profile: try profile.profile())
      return Selection(suite: suite, name: "custom", sharers: suite.cases.count)
    }
    var suite = try suite == .wide ? WideSuite.suite() : DefaultSuite.suite()
    let sharers = suite.cases.count
    var name = self.suite == .wide ? "wide" : "all"
    if quick {
      suite = try DefaultSuite.quick()
      name = "quick"
    }
    if !models.rule.isEmpty {
      suite.cases.removeAll { testCase in !models.rule.contains { $0.rawValue == testCase.method.rule } }
      name = "rules " + models.rule.map(\.rawValue).joined(separator: ", ")
    }
    if let cases {
      suite.cases.removeAll { fnmatch(cases, $0.id, 0) != 0 }
      guard !suite.cases.isEmpty else { throw CertificationError.noCases(cases) }
      name = cases
    }
    return Selection(suite: suite, name: name, sharers: sharers)
  }

  private func chooseSeed(_ suite: Suite) -> UInt64 {
    guard varySeed else { return seed ?? suite.seed }
    // The one place where the system's generator is asked: once, and its answer is printed.
    var system = SystemRandomNumberGenerator()
    let seed: UInt64 = system.next()
    FileHandle.standardError.write(Data("rsd: --vary-seed took --seed \(seed)\n".utf8))
    return seed
  }

  private func sample(_ plans: [CasePlan], seed: UInt64) async throws -> [CaseRecord] {
    Interruption.begin()
    let line = ProgressLine()
    let table = json ? nil : CertifyTable(plans)
    if let table { print(table.header) }
    let options = SuiteRunner.Options(
      seed: seed, threads: threads,
      isInterrupted: { Interruption.isRequested },
      progress: { progress in
        line.show(
          finished: progress.finishedRounds, of: progress.rounds,
          "\(progress.finishedCases)/\(progress.cases) \(progress.current)")
      },
      finished: { record in
        line.clear()
        if let table { print(table.row(record)) }
      })
    let records = try await SuiteRunner(subject: ProductionSubject.production).run(plans, options)
    line.clear()
    return records
  }
}
