import Certification
import Foundation
import SpeculativeDecoding
import Statistics

/// One check of a port, before anything is asked.
package struct PortCheckPlan: Sendable {
  /// The property that is checked.
  package var check: PortCheck
  /// The rule.
  package var rule: Rule

  /// A check.
  package init(_ check: PortCheck, rule: Rule) { (self.check, self.rule) = (check, rule) }

  /// "check/rule".
  package var id: String { "\(check.rawValue)/\(rule)" }

  /// Pairs of decodings for independence: two that share a stream are equal, w ≥ 1, and are not missed in 10³⁰⁰ runs.
  package static let pairs = 8000
  /// Tokens of a decoding that the tables of pairs and the lags of either sign look at.
  static let headLength = 2
  /// Decodings of a request that is repeated.
  package static let replayed = 2000

  /// The checks of every rule.
  package static var all: [PortCheckPlan] {
    Rule.all.flatMap { rule in
      PortCheck.allCases.filter { check in
        rule.verifiesGivenTrees || (check != .vectors && check != .refusals)
      }.map { PortCheckPlan($0, rule: rule) }
    }
  }

  func record(_ status: PortStatus, reason: String? = nil) -> PortCheckRecord {
    PortCheckRecord(id: id, check: check, rule: rule.name, counts: [:], status: status, reason: reason)
  }

  /// The record of a check that the hello does not offer; `nil` where it does.
  func notOffered(by hello: PortHello) -> PortCheckRecord? {
    let operation = check == .vectors || check == .refusals ? "verify" : "sample"
    if !hello.rules.contains(rule.name) {
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
      return try runReplay(PortCase(PortSuite.replayCase(rule)), session, seed: seed)
    case .independence:
      return try runIndependence(PortCase(PortSuite.orderedCase(rule)), session, seed: seed, isOver: isOver)
    }
  }
}

extension PortCheckPlan {
  /// Why a request of ours was not answered with a sample; `nil` where it was.
  func refused(_ answer: PortAnswer) -> PortCheckRecord? {
    guard let status = answer.status, status != "ok" else { return nil }
    let words = "the port answers \(status.prefix(40)): \((answer.reason ?? "no reason").prefix(300))"
    return record(status == "notSupported" ? .notSupported : .fail, reason: words)
  }

  /// The one known defect that such a check shows.
  func diagnosis(_ defect: String) -> PortDiagnosis {
    PortDiagnosis(rule: rule.name, compared: [id], candidates: [.init(defects: [defect], fits: true)])
  }

  func failed(_ failure: PortFailure) -> PortCheckRecord {
    var record = record(.fail, reason: failure.reason)
    record.failure = failure
    return record
  }

  /// Equal requests give equal answers, and another seed another: certain, so that there is no p-value.
  private func runReplay(
    _ portCase: PortCase, _ session: PortSession, seed: UInt64
  ) throws(CertificationError) -> PortCheckRecord {
    let message = try SampleMessage(portCase.instance)
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
}
