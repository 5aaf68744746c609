import Certification
import Synchronization

/// Prints what a certification finds, as soon as it is there.
final class CertifyPrinter: Sendable {
  private struct State: Sendable {
    var table: CertifyTable?
    var transformers: TransformerTable?
    var plans: [CasePlan] = []
    var unrun = 0
  }

  private let line = ProgressLine()
  private let json: Bool
  private let state = Mutex(State())

  /// A printer; of a run whose certificate is printed as JSON it shows the progress alone.
  init(json: Bool) { self.json = json }

  /// The plans of the run's cases, once they are made.
  var plans: [CasePlan] { state.withLock(\.plans) }

  /// Cases that an interruption left out, before their laws were known.
  var unrun: Int { state.withLock(\.unrun) }

  /// Takes the progress away.
  func clear() { line.clear() }

  /// The observer of a run, which shows its progress and its findings.
  var observer: CertificationRun.Observer {
    .init(
      isInterrupted: { Interruption.isRequested },
      progress: { [self] in line.show(finished: $0, of: $1, $2) },
      found: { [self] in show($0) })
  }

  private func show(_ finding: CertificationRun.Finding) {
    line.clear()
    let lines = state.withLock { Self.lines(of: finding, &$0) }
    if !json { for text in lines { Output.line(text) } }
  }

  private static func lines(of finding: CertificationRun.Finding, _ state: inout State) -> [String] {
    switch finding {
    case .proved(let report, let rounding): return CertifyProofs(report: report, rounding: rounding).summary
    case .planned(let plans):
      let table = CertifyTable(plans)
      (state.plans, state.table) = (plans, table)
      return [table.header]
    case .judged(let record): return [state.table?.row(record)].compactMap(\.self)
    case .tested(let observables, let killMatrix):
      return CertifyDefects(observables: observables, killMatrix: killMatrix).summary
    case .plannedTransformers(let cases):
      let table = TransformerTable(cases)
      state.transformers = table
      return [table.header]
    case .judgedTransformer(let record): return [state.transformers?.row(record)].compactMap(\.self)
    case .notRun(let count):
      state.unrun += count
      return []
    }
  }
}
