import SpeculativeDecoding

extension DecodingMethod {
  /// The method of a rule's name and the parameters of its shape, as files state them; `nil` where they make none.
  public init?(rule: String, branching: [Int]?, width: Int?, depth: Int?) {
    switch (rule, branching, width, depth) {
    case ("autoregressive", nil, nil, nil): self = .autoregressive
    case ("sd", nil, nil, let depth?): self = .speculative(depth: depth)
    case ("specinfer", let branching?, nil, nil): self = .specInfer(branching: branching)
    case ("rsd-c", let branching?, nil, nil): self = .rsdC(branching: branching)
    case ("spectr", nil, let width?, let depth?): self = .specTr(width: width, depth: depth)
    case ("rsd-s", nil, let width?, let depth?): self = .rsdS(width: width, depth: depth)
    default: return nil
    }
  }

  /// The branching factors that a record states, if the rule has them.
  var recordedBranching: [Int]? {
    switch self {
    case .specInfer(let branching), .rsdC(let branching): branching
    default: nil
    }
  }

  /// The width that a record states, if the rule has one.
  var recordedWidth: Int? {
    switch self {
    case .specTr(let width, _), .rsdS(let width, _): width
    default: nil
    }
  }

  /// The depth that a record states, if the rule has one.
  var recordedDepth: Int? {
    switch self {
    case .speculative(let depth), .specTr(_, let depth), .rsdS(_, let depth): depth
    default: nil
    }
  }
}
