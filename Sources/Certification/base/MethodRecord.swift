import SpeculativeDecoding

/// A method as files and messages state it.
public struct MethodRecord: Hashable, Sendable, Codable {
  /// The rule's name in the port protocol.
  public var rule: String
  /// Branching factors (SpecInfer, RSD-C).
  public var branching: [Int]?
  /// Sequences or beam width (SpecTr, RSD-S).
  public var width: Int?
  /// Draft length (SD, SpecTr, RSD-S).
  public var depth: Int?

  /// The record of a method.
  public init(_ method: DecodingMethod) {
    rule = method.rule.name
    branching = method.shape.branchingParameter
    width = method.shape.widthParameter
    depth = method.shape.depthParameter
  }

  /// The method; `nil` for an unknown rule, or a shape that it does not have.
  public var method: DecodingMethod? {
    DecodingMethod(rule: rule, branching: branching, width: width, depth: depth)
  }
}
