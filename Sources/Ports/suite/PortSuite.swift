import Certification
import SpeculativeDecoding
import ToyModels

/// The suite of a port: the default suite's cases, the witnesses of the known defects, and checks of each rule.
///
/// A port decodes fewer tokens a second than this package, so that the cases of the suite go on until the evidence decides
/// (``AnytimeDesign``, ε of ``AnytimeDesign/portEpsilon``). The witnesses are few decodings each, planned before the data:
/// they see small defects that a bound of ε lets through.
package enum PortSuite {
  /// The suite's version: it changes with any case, length, or number of samples.
  package static let version = "rsd-port-suite/2"

  /// The e-processes that share half of the false-fail rate, with room to spare: two for each case, one a witness.
  package static let evidenceShares = 350
  /// The chi-squares that share the other half: the witnesses, and two tables a rule.
  package static let plannedShares = 200
  /// The probability that a correct port fails a run, over everything; an upper bound, for any seed.
  package static let falseFail = 1e-6

  /// Decodings of a witness over those of its fixture: shares are smaller here, and rules others.
  static let plannedFactor = WitnessFixture.carriedFactor
  /// Witnesses that need too many decodings for a port, or show what the protocol does not carry.
  static let leftOut = ["lenient-thousandth", "fresh-noise"]

  /// When a case ends, and how often it may be wrong.
  ///
  /// - Throws: ``CertificationError`` for an ε or a limit out of range.
  package static func design(
    epsilon: Double = AnytimeDesign.portEpsilon, limit: Int = AnytimeDesign.defaultLimit
  ) throws(CertificationError) -> AnytimeDesign {
    try AnytimeDesign(cases: evidenceShares, epsilon: epsilon, limit: limit, falseFail: falseFail / 2)
  }

  /// The budget of the planned tests.
  package static var budget: ErrorBudget { ErrorBudget(cases: plannedShares, falseFail: falseFail / 2) }

  /// The budget as a certificate states it: the rate of the whole run, the shares of the planned tests.
  package static var errorBudget: ErrorBudget {
    var stated = budget
    stated.falseFail = falseFail
    return stated
  }

  /// All cases, in order: those of the suite and then the witnesses, rule by rule.
  ///
  /// - Throws: ``CertificationError``, if a model or profile were invalid.
  package static func cases() throws(CertificationError) -> [PortCase] {
    let suite = try DefaultSuite.suite().cases.map { PortCase($0) }
    return suite + (try recalling()) + (try witnesses())
  }

  /// Drafts that look back two tokens, for every rule, and once with an end token: what a round leaves behind shows.
  package static func recalling() throws(CertificationError) -> [PortCase] {
    let pair: ModelPair
    do {
      pair = try .recalling()
    } catch {
      throw .model(place: "the cases of two tokens back", error)
    }
    let shapes: [Shape] = [.none, .chain(2), .branching([2, 1]), .rectangle(width: 2, depth: 2)]
    let methods = Rule.all.flatMap { $0.methods(shapes) }
    var cases = methods.map {
      Instance(method: $0, pair: pair, profile: .plain, profileName: "plain")
    }
    cases.append(
      Instance(
        method: .speculative(depth: 2), pair: pair, profile: .plain, profileName: "plain", endToken: 1))
    return cases.map { PortCase($0) }
  }

  /// The suite's seed, fixed before any data were seen.
  package static var seed: UInt64 { Suite(version: version, cases: []).seed }

  /// The witnesses, each for every rule that drafts; those of a profile's order for every rule.
  package static func witnesses() throws(CertificationError) -> [PortCase] {
    let fixture = try WitnessFixture.embedded()
    var chosen = fixture.covering.filter { !leftOut.contains($0.witness) }
      .map { (fault: $0.witness, samples: $0.samples) }
    let ofEveryRule = fixture.witnesses.map(\.fault).filter { Fault(rawValue: $0)?.rulesOfWitness.isEmpty == false }
    for fault in ofEveryRule where !chosen.contains(where: { $0.fault == fault }) {
      guard let record = fixture.witnesses.first(where: { $0.fault == fault }) else { continue }
      chosen.append((fault, record.samples))
    }
    var cases: [PortCase] = []
    for rule in Rule.all {
      for (fault, samples) in chosen {
        guard let record = fixture.witnesses.first(where: { $0.fault == fault }) else {
          throw .corpus("the witness of \"\(fault)\" is missing")
        }
        let isOfRule = Fault(rawValue: fault)?.rulesOfWitness.contains(rule) == true
        guard rule.shapes != .none || isOfRule else { continue }
        let instance = try record.instance(carriedTo: rule)
        if [.acceptedLength, .secondLength].contains(record.observable), !rule.hasAcceptedLengthLaw { continue }
        let planned = Int((Double(samples) * plannedFactor).rounded(.up))
        cases.append(PortCase(instance, observable: record.observable, planned: planned))
      }
    }
    return cases
  }

  /// The instance whose decodings are looked at in order: so many sequences, 3¹⁶, that equal ones are copies.
  package static func orderedCase(_ rule: Rule) throws(CertificationError) -> Instance {
    do {
      let pair = try ModelPair.nearEqual()
      return Instance(
        method: rule.method(width: 2, depth: 1), pair: pair, profile: .plain, profileName: "plain",
        length: orderedLength)
    } catch {
      throw .model(place: "the tests of independence", error)
    }
  }

  /// Tokens of a decoding that is looked at in order.
  static let orderedLength = 16

  /// The instance whose requests are repeated: 27 sequences, so that two seeds do not give equal counts by chance.
  package static func replayCase(_ rule: Rule) throws(CertificationError) -> Instance {
    do {
      let pair = try ModelPair.nearEqual()
      return Instance(
        method: rule.method(width: 2, depth: 1), pair: pair, profile: .plain, profileName: "plain", length: 3)
    } catch {
      throw .model(place: "the tests of replay", error)
    }
  }
}
