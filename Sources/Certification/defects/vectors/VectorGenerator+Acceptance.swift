extension VectorGenerator {
  /// Ratios q/p, each with uniforms on the threshold and one step beside it.
  ///
  /// Token 1 is drafted. Draft and target agree on token 0, so that a rejection emits token 2; p is a power of two, so
  /// that u·p is exact in any arithmetic.
  static var acceptanceThresholds: [VectorDraft] {
    let pairs: [(draft: Double, target: Double, grids: [UniformGrid])] = [
      (1 / 2, 1 / 4, UniformGrid.allCases), (1 / 2, 1 / 8, UniformGrid.allCases), (1 / 4, 3 / 16, [.single, .double]),
      (1 / 2, 1 / 1024, [.single, .double]), (1 / 2, 1 / 2 - 0x1p-20, [.single, .double]),
    ]
    var vectors: [VectorDraft] = []
    for (draft, target, grids) in pairs {
      let threshold = target / draft
      func vector(_ place: String, _ uniform: Double) -> VectorDraft {
        .chain(
          "q/p = \(threshold): u \(place)", [.acceptanceThreshold], [1], draft: [[1 - draft, draft, 0]],
          target: [[1 - draft, target, draft - target], [0.5, 0.25, 0.25]], uniforms: [uniform, 0.3125, 0.5])
      }
      vectors.append(vector("on the threshold is a rejection, the test is strict", threshold))
      for grid in grids {
        vectors.append(vector("one step of \(grid.name) below the threshold is accepted", threshold - grid.step))
        vectors.append(vector("one step of \(grid.name) above the threshold is rejected", threshold + grid.step))
      }
    }
    return vectors
  }

  static var certainties: [VectorDraft] {
    let after = [0.5, 0.25, 0.25]
    let small = [("0", 0), ("2^-53", 0x1p-53), ("2^-24", 0x1p-24), ("1/2", 0.5)]
    var vectors = small.map { name, uniform in
      VectorDraft.chain(
        "q = 0 is rejected at u = \(name)", [.impossibleToken] + (uniform == 0 ? [.zeroUniform] : []), [0],
        draft: [[0.5, 0.25, 0.25]], target: [[0, 0.25, 0.75], after], uniforms: [uniform, 0.3125, 0.5])
    }
    vectors.append(
      .chain(
        "q = 0 at the second level is rejected at u = 0; the first stays accepted", [.impossibleToken, .zeroUniform],
        [1, 2], draft: [after, [0.25, 0.25, 0.5]], target: [[0.25, 0.5, 0.25], [0.5, 0.5, 0], after],
        uniforms: [0.5, 0, 0.3125, 0.5]))
    vectors.append(
      .chain(
        "q = 2^-24 is accepted at u = 0", [.zeroUniform, .rareToken], [0], draft: [[0.5, 0.5, 0]],
        target: [[0x1p-24, 0.5 - 0x1p-24, 0.5], after], uniforms: [0, 0.3125, 0.5]))
    vectors.append(
      .chain(
        "q = 2^-24, p = 1/2 is rejected at u = 2^-23, its threshold", [.acceptanceThreshold, .rareToken], [0],
        draft: [[0.5, 0.5, 0]], target: [[0x1p-24, 0.5 - 0x1p-24, 0.5], after], uniforms: [0x1p-23, 0.3125, 0.5]))
    vectors.append(
      .siblings(
        "every sibling has q = 0: none is accepted at u = 0, one uniform each", [.impossibleToken, .zeroUniform],
        for: .trees, [2, 0, 1], draft: [0.25, 0.25, 0.25, 0.25], target: [0, 0, 0, 1], after: [1, 0, 0, 0],
        uniforms: [0, 0, 0, 0, 0.5]))
    for grid in UniformGrid.allCases {
      let largest = grid.largest
      vectors += [
        .chain(
          "q > p is accepted at u = 1 - \(grid.name)", [.certainAcceptance, .largestUniform], [1],
          draft: [[0.5, 0.25, 0.25]], target: [[0.25, 0.5, 0.25], after], uniforms: [largest, 0.3125, 0.5]),
        .chain(
          "p = q is accepted at u = 1 - \(grid.name)", [.equalLaws, .largestUniform], [1],
          draft: [after], target: [after, after], uniforms: [largest, 0.3125, 0.5]),
        .chain(
          "p = q along three levels at u = 1 - \(grid.name): no residual is ever formed",
          [.equalLaws, .largestUniform], [2, 0, 1], draft: [after, [0.75, 0.125, 0.125], [0.125, 0.625, 0.25]],
          target: [after, [0.75, 0.125, 0.125], [0.125, 0.625, 0.25], after],
          uniforms: [largest, largest, largest, 0.3125, 0.5]),
        .siblings(
          "p = q: the first sibling is accepted at u = 1 - \(grid.name), the others are not tested",
          [.equalLaws, .largestUniform], for: .trees, [2, 1, 0], draft: after, target: after,
          after: [0.25, 0.25, 0.5], uniforms: [largest, 0.3125, 0.5, 0.5]),
        .chain(
          "q = p - 2^-24, p = 1/2 is rejected at u = 1 - \(grid.name); the residual has mass 2^-24",
          [.acceptanceThreshold, .largestUniform, .rareToken], [0], draft: [[0.5, 0.5]],
          target: [[0.5 - 0x1p-24, 0.5 + 0x1p-24], [0.5, 0.5]], uniforms: [largest, 0.3125, 0.5]),
      ]
    }
    let decimals = [0.1, 0.2, 0.3, 0.4]
    vectors.append(
      .chain(
        "p = q in decimals at u = 0.9990234375", [.equalLaws], [0, 3], draft: [decimals, decimals],
        target: [decimals, decimals, decimals], uniforms: [0.9990234375, 0.9990234375, 0.75, 0.5]))
    return vectors
  }
}
