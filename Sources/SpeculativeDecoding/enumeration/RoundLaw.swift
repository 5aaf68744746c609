import Probability

/// The exact law of one round: every branch of the decoder's choices, with its weight.
///
/// Weights are exact whatever the laws are stored in; over ``Rational`` laws they are what the algorithm
/// does, over `Float` or `Double` laws what the compiled arithmetic does under ideal uniforms.
public struct RoundLaw: Hashable, Sendable {
  /// The probability of each emitted sequence: accepted tokens, then the residual or bonus token; uncut.
  public var emitted: [[Token]: Rational] = [:]
  /// The probability that 0, 1, … drafted tokens are accepted, of shape [draft length + 1].
  public var acceptedLength: [Rational]
  /// Paths from the first choice to an emitted sequence.
  public var branches = 0
  /// Questions that the source of choices answered, replayed ones included.
  public var choices = 0

  @usableFromInline
  init(draftLength: Int) { acceptedLength = Array(repeating: .zero, count: draftLength + 1) }

  /// Block efficiency: how many tokens the round emits on average.
  public var blockEfficiency: Rational {
    emitted.reduce(.zero) { $0 + $1.value * Rational($1.key.count) }
  }

  /// Whether the weights of all branches sum to one.
  public var isNormalised: Bool { emitted.values.reduce(.zero, +) == .one }
}

/// A drafted tree as an outcome: nodes in draw order, the root left out.
public struct DraftedTree: Hashable, Sendable {
  /// The token of each node.
  public var tokens: [Token]
  /// The parent of each node: 0 for the root, k for the k-th node.
  public var parents: [Int]

  /// A tree of nodes in draw order.
  public init(tokens: [Token], parents: [Int]) {
    self.tokens = tokens
    self.parents = parents
  }

  /// The nodes of a token tree but its root.
  @inlinable
  public init(_ tree: borrowing TokenTree) {
    tokens = []
    parents = []
    for index in 1..<max(tree.count, 1) {
      tokens.append(Int(tree[index].token))
      parents.append(Int(tree[index].parent))
    }
  }
}

/// How long an enumeration may take, and who is told.
public struct EnumerationLimits: Sendable {
  /// The most branches to run.
  public let branches: Int
  /// The limit that was asked for: what an error names, where ``branches`` is what is left of it.
  @usableFromInline var stated: Int
  /// Told the number of branches several times a second; ends the enumeration by returning `false`.
  public var shouldContinue: @Sendable (Int) -> Bool

  /// The default limit: minutes of work, and no memory to speak of.
  public static let defaultBranches = 50_000_000

  /// Limits of an enumeration.
  public init(
    branches: Int = defaultBranches, shouldContinue: @escaping @Sendable (Int) -> Bool = { _ in true }
  ) {
    self.branches = branches
    stated = branches
    self.shouldContinue = shouldContinue
  }

  /// The limits that are left after `done` branches of other enumerations.
  @usableFromInline
  func less(_ done: Int) -> EnumerationLimits {
    var left = EnumerationLimits(branches: branches - done) { [shouldContinue] in shouldContinue(done + $0) }
    left.stated = stated
    return left
  }

  /// Asked before every branch.
  ///
  /// - Parameter stride: branches from one asking of ``shouldContinue`` to the next.
  @inlinable
  func check(_ done: Int, stride: Int) throws(SpeculativeDecodingError) {
    guard done < branches else { throw .enumerationLimit(branches: stated) }
    if done % stride == 0, !shouldContinue(done) { throw .interrupted }
  }
}
