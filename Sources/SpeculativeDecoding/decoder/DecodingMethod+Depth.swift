extension DecodingMethod {
  /// The same method with no more than `depth` levels; autoregressive where none is left.
  ///
  /// Every method emits the target's law, and so does one that changes from round to round, as long as the change
  /// depends on nothing but the text so far: near the end of a context the trees may become shallower.
  public func limited(toDepth depth: Int) -> DecodingMethod {
    if depth >= draftLength { return self }
    if depth < 1 { return .autoregressive }
    return switch self {
    case .autoregressive: .autoregressive
    case .speculative: .speculative(depth: depth)
    case .specInfer(let branching): .specInfer(branching: Array(branching.prefix(depth)))
    case .specTr(let width, _): .specTr(width: width, depth: depth)
    case .rsdC(let branching): .rsdC(branching: Array(branching.prefix(depth)))
    case .rsdS(let width, _): .rsdS(width: width, depth: depth)
    }
  }
}
