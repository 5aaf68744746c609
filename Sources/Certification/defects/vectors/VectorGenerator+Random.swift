import Probability
import SpeculativeDecoding

extension VectorGenerator {
  /// Random trees with random laws, drawn as the rule draws; uniforms are multiples of 2^-10.
  static func randomRounds(of rule: Rule) throws(CertificationError) -> [VectorDraft] {
    var drafts: [VectorDraft] = []
    for number in 1...24 {
      var generator = SplitMix64(seed: UInt64(number))
      var draft = randomRound(number, of: rule, using: &generator)
      // Any tree has uniforms that keep clear of its boundaries: a wrong decoder may have none, and must not hang this.
      var attempts = 0
      while try !keepsMargin(draft, rule: rule) {
        attempts += 1
        guard attempts < 1000 else { throw .vectors(place: draft.comment, "no uniforms keep clear of its boundaries") }
        draft.uniforms = draft.uniforms.map { _ in uniform(using: &generator) }
      }
      drafts.append(draft)
    }
    return drafts
  }

  private static func keepsMargin(_ draft: VectorDraft, rule: Rule) throws(CertificationError) -> Bool {
    do {
      // A hundred times what is promised: residuals magnify the rounding of a port's Float.
      return try VectorMargin.relative(of: draft.request(of: rule).checked()) >= Rational(1, 10_000)
    } catch {
      throw .vectors(place: draft.comment, "\(error)")
    }
  }

  private static func uniform(using generator: inout SplitMix64) -> VectorNumber {
    VectorNumber(Double(generator.next() >> 54) * 0x1p-10)
  }

  private static func randomRound(
    _ number: Int, of rule: Rule, using generator: inout SplitMix64
  ) -> VectorDraft {
    let size = 3 + number % 4
    let depth = rule.shapes == .chain ? 2 + number % 5 : number % 8 == 0 ? 3 : 2
    let width = rule.shapes == .chain ? 1 : number % 8 == 0 ? 2 : 2 + number % 2
    var tree: [(parent: Int, token: Token)] = []
    var draftLaws = [-1: law(size, using: &generator)]
    var targetLaws = [-1: law(size, near: draftLaws[-1] ?? [], using: &generator)]
    var level = [-1]
    for _ in 0..<depth {
      var next: [Int] = []
      for parent in level {
        let drawn = children(width, of: draftLaws[parent] ?? [], rule: rule, using: &generator)
        for token in drawn {
          let node = tree.count
          if let same = next.first(where: { tree[$0] == (parent, token) }) {
            targetLaws[node] = targetLaws[same]
          } else {
            draftLaws[node] = law(size, using: &generator)
            targetLaws[node] = law(size, near: draftLaws[node] ?? [], using: &generator)
            next.append(node)
          }
          tree.append((parent, token))
        }
      }
      // A beam keeps a few nodes of a level, and their children are the tree.
      if rule.drafting == .stochasticBeam { next = Array(next.shuffled(using: &generator).prefix(width)).sorted() }
      level = next
    }
    let end = number % 5 == 0 ? Token(generator.next() % UInt64(size)) : nil
    return .tree(
      "random round \(number): \(tree.count) nodes, \(size) tokens", [.ordinary], for: .every, tree,
      draft: { draftLaws[$0] ?? [] }, target: { targetLaws[$0] ?? [] },
      uniforms: (0..<depth * width + 2).map { _ in uniform(using: &generator).value }, endToken: end)
  }

  private static func children(
    _ count: Int, of law: [Double], rule: Rule, using generator: inout SplitMix64
  ) -> [Token] {
    var weights = law
    var drawn: [Token] = []
    for _ in 0..<count {
      let mass = weights.reduce(0, +)
      guard mass > 0 else { break }
      let token = Double.index(of: UniformBits.unit53(generator.next()), in: weights.span, total: mass)
      drawn.append(token)
      if !rule.drafting.isWithReplacement { weights[token] = 0 }
    }
    return drawn
  }

  /// Whole weights over their sum, a third of the sums no power of ten; most of the target's laws are near the draft's.
  private static func law(_ size: Int, near other: [Double] = [], using generator: inout SplitMix64) -> [Double] {
    var weights = (0..<size).map { _ in Int(generator.next() % 8) }
    weights[Int(generator.next() % UInt64(size))] += 1
    if generator.next() % 3 != 0 {
      let sum = weights.reduce(0, +)
      weights = weights.map { $0 * 100 / sum }
      weights[0] += 100 - weights.reduce(0, +)
    }
    let sum = Double(weights.reduce(0, +))
    let law = weights.map { Double($0) / sum }
    guard !other.isEmpty, generator.next() % 4 != 0 else { return law }
    return zip(law, other).map { ($0 + 3 * $1) / 4 }
  }
}
