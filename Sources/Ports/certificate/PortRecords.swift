import Certification
import SpeculativeDecoding
import Statistics
import ToyModels

/// The outcome of a test of a port.
package enum PortStatus: String, Hashable, Sendable, Codable, CaseIterable {
  /// As it must be, as far as the test's stated error rates reach.
  case pass
  /// Wrong, but for the stated false-fail rate; or the protocol was broken.
  case fail
  /// Not decided within the time or the decodings; never counted as a pass.
  case inconclusive
  /// The port does not offer it; never counted as a pass.
  case notSupported

  /// The status of a planned test.
  package init(_ verdict: CaseVerdict) {
    switch verdict {
    case .pass: self = .pass
    case .fail: self = .fail
    case .inconclusive: self = .inconclusive
    }
  }
}

/// One law of a case under test.
package struct PortTestRecord: Hashable, Sendable, Codable {
  /// Every look, the last one included.
  package var looks: [AnytimeLook]
  /// Pearson's X² of a witness that was decoded to its end; absent else.
  package var statistic: Double?
  /// Its degrees of freedom.
  package var degreesOfFreedom: Int?
  /// The probability of such an X² or a larger one from a correct decoder.
  package var pValue: Double?
  /// Outcomes of probability 0: one is a failure.
  package var impossible: Int

  init(_ test: AnytimeTest, planned: ObservableRecord?, impossible: Int) {
    looks = test.looks
    statistic = planned?.statistic
    degreesOfFreedom = planned?.degreesOfFreedom
    pValue = planned?.pValue
    self.impossible = impossible
  }

  /// ln e at the last look; 0 before the first.
  package var logEvidence: Double { looks.last?.logEvidence ?? 0 }
  /// The bound on the total variation at the last look; 1 before the first.
  package var totalVariationBound: Double { looks.last?.totalVariationBound ?? 1 }
}

/// One sampled case of a port: the instance, what the port answered, and what follows.
package struct PortCaseRecord: FlatRecord {
  /// The instance.
  package var base: InstanceRecord
  /// The port's answers, and what follows.
  package var own: PortCaseResult

  /// Both parts.
  package init(base: InstanceRecord, own: PortCaseResult) { (self.base, self.own) = (base, own) }

  init(
    _ portCase: PortCase, requests: [Int], samples: Int, counts: [String: Int], rounds: [String: Int]?,
    status: PortStatus?, reason: String?, failure: PortFailure?
  ) {
    base = InstanceRecord(portCase.instance)
    own = PortCaseResult(
      observable: portCase.observable, planned: portCase.planned, requests: requests, samples: samples, counts: counts,
      rounds: rounds, status: status ?? .inconclusive, reason: reason, failure: failure)
  }
}

/// The answers of a port to a case, and what follows.
package struct PortCaseResult: Hashable, Sendable, Codable {
  /// The observable of ``test``: the output, or the accepted lengths.
  package var observable: Observable
  /// Decodings of a witness; absent for a case that goes on until it is decided.
  package var planned: Int?
  /// Decodings of each request, in order; the seeds follow from the suite's.
  package var requests: [Int]
  /// Decodings that were counted.
  package var samples: Int
  /// How often each sequence was emitted; tokens joined by a space.
  package var counts: [String: Int]
  /// How many decodings' first round emitted 1, 2, … tokens; absent where the port does not say.
  package var rounds: [String: Int]?
  /// How many decodings' second round emitted 0 (there was none), 1, 2, … tokens; absent where it is not looked at.
  package var secondRounds: [String: Int]?
  /// The law of the output, or of a witness's observable.
  package var test: PortTestRecord?
  /// The law of the accepted lengths, beside that of the output; absent without `rounds`.
  package var acceptedLength: PortTestRecord?
  /// The law of the second rounds' lengths; absent without `secondRounds`.
  package var secondLength: PortTestRecord?
  /// The status.
  package var status: PortStatus
  /// Why the case was not decided, or not supported; absent else.
  package var reason: String?
  /// How the port broke the protocol; absent where it did not.
  package var failure: PortFailure?
  /// The outcomes that are too frequent and too rare, for a failed law; absent else.
  package var deviations: [PortDeviation]?
}

/// An outcome whose share is another than its law's.
package struct PortDeviation: Hashable, Sendable, Codable {
  /// The observable of the outcome: the output, or the accepted lengths.
  package var observable: Observable
  /// The sequence, tokens joined by a space; or the number of tokens of a round.
  package var outcome: String
  /// How often it occurred.
  package var observed: Int
  /// How often the law has it occur.
  package var expected: Double
}

/// A check beside the sampled laws.
package enum PortCheck: String, Hashable, Sendable, Codable, CaseIterable {
  /// The directed vectors that can be answered.
  case vectors
  /// The directed vectors that must be refused.
  case refusals
  /// Neighbouring decodings of one request, and the same places of two requests.
  case independence
  /// Equal requests, and requests of another seed.
  case replay
}

/// One check of a port.
package struct PortCheckRecord: Hashable, Sendable, Codable {
  /// "check/rule".
  package var id: String
  /// The property that is checked.
  package var check: PortCheck
  /// The rule's name in the protocol.
  package var rule: String
  /// How often each outcome occurred; pairs of decodings as "first | second".
  package var counts: [String: Int]
  /// Pairs of the same places of two requests, for independence.
  package var pairsOfRequests: [String: Int]?
  /// All decodings in order, at every lag, for independence.
  var dependence: PortDependence?
  /// The p-values of the two tables, and of what ``dependence`` holds, for independence.
  package var pValues: [Double]?
  /// The status.
  package var status: PortStatus
  /// Why; absent for a pass.
  package var reason: String?
  /// How the port broke the protocol; absent where it did not.
  package var failure: PortFailure?
  /// The vectors that came out otherwise, the first ten.
  package var differences: [PortVectorDifference]?
  /// The known defects that answer all vectors as the port did; absent where none came out otherwise.
  package var diagnosis: PortDiagnosis?
}

/// A directed vector that came out otherwise.
package struct PortVectorDifference: Hashable, Sendable, Codable {
  /// The vector's number.
  package var tcId: Int
  /// The vector's comment.
  package var comment: String
  /// The vector's outcome.
  package var expected: String
  /// The port's answer.
  package var got: String
}
