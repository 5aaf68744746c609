import Certification
import Probability
import RealModule
import SpeculativeDecoding
import Statistics
import ToyModels

/// Finds the known defects whose exact laws fit what a port emitted, by likelihood; or that the right law fits and the counts
/// scatter.
///
/// Every candidate is the one production decoder with a fault, enumerated in fractions on the very instances that the port
/// was asked for. Cases that passed are compared too: a defect that would have shown in them is none of the port's.
struct PortDiagnostician: Sendable {
  /// The most cases of a rule that are compared: failed ones first, the smallest first.
  static let mostCases = 8
  /// The most cases beside them that passed and whose profile shares a step with a failed case's.
  static let mostRelated = 5
  /// Branches of an enumeration: what takes longer on one instance is told by another.
  static let branches = 60_000
  /// A candidate fits where its smallest p-value, times the number of laws compared, is at least this.
  static let leastPValue = 1e-4
  /// Expected counts of a cell: a diagnosis needs no small significance.
  static let leastExpected = 20.0

  /// Asked several times a second; once true, no diagnosis is made.
  var isInterrupted: @Sendable () -> Bool = { false }

  /// The evidence of one case: the counts of its laws.
  private struct Evidence {
    var portCase: PortCase
    var laws: [(observable: Observable, counts: [String: Int], samples: Int)]
  }

  /// How well a candidate explains what was seen.
  private struct Fit {
    var defects: [String]
    var loss: Double
    var pValue: Double
    var laws: [[String: Rational]]
  }

  /// The diagnosis of every rule whose laws failed.
  func diagnoses(_ report: PortReport) -> [PortDiagnosis] {
    report.rules.compactMap { rule in
      let records = report.cases.filter { $0.rule == rule }
      guard records.contains(where: { $0.status == .fail && $0.failure == nil }) else { return nil }
      let check = report.checks.first { $0.rule == rule && $0.check == .independence }
      return diagnosis(of: rule, records, independence: check?.status)
    }
  }

  private func diagnosis(
    of rule: String, _ records: [PortCaseRecord], independence: PortStatus?
  ) -> PortDiagnosis? {
    let evidence = Self.chosen(records)
    guard !evidence.isEmpty else { return nil }
    let scatter = Self.scatter(records, independence: independence)
    if let scatter, scatter.isDependenceSeen {
      return PortDiagnosis(rule: rule, compared: evidence.map(\.portCase.id), candidates: [], scatter: scatter)
    }
    var fits: [Fit] = []
    for fault in Self.candidates {
      if isInterrupted() { return nil }
      guard let fit = fit(of: fault, to: evidence) else { continue }
      // Candidates with the same laws on all of these cases cannot be told apart.
      if let index = fits.firstIndex(where: { $0.laws == fit.laws }) {
        fits[index].defects += fit.defects
      } else {
        fits.append(fit)
      }
    }
    // A law that is the target's on all of these cases is none of what failed.
    fits.removeAll { $0.defects.contains("none") }
    fits.sort { ($0.loss, $0.defects[0]) < ($1.loss, $1.defects[0]) }
    let compared = evidence.reduce(0) { $0 + $1.laws.count }
    let candidates = fits.map { fit in
      PortDiagnosis.Candidate(
        defects: fit.defects, logLikelihoodLoss: fit.loss.isFinite ? fit.loss : nil, pValue: fit.pValue,
        fits: fit.pValue * Double(compared) >= Self.leastPValue)
    }
    // What a known defect explains is explained.
    if let scatter, !candidates.contains(where: \.fits) {
      return PortDiagnosis(rule: rule, compared: evidence.map(\.portCase.id), candidates: [], scatter: scatter)
    }
    return PortDiagnosis(
      rule: rule, compared: evidence.map(\.portCase.id), candidates: Self.shown(candidates))
  }

  /// Those that fit, three at most; or the three nearest where none does.
  static func shown(_ candidates: [PortDiagnosis.Candidate]) -> [PortDiagnosis.Candidate] {
    let fitting = candidates.filter(\.fits)
    return Array((fitting.isEmpty ? candidates : fitting).prefix(PortDiagnosis.most))
  }

  /// The faults of the defects, each once, and none at all; those that change no law of one decoding are left out.
  private static var candidates: [Fault] {
    var faults: [Fault] = [.none]
    for defect in Defect.all where defect.boundary == nil && !faults.contains(defect.fault) {
      if defect.observable == .independence || defect.observable == .replay { continue }
      faults.append(defect.fault)
    }
    return faults
  }

