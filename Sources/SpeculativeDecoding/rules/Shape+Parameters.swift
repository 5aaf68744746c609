extension Shape {
  /// The shape of the parameters that a file or a command line states; `nil` where they make none.
  public init?(branching: [Int]? = nil, width: Int? = nil, depth: Int? = nil) {
    switch (branching, width, depth) {
    case (nil, nil, nil): self = .none
    case (nil, nil, let depth?): self = .chain(depth)
    case (let branching?, nil, nil): self = .branching(branching)
    case (nil, let width?, let depth?): self = .rectangle(width: width, depth: depth)
    default: return nil
    }
  }

  /// The branching factors, one a level, of a shape that states them.
  public var branchingParameter: [Int]? { if case .branching(let factors) = self { factors } else { nil } }

  /// The width of a shape that states one.
  public var widthParameter: Int? { if case .rectangle(let width, _) = self { width } else { nil } }

  /// The depth of a shape that states one.
  public var depthParameter: Int? {
    switch self {
    case .chain(let depth), .rectangle(_, let depth): depth
    case .none, .branching: nil
    }
  }
}

extension DecodingMethod {
  /// The method of a rule's name and the parameters of its shape, as files state them; `nil` where they make none.
  public init?(rule: String, branching: [Int]?, width: Int?, depth: Int?) {
    guard let rule = Rule.named(rule), let shape = Shape(branching: branching, width: width, depth: depth),
      shape.kind == rule.shapes
    else { return nil }
    self.init(rule: rule, shape: shape)
  }
}
