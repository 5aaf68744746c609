import SpeculativeDecoding

extension VectorGenerator {
  static var endTokens: [VectorDraft] {
    let (draft, target) = ([0.25, 0.5, 0.25], [0.5, 0.25, 0.25])
    func chain(
      _ comment: String, _ tokens: [Token], end: Token?, target: [Double] = target, uniforms: [Double]
    ) -> VectorDraft {
      .chain(
        comment, [.endToken], tokens, draft: tokens.map { _ in draft },
        target: (0...tokens.count).map { _ in target }, uniforms: uniforms, endToken: end)
    }
    let low = [0.1875, 0.1875, 0.1875, 0.3125, 0.5]
    return [
      chain("the first token is the end: accepted, and nothing is drawn", [2, 0, 1], end: 2, uniforms: low),
      chain("the second token is the end: accepted, and the third is not tested", [0, 2, 1], end: 2, uniforms: low),
      chain("the leaf is the end: accepted, and no bonus is drawn", [0, 1, 2], end: 2, uniforms: low),
      chain("the end is token 0", [1, 0, 1], end: 0, uniforms: low),
      chain("no end token is set: the same tokens are all accepted", [0, 2, 1], end: nil, uniforms: low),
      chain("the end token does not occur", [0, 2, 0], end: 1, uniforms: low),
      chain(
        "the end token is rejected: the round ends with a residual", [1, 1, 0], end: 1,
        uniforms: [0.6875, 0.3125, 0.5]),
      chain(
        "the residual is the end token: it is emitted like any other", [1], end: 0, uniforms: [0.6875, 0.3125, 0.5]),
      chain("the bonus is the end token: it is emitted like any other", [1], end: 0, uniforms: [0.1875, 0.3125, 0.5]),
      chain("the end token twice in a chain: the first ends the round", [2, 2, 2], end: 2, uniforms: low),
      .siblings(
        "the end token is the second sibling: rejected, accepted, ended", [.endToken], for: .trees, [1, 2],
        draft: draft, target: [0.5, 0.125, 0.375], after: target, uniforms: [0.5, 0.1875, 0.3125, 0.5], endToken: 2),
      .siblings(
        "the end token is a rejected sibling: the round goes on", [.endToken], for: .trees, [1, 0],
        draft: draft, target: target, after: target, uniforms: [0.75, 0.1875, 0.3125, 0.5], endToken: 1),
      .tree(
        "children below an accepted end token are not tested", [.endToken, .treeWalk], for: .trees,
        [(-1, 0), (-1, 2), (0, 1), (0, 2), (1, 0), (1, 1)], draft: { _ in draft }, target: { _ in target },
        uniforms: [0.1875, 0.1875, 0.1875, 0.3125, 0.5], endToken: 0),
    ]
  }

  static var rareTokens: [VectorDraft] {
    let after = [0.25, 0.5, 0.25]
    // The sums are 1 + 2^-40 and 1 + 2^-41: laws, within 1e-9.
    let (draft, target) = ([0.5, 0.5, 0x1p-40], [0.25, 0.75, 0x1p-41])
    let certain = [0.5, 0.5]
    // q - p is 2^-20 times (-1, 1/4, 3/4).
    let (half, near) = ([0.5, 0.25, 0.25], [0.5 - 0x1p-20, 0.25 + 0x1p-22, 0.25 + 3 * 0x1p-22])
    let sharp = [1 - 0x1p-20, 0x1p-21, 0x1p-21]
    return [
      .chain(
        "p = 2^-40, q = 2^-41: accepted at u = 0.4375", [.rareToken], [2], draft: [draft], target: [target, after],
        uniforms: [0.4375, 0.3125, 0.5]),
      .chain(
        "p = 2^-40, q = 2^-41: rejected at u = 0.5625", [.rareToken], [2], draft: [draft], target: [target, after],
        uniforms: [0.5625, 0.3125, 0.5]),
      .chain(
        "p = 2^-40, q = 0: rejected at u = 2^-24", [.rareToken, .impossibleToken], [2], draft: [draft],
        target: [[0.25, 0.75, 0], after], uniforms: [0x1p-24, 0.3125, 0.5]),
      .chain(
        "q = 2^-40, p = 1/2: rejected at u = 2^-24, accepted only below 2^-39", [.rareToken], [0],
        draft: [[0.5, 0.5, 0]], target: [[0x1p-40, 0.5, 0.5], after], uniforms: [0x1p-24, 0.3125, 0.5]),
      .chain(
        "q = 2^-40, p = 1/2: accepted at u = 2^-40", [.rareToken], [0], draft: [[0.5, 0.5, 0]],
        target: [[0x1p-40, 0.5, 0.5], after], uniforms: [0x1p-40, 0.3125, 0.5]),
      .chain(
        "the bonus has probability 2^-40: drawn at u = 2^-41", [.rareToken], [1], draft: [certain],
        target: [certain, [0x1p-40, 1]], uniforms: [0.5, 0x1p-41, 0.5]),
      .chain(
        "the bonus has probability 2^-40: not drawn at u = 2^-40", [.rareToken, .cumulativeThreshold], [1],
        draft: [certain], target: [certain, [0x1p-40, 1]], uniforms: [0.5, 0x1p-40, 0.5]),
      .chain(
        "a residual of mass 2^-20 is (0, 1/4, 3/4): token 1 below u = 1/4", [.rareToken, .residualUpdate], [0],
        draft: [half], target: [near, after], uniforms: [UniformGrid.single.largest, 0.1875, 0.5]),
      .chain(
        "a residual of mass 2^-20 is (0, 1/4, 3/4): token 2 at u = 1/4",
        [.rareToken, .residualUpdate, .cumulativeThreshold], [0], draft: [half], target: [near, after],
        uniforms: [UniformGrid.single.largest, 0.25, 0.5]),
      .chain(
        "q/p = 1 - 2^-19: accepted one step of 2^-24 below", [.rareToken, .acceptanceThreshold], [0], draft: [half],
        target: [near, after], uniforms: [1 - 0x1p-19 - 0x1p-24, 0.3125, 0.5]),
      .siblings(
        "the first sibling took all but 2^-20 of the draft: p2 = 1/2, q2 = 1/3, accepted at u = 0.625",
        [.rareToken, .proposalUpdate], for: .withoutReplacement, [0, 2], draft: sharp, target: [0.25, 0.5, 0.25],
        after: after, uniforms: [0.75, 0.625, 0.3125, 0.5]),
      .siblings(
        "the first sibling took all but 2^-20 of the draft: p2 = 1/2, q2 = 1/3, rejected at u = 0.6875",
        [.rareToken, .proposalUpdate], for: .withoutReplacement, [0, 2], draft: sharp, target: [0.25, 0.5, 0.25],
        after: after, uniforms: [0.75, 0.6875, 0.3125, 0.5]),
    ]
  }
}
