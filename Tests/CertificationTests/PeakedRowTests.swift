@testable import Ports
import Probability
import SpeculativeDecoding
import Statistics
import Testing
import ToyModels

@testable import Certification

/// Targets that are nearly sure: what accepts or rejects by a threshold of the target's probability is refused.
///
/// N is the witness's, 12,208 to 70,348 and a seventh more by another rule; a decoder with the fault passes with probability
/// 1e-6 at most, for any seed.
@Suite struct PeakedRowTests {
  /// The thresholds of the issue, and the rules that draft.
  static let accepting: [Fault] = [.sureAccepted900, .sureAccepted970, .sureAccepted995]
  static let rejecting: [Fault] = [.unlikelyRejected100, .unlikelyRejected030, .unlikelyRejected005]
  static let rules = Rule.allThatDraft
  static let ports = try! PortSuite.witnesses()
  static let own = try! ObservableSuite.cases(share: DefaultSuite.suite().budget.nominalShare)

  /// Rows of 0.9, 0.97 and 0.995, each under a draft that is surer and under one that is less sure, in every rule that drafts.
  @Test(arguments: rules) func everyRuleMeetsPeakedRows(rule: Rule) throws {
    let ofPorts = Self.ports.filter { $0.rule == rule }.map(\.instance.pair)
    let ofOwn = Self.own.compactMap(\.instance).filter { $0.method.rule == rule }.map(\.pair)
    for pairs in [ofPorts, ofOwn] {
      for peak in [900, 970, 995] {
        let kinds = try pairs.flatMap { try Self.kinds(of: $0, peak: Rational(peak, 1000)) }
        #expect(Set(kinds) == ["surer", "less sure"], "\(peak)")
      }
    }
  }

  @Test(arguments: accepting + rejecting, rules)
  func everyThresholdIsRefusedInEveryRule(fault: Fault, rule: Rule) throws {
    let share = PortSuite.budget.nominalShare
    // The instance that is made for the fault, as the ports sample it.
    let peaked = Self.ports.filter { $0.rule == rule && $0.instance.pair.name.contains("witness-sure-accepted") }
    let powers = try peaked.map { portCase in
      try ObservableCase(.output, on: portCase.instance, samples: portCase.planned, share: share)
        .predictedPower(against: fault)
    }
    #expect(powers.contains { $0 >= 1 - 1e-6 }, "\(powers)")
    let ownPowers = try Self.own.filter {
      $0.instance?.method.rule == rule && $0.instance?.pair.name.contains("witness-sure-accepted") == true
    }.map { try $0.predictedPower(against: fault) }
    #expect(ownPowers.contains { $0 >= 1 - 1e-6 }, "\(ownPowers)")
  }

  /// One row, one drafted token: w = (p − q)/√(q(1 − q)), and none where the draft is less sure.
  @Test func theEffectIsThatOfTheGuide() throws {
    for (target, draft) in [(960, 990), (960, 900), (995, 999)] {
      let row = [Rational(target, 1000), Rational(1000 - target, 1000)]
      let pair = ModelPair(
        name: "one-row", target: ModelDocument(try MarkovModel.categorical(row)),
        draft: ModelDocument(
          try MarkovModel.categorical([Rational(draft, 1000), Rational(1000 - draft, 1000)])), prompt: [])
      let instance = Instance(method: .speculative(depth: 1), pair: pair, length: 1)
      let law = try instance.law(of: .output, under: .none)
      let faulty = try instance.law(of: .output, under: .sureAccepted900)
      let effect = try LawTest(law, samples: 1_000_000, share: 1e-8).effect(of: faulty)
      let (q, p) = (Double(target) / 1000, Double(draft) / 1000)
      #expect(abs(effect - max(p - q, 0) / (q * (1 - q)).squareRoot()) < 1e-12)
    }
  }

  /// Whether a draft is surer than the target of a token of a target row's peak, or less sure.
  private static func kinds(of pair: ModelPair, peak: Rational) throws -> [String] {
    let (target, draft) = (try pair.target.exactModel().rows, try pair.draft.exactModel().rows)
    return target.flatMap { context, row -> [String] in
      guard let token = row.firstIndex(of: peak), let proposal = draft[context] else { return [] }
      return proposal[token] == peak ? [] : [proposal[token] > peak ? "surer" : "less sure"]
    }
  }
}
