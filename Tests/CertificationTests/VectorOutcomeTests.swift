import Certification
import SpeculativeDecoding
import Testing

@Suite struct VectorOutcomeTests {
  static let acceptance: [HandOutcome] = [
    .init(
      .speculative, "q/p = 0.5: u on the threshold is a rejection, the test is strict", [], 2, 2,
      "1/2 · 1/2 is not below 1/4; q - p is positive at 2 only"),
    .init(
      .rsdS, "q/p = 0.5: u one step of 2^-24 below the threshold is accepted", [0], 0, 2,
      "u·p < 1/4; the bonus law is (1/2, 1/4, 1/4), 0.3125 < 1/2"),
    .init(
      .rsdC, "q/p = 0.5: u one step of 2^-24 above the threshold is rejected", [], 2, 2, "u·p > 1/4"),
    .init(
      .specInfer, "q/p = 0.25: u one step of 2^-53 below the threshold is accepted", [0], 0, 2, "u·p < q by 2^-54"),
    .init(
      .speculative, "q/p = 0.75: u on the threshold is a rejection, the test is strict", [], 2, 2,
      "3/4 · 1/4 = 3/16 = q"),
    .init(
      .speculative, "q = 0 is rejected at u = 0", [], 2, 2,
      "0 < 0 is false; (q - p)+ = (0, 0, 1/2)"),
    .init(
      .rsdC, "q = 0 at the second level is rejected at u = 0; the first stays accepted", [0], 0, 3,
      "level 1: 1/8 < 1/2; level 2: 0 < 0 is false; (q - p)+ = (1/4, 1/4, 0), 0.3125 < 1/2"),
    .init(
      .speculative, "q = 2^-24 is accepted at u = 0", [0], 0, 2, "0 < 2^-24"),
    .init(
      .speculative, "q = 2^-24, p = 1/2 is rejected at u = 2^-23, its threshold", [], 2, 2,
      "2^-23 / 2 = 2^-24 is not below 2^-24; 1/2 is left on 2"),
    .init(
      .rsdS, "every sibling has q = 0: none is accepted at u = 0, one uniform each", [], 3, 4,
      "three tests, one draw; the target has token 3 only"),
    .init(.speculative, "q > p is accepted at u = 1 - 2^-24", [0], 0, 2, "u/4 < 1/4 < 1/2"),
    .init(.specInfer, "p = q is accepted at u = 1 - 2^-53", [0], 0, 2, "u < 1"),
    .init(
      .rsdC, "p = q along three levels at u = 1 - 2^-32: no residual is ever formed", [0, 1, 2], 0, 4,
      "u < 1 three times; 0.3125 < 1/2"),
    .init(
      .rsdS, "p = q: the first sibling is accepted at u = 1 - 2^-24, the others are not tested", [0], 1, 2,
      "u < 1; the bonus law is (1/4, 1/4, 1/2), 1/4 <= 0.3125 < 1/2"),
    .init(
      .speculative, "q = p - 2^-24, p = 1/2 is rejected at u = 1 - 2^-24; the residual has mass 2^-24", [], 1, 2,
      "u/2 = 1/2 - 2^-25 is above 1/2 - 2^-24; token 1 alone gained"),
  ]

