import Probability
import SpeculativeDecoding
import ToyModels

/// The tests that stand beside the default suite's cases: the covering witnesses, those that every rule is tested on,
/// independence and replay.
///
/// Production must pass on the very instances on which the known defects show.
package enum ObservableSuite {
  /// The tests, in order.
  ///
  /// - Parameter share: the nominal significance of each.
  /// - Throws: ``CertificationError``, if a witness were no case.
  package static func cases(share: Double) throws(CertificationError) -> [ObservableCase] {
    let fixture = try WitnessFixture.embedded()
    var cases = try fixture.coveringCases(share: share).map(\.observableCase)
    cases += try fixture.casesOfEveryRule(share: share)
    let ordered = try orderedCase()
    cases.append(try ObservableCase(.independence, on: ordered, share: share))
    cases.append(try ObservableCase(.replay, on: ordered, share: share))
    return cases
  }

  /// The case whose decodings are looked at in order.
  static func orderedCase() throws(CertificationError) -> Instance {
    do {
      return Instance(method: .rsdC(branching: [2]), pair: try ModelPair.binary(), length: 2)
    } catch {
      throw .model(place: "the tests of independence", error)
    }
  }
}
