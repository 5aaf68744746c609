import ArgumentParser
import Certification
import EmbeddedModels
import Foundation
import SpeculativeDecoding
import Transformer

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

  enum SuiteName: String, CaseIterable, ExpressibleByArgument { case `default`, wide }

  @Option(help: ArgumentHelp("The suite to run.", valueName: "name"))
  var suite = SuiteName.default

  @Flag(help: "One case for each tree shape of the default suite.")
  var quick = false

  @Option(help: ArgumentHelp("Only cases whose identifier matches, such as 'rsd-s/*'.", valueName: "glob"))
  var cases: String?

  @Option(help: "Only this rule; may be repeated.")
  var rule: [RuleName] = []

  @Option(help: ArgumentHelp("Decodings for each case, instead of what its power needs.", valueName: "n"))
  var samples: Int?

  @Option(help: ArgumentHelp("The suite's seed; by default it follows from its version.", valueName: "n"))
  var seed: UInt64?

  @Flag(help: "Take the seed from the system once, and print it: measures the false-fail rate.")
  var varySeed = false

  @Option(help: ArgumentHelp("Decodings at once, one a processor by default; no count depends on it.", valueName: "n"))
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
  @OptionGroup(title: "A transformer and its draft") var transformers: TransformerCaseOptions
  @OptionGroup(title: "Anytime-valid verdicts") var anytime: AnytimeOptions
  @OptionGroup(title: "Your own models") var models: ModelOptions
  @OptionGroup(title: "Your own models") var window: LengthOptions
  @OptionGroup(title: "Shape (of your own models' trees)") var shape: ShapeOptions
  @OptionGroup(title: "Sampling profile (of your own models)") var profile: ProfileOptions

  func validate() throws {
    if let samples, !(1...Self.mostSamples).contains(samples) {
      throw ValidationError("--samples \(samples) is out of range; it must be 1 to \(Self.mostSamples)")
    }
    if let threads, threads < 1 { throw ValidationError("--threads \(threads) decodes nothing; it must be at least 1") }
    if output?.isEmpty == true { throw ValidationError("--output needs the name of a file") }
    if junit?.isEmpty == true { throw ValidationError("--junit needs the name of a file") }
    if junit != nil, list || anytime.untilCertified {
      throw ValidationError("--junit is of a run's certificate; leave --list and --until-certified out")
    }
    if report?.isEmpty == true { throw ValidationError("--report needs the name of a file") }
    if report != nil, list || anytime.untilCertified {
      throw ValidationError("--report is of a planned run's certificate; leave --list and --until-certified out")
    }
    if seed != nil, varySeed { throw ValidationError("--seed and --vary-seed exclude each other") }
    if quick, suite != .default { throw ValidationError("--quick is of the default suite; leave --suite out") }
    if anytime.untilCertified, samples != nil || list {
      throw ValidationError("--until-certified plans no number of decodings; leave --samples and --list out")
    }
    if !anytime.untilCertified, !ports.isGiven, anytime.epsilon != nil || anytime.limit != nil {
      throw ValidationError("--epsilon and --limit are of --until-certified and --port; add one of them")
    }
    if ports.isGiven { try requirePortOptions() }
    if transformers.isGiven {
      if quick || suite != .default || cases != nil || anytime.untilCertified || list {
        throw ValidationError(
          "--model brings its own cases; leave --suite, --quick, --cases, --list and --until-certified out")
      }
      return try transformers.requireUse(of: models, shape: shape, length: window.length, by: rules)
    }
    if models.isGiven, quick || suite != .default {
      throw ValidationError("--target and --draft bring their own cases; leave --suite and --quick out")
    }
    try models.requireUse(of: shape, profile, length: window.length, by: rules)
  }

  /// Refuses what has no part in a port's run.
  private func requirePortOptions() throws {
    if transformers.isGiven { throw ValidationError("--port and --model exclude each other") }
    let others = [
      samples.map { _ in "--samples" }, threads.map { _ in "--threads (see --workers)" },
      suite != .default ? "--suite" : nil, anytime.untilCertified ? "--until-certified" : nil,
      noProofs ? "--no-proofs" : nil, noDefects ? "--no-defects" : nil, noTransformers ? "--no-transformers" : nil,
    ]
    if let option = others.compactMap(\.self).first {
      throw ValidationError("\(option) has no part in a port's run; leave it out")
    }
  }

  /// With more, the test of a case would take years, and its numbers of rounds leave the integers.
  private static let mostSamples = 1_000_000_000_000

  /// The rules to run, each once.
  private var rules: [RuleName] { RuleName.chosen(rule) }

  func run() async throws {
    Interruption.begin()
    for path in [output, report, junit].compactMap(\.self) { try Files.requireWritable(path) }
    if ports.isGiven { throw try await certifyPort().code }
    if transformers.isGiven { throw try await certifyTransformers().code }
    let selection = try await explainingErrors { try chooseCases() }
    let budget = ErrorBudget(cases: selection.sharers)
    let plans = try await explainingErrors {
      try selection.suite.cases.map { try CasePlan($0, budget: budget, samples: samples) }
    }
    if list {
      if json { Output.write(Data(try CasePlanList(plans).json().utf8)) } else { Output.line(CertifyTable.list(plans)) }
      return
    }
    let seed = chooseSeed(selection.suite)
    if anytime.untilCertified {
      let run = CertifyAnytime(
        suite: .init(version: selection.suite.version, selection: selection.name), plans: plans,
        design: try await explainingErrors { try anytime.design(sharers: selection.sharers) }, seed: seed,
        threads: threads, json: json, output: output)
      throw try await run.run().code
    }
    let proofs = try await explainingErrors { try await prove(selection) }
    if !json { for text in proofs.summary { Output.line(text) } }
    let records = try await explainingErrors { try await sample(plans, seed: seed) }
    var certificate = Certificate(
      suite: .init(version: selection.suite.version, selection: selection.name), seed: seed,
      errorBudget: budget, cases: records, proofs: proofs.report, rounding: proofs.rounding)
    if selection.name == "all", !noDefects {
      let found = try await explainingErrors {
        try await CertifyDefects.make(
          seed: seed, share: budget.nominalShare, threads: threads ?? Machine.processorCount)
      }
      if !json { for text in found.summary { Output.line(text) } }
      certificate.add(
        observables: found.observables, killMatrix: found.killMatrix, powerMatrix: found.powerMatrix)
    }
    if selection.name == "all" || selection.name == "quick", suite == .default, !noTransformers {
      certificate.add(transformers: try await embeddedTransformers(seed: seed, budget: budget))
    }
    try await finish(certificate, plans: plans)
    throw certificate.verdict.exitStatus.code
  }

  /// Writes and prints what was asked for.
  private func finish(_ certificate: Certificate, plans: [CasePlan]) async throws {
    let data = try certificate.json()
    if let output { try Files.write(data, to: output) }
    if let report {
      let page = try await explainingErrors { try Report(checking: certificate).html() }
      try Files.write(Data(page.utf8), to: report)
    }
    if let junit { try Files.write(Data(JUnitReport(certificate).xml.utf8), to: junit) }
    if json {
      Output.write(data)
    } else if let port = certificate.port {
      Output.line(PortTable.summary(certificate, port, path: output, page: report))
    } else {
      Output.line(CertifyTable.summary(certificate, plans: plans, path: output, report: report))
    }
  }

  /// The default suite's case over the embedded pair.
  private func embeddedTransformers(seed: UInt64, budget: ErrorBudget) async throws -> TransformerReport {
    let target = try TransformerCaseOptions.load(EmbeddedModel.kingJamesTarget.name)
    let run = CertifyTransformers(
      target: target, draft: try transformers.loadDraft(EmbeddedModel.kingJamesDraft.name, for: target.model),
      suite: try TransformerSuite.standard(), budget: budget, seed: seed, threads: threads ?? Machine.processorCount,
      json: json)
    return try await explainingErrors { try await run.run() }
  }

  /// A run over the user's transformers alone.
  private func certifyTransformers() async throws -> ExitStatus {
    guard let model = transformers.model, let draftName = models.draft else { return .usage }
    var target = try TransformerCaseOptions.load(
      model, precision: transformers.precisions.target, arithmetic: transformers.precisions.chosenArithmetic)
    var draft = try transformers.loadDraft(draftName, for: target.model)
    guard target.model.vocabularySize == draft.model.vocabularySize else {
      let mismatch = SpeculativeDecodingError.vocabularyMismatch(
        target: target.model.vocabularySize, draft: draft.model.vocabularySize)
      throw failure(.badData, "\(model) and \(draftName): \(mismatch)")
    }
    let suite = try transformers.suite(
      over: target.model, models, rules: rules, shape: shape, profile: try profile.profile())
    let budget = ErrorBudget(cases: suite.errorShares)
    let seed = chooseSeed(Suite(version: CertifyTransformers.suiteVersion, cases: []))
    try await explainingErrors {
      try transformers.stateArithmetic(of: &target, &draft, models, over: suite, seed: seed)
    }
    if !json, let difference = target.fingerprint.difference { Output.line(Self.arithmeticLine(difference)) }
    let run = CertifyTransformers(
      target: target, draft: draft, suite: suite, budget: budget, seed: seed,
      threads: threads ?? Machine.processorCount, json: json)
    let report = try await explainingErrors { try await run.run(samples: samples) }
    var certificate = Certificate(
      suite: .init(version: CertifyTransformers.suiteVersion, selection: "custom"), seed: seed, errorBudget: budget,
      cases: [])
    certificate.add(transformers: report)
    try await finish(certificate, plans: [])
    return certificate.verdict.exitStatus
  }

  /// How far fast arithmetic is from deterministic, for a person.
  private static func arithmeticLine(_ difference: ArithmeticDifference) -> String {
    String(
      format: "arithmetic: fast; from deterministic: logits by up to %.1e, KL %.1e nats on\naverage, total variation "
        + "up to %.1e, over %d positions",
      difference.largestLogit, difference.meanDivergence, difference.largestTotalVariation, difference.positions)
  }

  /// A run against a port alone.
  private func certifyPort() async throws -> ExitStatus {
    guard let text = ports.port else { return .usage }
    let (cases, checks, reference) = try await explainingErrors { try choosePortCases() }
    let design = try await explainingErrors {
      try PortSuite.design(
        epsilon: anytime.epsilon ?? AnytimeDesign.portEpsilon, limit: anytime.limit ?? AnytimeDesign.defaultLimit)
    }
    if list {
      for testCase in cases { Output.line(testCase.id) }
      for check in checks { Output.line(check.id) }
      return .certified
    }
    let options = PortRunner.Options(
      seed: chooseSeed(Suite(version: PortSuite.version, cases: [])), workers: ports.workers ?? 1,
      timeout: ports.timeout?.seconds ?? PortOptions.defaultTimeout,
      seconds: ports.budget?.seconds ?? PortOptions.defaultBudget)
    let run = CertifyPort(
      command: PortCommand(text), cases: cases, checks: checks, suite: reference, design: design, options: options,
      json: json)
    let certificate = try await run.run()
    try await finish(certificate, plans: [])
    return certificate.verdict.exitStatus
  }

  /// The cases and checks of a port's run, and what the certificate calls the selection.
  private func choosePortCases() throws -> ([PortCase], [PortCheckPlan], Certificate.SuiteReference) {
    if models.isGiven {
      let suite = try models.suite(
        rules: rules, shape: shape, profile: try profile.profile(), length: window.length)
      return (suite.cases.map { PortCase($0) }, [], .init(version: suite.version, selection: "custom"))
    }
    let selection = PortSelection(isQuick: quick, rules: rule.isEmpty ? nil : rules.map(\.rawValue), pattern: cases)
    let chosen = try PortSuite.select(selection)
    if chosen.cases.isEmpty, chosen.checks.isEmpty { throw CertificationError.noCases(cases ?? selection.name) }
    return (chosen.cases, chosen.checks, .init(version: PortSuite.version, selection: selection.name))
  }

  private struct Selection {
    var suite: Suite
    var name: String
    /// Cases that share the error budget: all of the suite's, so that a selection decides each as the whole would.
    var sharers: Int
  }

  private func chooseCases() throws -> Selection {
    var suite: Suite
    var sharers: Int
    var names: [String] = []
    if models.isGiven {
      suite = try models.suite(rules: rules, shape: shape, profile: try profile.profile(), length: window.length)
      sharers = suite.errorShares
      names = ["custom"]
    } else {
      suite = try self.suite == .wide ? WideSuite.suite() : DefaultSuite.suite()
      sharers = suite.errorShares
      if self.suite == .wide { names = ["wide"] }
      if quick {
        suite = try DefaultSuite.quick()
        names = ["quick"]
      }
      if !rule.isEmpty {
        suite.cases.removeAll { testCase in !rules.contains { $0.rawValue == testCase.method.rule } }
        names.append("rules " + rules.map(\.rawValue).joined(separator: ", "))
      }
    }
    if let cases {
      suite.cases.removeAll { fnmatch(cases, $0.id, 0) != 0 }
      guard !suite.cases.isEmpty else { throw CertificationError.noCases(cases) }
      names.append(cases)
    }
    return Selection(suite: suite, name: names.isEmpty ? "all" : names.joined(separator: "; "), sharers: sharers)
  }

  /// Proofs go with the whole default suite or its quick form; a selection of cases has `rsd prove --cases`.
  private func prove(_ selection: Selection) async throws -> CertifyProofs {
    if noProofs || models.isGiven || suite == .wide || !rule.isEmpty || cases != nil { return CertifyProofs() }
    return try await CertifyProofs.make(
      quick: quick, selection: selection.name, threads: threads ?? Machine.processorCount)
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
    let line = ProgressLine()
    let table = json ? nil : CertifyTable(plans)
    if let table { Output.line(table.header) }
    let options = SuiteRunner.Options(
      seed: seed, threads: threads ?? Machine.processorCount,
      isInterrupted: { Interruption.isRequested },
      progress: { progress in
        line.show(
          finished: progress.finishedRounds, of: progress.rounds,
          "\(progress.finishedCases)/\(progress.cases) \(progress.current)")
      },
      finished: { record in
        line.clear()
        if let table { Output.line(table.row(record)) }
      })
    let records = try await SuiteRunner(subject: ProductionSubject.production).run(plans, options)
    line.clear()
    return records
  }
}
