import SpeculativeDecoding

/// A certification: the proofs, the sampled cases, the known defects and the transformers' case, as `make certify` runs them.
///
///     let selection = SuiteSelection(isQuick: true)
///     let run = try CertificationRun(selection, .init(threads: 2))
///     let certificate = try await run.certificate()
///     print(certificate.verdict)                              // certified
///
/// Counts depend on the seed and the cases, never on threads. An interrupted run gives a certificate of what was done, which
/// is inconclusive.
public struct CertificationRun: Sendable {
  /// How a run is made.
  public struct Options: Sendable {
    /// The seed; the suite's own by default, which was fixed before any data.
    public var seed: UInt64?
    /// Decodings and proofs at once; at least 1.
    public var threads: Int
    /// Decodings of each case; as many as its plan needs by default.
    public var samples: Int?
    /// Whether the corpus is proved and rounding is stated, where the selection is the whole default suite or its quick form.
    public var proves = true
    /// Whether the known defects are run, where the selection is the whole default suite.
    public var runsDefects = true
    /// The models of the case over transformers, which is run where the selection is the default suite or its quick form;
    /// none by default, for this module knows none.
    public var transformers: TransformerEvidence?

    /// Options of a whole run.
    public init(
      seed: UInt64? = nil, threads: Int = Machine.processorCount, samples: Int? = nil,
      transformers: TransformerEvidence? = nil
    ) {
      self.seed = seed
      self.transformers = transformers
      self.threads = max(1, threads)
      self.samples = samples
    }
  }

  /// Closures that a run tells and asks while it goes on; from any thread.
  public struct Observer: Sendable {
    /// Asked now and then; once true, the run ends with what is done.
    public var isInterrupted: @Sendable () -> Bool
    /// Told how much of the current part is done, and what.
    public var progress: @Sendable (_ finished: Int, _ all: Int, _ words: String) -> Void
    /// Told what has been found, in order.
    package var found: @Sendable (Finding) -> Void

    /// An observer.
    public init(
      isInterrupted: @escaping @Sendable () -> Bool = { false },
      progress: @escaping @Sendable (_ finished: Int, _ all: Int, _ words: String) -> Void = { _, _, _ in }
    ) {
      self.init(isInterrupted: isInterrupted, progress: progress, found: { _ in })
    }

    /// An observer that is told what is found.
    package init(
      isInterrupted: @escaping @Sendable () -> Bool = { false },
      progress: @escaping @Sendable (_ finished: Int, _ all: Int, _ words: String) -> Void = { _, _, _ in },
      found: @escaping @Sendable (Finding) -> Void
    ) {
      (self.isInterrupted, self.progress, self.found) = (isInterrupted, progress, found)
    }
  }

  /// A part of the result, as soon as it is there.
  package enum Finding: Sendable {
    /// The corpus was proved; the rounding is `nil` after an interruption.
    case proved(ProofReport, rounding: [RoundingCertificate]?)
    /// The cases are planned: they come next, in this order.
    case planned([CasePlan])
    /// A case was judged.
    case judged(CaseRecord)
    /// The tests beside the cases, and the known defects; `nil` after an interruption.
    case tested([ObservableRecord], killMatrix: [KillRecord]?)
    /// The cases over transformers are planned: their identifiers.
    case plannedTransformers([String])
    /// So many cases were left out by an interruption, before their laws were known.
    case notRun(Int)
    /// A case over transformers was judged.
    case judgedTransformer(TransformerRecord)
  }

  /// The suite, with the selected cases.
  public let suite: Suite
  /// The selection's name in the certificate.
  public let name: String
  /// How it is run.
  public var options: Options
  let selection: SuiteSelection?

  /// A run of a selection of a suite.
  ///
  /// - Throws: ``CertificationError/noCases(_:)`` for a selection without cases.
  public init(_ selection: SuiteSelection, _ options: Options = Options()) throws(CertificationError) {
    suite = try selection.suite()
    name = selection.name
    guard !suite.cases.isEmpty else { throw .noCases(selection.pattern ?? selection.name) }
    self.selection = selection
    self.options = options
  }

  /// A run of a suite of one's own, whose version begins with ``CertificateCheck/ownSuites``.
  public init(of suite: Suite, selection name: String = "custom", _ options: Options = Options()) {
    (self.suite, self.name, self.options, selection) = (suite, name, options, nil)
  }

  /// The seed of the run.
  public var seed: UInt64 { options.seed ?? suite.seed }

  /// The plans of the cases, before any data.
  ///
  /// - Throws: ``CertificationError`` where the models of a case make no decoder.
  public func plans() throws(CertificationError) -> [CasePlan] {
    var plans: [CasePlan] = []
    for instance in suite.cases { plans.append(try CasePlan(instance, budget: suite.budget, samples: options.samples)) }
    return plans
  }
}