  static let finalTokens: [HandOutcome] = [
    .init(.speculative, "no draft: u = 0 skips the zeros before", [], 1, 1, "the sums are 0, 1/4, 1/4, 1/2, 1, 1"),
    .init(.rsdC, "no draft: u = 1/4 belongs to the next token, past a zero", [], 3, 1, "1/4 > 1/4 is false, 1/2 > 1/4"),
    .init(.rsdS, "no draft: u one step of 2^-24 below 1/4", [], 1, 1, "1/4 > u"),
    .init(.specInfer, "no draft: u one step of 2^-53 below 1/2", [], 3, 1, "1/2 > u"),
    .init(.speculative, "no draft: u = 1/2 belongs to the next token", [], 4, 1, "1/2 > 1/2 is false"),
    .init(.speculative, "no draft: u = 1 - 2^-53 skips the zero after", [], 4, 1, "1 is reached at token 4"),
    .init(
      .rsdC, "bonus: u = 1/4 belongs to the next token, past a zero", [0], 3, 2,
      "p = q is accepted, then as without draft"),
    .init(
      .specInfer, "residual: u = 1/2 belongs to the next token", [], 4, 2,
      "q(0) = 0; (q - p)+ = (0, 1/8, 0, 1/8, 1/4, 0), its sums over 1/2 are 0, 1/4, 1/4, 1/2, 1"),
    .init(.rsdS, "residual: u = 0 skips the zeros before", [], 1, 2, "as above, the first sum above 0 is token 1's"),
    .init(
      .speculative, "V = 1: the only token is accepted and drawn at u = 1 - 2^-24", [0], 0, 2,
      "u < 1; there is no other"),
    .init(
      .speculative, "V = 2: the residual is the other token at u = 1 - 2^-24", [], 0, 2,
      "3/8 is not below 1/4; (q - p)+ = (1/2, 0)"),
    .init(
      .rsdC, "V = 17: half the mass is on the last token, drawn at u = 1 - 2^-24", [], 16, 1, "the last half of [0, 1)"),
    .init(
      .rsdS, "V = 33: the last token is impossible, the one before is drawn at u = 1 - 2^-53", [], 31, 1,
      "the sum is 1 at token 31"),
    .init(
      .speculative, "V = 17: the residual is the last token alone at u = 1 - 2^-32", [], 16, 2,
      "q(0) = 0; q and p agree on 1 ... 15"),
    .init(
      .speculative, "the cumulative sum ends at 1 - 2^-30, u = 1 - 2^-32: the last positive token, not the last", [],
      29,
      1, "no sum exceeds u; 2^-30 is token 29's"),
    .init(
      .rsdC, "the cumulative sum ends at 1 - 2^-30, u = 1 - 2^-53: the last positive token, not the last", [], 29, 1,
      "no sum exceeds u"),
    .init(.speculative, "greedy draft and target agree, u = 0", [0, 1], 0, 3, "0 < 1 twice; one-hot at 0"),
    .init(
      .rsdS, "greedy draft and target differ, u = 0: the residual is the target's token", [], 2, 2, "0 < 0 is false"),
    .init(
      .speculative, "a greedy target and a sampled draft that found its token, u = 1 - 2^-24", [0], 1, 2, "u/2 < 1"),
    .init(
      .speculative, "a greedy target and a sampled draft that missed its token, u = 0", [], 2, 2, "0 < 0 is false"),
    .init(
      .speculative, "a greedy draft, q = 1/4: rejected at u = 1/4, the residual is q without the token", [], 1, 2,
      "(q - p)+ = (0, 1/4, 1/2), u = 1/4 < 1/3"),
  ]

