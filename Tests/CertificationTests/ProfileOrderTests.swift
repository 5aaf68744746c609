@testable import Ports
import Probability
import SpeculativeDecoding
import Statistics
import TestSupport
import Testing
import ToyModels

@testable import Certification

/// The order of a profile's steps: which pairs matter, by search, and that each is refused in every rule.
///
/// N is each witness's own, 1000 to 2143 and a seventh more by another rule; the false-fail rate is a share of 1e-6 for any
/// seed, and a decoder with two steps exchanged passes a case with probability 1e-6 at most.
@Suite(.optimised) struct ProfileOrderTests {
  typealias Step = SamplingProfile.Step
  static let mattering = try! ProfileStepPair.all.filter { try $0.counterexample() != nil }
  static let fixture = try! WitnessFixture.embedded()

  /// The fault that exchanges each pair.
  static let faults = Dictionary(
    uniqueKeysWithValues: Fault.allCases.compactMap { fault in fault.exchangedSteps.map { ($0, fault) } })

  /// Powers keep ranks and the ratio of whatever is left, and top-k keeps the largest: neither order can matter.
  @Test func onlyTopKCommutesAndNotWithTopP() {
    #expect(ProfileStepPair.all.count == 6)
    let commuting = Set(ProfileStepPair.all).subtracting(Self.mattering)
    #expect(commuting == [ProfileStepPair(.temperature, .topK), ProfileStepPair(.topK, .minP)])
  }

  @Test func everyPairThatMattersIsAFaultAndEachFaultAnEntry() {
    #expect(Set(Self.faults.keys) == Set(Self.mattering))
    for fault in Self.faults.values {
      #expect(Defect.all.contains { $0.fault == fault && !$0.isLossless }, "\(fault)")
      #expect(fault.rulesOfWitness == Rule.all)
    }
  }

  /// The steps as data are production's order.
  @Test func stepsInTheirOrderAreTheProfile() throws {
    var generator = SplitMix64(seed: 5)
    for _ in 0..<400 {
      let law = (0..<5).map { _ in Rational(1 + Int(generator.next() % 9)) }
      let profile = try SamplingProfile(
        temperature: [1, 0.5, 0][Int(generator.next() % 3)], topK: Int(generator.next() % 5),
        topP: [1, 0.57, 0.83][Int(generator.next() % 3)], minP: [0, 0.23, 0.61][Int(generator.next() % 3)])
      var shaped = law
      for step in Step.allCases { shaped = try profile.keeping(step).applied(to: shaped) }
      #expect(try profile.applied(to: law) == shaped, "\(profile) of \(law)")
    }
  }

  /// Each pair, in each rule: the instance takes the two steps alone, and refuses them exchanged.
  @Test(arguments: mattering, Rule.all)
  func everyPairIsRefusedInEveryRule(pair: ProfileStepPair, rule: Rule) throws {
    let fault = try #require(Self.faults[pair])
    let ports = try PortSuite.witnesses().filter {
      $0.rule == rule && $0.instance.profile.steps == [pair.first, pair.second]
    }
    let powers = try ports.map { portCase in
      try ObservableCase(
        .output, on: portCase.instance, samples: portCase.planned, share: PortSuite.budget.nominalShare
      ).predictedPower(against: fault)
    }
    #expect(powers.contains { $0 >= 1 - 1e-6 }, "ports: \(powers)")

    let own = try ObservableSuite.cases(share: DefaultSuite.suite().budget.nominalShare).filter {
      $0.instance?.method.rule == rule && $0.instance?.profile.steps == [pair.first, pair.second]
    }
    #expect(try own.contains { try $0.predictedPower(against: fault) >= 1 - 1e-6 }, "our own: \(own.map(\.id))")
  }

  /// All 24 orders of the four steps: one that changes any law is refused by a pair's witness, and no other is.
  @Test func everyWrongOrderIsRefused() throws {
    let share = PortSuite.budget.nominalShare
    let witnesses = try PortSuite.witnesses().filter { $0.rule == .speculative && $0.instance.profile.steps.count == 2 }
    var refused = 0
    for order in Self.orders(of: Step.allCases) {
      let exchanged = ProfileStepPair.all.filter {
        order.firstIndex(of: $0.first)! > order.firstIndex(of: $0.second)!
      }
      let isWrong = !Set(exchanged).isDisjoint(with: Self.mattering)
      let isRefused = try witnesses.contains { portCase in
        let observableCase = try ObservableCase(
          .output, on: portCase.instance, samples: portCase.planned, share: share)
        // A lossless decoder emits the law of its target, however that is shaped.
        let model = try portCase.instance.pair.target.exactModel().applying(portCase.instance.profile, inOrder: order)
        let law = try SequenceLaw(
          of: model, after: portCase.instance.pair.prompt, length: portCase.instance.length
        ).table
        let named = Dictionary(uniqueKeysWithValues: law.map { (SequenceText.text($0.key), $0.value) })
        return try LawTest(observableCase.law, samples: observableCase.samples, share: share).power(against: named)
          >= 1 - 1e-6
      }
      #expect(isRefused == isWrong, "\(order.map(\.rawValue))")
      refused += isRefused ? 1 : 0
    }
    // Right are the two in which temperature and top-k, in whatever order, come before top-p, and min-p comes last.
    #expect(refused == 22)
  }

  /// Rounding decides nothing that a witness keeps, in whatever order.
  @Test func witnessesKeepTheirMargins() throws {
    for record in Self.fixture.witnesses {
      #expect(try record.instance().profileMargin() >= WitnessSearch.leastMargin, "\(record.fault)")
    }
  }

  private static func orders(of steps: [Step]) -> [[Step]] {
    steps.count < 2 ? [steps] : steps.flatMap { first in orders(of: steps.filter { $0 != first }).map { [first] + $0 } }
  }
}
