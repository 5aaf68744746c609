import Certification
import Probability
import SpeculativeDecoding
import Statistics
import ToyModels

/// A port's case on its way to a status: what was asked and counted so far, and what each look showed.
struct PortCaseState: Sendable {
  let portCase: PortCase
  let message: SampleMessage
  let design: AnytimeDesign
  /// The tested outcomes in the order of the law.
  private let outcomes: [String]
  private(set) var output: AnytimeTest
  /// The planned test of a witness.
  private let plannedCase: ObservableCase?
  private(set) var planned: ObservableRecord?
  private var lengths: PortLengths?
  private var secondLengths: PortLengths?

  private(set) var counts: [[Token]: Int] = [:]
  private(set) var rounds: [Int: Int]?
  private(set) var secondRounds: [Int: Int]?
  private(set) var requests: [Int] = []
  private(set) var samples = 0
  private var isLooked = true
  var status: PortStatus?
  var reason: String?
  var failure: PortFailure?
  /// Decodings a second at the last request; `nil` before.
  var rate: Double?

  /// Asked while a law is enumerated; once true, the look is not taken.
  var isInterrupted: @Sendable () -> Bool = { false }

  init(_ portCase: PortCase, design: AnytimeDesign, share: Double) throws(CertificationError) {
    self.portCase = portCase
    self.design = design
    message = try SampleMessage(portCase.instance)
    if let planned = portCase.planned {
      let observableCase = try ObservableCase(
        portCase.observable, on: portCase.instance, samples: planned, share: share)
      plannedCase = observableCase
      let law = observableCase.law.filter { $0.value > .zero }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      outcomes = law.map(\.key)
      output = try AnytimeTest(
        law: law.map(\.value.approximation), design: design, place: "case \(portCase.id)")
    } else {
      plannedCase = nil
      // The cells of a planned test are not used: as many decodings as the first look has.
      let plan = try CasePlan(
        portCase.instance, budget: PortSuite.budget, samples: AnytimeDesign.firstLook)
      outcomes = plan.law.sequences.map(SequenceText.text)
      output = try AnytimeTest(law: plan.law.probabilities, design: design, place: "case \(portCase.id)")
    }
  }

  /// Decodings at which to look next; `nil` at the last look, or once decided.
  var nextLook: Int? {
    guard status == nil else { return nil }
    let next = design.looks.first { $0 > samples }
    if let planned = plannedCase?.samples { return samples < planned ? min(next ?? planned, planned) : nil }
    return next
  }

  /// Adds the answer to a request.
  mutating func add(_ answer: SampleAnswer, count: Int) {
    counts.merge(answer.sequences, uniquingKeysWith: +)
    rounds = merged(rounds, answer.rounds)
    secondRounds = merged(secondRounds, answer.secondRounds)
    requests.append(count)
    samples += count
    isLooked = false
  }

  /// Rounds that come with some answers only are of no use.
  private func merged(_ known: [Int: Int]?, _ more: [Int: Int]?) -> [Int: Int]? {
    if requests.isEmpty { return more }
    guard let known, let more else { return nil }
    return known.merging(more, uniquingKeysWith: +)
  }

  /// Looks at everything so far, and decides what can be decided.
  mutating func look() throws(CertificationError) {
    guard !isLooked, samples > 0 else { return }
    isLooked = true
    guard let named = tested else {
      (status, reason) = (.notSupported, "the port does not say how many tokens its rounds emit")
      if portCase.observable == .secondLength { reason = PortReport.noSecondRounds }
      return
    }
    let observed = outcomes.map { named[$0] ?? 0 }
    try output.look(at: observed, impossible: samples - observed.reduce(0, +))
    if let plannedCase, samples == plannedCase.samples { planned = try plannedCase.judge(named) }
    if plannedCase == nil, portCase.rule.hasAcceptedLengthLaw, let rounds {
      if lengths == nil {
        lengths = try PortLengths(
          portCase.acceptedLengthLaw(isInterrupted: isInterrupted), design: design,
          place: "case \(portCase.id), accepted lengths")
      }
      try lengths?.look(at: rounds, samples: samples)
    }
    if plannedCase == nil, portCase.testsSecondRounds, let secondRounds {
      if secondLengths == nil {
        secondLengths = try PortLengths(
          portCase.secondLengthLaw(isInterrupted: isInterrupted), design: design,
          place: "case \(portCase.id), second rounds")
      }
      try secondLengths?.look(at: secondRounds, samples: samples)
    }
    status = decided
  }

