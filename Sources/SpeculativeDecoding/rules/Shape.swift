/// The shape of a draft tree.
///
///     Shape.branching([2, 2]).budget                // 6 drafted tokens a round at most
///     Shape.rectangle(width: 2, depth: 3).text      // "2x3"
public enum Shape: Hashable, Sendable {
  /// No tree.
  case none
  /// A chain of so many tokens.
  case chain(Int)
  /// So many children at each node of level l.
  case branching([Int])
  /// So many nodes, or sequences, at each of `depth` levels.
  case rectangle(width: Int, depth: Int)
}

extension Shape {
  /// The form of a shape without its numbers: a rule has shapes of one kind.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// No tree.
    case none
    /// A depth.
    case chain
    /// A branching factor for each level.
    case branching
    /// A width and a depth.
    case rectangle
  }

  /// The form without its numbers.
  public var kind: Kind {
    switch self {
    case .none: .none
    case .chain: .chain
    case .branching: .branching
    case .rectangle: .rectangle
    }
  }

  /// The shape as people write it: "3", "2-2", "2x3"; empty for none.
  public var text: String {
    switch self {
    case .none: ""
    case .chain(let depth): "\(depth)"
    case .branching(let factors): factors.map(String.init).joined(separator: "-")
    case .rectangle(let width, let depth): "\(width)x\(depth)"
    }
  }

  /// The levels that the shape states, which may be none, or numbers that no tree has.
  var levels: Int {
    switch self {
    case .none: 0
    case .chain(let depth), .rectangle(_, let depth): depth
    case .branching(let factors): factors.count
    }
  }

  /// The most children that a node of the first level has; 1 in a chain.
  public var width: Int {
    switch self {
    case .none, .chain: 1
    case .branching(let factors): factors.first ?? 1
    case .rectangle(let width, _): width
    }
  }

  /// The most children that any node of each level has: at most `width` in a rectangle.
  public var childrenPerLevel: [Int] {
    switch self {
    case .none: []
    case .chain(let depth): Array(repeating: 1, count: depth)
    case .branching(let factors): factors
    case .rectangle(let width, let depth): Array(repeating: width, count: depth)
    }
  }

  /// The target budget: the most drafted tokens that the target evaluates in a round; `Int.max` where they are no integer.
  public var budget: Int {
    switch self {
    case .none: return 0
    case .chain(let depth): return depth
    case .rectangle(let width, let depth):
      let (nodes, overflow) = width.multipliedReportingOverflow(by: depth)
      return overflow ? .max : nodes
    case .branching(let factors):
      var (nodes, level, overflow) = (0, 1, false)
      for factor in factors {
        (level, overflow) = level.multipliedReportingOverflow(by: factor)
        if overflow { return .max }
        (nodes, overflow) = nodes.addingReportingOverflow(level)
        if overflow { return .max }
      }
      return nodes
    }
  }

  /// The numbers of the shape with their names.
  var factors: [(name: String, value: Int)] {
    switch self {
    case .none: []
    case .chain(let depth): [("depth", depth)]
    case .branching(let factors): factors.map { ("branching", $0) }
    case .rectangle(let width, let depth): [("width", width), ("depth", depth)]
    }
  }

  /// The shape of a kind where nobody states one: 2 deep, and 2 wide at every level.
  public init(standard kind: Kind) {
    self =
      switch kind {
      case .none: .none
      case .chain: .chain(2)
      case .branching: .branching([2, 2])
      case .rectangle: .rectangle(width: 2, depth: 2)
      }
  }

  /// The shape of a kind that is as wide and as deep as another: its first level is as wide.
  public init(_ kind: Kind, width: Int, depth: Int) {
    self =
      switch kind {
      case .none: .none
      case .chain: .chain(depth)
      case .branching: .branching(Array(([width] + Array(repeating: 1, count: max(depth - 1, 0))).prefix(depth)))
      case .rectangle: .rectangle(width: width, depth: depth)
      }
  }

  /// The same shape with no more than `depth` levels, which are at least 1.
  public func limited(toDepth depth: Int) -> Shape {
    if depth >= levels { return self }
    return switch self {
    case .none: .none
    case .chain: .chain(depth)
    case .branching(let factors): .branching(Array(factors.prefix(depth)))
    case .rectangle(let width, _): .rectangle(width: width, depth: depth)
    }
  }
}

extension Shape: CustomStringConvertible {
  /// ``text``.
  public var description: String { text }
}
