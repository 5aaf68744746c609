import Foundation
import SpeculativeDecoding
import Statistics

/// One check of a port, before anything is asked.
public struct PortCheckPlan: Sendable {
  /// What is looked at.
  public var check: PortCheck
  /// The rule's name in the protocol.
  public var rule: String

  /// A check.
  public init(_ check: PortCheck, rule: String) { (self.check, self.rule) = (check, rule) }

  /// "check/rule".
  public var id: String { "\(check.rawValue)/\(rule)" }

  /// Pairs of decodings for independence: two that share a stream are equal, w ≥ 1, and are not missed in 10³⁰⁰ runs.
  static let pairs = 8000
  /// Decodings of a request that is repeated.
  static let replayed = 2000

  /// The checks of every rule.
  public static var all: [PortCheckPlan] {
    PortProtocol.rules.flatMap { rule in
      PortCheck.allCases.filter { check in
        VerificationRule(rawValue: rule) != nil || (check != .vectors && check != .refusals)
      }.map { PortCheckPlan($0, rule: rule) }
    }
  }

  func record(_ status: PortStatus, reason: String? = nil) -> PortCheckRecord {
    PortCheckRecord(id: id, check: check, rule: rule, counts: [:], status: status, reason: reason)
  }

  /// The record of a check that the hello does not offer; `nil` where it does.
  func notOffered(by hello: PortHello) -> PortCheckRecord? {
    let operation = check == .vectors || check == .refusals ? "verify" : "sample"
    if !hello.rules.contains(rule) {
      return record(.notSupported, reason: "the port does not declare the rule \(rule)")
    }
    if !hello.ops.contains(operation) {
      return record(.notSupported, reason: "the port does not declare the operation \(operation)")
    }
    return nil
  }

  /// Asks the port.
  ///
  /// - Throws: ``CertificationError`` where a case of ours is none; never for what the port does.
  func run(
    _ session: PortSession, hello: PortHello, seed: UInt64, isOver: () -> Bool
  ) throws(CertificationError) -> PortCheckRecord {
    switch check {
    case .vectors, .refusals: return try runVectors(session, hello: hello, isOver: isOver)
    case .replay:
      guard let testCase = try PortSuite.replayCase(rule) else { return record(.notSupported) }
      return try runReplay(PortCase(testCase), session, seed: seed)
    case .independence:
      guard let testCase = try PortSuite.orderedCase(rule) else { return record(.notSupported) }
      return try runIndependence(PortCase(testCase), session, seed: seed, isOver: isOver)
    }
  }
}

extension PortCheckPlan {
  /// Why a request of ours was not answered with a sample; `nil` where it was.
  private func refused(_ answer: PortAnswer) -> PortCheckRecord? {
    guard let status = answer.status, status != "ok" else { return nil }
    let words = "the port answers \(status.prefix(40)): \((answer.reason ?? "no reason").prefix(300))"
    return record(status == "notSupported" ? .notSupported : .fail, reason: words)
  }

  /// The one known defect that such a check shows.
  private func diagnosis(_ defect: String) -> PortDiagnosis {
    PortDiagnosis(rule: rule, compared: [id], candidates: [.init(defects: [defect], fits: true)])
  }

  private func failed(_ failure: PortFailure) -> PortCheckRecord {
    var record = record(.fail, reason: failure.reason)
    record.failure = failure
    return record
  }

  /// Equal requests give equal answers, and another seed another: certain, so that there is no p-value.
  private func runReplay(
    _ portCase: PortCase, _ session: PortSession, seed: UInt64
  ) throws(CertificationError) -> PortCheckRecord {
    let message = try SampleMessage(portCase.testCase)
    var answers: [SampleAnswer] = []
    var count = PortPace.first
    do throws(PortFailure) {
      // The first answer tells the port's speed, so that a slow one is asked for less.
      let begin = ContinuousClock.now
      for (index, number) in [0, 1, 1, 2].enumerated() {
        let requestSeed = portCase.seed(ofRequest: number, suiteSeed: seed)
        let answer = try session.ask(limit: message.answerLimit(count: count)) {
          message.text(id: $0, count: count, seed: requestSeed)
        }
        if let record = refused(answer) { return record }
        do throws(PortFailure) {
          answers.append(try SampleAnswer(answer, to: message, count: count, ordered: false))
        } catch {
          throw session.abandon(error)
        }
        if index == 0 {
          let rate = Double(count) / max(begin.duration(to: .now) / .seconds(1), 1e-6)
          count = min(Self.replayed, max(50, Int(rate * PortPace.seconds)))
        }
      }
    } catch {
      return failed(error)
    }
    let isSame = answers[1].sequences == answers[2].sequences && answers[1].rounds == answers[2].rounds
    let isOther = answers[1].sequences != answers[3].sequences
    var record = record(isSame && isOther ? .pass : .fail)
    record.counts = [
      "same seed, same decodings": isSame ? 1 : 0, "other seed, other decodings": isOther ? 1 : 0,
    ]
    if !isSame {
      record.reason = "two equal requests got different answers: the seed does not determine the decodings"
    } else if !isOther {
      record.reason = "requests of two seeds got equal answers: the seed is ignored"
      record.diagnosis = diagnosis("seed-ignored")
    }
    return record
  }

