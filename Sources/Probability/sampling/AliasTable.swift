/// An alias table: constant-time draws from a fixed law.
///
/// - Source: Walker 1977; Vose, "A linear algorithm for generating random numbers with a given distribution", 1991.
public struct AliasTable<Scalar: ProbabilityScalar>: Sendable {
  /// How much of each column belongs to its own index, the rest being its alias's: between 0 and 1.
  public let thresholds: [Scalar]
  /// The other index of each column.
  public let aliases: [Int]

  /// The table of a law.
  ///
  /// - Complexity: O(n). With rationals the table realises the law exactly.
  public init(_ law: FiniteLaw<Scalar>) {
    let count = law.count
    var scaled = law.probabilities.map { $0 * Scalar(count) }
    var thresholds = [Scalar](repeating: .one, count: count)
    var aliases = Array(0..<count)
    var small = scaled.indices.filter { scaled[$0] < .one }
    var large = scaled.indices.filter { scaled[$0] >= .one }
    while let poor = small.popLast(), let rich = large.last {
      thresholds[poor] = scaled[poor]
      aliases[poor] = rich
      scaled[rich] = scaled[rich] - (.one - scaled[poor])
      if scaled[rich] < .one {
        large.removeLast()
        small.append(rich)
      }
    }
    // What is left of `small` misses 1 by rounding only, unless it has no mass at all: then it needs an alias.
    for index in law.probabilities.indices where law[index] == .zero && aliases[index] == index {
      thresholds[index] = .zero
      aliases[index] = law.support[0]
    }
    self.thresholds = thresholds
    self.aliases = aliases
  }

  /// An index drawn from the law.
  public func sample(using generator: inout some RandomNumberGenerator) -> Int {
    let column = Int(generator.next().multipliedFullWidth(by: UInt64(thresholds.count)).high)
    let uniform = UniformBits.unit53(generator.next())
    let keeps = Scalar.isProduct(of: uniform, and: .one, below: thresholds[column])
    return keeps ? column : aliases[column]
  }

  /// The law that the table realises, column by column.
  public var realisedLaw: [Scalar] {
    var law = [Scalar](repeating: .zero, count: thresholds.count)
    for column in thresholds.indices {
      law[column] += thresholds[column]
      law[aliases[column]] += .one - thresholds[column]
    }
    return law.map { $0 / Scalar(thresholds.count) }
  }
}
