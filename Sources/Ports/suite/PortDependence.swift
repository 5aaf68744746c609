import Certification
import SpeculativeDecoding
import Statistics
import ToyModels

/// Dependence in an ordered sample of a port: equal decodings at every lag, repeats anywhere, counts too even.
///
/// The decodings of all requests stand one after the other, so that a lag may lead from one request to another. Each test
/// has a share of its own. The probabilities are those of the exact law; a deviation counts only where the sample's own
/// frequencies show it as well, so that a wrong law of independent decodings is not called dependence.
struct PortDependence: Hashable, Sendable, Codable {
  /// The lag whose equal pairs are the least probable.
  struct Lags: Hashable, Sendable, Codable {
    var lag: Int
    var pairs: Int
    var equal: Int
    /// The share of equal pairs over all lags, which needs no law.
    var equalShare: Double
    var pValue: Double
  }

  /// Decodings that emitted all tokens of an earlier one.
  struct Repeats: Hashable, Sendable, Codable {
    var observed: Int
    /// The probability of what had been emitted before, summed over the decodings.
    var expected: Double
    /// Equal pairs, and as many as the two halves of the decodings would give if each went its own way.
    var equalPairs: Int
    var equalPairsOfHalves: Double
    var pValue: Double
  }

  /// Counts that are closer to their expectation than independent decodings come.
  struct Evenness: Hashable, Sendable, Codable {
    var statistic: Double
    var degreesOfFreedom: Int
    var pValue: Double
  }

  /// Decodings, over all requests.
  var samples: Int
  /// Pairs whose first tokens are equal: too many, or too few.
  var heads: Lags
  /// Pairs that are equal in all tokens: too many.
  var wholes: Lags
  /// Decodings that repeat an earlier one, at no lag in particular.
  var repeats: Repeats
  /// The counts of the first tokens.
  var evenness: Evenness

  /// Tokens whose counts must scatter.
  static let evenLength = 3
  /// Expected counts of the cells that must scatter.
  static let leastExpected = 100.0
  /// Equal pairs over those of halves from which on they are called copies: what a wrong law ties together is less.
  static let copiesRatio = 4.0

  /// The p-values in the order of the tests.
  var pValues: [Double] { [heads.pValue, wholes.pValue, repeats.pValue, evenness.pValue] }

  /// The finding of the first p-value below a share; `nil` where none is.
  func finding(share: Double) -> String? {
    if wholes.pValue < share {
      return "decodings equal the one \(wholes.lag) before them too often (\(NumberText.grouped(wholes.equal)) of "
        + "\(NumberText.grouped(wholes.pairs)), all tokens): do slots or batches share random numbers?"
    }
    if heads.pValue < share {
      let word = Double(heads.equal) > heads.equalShare * Double(heads.pairs) ? "often" : "rarely"
      return "decodings begin as the one \(heads.lag) before them too \(word) (\(NumberText.grouped(heads.equal)) of "
        + "\(NumberText.grouped(heads.pairs))): do slots or batches share random numbers?"
    }
    if repeats.pValue < share {
      let expected = NumberText.grouped(Int(exactly: repeats.expected.rounded()) ?? 0)
      return
        "\(NumberText.grouped(repeats.observed)) of \(NumberText.grouped(samples)) decodings repeat an earlier one, "
        + "where \(expected) are expected: are seeds drawn from few numbers?"
    }
    if evenness.pValue < share {
      return "the counts scatter less than independent decodings do: are they drawn without replacement?"
    }
    return nil
  }
}

extension PortDependence {
  /// The dependence in an ordered sample; `nil` for fewer than two decodings.
  ///
  /// - Throws: ``CertificationError`` where the case has no law.
  init?(_ decodings: [[Token]], of instance: Instance) throws(CertificationError) {
    guard decodings.count > 1 else { return nil }
    samples = decodings.count
    let place = "independence of \(instance.id)"
    do throws(StatisticsError) {
      let law = try OrderedLaw(instance)
      heads = try Self.lags(
        decodings.map { Array($0.prefix(PortCheckPlan.headLength)) },
        probability: law.collisionProbability(length: PortCheckPlan.headLength), side: .both)
      wholes = try Self.lags(
        decodings, probability: law.collisionProbability(length: instance.length), side: .more)
      repeats = try Self.repeats(decodings, law)
      evenness = try Self.evenness(decodings, law)
    } catch {
      throw .statistics(place: place, error)
    }
  }

  /// A port may give the same numbers to what is equal: each sequence its own.
  private static func numbers(_ sequences: [[Token]]) -> [Int] {
    var known: [[Token]: Int] = [:]
    return sequences.map { sequence in
      let number = known[sequence] ?? known.count
      known[sequence] = number
      return number
    }
  }

  private static func lags(
    _ sequences: [[Token]], probability: Double, side: EqualPairs.Side
  ) throws(StatisticsError) -> Lags {
    let pairs = EqualPairs(numbers(sequences))
    guard let found = try pairs.strongest(probability: probability, side: side) else {
      throw .argument("two outcomes have one lag")
    }
    // Both must find it improbable: the law's own probability bounds the false-fail rate.
    var lags = Lags(
      lag: found.lag.lag, pairs: found.lag.pairs, equal: found.lag.equal, equalShare: pairs.equalShare, pValue: 1)
    lags.pValue = try lags.pValue(samples: sequences.count, probability: probability, side: side)
    return lags
  }

