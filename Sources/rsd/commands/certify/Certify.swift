import ArgumentParser
import Certification
import CertificationTransformers
import EmbeddedModels
import Foundation
import Reports
import SpeculativeDecoding

struct Certify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Certify the decoder's law on a suite of toy models, or on your own.",
    discussion: """
      Samples the production decoder and tests the joint law of the first tokens against the target's exact law \
      by a chi-square whose cells, samples and power are planned before the data. The default suite covers six \
      rules; the certificate holds the counts, so that anyone can verify it again.

      Exit status: 0 certified, 1 failed, 2 inconclusive. Interrupted (Ctrl-C), it writes what is done, marked \
      inconclusive.
      """)

  @Option(help: ArgumentHelp("The suite to run.", valueName: "name"))
  var suite = SuiteSelection.Base.default

  @Flag(help: "One case for each tree shape of the default suite.")
  var quick = false

  @Option(help: ArgumentHelp("Only cases whose identifier matches, such as 'rsd-s/*'.", valueName: "glob"))
  var cases: String?

  @Option(help: "Only this rule; may be repeated.")
  var rule: [Rule] = []

  @Option(
    help: NumberLimit.samples.help("Decodings for each case, instead of what its power needs", valueName: "n"),
    transform: NumberLimit.samples.whole)
  var samples: Int?

  @Option(
    help: NumberLimit.seed.help("The suite's seed", "by default it follows from its version", valueName: "n"),
    transform: NumberLimit.seed.seed)
  var seed: UInt64?

  @Flag(help: "Take the seed from the system once, and print it: measures the false-fail rate.")
  var varySeed = false

  @Option(
    help: NumberLimit.threads.help(
      "Decodings at once", "one a processor by default; no count depends on it", valueName: "n"),
    transform: NumberLimit.threads.whole)
  var threads: Int?

  @Option(name: [.short, .long], help: ArgumentHelp("Write the certificate here.", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("Also write it as a page for readers (rsd report).", valueName: "file"))
  var report: String?

  @Flag(help: "Leave out the proofs by enumeration (rsd prove).")
  var noProofs = false

  @Flag(help: "Leave out the known defects (rsd defects run) and the tests beside the output's law.")
  var noDefects = false

  @Flag(help: "Print the certificate as JSON instead of the table.")
  var json = false

  @Flag(help: "List the cases with their plans, and run none.")
  var list = false

  @Flag(help: "Leave out the case over the embedded pair of transformers.")
  var noTransformers = false

  @Option(help: ArgumentHelp("Also write the results as JUnit XML, for CI.", valueName: "file"))
  var junit: String?

  @OptionGroup(title: "A decoder that someone else wrote") var ports: PortOptions
  @OptionGroup(title: "A live server") var server: ServerOptions
  @OptionGroup(title: "A transformer and its draft") var transformers: TransformerCaseOptions
  @OptionGroup(title: "Anytime-valid verdicts") var anytime: AnytimeOptions
  @OptionGroup(title: "Your own models") var models: ModelOptions
  @OptionGroup(title: "Your own models") var window: LengthOptions
  @OptionGroup(title: "Shape (of your own models' trees)") var shape: ShapeOptions
  @OptionGroup(title: "Sampling profile (of your own models)") var profile: ProfileOptions

  /// The rules to run, each once.
  var rules: [Rule] { Rule.chosen(rule) }

  func run() async throws {
    for path in [output, report, junit].compactMap(\.self) { try Files.requireWritable(path) }
    if ports.isGiven { throw try await certifyPort().code }
    if server.isGiven { throw try await certifyServer().code }
    if transformers.isGiven { throw try await certifyTransformers().code }
    var run = try await explainingErrors { try chooseRun() }
    if list {
      let plans = try await explainingErrors { [run] in try run.plans() }
      if json { Output.write(Data(try CasePlanList(plans).json().utf8)) } else { Output.line(CertifyTable.list(plans)) }
      return
    }
    let plans = anytime.untilCertified ? try await explainingErrors { [run] in try run.plans() } : []
    run.options.seed = chooseSeed()
    Interruption.begin()
    if anytime.untilCertified {
      let run = CertifyAnytime(
        suite: .init(version: run.suite.version, selection: run.name), plans: plans,
        design: try await explainingErrors { [run] in try anytime.design(sharers: run.suite.errorShares) },
        seed: run.seed, threads: threads, json: json, output: output)
      throw try await run.run().code
    }
    let printer = CertifyPrinter(json: json)
    let certificate = try await explainingErrors { [run] in
      defer { printer.clear() }
      return try await run.certificate(observer: printer.observer)
    }
    try await finish(certificate, plans: printer.plans, unrun: printer.unrun)
    throw certificate.verdict.exitStatus.code
  }

  /// Writes and prints what was asked for of a certificate of this package's decoder.
  ///
  /// - Parameter unrun: cases that an interruption left out of the certificate, before their laws were known.
  func finish(_ certificate: Certificate, plans: [CasePlan], unrun: Int = 0) async throws {
    try await finish(
      try certificate.json(), page: { try Report(checking: certificate, transformers: .embedded).html() },
      junit: JUnitReport(certificate)
    ) { CertifyTable.summary(certificate, plans: plans, unrun: unrun, path: $0, report: $1) }
  }

  /// Writes and prints what was asked for.
  ///
  /// - Parameters:
  ///   - page: the report, made where one was asked for.
  ///   - summary: the last lines, given where the certificate and the page are.
  func finish(
    _ data: Data, page: @Sendable () throws -> String, junit results: JUnitReport,
    summary: (_ path: String?, _ page: String?) -> String
  ) async throws {
    var files = ResultFiles()
    let output = files.write(data, to: output, kept: true)
    var written: String?
    if let report {
      let html = try await explainingErrors { try page() }
      written = files.write(Data(html.utf8), to: report)
    }
    _ = files.write(Data(results.xml.utf8), to: junit)
    if json { Output.write(data) } else { Output.line(summary(output, written)) }
    try files.requireAll()
  }
}
