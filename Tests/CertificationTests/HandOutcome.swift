import SpeculativeDecoding
import Testing

/// A vector's outcome derived by hand, and the derivation.
struct HandOutcome: Sendable, CustomTestStringConvertible {
  let rule: Rule
  let comment: String
  let accepted: [Int]
  let token: Token?
  let used: Int
  let why: String

  init(
    _ rule: Rule, _ comment: String, _ accepted: [Int], _ token: Token?, _ used: Int, _ why: String
  ) {
    (self.rule, self.comment, self.accepted, self.token, self.used, self.why) = (
      rule, comment, accepted, token, used, why
    )
  }

  var testDescription: String { "\(rule.name): \(comment) (\(why))" }
}
