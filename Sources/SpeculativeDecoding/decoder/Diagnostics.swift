/// The counts of a decoding's rounds, and nothing else, so that diagnostics of shards merge by addition.
public struct Diagnostics: Hashable, Sendable {
  /// Rounds; each is one target evaluation.
  public var rounds = 0
  /// Tokens emitted, uncut by a maximum.
  public var tokens = 0
  /// How many rounds accepted 0, 1, … drafted tokens.
  public var acceptedLengths: [Int] = []
  /// Calls of the target: one a round.
  public var targetEvaluations: Int { rounds }
  /// Calls of the draft: one a level.
  public var draftEvaluations = 0
  /// Drafted tokens that the target evaluated: repeated siblings, which share an evaluation, are not counted.
  public var draftedTokens = 0

  /// No rounds yet.
  public init() {}

  @usableFromInline
  mutating func reset(draftLength: Int) {
    (rounds, tokens, draftEvaluations, draftedTokens) = (0, 0, 0, 0)
    if acceptedLengths.count != draftLength + 1 {
      acceptedLengths = Array(repeating: 0, count: draftLength + 1)
    } else {
      for length in acceptedLengths.indices { acceptedLengths[length] = 0 }
    }
  }

  @inlinable @inline(always)
  mutating func record(accepted: Int, drafted: Int, draftEvaluations: Int, emitted: Int) {
    rounds += 1
    tokens += emitted
    acceptedLengths[accepted] += 1
    self.draftEvaluations += draftEvaluations
    draftedTokens += drafted
  }

  /// Adds the counts of other rounds.
  public mutating func merge(_ other: Diagnostics) {
    rounds += other.rounds
    tokens += other.tokens
    draftEvaluations += other.draftEvaluations
    draftedTokens += other.draftedTokens
    let missing = other.acceptedLengths.count - acceptedLengths.count
    if missing > 0 { acceptedLengths += Array(repeating: 0, count: missing) }
    for (length, count) in other.acceptedLengths.enumerated() { acceptedLengths[length] += count }
  }
}

extension Diagnostics {
  /// Block efficiency η: tokens emitted per target evaluation, the residual or bonus token included.
  ///
  /// 0 before the first round.
  public var blockEfficiency: Double { rounds == 0 ? 0 : Double(tokens) / Double(rounds) }

  /// Memory-bound speed-up η / (r·L + 1).
  ///
  /// - Parameters:
  ///   - sizeRatio: r, the draft's parameters over the target's.
  ///   - draftLength: L, the levels drafted a round.
  /// - Source: RSD (arXiv 2402.14160), section 5.
  public func memoryBoundSpeedUp(sizeRatio: Double, draftLength: Int) -> Double {
    blockEfficiency / (sizeRatio * Double(draftLength) + 1)
  }
}

extension Diagnostics {
  /// Drafted tokens that were accepted.
  public var acceptedTokens: Int { acceptedLengths.enumerated().reduce(0) { $0 + $1.offset * $1.element } }

  /// Drafted tokens that were accepted, over those that the target evaluated; 0 where none was.
  ///
  /// Of a tree at most one path can be accepted: compare trees by ``blockEfficiency``, and levels by ``levelAcceptance``.
  public var acceptance: Double {
    draftedTokens == 0 ? 0 : Double(acceptedTokens) / Double(draftedTokens)
  }

  /// For each level, how often a round that accepted all levels above it accepted a token of this one: [level].
  ///
  /// 0 where no round came so far.
  public var levelAcceptance: [Double] {
    var reached = rounds
    return acceptedLengths.indices.dropLast().map { level in
      let above = reached
      reached -= acceptedLengths[level]
      return above == 0 ? 0 : Double(reached) / Double(above)
    }
  }
}
