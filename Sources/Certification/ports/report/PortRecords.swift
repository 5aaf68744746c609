import SpeculativeDecoding
import Statistics
import ToyModels

/// What a test of a port came to.
public enum PortStatus: String, Hashable, Sendable, Codable, CaseIterable {
  /// As it must be, as far as the test's stated error rates reach.
  case pass
  /// Wrong, but for the stated false-fail rate; or the protocol was broken.
  case fail
  /// Not decided within the time or the decodings; never counted as a pass.
  case inconclusive
  /// The port does not offer it; never counted as a pass.
  case notSupported

  /// The status of a planned test.
  public init(_ verdict: CaseVerdict) {
    switch verdict {
    case .pass: self = .pass
    case .fail: self = .fail
    case .inconclusive: self = .inconclusive
    }
  }
}

/// One law of a case under test.
public struct PortTestRecord: Hashable, Sendable, Codable {
  /// Every look, the last one included.
  public var looks: [AnytimeLook]
  /// Pearson's X² of a witness that was decoded to its end; absent else.
  public var statistic: Double?
  /// Its degrees of freedom.
  public var degreesOfFreedom: Int?
  /// The probability of such an X² or a larger one from a correct decoder.
  public var pValue: Double?
  /// Outcomes of probability 0: one is a failure.
  public var impossible: Int

  init(_ test: AnytimeTest, planned: ObservableRecord?, impossible: Int) {
    looks = test.looks
    statistic = planned?.statistic
    degreesOfFreedom = planned?.degreesOfFreedom
    pValue = planned?.pValue
    self.impossible = impossible
  }

  /// ln e at the last look; 0 before the first.
  public var logEvidence: Double { looks.last?.logEvidence ?? 0 }
  /// The bound on the total variation at the last look; 1 before the first.
  public var totalVariationBound: Double { looks.last?.totalVariationBound ?? 1 }
}

/// One sampled case of a port.
public struct PortCaseRecord: Hashable, Sendable, Codable {
  /// "rule/shape/pair/profile".
  public var id: String
  /// What ``test`` looks at: the output, or the accepted lengths.
  public var observable: Observable
  /// The rule's name in the protocol.
  public var rule: String
  /// Branching factors (SpecInfer, RSD-C).
  public var branching: [Int]?
  /// Sequences or beam width (SpecTr, RSD-S).
  public var width: Int?
  /// Draft length (SD, SpecTr, RSD-S).
  public var depth: Int?
  /// The target.
  public var target: ModelDocument
  /// The draft.
  public var draft: ModelDocument
  /// The tokens decoded from.
  public var prompt: [Token]
  /// What shaped both laws.
  public var profile: ProfileRecord
  /// The token after which a sequence stops; absent for none.
  public var endToken: Token?
  /// Tokens tested jointly.
  public var length: Int
  /// Decodings of a witness; absent for a case that goes on until it is decided.
  public var planned: Int?
  /// Decodings of each request, in order; the seeds follow from the suite's.
  public var requests: [Int]
  /// Decodings that were counted.
  public var samples: Int
  /// How often each sequence was emitted; tokens joined by a space.
  public var counts: [String: Int]
  /// How many decodings' first round emitted 1, 2, … tokens; absent where the port does not say.
  public var rounds: [String: Int]?
  /// How many decodings' second round emitted 0 (there was none), 1, 2, … tokens; absent where it is not looked at.
  public var secondRounds: [String: Int]?
  /// The law of the output, or of a witness's observable.
  public var test: PortTestRecord?
  /// The law of the accepted lengths, beside that of the output; absent without `rounds`.
  public var acceptedLength: PortTestRecord?
  /// The law of the second rounds' lengths; absent without `secondRounds`.
  public var secondLength: PortTestRecord?
  /// What follows.
  public var status: PortStatus
  /// Why the case was not decided, or not supported; absent else.
  public var reason: String?
  /// How the port broke the protocol; absent where it did not.
  public var failure: PortFailure?
  /// What is too frequent and too rare, for a failed law; absent else.
  public var deviations: [PortDeviation]?

  init(
    _ portCase: PortCase, requests: [Int], samples: Int, counts: [String: Int], rounds: [String: Int]?,
    status: PortStatus?, reason: String?, failure: PortFailure?
  ) {
    let instance = portCase.instance
    id = instance.id
    observable = portCase.observable
    rule = instance.method.rule.name
    branching = instance.method.shape.branchingParameter
    width = instance.method.shape.widthParameter
    depth = instance.method.shape.depthParameter
    target = instance.pair.target
    draft = instance.pair.draft
    prompt = instance.pair.prompt
    profile = ProfileRecord(instance.profile)
    endToken = instance.endToken
    length = instance.length
    planned = portCase.planned
    self.requests = requests
    self.samples = samples
    self.counts = counts
    self.rounds = rounds
    self.status = status ?? .inconclusive
    self.reason = reason
    self.failure = failure
  }
}

/// An outcome whose share is another than its law's.
public struct PortDeviation: Hashable, Sendable, Codable {
  /// What the outcome is of: the output, or the accepted lengths.
  public var observable: Observable
  /// The sequence, tokens joined by a space; or the number of tokens of a round.
  public var outcome: String
  /// How often it occurred.
  public var observed: Int
  /// How often the law has it occur.
  public var expected: Double
}

/// What a check beside the sampled laws looks at.
public enum PortCheck: String, Hashable, Sendable, Codable, CaseIterable {
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
public struct PortCheckRecord: Hashable, Sendable, Codable {
  /// "check/rule".
  public var id: String
  /// What was looked at.
  public var check: PortCheck
  /// The rule's name in the protocol.
  public var rule: String
  /// How often each outcome occurred; pairs of decodings as "first | second".
  public var counts: [String: Int]
  /// Pairs of the same places of two requests, for independence.
  public var pairsOfRequests: [String: Int]?
  /// All decodings in order, at every lag, for independence.
  var dependence: PortDependence?
  /// The p-values of the two tables, and of what ``dependence`` holds, for independence.
  public var pValues: [Double]?
  /// What follows.
  public var status: PortStatus
  /// Why; absent for a pass.
  public var reason: String?
  /// How the port broke the protocol; absent where it did not.
  public var failure: PortFailure?
  /// The vectors that came out otherwise, the first ten.
  public var differences: [PortVectorDifference]?
  /// What answers all vectors as the port did; absent where none came out otherwise.
  public var diagnosis: PortDiagnosis?
}

/// A directed vector that came out otherwise.
public struct PortVectorDifference: Hashable, Sendable, Codable {
  /// The vector's number.
  public var tcId: Int
  /// What it tests.
  public var comment: String
  /// What it says.
  public var expected: String
  /// What the port answered.
  public var got: String
}
