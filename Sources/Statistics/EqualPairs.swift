/// How many outcomes of a sequence equal the one a lag before them: the counts at every lag, and a test of all of them.
///
/// Independent outcomes of a law p are equal with probability c = Σp². The pairs (i, i + l) of a lag l fall into two classes,
/// ⌊i/l⌋ even and odd, within each of which no outcome occurs twice: its pairs are independent, and its count is binomial
/// (n, c). Where the two classes hold m pairs in all that are equal, the one or the other holds its part of m or more, so
/// that the sum of two binomial tails bounds the probability exactly, for any law and any lag.
public struct EqualPairs: Hashable, Sendable {
  /// A lag, and how many of its pairs are equal.
  public struct Lag: Hashable, Sendable, Codable {
    /// How far apart the outcomes of a pair stand; at least 1.
    public var lag: Int
    /// The pairs.
    public var pairs: Int
    /// Those that are equal.
    public var equal: Int

    /// A lag with its count.
    public init(lag: Int, pairs: Int, equal: Int) { (self.lag, self.pairs, self.equal) = (lag, pairs, equal) }
  }

  /// Which deviations a test looks at.
  public enum Side: String, Hashable, Sendable, Codable {
    /// Too many equal pairs, where hardly any is expected.
    case more
    /// Too many, or too few.
    case both
  }

  /// The outcomes of the sequence.
  public let samples: Int
  /// The equal pairs at lag l, at index l − 1; shape [samples − 1].
  public let counts: [Int]
  /// The share of equal ones among all pairs at any lag: an estimate of c that needs no law.
  public let equalShare: Double

  /// Counts the equal pairs of a sequence of numbers.
  ///
  /// - Complexity: O(d n²/64) for d different outcomes up to 64, else O(n + equal pairs).
  public init(_ outcomes: [Int]) {
    samples = outcomes.count
    var positions: [Int: [Int]] = [:]
    for (index, outcome) in outcomes.enumerated() { positions[outcome, default: []].append(index) }
    let equal = positions.values.reduce(0) { $0 + $1.count * ($1.count - 1) / 2 }
    equalShare = samples > 1 ? Double(equal) / (Double(samples) * Double(samples - 1) / 2) : 0
    var counts = [Int](repeating: 0, count: max(0, samples - 1))
    for places in positions.values {
      if positions.count <= 64 {
        Self.add(Self.bits(places, of: samples), to: &counts)
      } else {
        for (index, first) in places.enumerated() {
          for second in places[(index + 1)...] { counts[second - first - 1] += 1 }
        }
      }
    }
    self.counts = counts
  }

  private static func bits(_ places: [Int], of samples: Int) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: samples / 64 + 1)
    for place in places { words[place >> 6] |= 1 << UInt64(place & 63) }
    return words
  }

  /// The places of one outcome, and the same moved by each lag.
  private static func add(_ words: [UInt64], to counts: inout [Int]) {
    for lag in 1...max(counts.count, 1) where lag <= counts.count {
      let (jump, shift) = (lag >> 6, UInt64(lag & 63))
      var sum = 0
      for word in jump..<words.count {
        let next = shift > 0 && word + 1 < words.count ? words[word + 1] << (64 - shift) : 0
        sum += (words[word - jump] & (words[word] >> shift | next)).nonzeroBitCount
      }
      counts[lag - 1] += sum
    }
  }

  /// The lag whose count is the least probable, and the p-value of the sequence: over all lags, at most 1.
  ///
  /// - Parameters:
  ///   - probability: c, that two independent outcomes are equal.
  ///   - side: what counts as a deviation.
  /// - Throws: ``StatisticsError/argument(_:)`` for a probability outside 0 to 1.
  /// - Complexity: O(n), and a tail for each lag beyond three standard deviations.
  public func strongest(
    probability: Double, side: Side
  ) throws(StatisticsError) -> (lag: Lag, pValue: Double)? {
    var best: (lag: Lag, pValue: Double)?
    for (index, equal) in counts.enumerated() {
      let lag = Lag(lag: index + 1, pairs: samples - index - 1, equal: equal)
      let mean = Double(lag.pairs) * probability
      let score = (Double(equal) - mean) / max(mean * (1 - probability), 1e-300).squareRoot()
      if score < 3, side == .more || score > -3, best != nil { continue }
      let pValue = try Self.pValue(of: lag, samples: samples, probability: probability, side: side)
      if pValue < best?.pValue ?? .infinity { best = (lag, pValue) }
    }
    return best
  }

  /// The p-value of the count at one lag as the least probable of all lags: the bound of the two classes, times the lags and
  /// the sides.
  ///
  /// - Throws: ``StatisticsError/argument(_:)`` for a lag, a count or a probability out of range.
  public static func pValue(
    of lag: Lag, samples: Int, probability: Double, side: Side
  ) throws(StatisticsError) -> Double {
    guard lag.lag >= 1, lag.pairs == samples - lag.lag, lag.pairs >= 1, (0...lag.pairs).contains(lag.equal) else {
      throw .argument("lag \(lag.lag) of \(samples) outcomes has no \(lag.equal) equal ones of \(lag.pairs) pairs")
    }
    let rest = lag.pairs % (2 * lag.lag)
    let even = lag.pairs / (2 * lag.lag) * lag.lag + min(rest, lag.lag)
    let odd = lag.pairs - even
    // Each class's part of the count, so that a larger sum exceeds the one or the other.
    let part = Double(lag.equal) * Double(even) / Double(lag.pairs)
    let up = min(Int(part.rounded(.up)), even)
    var tail = try Binomial.upperTail(up, trials: even, probability: probability)
    if lag.equal - up + 1 <= odd {
      tail += try Binomial.upperTail(max(0, lag.equal - up + 1), trials: odd, probability: probability)
    }
    if side == .both {
      let down = min(Int(part.rounded(.down)), even)
      var lower = try Binomial.lowerTail(down, trials: even, probability: probability)
      if lag.equal - down - 1 >= 0, odd > 0 {
        lower += try Binomial.lowerTail(min(lag.equal - down - 1, odd), trials: odd, probability: probability)
      }
      tail = 2 * min(tail, lower)
    }
    return min(1, tail * Double(max(1, samples - 1)))
  }
}