  static let siblings: [HandOutcome] = [
    .init(
      .rsdC, "second sibling on q2/p2 = 1/2 without replacement: rejected, and the rest is token 2", [], 2, 3,
      "q2 = (0, 1/4, 3/4), p2 = (0, 1/2, 1/2): 1/4 < 1/4 is false; q2 - p2 is positive at 2 only"),
    .init(
      .rsdS, "second sibling one step of 2^-24 below q2/p2 = 1/2: accepted", [1], 0, 3, "u/2 < 1/4; 0.3125 < 1/2"),
    .init(
      .rsdS, "second sibling at u = 3/4: p2 is p renormalised without replacement, p itself with", [], 2, 3,
      "3/4 · 1/2 is not below 1/4"),
    .init(
      .specInfer, "second sibling at u = 3/4: p2 is p renormalised without replacement, p itself with", [1], 0, 3,
      "3/4 · 1/4 < 1/4"),
    .init(
      .rsdC, "third sibling on q3/p3 = 1/2: rejected, the residual is token 3", [], 3, 4,
      "q2 = (0, 1/4, 5/16, 7/16), p2 = (0, 1/2, 1/4, 1/4); q3 = (0, 0, 1/4, 3/4), p3 = (0, 0, 1/2, 1/2)"),
    .init(
      .rsdC, "third sibling one step of 2^-24 below q3/p3 = 1/2: accepted", [2], 1, 4,
      "u/2 < 1/4; the bonus law is even, 1/4 <= 0.3125 < 1/2"),
    .init(.rsdS, "the residual of two rejections is (0, 0, 1/4, 3/4), u = 0.1875", [], 2, 3, "0.1875 < 1/4"),
    .init(.rsdS, "the residual of two rejections is (0, 0, 1/4, 3/4), u = 0.28125", [], 3, 3, "0.28125 >= 1/4"),
    .init(
      .specInfer, "second independent sibling on q2/p = 1/2: rejected", [], 2, 3,
      "q2 = (0, 1/8, 3/8, 1/2), p(1) = 1/4; q2 - p = (., ., 1/4, 3/8), 0.3125 < 2/5"),
    .init(
      .rsdC, "both tokens of a binary draft: the second is accepted at u = 1 - 2^-53", [1], 0, 3,
      "9/16 is not below 1/4; q2 = p2 = (1, 0); 0.3125 < 1/2"),
    .init(
      .rsdS, "a one-hot draft gives one sibling of two: rejected, the residual is drawn", [], 3, 2,
      "1/2 is not below 1/4; (1/3, 0, 1/3, 1/3), u = 3/4 > 2/3"),
    .init(
      .rsdC, "the draft's two tokens are both rejected: the target's others remain", [], 1, 3,
      "the target has 1/4 on 1 and 3/4 on 3, and never anything on 0 and 2; 1/8 < 1/4"),
    .init(
      .rsdC, "four tokens, all drawn: the last is accepted at u = 1 - 2^-24 if it is the target's only one", [3], 1, 5,
      "q = 0 three times, then p4 = q4 one-hot; the bonus law is even"),
    .init(
      .rsdS, "the less probable sibling was drawn first and is accepted", [0], 1, 2,
      "token 1: 1/8 < 1/4; the bonus law is (1/4, 1/2, 1/4), 1/4 <= 0.3125 < 3/4"),
    .init(
      .rsdC, "the uniforms of a rejection, an acceptance and the bonus in this order", [1], 0, 3,
      "7/16 is not below 1/4; q2 = (0, 0, 1); 1/16 < 1/2"),
    .init(
      .specInfer, "a rejected repeat updates the residual to (0, 0, 1/6, 5/6): u = 0.203125 is above 1/6", [], 3, 3,
      "(0, 0, 1/4, 3/4) - (1/2, 1/4, 1/8, 1/8) leaves 1/8 and 5/8"),
    .init(
      .specInfer, "two rejected repeats leave (0, 0, 1/18, 17/18): u = 0.0625 is above 1/18", [], 3, 4,
      "1/6 - 1/8 = 1/24 and 5/6 - 1/8 = 17/24"),
    .init(
      .specInfer, "a repeat is rejected at u = 0: its token is spent", [], 3, 3,
      "3/16 is not below 1/8; then q2(1) = 0, and q - p is positive at 3 only"),
    .init(
      .specInfer, "the first of two equal siblings is accepted, the repeat is not tested", [0], 1, 2,
      "1/16 < 1/4; the bonus law is even"),
    .init(
      .specInfer, "the first of two equal siblings carries the children: accepted with its child", [0, 2], 3, 3,
      "1/8 < 1/4 twice; the bonus law is even, 0.8125 > 3/4"),
  ]

