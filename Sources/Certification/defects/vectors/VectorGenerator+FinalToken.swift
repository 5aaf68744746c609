extension VectorGenerator {
  /// Uniforms on the cumulative sums 1/4 and 1/2 of a law with zeros before, between and after.
  static var cumulativeThresholds: [VectorDraft] {
    let law = [0, 0.25, 0, 0.25, 0.5, 0]
    let even = [0.25, 0.25, 0.125, 0.125, 0.125, 0.125]
    var points: [(place: String, uniform: Double, flags: [VectorFlag])] = [
      ("u = 0 skips the zeros before", 0, [.zeroUniform]), ("u = 1/4 belongs to the next token, past a zero", 0.25, []),
      ("u = 1/2 belongs to the next token", 0.5, []),
    ]
    for grid in UniformGrid.allCases {
      points += [
        ("u one step of \(grid.name) below 1/4", 0.25 - grid.step, []),
        ("u one step of \(grid.name) above 1/4", 0.25 + grid.step, []),
        ("u one step of \(grid.name) below 1/2", 0.5 - grid.step, []),
        ("u = 1 - \(grid.name) skips the zero after", grid.largest, [.largestUniform, .lastPositiveToken]),
      ]
    }
    return points.flatMap { point -> [VectorDraft] in
      let flags = [.cumulativeThreshold] + point.flags
      return [
        .chain("no draft: \(point.place)", flags, [], draft: [], target: [law], uniforms: [point.uniform, 0.5]),
        .chain(
          "bonus: \(point.place)", flags, [1], draft: [even], target: [even, law],
          uniforms: [0.5, point.uniform, 0.5]),
        // (q - p)+ is half of the law above.
        .chain(
          "residual: \(point.place)", flags, [0], draft: [[0.5, 0.125, 0, 0.125, 0.25, 0]], target: [law, even],
          uniforms: [0.5, point.uniform, 0.5]),
      ]
    }
  }

  static var vocabularyEnds: [VectorDraft] {
    var vectors: [VectorDraft] = []
    for grid in UniformGrid.allCases {
      let largest = grid.largest
      vectors += [
        .chain(
          "V = 1: the only token is accepted and drawn at u = 1 - \(grid.name)", [.oddVocabulary, .largestUniform], [0],
          draft: [[1]], target: [[1], [1]], uniforms: [largest, largest, 0.5]),
        .chain(
          "V = 2: the residual is the other token at u = 1 - \(grid.name)", [.oddVocabulary, .largestUniform], [1],
          draft: [[0.25, 0.75]], target: [[0.75, 0.25], [0.5, 0.5]], uniforms: [0.5, largest, 0.5]),
      ]
      for size in [17, 33, 129] where size < 100 || grid == .single {
        let (rising, falling) = (spread(size, last: true), spread(size, last: false))
        vectors += [
          .chain(
            "V = \(size): half the mass is on the last token, drawn at u = 1 - \(grid.name)",
            [.oddVocabulary, .largestUniform], [], draft: [], target: [rising], uniforms: [largest, 0.5]),
          .chain(
            "V = \(size): the last token is impossible, the one before is drawn at u = 1 - \(grid.name)",
            [.oddVocabulary, .largestUniform, .lastPositiveToken], [], draft: [], target: [falling],
            uniforms: [largest, 0.5]),
          .chain(
            "V = \(size): the residual is the last token alone at u = 1 - \(grid.name)",
            [.oddVocabulary, .largestUniform], [0], draft: [falling], target: [rising, falling],
            uniforms: [0.75, largest, 0.5]),
        ]
      }
    }
    return vectors + [shortSum(.word), shortSum(.double)]
  }

  /// Half the mass on one token, the last or the first; the rest evenly on those between them.
  private static func spread(_ size: Int, last: Bool) -> [Double] {
    let share = 0.5 / Double(size - 1)
    var law = [Double](repeating: share, count: size)
    law[last ? 0 : size - 1] = 0
    law[1] += share
    law[last ? size - 1 : 0] = 0.5
    return law
  }

  /// 1/2, 1/4, …, 2^-30 and three zeros: the sum is 1 - 2^-30, and u lies above it.
  private static func shortSum(_ grid: UniformGrid) -> VectorDraft {
    let law = (1...33).map { $0 <= 30 ? Double(sign: .plus, exponent: -$0, significand: 1) : 0 }
    return .chain(
      "the cumulative sum ends at 1 - 2^-30, u = 1 - \(grid.name): the last positive token, not the last",
      [.lastPositiveToken, .largestUniform, .oddVocabulary], [], draft: [], target: [law],
      uniforms: [grid.largest, 0.5])
  }

  static var oneHotLaws: [VectorDraft] {
    let (first, second, third) = ([1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0])
    let mixed = [0.25, 0.25, 0.5]
    var vectors: [VectorDraft] = []
    for (name, uniform, flag) in [
      ("0", 0, VectorFlag.zeroUniform), ("1 - 2^-24", UniformGrid.single.largest, .largestUniform),
      ("1 - 2^-53", UniformGrid.double.largest, .largestUniform),
    ] {
      let flags: [VectorFlag] = [.oneHotLaw, flag]
      vectors += [
        .chain(
          "greedy draft and target agree, u = \(name)", flags, [1, 2], draft: [second, third],
          target: [second, third, first], uniforms: [uniform, uniform, uniform, 0.5]),
        .chain(
          "greedy draft and target differ, u = \(name): the residual is the target's token", flags, [1],
          draft: [second], target: [third, first], uniforms: [uniform, uniform, 0.5]),
        .chain(
          "a greedy target and a sampled draft that found its token, u = \(name)", flags, [2], draft: [mixed],
          target: [third, second], uniforms: [uniform, uniform, 0.5]),
        .chain(
          "a greedy target and a sampled draft that missed its token, u = \(name)", flags + [.impossibleToken], [0],
          draft: [mixed], target: [third, second], uniforms: [uniform, uniform, 0.5]),
      ]
    }
    vectors += [
      .chain(
        "a greedy draft, q = 1/4: rejected at u = 1/4, the residual is q without the token",
        [.oneHotLaw, .acceptanceThreshold], [0], draft: [first], target: [mixed, mixed], uniforms: [0.25, 0.25, 0.5]),
      .chain(
        "a greedy draft, q = 1/4: accepted one step of 2^-24 below", [.oneHotLaw, .acceptanceThreshold], [0],
        draft: [first], target: [mixed, mixed], uniforms: [0.25 - 0x1p-24, 0.3125, 0.5]),
    ]
    return vectors
  }
}
