import Foundation
@testable import Ports
import Probability
import SpeculativeDecoding
import Statistics
import Testing
import ToyModels

@testable import Certification

/// The port suite's design: its error rates, the witnesses' power, and what is asked of which port.
@Suite struct PortSuiteTests {
  /// Every e-process and every chi-square has its share: a run that fails a correct port is as rare as it says.
  @Test func sharesAreEnoughForEveryTest() throws {
    let cases = try PortSuite.cases()
    let processes = cases.reduce(0) {
      $0 + ($1.planned == nil && $1.rule.hasAcceptedLengthLaw ? 2 : 1)
        + ($1.planned == nil && $1.testsSecondRounds ? 1 : 0)
    }
    #expect(processes <= PortSuite.evidenceShares)
    // Of independence: two tables, the lags of beginnings and of wholes, repeats, and counts that are too even.
    let dependence = 6 * Rule.all.count
    #expect(cases.count { $0.planned != nil } + dependence <= PortSuite.plannedShares)
    let design = try PortSuite.design()
    // Shares of chi-squares sum to half their rate: their true rate may exceed the nominal one.
    #expect(design.falseFail + PortSuite.budget.falseFail <= PortSuite.falseFail * (1 + 1e-12))
    #expect(PortSuite.errorBudget.falseFail == PortSuite.falseFail)
  }

  @Test func identifiersAreUnique() throws {
    let ids = try PortSuite.cases().map(\.id) + PortCheckPlan.all.map(\.id)
    #expect(Set(ids).count == ids.count)
  }

  /// On rules whose witnesses are carried over, the planned decodings still refuse the fault but for a millionth.
  ///
  /// N is the witness's, 1000 to 59,850; the false-fail rate is 2.5e-9 a witness, for any seed.
  @Test(arguments: Rule.allThatVerify)
  func witnessesRefuseTheDefects(rule: Rule) throws {
    let share = PortSuite.budget.nominalShare
    let limits = EnumerationLimits(branches: 50_000)
    var refused: Set<Fault> = []
    let faults = Set(Defect.all.filter { $0.observable == .output && !$0.isLossless }.map(\.fault))
    for portCase in try PortSuite.witnesses() where portCase.rule == rule && portCase.observable == .output {
      let observableCase = try ObservableCase(
        .output, on: portCase.instance, samples: portCase.planned, share: share)
      for fault in faults.subtracting(refused) {
        let power = try? observableCase.predictedPower(against: fault, limits: limits)
        if let power, power >= 1 - 1e-6 { refused.insert(fault) }
      }
    }
    // What a rule cannot show: repeats of others, siblings of a chain, beams, and a leniency of a thousandth.
    var excused: Set<Fault> = [.lenientThousandth]
    switch rule {
    case .speculative:
      excused.formUnion([
        .residualNotUpdated, .residualMinusUnconditional, .ratioAgainstUnconditional, .draftNotRenormalised,
        .siblingsInTokenOrder, .siblingsInProbabilityOrder, .siblingsInTargetOrder, .childrenPrunedByTarget,
        .siblingsVisible, .repeatsSkipped, .repeatsSubtractedAtOnce, .beamByProbability, .childrenPrunedByProbability,
      ])
    case .specInfer:
      excused.formUnion([
        .residualMinusUnconditional, .ratioAgainstUnconditional, .draftNotRenormalised, .beamByProbability,
        .childrenPrunedByProbability,
      ])
    case .rsdC:
      excused.formUnion([.repeatsSkipped, .repeatsSubtractedAtOnce, .beamByProbability, .childrenPrunedByProbability])
    default: excused.formUnion([.repeatsSkipped, .repeatsSubtractedAtOnce])
    }
    #expect(faults.subtracting(refused).subtracting(excused) == [])
  }

  @Test(arguments: Rule.all)
  func everyRuleHasItsInstances(rule: Rule) throws {
    #expect(try PortSuite.orderedCase(rule).method.rule == rule)
    #expect(try PortSuite.replayCase(rule).method.rule == rule)
    #expect(try PortSuite.cases().contains { $0.rule == rule && $0.planned == nil })
  }

