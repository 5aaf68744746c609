import Certification
import Foundation
import SpeculativeDecoding

extension PortServer {
  private struct RoundAnswer: Encodable {
    var id: Int
    var accepted: [Int]
    var token: Token?
    var used: Int

    private enum Key: String, CodingKey { case id, accepted, token, used }

    func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: Key.self)
      try values.encode(id, forKey: .id)
      try values.encode(accepted, forKey: .accepted)
      // Null after an accepted end token.
      try values.encode(token, forKey: .token)
      try values.encode(used, forKey: .used)
    }
  }

  func verify(_ data: Data, id: Int) throws -> String {
    let request = try JSONDecoder().decode(VectorRequest.self, from: data)
    if let rule = Rule.named(request.rule), !rule.verifiesGivenTrees {
      throw Refusal.notSupported("\(request.rule) is not offered for verify")
    }
    let checked = try request.checked()
    let outcome: VerificationOutcome
    if let boundary = defect?.boundary {
      outcome = try checked.outcome(under: boundary)
    } else if let defect {
      outcome = try checked.outcome(under: defect.fault)
    } else {
      outcome = try checked.outcome()
    }
    return Self.text(RoundAnswer(id: id, accepted: outcome.accepted, token: outcome.token, used: outcome.used))
  }
}