  /// The status that follows from the looks; `nil` where none does yet.
  private var decided: PortStatus? {
    let besides = [lengths, secondLengths].compactMap { $0?.test.verdict }
    if output.verdict == .refused || besides.contains(.refused) { return .fail }
    if let plannedCase { return samples < plannedCase.samples ? nil : planned.map { PortStatus($0.verdict) } }
    return output.verdict == .certified && besides.allSatisfy { $0 == .certified } ? .pass : nil
  }

  /// The record of the case, decided or not.
  var record: PortCaseRecord {
    let test = PortTestRecord(output, planned: planned, impossible: impossible(output, counts: outputCounts))
    var record = PortCaseRecord(
      portCase, requests: requests, samples: samples, counts: namedCounts, rounds: Self.named(rounds), status: status,
      reason: reason, failure: failure)
    record.test = test
    if portCase.testsSecondRounds || portCase.observable == .secondLength {
      record.secondRounds = Self.named(secondRounds)
    }
    if status == .fail, failure == nil {
      record.deviations = deviations
      record.reason = failedLaw
    }
    if portCase.planned == nil {
      record.acceptedLength = lengths?.record(of: rounds ?? [:], samples: samples)
      record.secondLength = secondLengths?.record(of: secondRounds ?? [:], samples: samples)
    }
    return record
  }

  /// The outcomes that are furthest from the law that was refused.
  private var deviations: [PortDeviation] {
    let law = Dictionary(uniqueKeysWithValues: zip(outcomes, output.process.law))
    var deviations = PortDeviation.largest(portCase.observable, of: tested ?? [:], law: law, samples: samples)
    for (observable, besides, counts) in [
      (Observable.acceptedLength, lengths, rounds), (.secondLength, secondLengths, secondRounds),
    ] {
      guard let besides, besides.test.verdict == .refused, deviations.isEmpty || output.verdict != .refused else {
        continue
      }
      deviations = PortDeviation.largest(
        observable, of: Self.named(counts) ?? [:], law: besides.law, samples: samples)
    }
    return deviations
  }

  /// Which law was refused, for a person.
  private var failedLaw: String {
    if portCase.observable == .acceptedLength || (output.verdict != .refused && lengths?.test.verdict == .refused) {
      return "the first round emits another number of tokens than the rule's"
    }
    if portCase.observable == .secondLength || (output.verdict != .refused && secondLengths?.test.verdict == .refused) {
      return "the second round emits another number of tokens than the rule's"
    }
    return "the output's counts are not those of the target's law"
  }

  private var namedCounts: [String: Int] {
    Dictionary(uniqueKeysWithValues: counts.map { (SequenceText.text($0.key), $0.value) })
  }

  private static func named(_ rounds: [Int: Int]?) -> [String: Int]? {
    rounds.map { Dictionary(uniqueKeysWithValues: $0.map { (String($0.key), $0.value) }) }
  }

  /// The counts of what is looked at first; `nil` where the port does not give them.
  private var tested: [String: Int]? {
    switch portCase.observable {
    case .acceptedLength: Self.named(rounds)
    case .secondLength: Self.named(secondRounds)
    default: namedCounts
    }
  }

  private var outputCounts: [Int] { outcomes.map { tested?[$0] ?? 0 } }

  private func impossible(_ test: AnytimeTest, counts: [Int]) -> Int {
    test.looks.isEmpty ? 0 : samples - counts.reduce(0, +)
  }
}

extension PortCaseState {
  /// Takes a refusal over: what a port does not support is no failure, anything else it may not refuse.
  mutating func refuse(_ status: String, _ reason: String?) throws(PortFailure) {
    let words = reason.map { ": \($0.prefix(300))" } ?? ""
    guard status == "notSupported" else {
      throw PortFailure(
        .wrongAnswer, "the port refused a valid request with the status \"\(status.prefix(40))\"\(words)")
    }
    (self.status, self.reason) = (.notSupported, "the port answers notSupported\(words)")
  }

  /// The case has failed by what the port did.
  mutating func fail(_ failure: PortFailure) {
    (status, self.failure, reason) = (.fail, failure, failure.reason)
  }
}
