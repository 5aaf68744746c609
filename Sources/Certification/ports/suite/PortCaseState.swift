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
  private var lengths: (names: [Int], test: AnytimeTest)?

  private(set) var counts: [[Token]: Int] = [:]
  private(set) var rounds: [Int: Int]?
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
    message = try SampleMessage(portCase.testCase)
    if let planned = portCase.planned {
      let observableCase = try ObservableCase(
        portCase.observable, on: portCase.proofCase, samples: planned, share: share)
      plannedCase = observableCase
      let law = observableCase.law.filter { $0.value > .zero }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      outcomes = law.map(\.key)
      output = try AnytimeTest(
        law: law.map(\.value.approximation), design: design, place: "case \(portCase.id)")
    } else {
      plannedCase = nil
      // The cells of a planned test are not used: as many decodings as the first look has.
      let plan = try CasePlan(
        portCase.testCase, budget: PortSuite.budget, samples: AnytimeDesign.firstLook)
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
    // Rounds that come with some answers only are of no use.
    if requests.isEmpty {
      rounds = answer.rounds
    } else if let more = answer.rounds, rounds != nil {
      rounds?.merge(more, uniquingKeysWith: +)
    } else {
      rounds = nil
    }
    requests.append(count)
    samples += count
    isLooked = false
  }

  /// Looks at everything so far, and decides what can be decided.
  mutating func look() throws(CertificationError) {
    guard !isLooked, samples > 0 else { return }
    isLooked = true
    let named: [String: Int]
    if portCase.observable == .acceptedLength {
      guard let rounds else {
        (status, reason) = (.notSupported, "the port does not say how many tokens its rounds emit")
        return
      }
      named = Dictionary(uniqueKeysWithValues: rounds.map { (String($0.key), $0.value) })
    } else {
      named = Dictionary(uniqueKeysWithValues: counts.map { (SequenceText.text($0.key), $0.value) })
    }
    let observed = outcomes.map { named[$0] ?? 0 }
    try output.look(at: observed, impossible: samples - observed.reduce(0, +))
    if let plannedCase, samples == plannedCase.samples { planned = try plannedCase.judge(named) }
    if plannedCase == nil, portCase.hasAcceptedLengthLaw, let rounds {
      if lengths == nil {
        let law = try portCase.acceptedLengthLaw(isInterrupted: isInterrupted).filter { $0.value > .zero }
          .sorted { $0.key < $1.key }
        lengths = (
          law.map(\.key),
          try AnytimeTest(
            law: law.map(\.value.approximation), design: design, place: "case \(portCase.id), accepted lengths")
        )
      }
      let observed = lengths?.names.map { rounds[$0] ?? 0 } ?? []
      try lengths?.test.look(at: observed, impossible: samples - observed.reduce(0, +))
    }
    status = decided
  }

  /// What follows from the looks; `nil` where nothing does yet.
  private var decided: PortStatus? {
    if output.verdict == .refused || lengths?.test.verdict == .refused { return .fail }
    if let plannedCase { return samples < plannedCase.samples ? nil : planned.map { PortStatus($0.verdict) } }
    let isLengthOpen = lengths.map { $0.test.verdict != .certified } ?? false
    return output.verdict == .certified && !isLengthOpen ? .pass : nil
  }

  /// What is known of the case, decided or not.
  var record: PortCaseRecord {
    let test = PortTestRecord(output, planned: planned, impossible: impossible(output, counts: outputCounts))
    var record = PortCaseRecord(
      portCase, requests: requests, samples: samples, counts: namedCounts, rounds: namedRounds, status: status,
      reason: reason, failure: failure)
    record.test = test
    if status == .fail, failure == nil {
      let law = Dictionary(uniqueKeysWithValues: zip(outcomes, output.process.law))
      let tested = portCase.observable == .acceptedLength ? namedRounds ?? [:] : namedCounts
      var deviations = PortDeviation.largest(portCase.observable, of: tested, law: law, samples: samples)
      if deviations.isEmpty || output.verdict != .refused, let lengths {
        let law = Dictionary(uniqueKeysWithValues: zip(lengths.names.map(String.init), lengths.test.process.law))
        deviations = PortDeviation.largest(.acceptedLength, of: namedRounds ?? [:], law: law, samples: samples)
      }
      record.deviations = deviations
      record.reason = failedLaw
    }
    if portCase.planned == nil {
      record.acceptedLength = lengths.map {
        PortTestRecord($0.test, planned: nil, impossible: impossible($0.test, counts: lengthCounts))
      }
    }
    return record
  }

  /// Which law was refused, for a person.
  private var failedLaw: String {
    if portCase.observable == .acceptedLength || (output.verdict != .refused && lengths?.test.verdict == .refused) {
      return "the first round emits another number of tokens than the rule's"
    }
    return "the output's law is not the target's"
  }

  private var namedCounts: [String: Int] {
    Dictionary(uniqueKeysWithValues: counts.map { (SequenceText.text($0.key), $0.value) })
  }

  private var namedRounds: [String: Int]? {
    rounds.map { Dictionary(uniqueKeysWithValues: $0.map { (String($0.key), $0.value) }) }
  }

  private var outputCounts: [Int] {
    let named = portCase.observable == .acceptedLength ? namedRounds ?? [:] : namedCounts
    return outcomes.map { named[$0] ?? 0 }
  }

  private var lengthCounts: [Int] { lengths?.names.map { rounds?[$0] ?? 0 } ?? [] }

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