  private static func repeats(_ decodings: [[Token]], _ law: OrderedLaw) throws(StatisticsError) -> Repeats {
    var counts: [[Token]: Int] = [:]
    var (observed, seen, expected) = (0, 0.0, 0.0)
    for tokens in decodings {
      expected += seen
      if counts.updateValue((counts[tokens] ?? 0) + 1, forKey: tokens) == nil {
        seen = min(1, seen + law.probability(of: tokens))
      } else {
        observed += 1
      }
    }
    var repeats = Repeats(
      observed: observed, expected: expected, equalPairs: equalPairs(counts),
      equalPairsOfHalves: equalPairsOfHalves(counts), pValue: 1)
    repeats.pValue = try repeats.pValue(samples: decodings.count)
    return repeats
  }

  private static func equalPairs(_ counts: [[Token]: Int]) -> Int {
    counts.values.reduce(0) { $0 + $1 * ($1 - 1) / 2 }
  }

  /// Equal pairs if, given the token between them, the two halves of a decoding were independent: from the counts alone.
  private static func equalPairsOfHalves(_ counts: [[Token]: Int]) -> Double {
    var heads: [Token: [[Token]: Int]] = [:]
    var tails: [Token: [[Token]: Int]] = [:]
    var totals: [Token: Int] = [:]
    for (tokens, count) in counts where tokens.count > 1 {
      let middle = tokens.count / 2
      heads[tokens[middle], default: [:]][Array(tokens[..<middle]), default: 0] += count
      tails[tokens[middle], default: [:]][Array(tokens[middle...]), default: 0] += count
      totals[tokens[middle], default: 0] += count
    }
    return totals.keys.sorted().reduce(0) { sum, token in
      let (head, tail) = (equalPairs(heads[token] ?? [:]), equalPairs(tails[token] ?? [:]))
      let total = Double(totals[token] ?? 0)
      return total > 1 ? sum + Double(head) * Double(tail) / (total * (total - 1) / 2) : sum
    }
  }

  private static func evenness(_ decodings: [[Token]], _ law: OrderedLaw) throws(StatisticsError) -> Evenness {
    let outcomes = law.sequences(length: evenLength)
    let plan = try CellPlan(
      probabilities: outcomes.map(\.probability), samples: decodings.count, minimumExpected: leastExpected)
    var counts: [[Token]: Int] = [:]
    for tokens in decodings { counts[Array(tokens.prefix(evenLength)), default: 0] += 1 }
    let counted = outcomes.map { counts[$0.tokens] ?? 0 }
    // Sequences of probability 0 are the laws' to refuse; the counts are then not those of the plan.
    guard counted.reduce(0, +) == decodings.count else {
      return Evenness(statistic: .greatestFiniteMagnitude, degreesOfFreedom: plan.degreesOfFreedom, pValue: 1)
    }
    let result = try plan.test(counts: counted)
    var evenness = Evenness(statistic: result.statistic, degreesOfFreedom: result.degreesOfFreedom, pValue: 1)
    evenness.pValue = try evenness.expectedPValue()
    return evenness
  }

  /// The same statement with its p-values computed again from its counts; `nil` where the counts are none.
  func repeated(of instance: Instance) -> PortDependence? {
    var again = self
    do throws(StatisticsError) {
      let law = try OrderedLaw(instance)
      again.heads.pValue = try heads.pValue(
        samples: samples, probability: law.collisionProbability(length: PortCheckPlan.headLength), side: .both)
      again.wholes.pValue = try wholes.pValue(
        samples: samples, probability: law.collisionProbability(length: instance.length), side: .more)
      again.repeats.pValue = try repeats.pValue(samples: samples)
      again.evenness.pValue = try evenness.expectedPValue()
    } catch {
      return nil
    }
    return again
  }
}

extension PortDependence.Lags {
  func pValue(samples: Int, probability: Double, side: EqualPairs.Side) throws(StatisticsError) -> Double {
    guard (0...1).contains(equalShare) else { throw .argument("a share is 0 to 1, not \(equalShare)") }
    let lag = EqualPairs.Lag(lag: lag, pairs: pairs, equal: equal)
    return max(
      try EqualPairs.pValue(of: lag, samples: samples, probability: probability, side: side),
      try EqualPairs.pValue(of: lag, samples: samples, probability: equalShare, side: side))
  }
}

extension PortDependence.Repeats {
  func pValue(samples: Int) throws(StatisticsError) -> Double {
    let pValue = try RepeatProcess.pValue(observed: observed, expected: expected, samples: samples)
    return Double(equalPairs) > PortDependence.copiesRatio * equalPairsOfHalves ? pValue : 1
  }
}

extension PortDependence.Evenness {
  func expectedPValue() throws(StatisticsError) -> Double {
    guard degreesOfFreedom > 0, statistic < .greatestFiniteMagnitude else { return 1 }
    return try ChiSquare.lowerTail(statistic, degreesOfFreedom: degreesOfFreedom)
  }
}