  /// The names of a fault: of the defects that have its law, those that change an output before those that do not.
  private static func names(of fault: Fault) -> [String] {
    if fault == .none { return ["none"] }
    return Defect.all.filter { $0.boundary == nil && $0.fault == fault && !$0.id.hasSuffix("-output") }.map(\.id)
  }

  /// The cases that say most for the least work.
  private static func chosen(_ records: [PortCaseRecord]) -> [Evidence] {
    func work(_ record: PortCaseRecord) -> Double {
      Double.pow(Double(record.target.vocabulary), Double(record.length))
        * Double((record.branching ?? []).reduce((record.width ?? 1) * (record.depth ?? 1), +))
    }
    let usable = records.filter { $0.failure == nil && $0.samples >= 100 && $0.target.vocabulary <= 8 }
    let ordered = usable.enumerated().sorted { left, right in
      let (a, b) = (left.element, right.element)
      return (a.status == .fail ? 0 : 1, work(a), left.offset) < (b.status == .fail ? 0 : 1, work(b), right.offset)
    }.map(\.element)
    let failed = ordered.filter { $0.status == .fail }
    let passed = ordered.filter { $0.status != .fail }
    // A few that passed, so that what they exclude is excluded; those of a failed profile's steps tell its defects apart.
    let steps = Set(failed.flatMap { Self.steps(of: $0) })
    let related = passed.dropFirst(3).filter { !steps.isDisjoint(with: Self.steps(of: $0)) }
    let mixed =
      Array(failed.prefix(mostCases - min(3, passed.count))) + passed.prefix(3) + related.prefix(mostRelated)
    var evidence: [Evidence] = []
    for record in mixed {
      // Powers that are no fractions have no exact law.
      guard let portCase = PortCase(record), (try? portCase.instance.decoder()) != nil else { continue }
      var laws: [(observable: Observable, counts: [String: Int], samples: Int)] = []
      if record.observable == .output { laws.append((.output, record.counts, record.samples)) }
      if let rounds = record.rounds, portCase.rule.hasAcceptedLengthLaw {
        laws.append((.acceptedLength, rounds, record.samples))
      }
      if let rounds = record.secondRounds, portCase.testsSecondRounds {
        laws.append((.secondLength, rounds, record.samples))
      }
      if !laws.isEmpty { evidence.append(Evidence(portCase: portCase, laws: laws)) }
    }
    return evidence
  }

  /// The steps of a case's profile.
  private static func steps(of record: PortCaseRecord) -> [SamplingProfile.Step] {
    PortCase(record)?.instance.profile.steps ?? []
  }

  /// How well a fault explains the cases; `nil` where it cannot be enumerated on one of them.
  private func fit(of fault: Fault, to evidence: [Evidence]) -> Fit? {
    var fit = Fit(defects: Self.names(of: fault), loss: 0, pValue: 1, laws: [])
    for item in evidence {
      for seen in item.laws {
        // Two rounds have many more branches than one.
        let branches = Self.branches * (seen.observable == .secondLength ? 5 : 1)
        let limits = EnumerationLimits(branches: branches) { [isInterrupted] _ in !isInterrupted() }
        guard let law = try? item.portCase.instance.law(of: seen.observable, under: fault, limits: limits) else {
          return nil
        }
        let positive = law.filter { $0.value > .zero }
        fit.laws.append(positive)
        let (loss, pValue) = Self.compare(seen.counts, samples: seen.samples, with: positive)
        fit.loss += loss
        fit.pValue = min(fit.pValue, pValue)
      }
    }
    return fit
  }

  /// n·KL of the frequencies from a law, and the p-value of the counts under it.
  static func compare(
    _ counts: [String: Int], samples: Int, with law: [String: Rational]
  ) -> (loss: Double, pValue: Double) {
    // By probability and then by name: nothing may depend on the hashing of a run.
    let outcomes = law.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    var loss = 0.0
    for (outcome, count) in counts.sorted(by: { $0.key < $1.key }) where count > 0 {
      guard let probability = law[outcome]?.approximation, probability > 0 else { return (.infinity, 0) }
      loss += Double(count) * Double.log(Double(count) / (Double(samples) * probability))
    }
    guard
      let plan = try? CellPlan(
        probabilities: outcomes.map(\.value.approximation), samples: samples, minimumExpected: leastExpected),
      let result = try? plan.test(counts: outcomes.map { counts[$0.key] ?? 0 })
    else { return (loss, 0) }
    return (loss, result.pValue)
  }
}
