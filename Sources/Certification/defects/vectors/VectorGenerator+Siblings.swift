extension VectorGenerator {
  static var siblings: [VectorDraft] {
    let after = [0.5, 0.25, 0.25]
    // q₂ = (0, 1/4, 3/4) in both cases; p₂(1) = 1/2 without replacement and 1/4 with.
    let (half, target) = ([0.5, 0.25, 0.25], [0, 0.375, 0.625])
    var vectors: [VectorDraft] = [
      .siblings(
        "second sibling on q2/p2 = 1/2 without replacement: rejected, and the rest is token 2",
        [.proposalUpdate, .residualUpdate, .acceptanceThreshold], for: .withoutReplacement, [0, 1], draft: half,
        target: target, after: after, uniforms: [0, 0.5, 0.25, 0.5]),
      .siblings(
        "second sibling one step of 2^-24 below q2/p2 = 1/2: accepted",
        [.proposalUpdate, .residualUpdate, .acceptanceThreshold], for: .withoutReplacement, [0, 1], draft: half,
        target: target, after: after, uniforms: [0, 0.5 - 0x1p-24, 0.3125, 0.5]),
      .siblings(
        "second sibling at u = 3/4: p2 is p renormalised without replacement, p itself with",
        [.proposalUpdate], for: .trees, [0, 1], draft: half, target: target, after: after,
        uniforms: [0.3125, 0.75, 0.3125, 0.5]),
      .siblings(
        "second sibling with q2 = p2 = 1/4 with replacement: accepted at u = 1 - 2^-24",
        [.proposalUpdate, .certainAcceptance, .largestUniform], for: .withReplacement, [0, 1], draft: half,
        target: target, after: after, uniforms: [0.3125, UniformGrid.single.largest, 0.3125, 0.5]),
    ]
    // p: 1/2, 1/4, 1/8, 1/8, so that p₃ = (0, 0, 1/2, 1/2); q₂ = (0, 1/4, 5/16, 7/16), q₃ = (0, 0, 1/4, 3/4).
    let (third, wanted) = ([0.5, 0.25, 0.125, 0.125], [0, 0.375, 0.28125, 0.34375])
    let four = [0.25, 0.25, 0.25, 0.25]
    vectors += [
      .siblings(
        "third sibling on q3/p3 = 1/2: rejected, the residual is token 3",
        [.residualUpdate, .proposalUpdate, .acceptanceThreshold], for: .withoutReplacement, [0, 1, 2], draft: third,
        target: wanted, after: four, uniforms: [0.25, 0.75, 0.5, 0.3125, 0.5]),
      .siblings(
        "third sibling one step of 2^-24 below q3/p3 = 1/2: accepted",
        [.residualUpdate, .proposalUpdate, .acceptanceThreshold], for: .withoutReplacement, [0, 1, 2], draft: third,
        target: wanted, after: four, uniforms: [0.25, 0.75, 0.5 - 0x1p-24, 0.3125, 0.5]),
      .siblings(
        "third sibling one step of 2^-53 below q3/p3 = 1/2: accepted",
        [.residualUpdate, .proposalUpdate, .acceptanceThreshold], for: .withoutReplacement, [0, 1, 2], draft: third,
        target: wanted, after: four, uniforms: [0.25, 0.75, 0.5 - 0x1p-53, 0.3125, 0.5]),
      .siblings(
        "the residual of two rejections is (0, 0, 1/4, 3/4), u = 0.1875",
        [.residualUpdate], for: .withoutReplacement, [0, 1], draft: third, target: wanted, after: four,
        uniforms: [0.25, 0.75, 0.1875, 0.5]),
      .siblings(
        "the residual of two rejections is (0, 0, 1/4, 3/4), u = 0.28125", [.residualUpdate], for: .withoutReplacement,
        [0, 1],
        draft: third, target: wanted, after: four, uniforms: [0.25, 0.75, 0.28125, 0.5]),
      // q₂ = (0, 1/8, 3/8, 1/2) against p(1) = 1/4.
      .siblings(
        "second independent sibling on q2/p = 1/2: rejected", [.residualUpdate, .acceptanceThreshold],
        for: .withReplacement, [0, 1], draft: third, target: [0, 0.3125, 0.3125, 0.375], after: four,
        uniforms: [0.25, 0.5, 0.3125, 0.5]),
      .siblings(
        "second independent sibling one step of 2^-24 below q2/p = 1/2: accepted",
        [.residualUpdate, .acceptanceThreshold], for: .withReplacement, [0, 1], draft: third,
        target: [0, 0.3125, 0.3125, 0.375], after: four, uniforms: [0.25, 0.5 - 0x1p-24, 0.3125, 0.5]),
      .chain(
        "the residual subtracts all of p, not only the rejected token's: (0, 0, 1)", [.residualUpdate], [0],
        draft: [[0.5, 0.375, 0.125]], target: [[0.25, 0.375, 0.375], after], uniforms: [0.75, 0.25, 0.5]),
      .chain(
        "the residual is normalised by its sum: (0, 1/4, 3/4), u = 0.28125", [.residualUpdate], [0],
        draft: [[0.75, 0.125, 0.125]], target: [[0.25, 0.25, 0.5], after], uniforms: [0.75, 0.28125, 0.5]),
      .chain(
        "the residual is (q - p)+, not |q - p|: the rejected token has no part in it", [.residualUpdate], [0],
        draft: [[0.75, 0.25, 0]], target: [[0.25, 0.5, 0.25], after], uniforms: [0.75, 0.03125, 0.5]),
    ]
    // Two siblings that are all of a binary draft: the second is certain.
    for grid in UniformGrid.allCases {
      vectors.append(
        .siblings(
          "both tokens of a binary draft: the second is accepted at u = 1 - \(grid.name)",
          [.spentSupport, .certainAcceptance, .largestUniform, .proposalUpdate], for: .withoutReplacement, [1, 0],
          draft: [0.25, 0.75], target: [0.75, 0.25], after: [0.5, 0.5], uniforms: [0.75, grid.largest, 0.3125, 0.5]))
    }
    return vectors + spentSupports
  }

  private static var spentSupports: [VectorDraft] {
    let after = [0.25, 0.25, 0.25, 0.25]
    return [
      .siblings(
        "a one-hot draft gives one sibling of two: rejected, the residual is drawn", [.spentSupport, .oneHotLaw],
        for: .trees, [1], draft: [0, 1, 0, 0], target: [0.25, 0.25, 0.25, 0.25], after: after,
        uniforms: [0.5, 0.75, 0.5]),
      .siblings(
        "the draft's two tokens are both rejected: the target's others remain", [.spentSupport], for: .trees, [2, 0],
        draft: [0.5, 0, 0.5, 0], target: [0, 0.25, 0, 0.75], after: after, uniforms: [0.25, 0.25, 0.125, 0.5]),
      .siblings(
        "the draft's two tokens are both rejected: u = 1/4 belongs to the last", [.spentSupport, .cumulativeThreshold],
        for: .trees, [2, 0], draft: [0.5, 0, 0.5, 0], target: [0, 0.25, 0, 0.75], after: after,
        uniforms: [0.25, 0.25, 0.25, 0.5]),
      .siblings(
        "four tokens, all drawn: the last is accepted at u = 1 - 2^-24 if it is the target's only one",
        [.spentSupport, .oneHotLaw, .largestUniform], for: .trees, [0, 2, 3, 1], draft: after, target: [0, 1, 0, 0],
        after: after, uniforms: [0, 0, 0, UniformGrid.single.largest, 0.3125, 0.5]),
    ]
  }

  static var siblingOrders: [VectorDraft] {
    let (draft, target) = ([0.5, 0.25, 0.125, 0.125], [0.25, 0.25, 0.25, 0.25])
    let uniforms = [0.75, 0.75, 0.75, 0.3125, 0.5]
    var vectors = [[3, 0, 1], [2, 3, 0], [0, 3, 1], [1, 3, 0], [0, 1, 2], [0, 2, 1]].map { order in
      VectorDraft.siblings(
        "siblings drawn in the order \(order)", [.drawOrder], for: .trees, order, draft: draft, target: target,
        after: [0.125, 0.125, 0.25, 0.5], uniforms: uniforms)
    }
    // Token 1 then token 0: tested by id, by the draft's or by the target's probability, 0 would come first.
    vectors += [
      .siblings(
        "the less probable sibling was drawn first and is accepted", [.drawOrder], for: .trees, [1, 0],
        draft: [0.5, 0.25, 0.25], target: [0.5, 0.25, 0.25], after: [0.25, 0.5, 0.25], uniforms: [0.5, 0.3125, 0.5]),
      .siblings(
        "the sibling with the higher id and the lower probabilities was drawn first, and is rejected", [.drawOrder],
        for: .trees, [2, 0], draft: [0.5, 0.25, 0.25], target: [0.625, 0.25, 0.125], after: [0.25, 0.5, 0.25],
        uniforms: [0.75, 0.9375, 0.3125, 0.5]),
      .siblings(
        "equal probabilities everywhere: draw order alone decides", [.drawOrder, .equalLaws], for: .trees,
        [3, 1, 2, 0],
        draft: [0.25, 0.25, 0.25, 0.25], target: [0.25, 0.25, 0.25, 0.25], after: [0.5, 0.25, 0.125, 0.125],
        uniforms: [0.9375, 0.3125, 0.5]),
      .siblings(
        "the uniforms of a rejection, an acceptance and the bonus in this order", [.uniformOrder], for: .trees, [0, 2],
        draft: [0.5, 0.25, 0.25], target: [0.25, 0.25, 0.5], after: [0.5, 0.25, 0.25],
        uniforms: [0.875, 0.4375, 0.0625, 0.5]),
      .siblings(
        "the uniforms of two rejections and the residual in this order", [.uniformOrder], for: .trees, [0, 1],
        draft: [0.5, 0.25, 0.25, 0], target: [0.125, 0.25, 0.25, 0.375], after: [0.25, 0.25, 0.25, 0.25],
        uniforms: [0.5, 0.125, 0.9375, 0.5]),
    ]
    return vectors
  }
}