  /// A draft that keeps what was rejected emits the target's law and first rounds of the right length: the second show it.
  ///
  /// In every rule that has a law of lengths: by a distance of more than ε, or by a witness that is missed with probability
  /// 1e-6 at most.
  @Test(arguments: [Fault.rejectedStaysInDraft, .draftNotRolledBack], Rule.allThatDraft.filter(\.hasAcceptedLengthLaw))
  func secondRoundsShowWhatADraftKeeps(fault: Fault, rule: Rule) throws {
    let recalling = try PortSuite.recalling().filter { $0.testsSecondRounds && $0.rule == rule }
    let witnesses = try PortSuite.witnesses().filter { $0.observable == .secondLength && $0.rule == rule }
    #expect(!recalling.isEmpty && !witnesses.isEmpty)
    var shows = false
    for portCase in recalling + witnesses {
      let instance = portCase.instance
      // The output is exact: the target's own law.
      #expect(try instance.law(of: .output, under: fault) == (try instance.law(of: .output, under: .none)))
      #expect(
        try instance.law(of: .acceptedLength, under: fault) == (try instance.law(of: .acceptedLength, under: .none)))
      let right = try portCase.secondLengthLaw()
      #expect(right == (try instance.secondLengthLaw(under: .none)))
      if let planned = portCase.planned {
        let observableCase = try ObservableCase(
          .secondLength, on: instance, samples: planned, share: PortSuite.budget.nominalShare)
        if try observableCase.predictedPower(against: fault) >= 1 - 1e-6 { shows = true }
      } else {
        let wrong = try instance.secondLengthLaw(under: fault)
        let distance = Set(right.keys).union(wrong.keys).reduce(0.0) {
          $0 + abs((right[$1, default: .zero] - wrong[$1, default: .zero]).approximation) / 2
        }
        if distance > AnytimeDesign.portEpsilon { shows = true }
      }
    }
    #expect(shows)
  }

  /// Two seeds give equal counts of n decodings with probability at most that of the likeliest counts: below 1e-9.
  ///
  /// Counts of n decodings are Poisson counts given their sum, each of which is at most as likely as its mode.
  @Test(arguments: [50, PortCheckPlan.replayed]) func seedsDoNotAgreeByChance(samples: Int) throws {
    func logPoisson(_ count: Int, _ mean: Double) -> Double {
      Double(count) * log(mean) - mean - lgamma(Double(count) + 1)
    }
    let instance = try PortSuite.replayCase(.speculative)
    let plan = try CasePlan(instance, budget: PortSuite.budget, samples: 1000)
    let means = plan.law.probabilities.map { $0 * Double(samples) }
    let most = means.reduce(0) { $0 + logPoisson(Int($1), $1) } - logPoisson(samples, Double(samples))
    #expect(most < log(1e-9))
  }

  @Test func seedsOfRequestsDiffer() throws {
    let cases = try PortSuite.cases().prefix(20)
    var seeds: Set<UInt64> = []
    for portCase in cases { for number in 0..<50 { seeds.insert(portCase.seed(ofRequest: number, suiteSeed: 1)) } }
    #expect(seeds.count == 50 * cases.count)
  }

  @Test func requestsFollowThePortsSpeed() {
    func count(_ wanted: Int, _ rate: Double?, timeout: Double = 60, left: Double = .infinity) -> Int? {
      PortPace.count(wanted: wanted, rate: rate, timeout: timeout, left: left)
    }
    #expect(count(1000, nil) == PortPace.first)
    #expect(count(3, nil) == 3)
    #expect(count(1_000_000, 1e7) == PortPace.most)
    #expect(count(1_000_000, 100) == 200)
    #expect(count(1_000_000, 100, timeout: 2) == 50)
    #expect(count(1_000_000, 100, left: 0.5) == 50)
    #expect(count(1_000_000, 0.01) == 1)
    #expect(count(1_000_000, 0.01, left: 10) == nil)
    #expect(count(5, 1e9) == 5)
  }

  @Test func aSelectionIsWhatItsNameSays() throws {
    for selection in [
      PortSelection(), PortSelection(isQuick: true), PortSelection(rules: ["sd", "rsd-s"]),
      PortSelection(isQuick: true, rules: ["rsd-c"], pattern: "*/plain"), PortSelection(pattern: "a; b"),
    ] {
      #expect(PortSelection(name: selection.name) == selection)
    }
    let (cases, checks) = try PortSuite.select(PortSelection(isQuick: true, rules: ["rsd-c"]))
    #expect(Set(cases.map(\.rule)) == [Rule.rsdC])
    #expect(cases.count { $0.planned == nil } == 5)
    #expect(checks.map(\.id) == ["vectors/rsd-c", "refusals/rsd-c", "independence/rsd-c", "replay/rsd-c"])
  }

  /// The law of the accepted lengths, exact or over the doubles of a profile without exact powers.
  @Test func lengthsHaveALawUnderEveryProfile() throws {
    for portCase in try PortSuite.cases() where portCase.planned == nil && portCase.rule == .rsdC {
      let law = try portCase.acceptedLengthLaw()
      #expect(law.values.reduce(.zero, +) == .one)
      #expect(law.keys.allSatisfy { (1...portCase.instance.method.draftLength + 1).contains($0) })
    }
  }
}