  static let walks: [HandOutcome] = [
    .init(.speculative, "the first token is the end: accepted, and nothing is drawn", [0], nil, 1, "0.1875 / 4 < 1/4"),
    .init(
      .rsdC, "the second token is the end: accepted, and the third is not tested", [0, 1], nil, 2, "q >= p twice"),
    .init(
      .specInfer, "the leaf is the end: accepted, and no bonus is drawn", [0, 1, 2], nil, 3,
      "token 1: 0.1875 / 2 < 1/4; the others have q >= p"),
    .init(
      .rsdS, "the end token is rejected: the round ends with a residual", [], 0, 2,
      "0.6875 / 2 is not below 1/4; token 0 alone has q > p"),
    .init(
      .speculative, "the residual is the end token: it is emitted like any other", [], 0, 2, "as above"),
    .init(
      .speculative, "the bonus is the end token: it is emitted like any other", [0], 0, 2,
      "0.1875 / 2 < 1/4; 0.3125 < 1/2"),
    .init(
      .speculative, "no end token is set: the same tokens are all accepted", [0, 1, 2], 0, 4, "0.3125 < 1/2"),
    .init(
      .rsdC, "the end token is the second sibling: rejected, accepted, ended", [1], nil, 2,
      "token 1: 1/4 is not below 1/8; token 2: q2 = (2/3, 0, 1/3), p2 = (1/2, 0, 1/2), 0.09375 < 1/3"),
    .init(.speculative, "p = 2^-40, q = 2^-41: accepted at u = 0.4375", [0], 1, 2, "0.4375 < 1/2; 1/4 <= 0.3125 < 3/4"),
    .init(.speculative, "p = 2^-40, q = 2^-41: rejected at u = 0.5625", [], 1, 2, "only token 1 has q > p"),
    .init(.rsdS, "the bonus has probability 2^-40: drawn at u = 2^-41", [0], 0, 2, "2^-40 > 2^-41"),
    .init(.rsdS, "the bonus has probability 2^-40: not drawn at u = 2^-40", [0], 1, 2, "2^-40 > 2^-40 is false"),
    .init(
      .rsdC, "a residual of mass 2^-20 is (0, 1/4, 3/4): token 1 below u = 1/4", [], 1, 2,
      "u/2 = 1/2 - 2^-25 is not below 1/2 - 2^-20"),
    .init(.rsdC, "a residual of mass 2^-20 is (0, 1/4, 3/4): token 2 at u = 1/4", [], 2, 2, "1/4 > 1/4 is false"),
    .init(
      .speculative, "a chain of three, all accepted: the bonus is of the leaf's row", [0, 1, 2], 2, 4,
      "q/p = 1/4 three times, 0.1875 < 1/4; the leaf's law is (1/8, 1/8, 1/2, 1/4), 1/4 <= 0.5625 < 3/4"),
    .init(
      .speculative, "a chain of three, rejected at level 2: the residual is of node 0's row", [0], 0, 3,
      "0.3125 >= 1/4; (1/2, 1/4, 1/8, 1/8) - (1/4, 1/8, 1/8, 1/2) leaves 2 : 1 on 0 and 1, 0.1875 < 2/3"),
    .init(
      .rsdS, "a chain of 64, all accepted", Array(0..<64), 1, 65,
      "q = 1/2 and p = 1/4 at every level; the leaf's law is (1/2, 1/4, 1/8, 1/8), 1/2 <= 0.5625 < 3/4"),
    .init(
      .rsdC, "a full binary tree of depth 3: the second child each time", [1, 5, 13], 1, 7,
      "3/8 is not below 1/4, then q2 = p2 = (1, 0), three times; 0.8125 > 3/4"),
    .init(
      .rsdC, "16 siblings, none is the target's 17th token", [], 16, 17, "q = 0 sixteen times"),
  ]

  @Test(arguments: acceptance + finalTokens + siblings + walks)
  func isWhatThePaperSays(hand: HandOutcome) throws {
    let found = DirectedVectorFiles.valid.filter { $0.request.rule == hand.rule && $0.test.comment == hand.comment }
    #expect(found.count == 1)
    let expected = DirectedVector.Expectation(
      VerificationOutcome(accepted: hand.accepted, token: hand.token, used: hand.used))
    #expect(found.first?.test.expected == expected, "\(hand.why)")
  }

  @Test func thereAreManyByHand() {
    let hands = Self.acceptance + Self.finalTokens + Self.siblings + Self.walks
    #expect(Set(hands.map { "\($0.rule) \($0.comment)" }).count == hands.count && hands.count >= 40)
  }
}
