import Probability
import Testing
import ToyModels

@testable import SpeculativeDecoding

/// The law of the second round's length: composed of single rounds, and by enumerating both.
@Suite struct SecondRoundTests {
  static let methods = Rule.all.flatMap {
    $0.methods([.none, .chain(2), .branching([2]), .rectangle(width: 2, depth: 1)])
  }

  /// Without an end token, with one, and with windows that the first round may fill.
  @Test(arguments: methods, [(1, nil), (2, nil), (4, nil), (4, 1)] as [(Int, Token?)])
  func composedIsJoint(method: DecodingMethod, window: (length: Int, endToken: Token?)) throws {
    for (name, pair) in ExactPairs.all.filter({ $0.0 == "binary" || $0.0 == "zeros" }) {
      let decoder = try Decoder(
        target: pair.target, draft: pair.draft, method: method, endToken: window.endToken)
      let joint = try decoder.jointSecondLengthLaw(
        length: window.length, after: [0], steps: { StandardSteps<Rational>() }, choices: EnumeratedChoices<Rational>())
      let composed = try decoder.secondLengthLaw(
        length: window.length, after: [0], steps: { StandardSteps<Rational>() },
        choices: EnumeratedChoices<Rational>())
      #expect(composed == joint, "\(name)")
      #expect(joint.values.reduce(.zero, +) == .one)
      // 0 is what the first round emits of `length` tokens or more, or up to the end token.
      let first = try decoder.roundLaw(after: [0]).emitted
      let ended = first.filter {
        $0.key.count >= window.length || (window.endToken != nil && $0.key.last == window.endToken)
      }
      #expect(joint[0] ?? .zero == ended.values.reduce(.zero, +))
    }
  }

  @Test func aDecodingOfNothingIsRefused() throws {
    let pair = ExactPairs.binary
    let decoder = try Decoder(target: pair.target, draft: pair.draft, method: .speculative(depth: 1))
    #expect(throws: SpeculativeDecodingError.self) {
      try decoder.secondLengthLaw(
        length: 0, after: [0], steps: { StandardSteps<Rational>() }, choices: EnumeratedChoices<Rational>())
    }
  }
}