  /// Neighbouring decodings of a request, and the same places of two requests, as contingency tables.
  private func runIndependence(
    _ portCase: PortCase, _ session: PortSession, seed: UInt64, isOver: () -> Bool
  ) throws(CertificationError) -> PortCheckRecord {
    let message = try SampleMessage(portCase.testCase)
    var (within, between) = (PairTable(), PairTable())
    var number = 0
    var rate: Double?
    while within.total < Self.pairs {
      if isOver() { return record(.inconclusive, reason: "the run ended before (--budget, or Ctrl-C)") }
      let size = rate.map { max(2, min(Self.pairs, Int($0 * PortPace.seconds)) & ~1) } ?? PortPace.first
      let count = min(size, (Self.pairs - within.total + 1) & ~1)
      var lists: [[[Token]]] = []
      let begin = ContinuousClock.now
      do throws(PortFailure) {
        for _ in 0..<2 {
          let requestSeed = portCase.seed(ofRequest: number, suiteSeed: seed)
          number += 1
          let answer = try session.ask(limit: message.answerLimit(count: count)) {
            message.text(id: $0, count: count, seed: requestSeed, ordered: true)
          }
          if let record = refused(answer) { return record }
          if answer.sequences == nil {
            return record(.notSupported, reason: "the port gives no \"sequences\" for \"ordered\"")
          }
          do throws(PortFailure) {
            lists.append(try SampleAnswer(answer, to: message, count: count, ordered: true).ordered)
          } catch {
            throw session.abandon(error)
          }
        }
      } catch {
        return failed(error)
      }
      rate = 2 * Double(count) / max(begin.duration(to: .now) / .seconds(1), 1e-6)
      for list in lists {
        for index in stride(from: 0, to: count, by: 2) { within.add(list[index], list[index + 1]) }
      }
      for (first, second) in zip(lists[0], lists[1]) { between.add(first, second) }
    }
    return try judged(within, between)
  }

  /// What two tables of pairs say.
  func judged(_ within: PairTable, _ between: PairTable) throws(CertificationError) -> PortCheckRecord {
    do {
      let share = PortSuite.budget.nominalShare
      let first = try ObservableCase.judge(within.table, share: share)
      let second = try ObservableCase.judge(between.table, share: share)
      let verdicts = [first.verdict, second.verdict]
      let status: PortStatus =
        verdicts.contains(.fail) ? .fail : verdicts.contains(.inconclusive) ? .inconclusive : .pass
      var record = record(status)
      record.counts = within.counts
      record.pairsOfRequests = between.counts
      record.pValues = [first.result.pValue, second.result.pValue]
      let isSeedIgnored = second.verdict == .fail && between.areEqual
      if isSeedIgnored {
        record.reason = "requests of two seeds got equal answers: the seed is ignored"
      } else if first.verdict == .fail {
        record.reason = "neighbouring decodings of one request depend on each other: do they share random numbers?"
      } else if second.verdict == .fail {
        record.reason = "the same places of two requests depend on each other: do seeds give overlapping streams?"
      }
      if status == .fail {
        record.diagnosis = diagnosis(isSeedIgnored ? "seed-ignored" : "shared-stream")
      } else if status == .inconclusive {
        record.reason = "all decodings are equal: nothing can depend on anything"
      }
      return record
    } catch {
      throw .statistics(place: id, error)
    }
  }
}

/// Pairs of sequences, counted.
struct PairTable: Sendable {
  private(set) var counts: [String: Int] = [:]
  private(set) var total = 0

  init() {}

  /// The table of stated counts; `nil` where they are none of pairs.
  init?(_ counts: [String: Int]) {
    for (key, count) in counts {
      guard count >= 0, key.components(separatedBy: " | ").count == 2, count <= CertificateCheck.maximumSamples else {
        return nil
      }
      total += count
    }
    self.counts = counts
  }

  /// Whether both of every pair are the same sequence.
  var areEqual: Bool {
    counts.keys.allSatisfy { key in
      let pair = key.components(separatedBy: " | ")
      return pair[0] == pair[1]
    }
  }

  mutating func add(_ first: [Token], _ second: [Token]) {
    counts["\(SequenceText.text(first)) | \(SequenceText.text(second))", default: 0] += 1
    total += 1
  }

  /// Rows are the first of a pair, columns the second, in the order of their texts.
  var table: [[Int]] {
    let pairs = counts.map { ($0.key.components(separatedBy: " | "), $0.value) }
    let names = Set(pairs.flatMap(\.0)).sorted()
    let indices = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    var table = [[Int]](repeating: [Int](repeating: 0, count: names.count), count: names.count)
    for (names, count) in pairs { table[indices[names[0]] ?? 0][indices[names[1]] ?? 0] += count }
    return table
  }
}
