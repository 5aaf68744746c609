import Probability
import SpeculativeDecoding
import Transformer

/// The costs of a pair's passes on this machine: of the target over a tree, and of the draft over a level.
package struct PassCosts: Hashable, Sendable, Codable {
  /// The time of a pass.
  package struct Point: Hashable, Sendable, Codable {
    /// Tokens that it evaluates, each with its law.
    package let newTokens: Int
    /// The least of a few passes.
    package let milliseconds: Double
  }

  /// The target's, by rising numbers of tokens.
  package let target: [Point]
  /// The draft's; empty without one.
  package let draft: [Point]
  /// Seconds that measuring took.
  package let seconds: Double

  /// Measures the passes of a pair, its profile included.
  ///
  /// - Parameter limit: seconds after which no further number of tokens is begun, but for three; a number takes four
  ///   passes.
  /// - Throws: what the models say of their evaluation.
  package static func measure(
    _ pair: TransformerPair, within limit: Double = 0.8
  ) throws(SpeculativeDecodingError) -> PassCosts {
    let start = ContinuousClock.now
    var draft: [Point] = []
    if let model = pair.draft {
      draft = try measure(
        ProfiledModel(model, profile: pair.profile), counts: [1, 8, 4, 2], contextLimit: model.contextLimit ?? .max,
        until: start + .seconds(limit / 3))
    }
    let target = try measure(
      // Far apart first: what there is no time for lies between.
      ProfiledModel(pair.target, profile: pair.profile), counts: [1, 8, 32, 16, 4, 2, 24, 12],
      contextLimit: pair.target.contextLimit, until: start + .seconds(limit))
    return PassCosts(target: target, draft: draft, seconds: start.duration(to: .now) / .seconds(1))
  }

  /// Tokens in the cache before a pass.
  private static let cached = 32

  private static func measure<Model: LanguageModel>(
    _ model: Model, counts: [Int], contextLimit: Int, until end: ContinuousClock.Instant
  ) throws(SpeculativeDecodingError) -> [Point] {
    var context = model.makeContext()
    // Room for the deepest tree, of 32 nodes: five levels.
    let text = (0..<max(1, min(cached, contextLimit - 6))).map { ($0 * 7 + 3) % model.vocabularySize }
    try model.begin(text, in: &context)
    var laws = LawTable<Model.Scalar>(vocabularySize: model.vocabularySize)
    var points: [Point] = []
    for (index, count) in counts.enumerated() {
      if index > 2, ContinuousClock.now > end { break }
      var tree = TokenTree(root: text[text.count - 1])
      // Siblings differ: the last of them stand in for those of a large vocabulary.
      for node in 1..<count { tree.append((11 * node + 5) % model.vocabularySize, to: (node - 1) / 2) }
      laws.reserve(rows: count)
      var least = Double.infinity
      for pass in 0..<4 {
        let start = ContinuousClock.now
        try model.evaluate(0..<count, of: tree, in: &context, into: &laws)
        let passed = start.duration(to: .now) / .milliseconds(1)
        // The first warms memory up, unless a pass is so long that there is no time for another.
        if pass > 0 || passed > 100 { least = min(least, passed) }
        if passed > 100 { break }
      }
      points.append(Point(newTokens: count, milliseconds: least))
    }
    return points.sorted { $0.newTokens < $1.newTokens }
  }

  /// Milliseconds of the target's pass over a root and so many drafted tokens.
  package func target(drafted: Double) -> Double { Self.interpolated(target, at: 1 + drafted) }

  /// Milliseconds of the draft's pass over a level of so many nodes.
  package func draft(nodes: Double) -> Double { Self.interpolated(draft, at: nodes) }

  /// Milliseconds of a round whose levels have so many drafted tokens: the draft evaluates the root and all levels but
  /// the last, one after the other, the target all at once.
  package func round(evaluated levels: [Double]) -> Double {
    let drafting = ([1] + levels.dropLast()).prefix(levels.count).reduce(0) { $0 + draft(nodes: $1) }
    return drafting + target(drafted: levels.reduce(0, +))
  }

  /// Linear between the points, and on from the last two; level before the first.
  static func interpolated(_ points: [Point], at count: Double) -> Double {
    guard let first = points.first else { return 0 }
    if points.count < 2 || count <= Double(first.newTokens) { return first.milliseconds }
    let upper = points.firstIndex { Double($0.newTokens) >= count } ?? points.count - 1
    let (left, right) = (points[upper - 1], points[upper])
    let slope = (right.milliseconds - left.milliseconds) / Double(right.newTokens - left.newTokens)
    return left.milliseconds + slope * (count - Double(left.newTokens))
  }
}
