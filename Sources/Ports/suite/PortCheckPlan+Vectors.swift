import Certification
import Foundation
import SpeculativeDecoding

extension PortCheckPlan {
  /// After so many broken answers the rest of the vectors is not sent.
  private static let mostFailures = 3

  /// Sends the directed vectors of the rule, those that its uniforms can hold.
  func runVectors(
    _ session: PortSession, hello: PortHello, isOver: () -> Bool
  ) throws(CertificationError) -> PortCheckRecord {
    let file = try VectorGenerator.file(of: rule)
    let wanted: DirectedVector.Result = check == .vectors ? .valid : .invalid
    let bits = hello.uniformBits ?? 24
    var counts = ["as stated": 0, "otherwise": 0, "not sent": 0]
    var differences: [PortVectorDifference] = []
    var failures: [PortFailure] = []
    var refusals = 0
    var answers: [(vector: DirectedVector, given: DirectedVector.Expectation?)] = []
    for test in file.tests where test.result == wanted {
      if test.uniformBits > bits || failures.count >= Self.mostFailures || isOver() {
        counts["not sent", default: 0] += 1
        continue
      }
      let got: String?
      do throws(PortFailure) {
        let answer = try session.ask(limit: PortConnection.plainLimit) { Self.text(of: test.request, id: $0) }
        if answer.status == "notSupported" { refusals += 1 }
        got = Self.difference(answer, from: test)
        answers.append((test, Self.expectation(answer)))
      } catch {
        failures.append(error)
        got = "nothing: \(error.reason)"
        answers.append((test, nil))
      }
      counts[got == nil ? "as stated" : "otherwise", default: 0] += 1
      if let got {
        differences.append(
          PortVectorDifference(
            tcId: test.tcId, comment: test.comment, expected: test.expected.map(Self.text(of:)) ?? "a refusal", got: got
          ))
      }
    }
    let sent = counts["as stated", default: 0] + counts["otherwise", default: 0]
    if check == .vectors, refusals > 0, refusals == sent {
      return record(.notSupported, reason: "the port answers notSupported to every vector")
    }
    var record = record(differences.isEmpty ? (sent == 0 ? .notSupported : .pass) : .fail)
    record.counts = counts
    record.failure = failures.first
    if !differences.isEmpty {
      record.differences = Array(differences.prefix(10))
      if check == .vectors {
        record.diagnosis = PortDiagnostician.diagnosis(ofVectors: answers, rule: rule.name)
      }
      record.reason =
        check == .vectors
        ? "\(differences.count) of \(sent) vectors come out otherwise"
        : "\(differences.count) of \(sent) requests that must be refused are answered"
    } else if isOver() {
      record.status = .inconclusive
      record.reason = "the run ended before all vectors were sent (--budget, or Ctrl-C)"
    }
    return record
  }

  /// The difference between a port's answer and a vector; `nil` where they agree.
  private static func difference(_ answer: PortAnswer, from test: DirectedVector) -> String? {
    if let status = answer.status, status != "ok" {
      return test.result == .invalid ? nil : "\(status.prefix(40)): \((answer.reason ?? "").prefix(200))"
    }
    guard let given = expectation(answer) else { return "an answer without \"accepted\" and \"used\"" }
    return given == test.expected ? nil : text(of: given)
  }

  /// A port's answer; `nil` for a refusal, or an answer that lacks something.
  private static func expectation(_ answer: PortAnswer) -> DirectedVector.Expectation? {
    guard answer.status ?? "ok" == "ok", let accepted = answer.accepted, let used = answer.used else { return nil }
    return .init(VerificationOutcome(accepted: accepted, token: answer.token, used: used))
  }

  private static func text(of outcome: DirectedVector.Expectation) -> String {
    "accepted \(outcome.accepted), token \(outcome.token.map(String.init) ?? "null"), used \(outcome.used)"
  }

  /// A vector's request as a line of the protocol.
  static func text(of request: VectorRequest, id: Int) -> String {
    let body = (try? StableJSON.encodeCompactly(request)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    return "{\"op\":\"verify\",\"id\":\(id)," + body.trimmingCharacters(in: .whitespacesAndNewlines).dropFirst()
  }
}
