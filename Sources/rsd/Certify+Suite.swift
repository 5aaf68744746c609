import Certification
import Foundation
import SpeculativeDecoding

/// Which cases are run, with which seed, and how they are sampled.
extension Certify {
  struct Selection {
    var suite: Suite
    var name: String
    /// Cases that share the error budget: all of the suite's, so that a selection decides each as the whole would.
    var sharers: Int
  }

  func chooseCases() throws -> Selection {
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
        suite.cases.removeAll { !rules.contains($0.method.rule) }
        names.append("rules " + rules.map(\.name).joined(separator: ", "))
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
  func prove(_ selection: Selection) async throws -> CertifyProofs {
    if noProofs || models.isGiven || suite == .wide || !rule.isEmpty || cases != nil { return CertifyProofs() }
    return try await CertifyProofs.make(
      quick: quick, selection: selection.name, threads: threads ?? Machine.processorCount)
  }

  func chooseSeed(_ suite: Suite) -> UInt64 {
    guard varySeed else { return seed ?? suite.seed }
    // Asked for by --vary-seed alone: once, and its answer is printed, so that --seed repeats the run.
    var system = SystemRandomNumberGenerator()
    let seed: UInt64 = system.next()
    StandardError.line("--vary-seed took --seed \(seed)")
    return seed
  }

  func sample(_ plans: [CasePlan], seed: UInt64) async throws -> [CaseRecord] {
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
