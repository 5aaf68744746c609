import RealModule
import SpeculativeDecoding

/// Counts of a subject's output: integers only, so that shards merge by addition in any order.
public struct CaseCounts: Hashable, Sendable {
  /// How often each sequence was emitted.
  public var sequences: [[Token]: Int] = [:]
  /// How many tokens the first round of a decoding emitted, uncut.
  public var firstRounds: [Int: Int] = [:]
  /// How many tokens the second round of a decoding emitted, uncut; 0 where it had none.
  public var secondRounds: [Int: Int] = [:]
  /// Rounds of all decodings.
  public var rounds = 0
  /// Tokens of all rounds, uncut.
  public var tokens = 0

  /// Nothing yet.
  public init() {}

  /// Decodings counted.
  public var samples: Int { sequences.values.reduce(0, +) }

  /// Tokens a target evaluation; 0 before any.
  public var blockEfficiency: Double { rounds == 0 ? 0 : Double(tokens) / Double(rounds) }

  /// Gives the tokens of all sequences other names, each its own.
  package mutating func rename(_ name: (Token) -> Token) {
    sequences = Dictionary(uniqueKeysWithValues: sequences.map { ($0.key.map(name), $0.value) })
  }

  /// Adds the counts of another shard.
  public mutating func merge(_ other: CaseCounts) {
    sequences.merge(other.sequences, uniquingKeysWith: +)
    firstRounds.merge(other.firstRounds, uniquingKeysWith: +)
    secondRounds.merge(other.secondRounds, uniquingKeysWith: +)
    rounds += other.rounds
    tokens += other.tokens
  }
}

extension CaseCounts {
  /// The counts of workers together; `nil` where one was interrupted.
  package static func merged(_ parts: [CaseCounts?]) -> CaseCounts? {
    var merged = CaseCounts()
    for part in parts {
      guard let part else { return nil }
      merged.merge(part)
    }
    return merged
  }
}

/// Counts sequences by a number each: dense where the numbers are few, hashed where they are not, and by their tokens where
/// a number would leave the integers.
@usableFromInline
package struct SequenceCounter: Sendable {
  /// Digits are tokens + 1, so that sequences of different lengths have different numbers.
  @usableFromInline let base: Int
  @usableFromInline var dense: [Int]
  @usableFromInline var sparse: [Int: Int] = [:]
  /// Whether all numbers are integers.
  @usableFromInline let isNumbered: Bool
  @usableFromInline var byTokens: [[Token]: Int] = [:]
  /// The sequence that is being counted.
  @usableFromInline var number = 0
  @usableFromInline var tokens: [Token] = []

  /// The most numbers that are counted in an array.
  private static let denseLimit = 1 << 16

  @usableFromInline
  init(vocabularySize: Int, length: Int) {
    base = vocabularySize + 1
    var numbers = 1
    for _ in 0..<length where numbers <= Self.denseLimit { numbers *= base }
    isNumbered = Double.log2(Double(base)) * Double(length) < 62
    dense = numbers <= Self.denseLimit ? Array(repeating: 0, count: numbers) : []
  }

  /// Adds a token to the sequence.
  @inlinable @inline(__always)
  package mutating func append(_ token: Token) {
    if isNumbered { number = number * base + token + 1 } else { tokens.append(token) }
  }

  /// Counts the sequence, and begins another.
  @inlinable @inline(__always)
  package mutating func finish() {
    if !isNumbered {
      byTokens[tokens, default: 0] += 1
      tokens.removeAll(keepingCapacity: true)
    } else if number < dense.count {
      dense[number] += 1
    } else {
      sparse[number, default: 0] += 1
    }
    number = 0
  }

  /// The counts by sequence.
  @usableFromInline
  func table() -> [[Token]: Int] {
    var table = byTokens
    for (number, count) in dense.enumerated() where count > 0 { table[sequence(number)] = count }
    for (number, count) in sparse { table[sequence(number)] = count }
    return table
  }

  private func sequence(_ number: Int) -> [Token] {
    var tokens: [Token] = []
    var rest = number
    while rest > 0 {
      tokens.append(rest % base - 1)
      rest /= base
    }
    return tokens.reversed()
  }
}
