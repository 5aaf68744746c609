import SpeculativeDecoding

extension VectorGenerator {
  /// Siblings drawn independently, so that they may be equal.
  ///
  /// p = (1/2, 1/4, 1/8, 1/8) and q = (0, 1/4, 1/4, 1/2): the first rejection of token 0 leaves (0, 0, 1/4, 3/4), the
  /// second (0, 0, 1/6, 5/6).
  static var repeats: [VectorDraft] {
    let (draft, target, after) = ([0.5, 0.25, 0.125, 0.125], [0, 0.25, 0.25, 0.5], [0.25, 0.25, 0.25, 0.25])
    func siblings(
      _ comment: String, _ flags: [VectorFlag], _ tokens: [Token], target: [Double] = target, uniforms: [Double]
    ) -> VectorDraft {
      .siblings(
        comment, [.repeatedSibling] + flags, for: .withReplacement, tokens, draft: draft, target: target, after: after,
        uniforms: uniforms)
    }
    return [
      siblings(
        "a rejected repeat updates the residual to (0, 0, 1/6, 5/6): u = 0.203125 is above 1/6", [.residualUpdate],
        [0, 0], uniforms: [0.5, 0.5, 0.203125, 0.5]),
      siblings(
        "two rejected repeats leave (0, 0, 1/18, 17/18): u = 0.0625 is above 1/18", [.residualUpdate], [0, 0, 0],
        uniforms: [0.5, 0.5, 0.5, 0.0625, 0.5]),
      siblings(
        "a repeat is rejected at u = 0: its token is spent", [.impossibleToken, .zeroUniform], [1, 1],
        target: [0.5, 0.125, 0.125, 0.25], uniforms: [0.75, 0, 0.3125, 0.5]),
      siblings(
        "the first of two equal siblings is accepted, the repeat is not tested", [], [2, 2],
        uniforms: [0.5, 0.3125, 0.5]),
      siblings(
        "after a repeat the third sibling is accepted: q3(2) = 1/6 is more than p(2) = 1/8", [.certainAcceptance],
        [0, 0, 2], uniforms: [0.5, 0.5, 0.9375, 0.3125, 0.5]),
      siblings(
        "a repeat uses a uniform of its own: 0.9375 is not token 3's", [.uniformOrder], [0, 0, 3],
        target: [0.25, 0.375, 0.3125, 0.0625], uniforms: [0.875, 0.0625, 0.9375, 0.3125, 0.5]),
      siblings(
        "repeats that alternate: 0 1 0 1", [.residualUpdate], [0, 1, 0, 1], uniforms: [0.5, 0.5, 0.5, 0.5, 0.4375, 0.5]),
      siblings(
        "a repeat that is not next to its first: 2 0 2", [.drawOrder], [2, 0, 2],
        target: [0.5, 0.375, 0.0625, 0.0625], uniforms: [0.75, 0.9375, 0, 0.3125, 0.5]),
      .tree(
        "the first of two equal siblings carries the children: accepted with its child",
        [.repeatedSibling, .treeWalk], for: .withReplacement, [(-1, 1), (-1, 1), (0, 2), (0, 3)],
        draft: { $0 < 0 ? draft : after },
        target: { [target, [0.125, 0.125, 0.25, 0.5], after, after, draft][$0 + 1] },
        uniforms: [0.5, 0.5, 0.8125, 0.5]),
      .tree(
        "repeats at the second level, all rejected", [.repeatedSibling, .treeWalk, .residualUpdate],
        for: .withReplacement, [(-1, 3), (0, 0), (0, 0), (0, 1)], draft: { _ in draft },
        target: { [after, target, after, after, draft][$0 + 1] }, uniforms: [0.75, 0.5, 0.25, 0, 0.203125, 0.5]),
    ]
  }
}
