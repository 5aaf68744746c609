/// A rule of speculative decoding: a structure of draft trees, and a verification that is lossless over it.
///
/// A rule is a value: every list of rules, shapes or cases derives from ``all`` and from what a rule says of itself. A
/// rule of someone else's is one more value; its steps are given to the decoder as ``RoundSteps``.
public struct Rule: Hashable, Sendable {
  /// The name on the command line, in files and in the port protocol, such as "rsd-s".
  public let name: String
  /// The name in prose and tables, such as "RSD-S".
  public let title: String
  /// The kind of shapes that the rule's trees have.
  public let shapes: Shape.Kind
  /// How a tree is drafted.
  public let drafting: Drafting
  /// How a tree is verified.
  public let verification: Verification
  /// Whether the law of the accepted length is the same in every lossless implementation.
  ///
  /// SpecTr's is not: its scale ρ may be any value of a range.
  public let hasAcceptedLengthLaw: Bool

  /// A rule; by default its own steps draft and verify.
  public init(
    name: String, title: String? = nil, shapes: Shape.Kind, drafting: Drafting = .ownSteps,
    verification: Verification = .ownSteps, hasAcceptedLengthLaw: Bool = true
  ) {
    self.name = name
    self.title = title ?? name
    self.shapes = shapes
    self.drafting = drafting
    self.verification = verification
    self.hasAcceptedLengthLaw = hasAcceptedLengthLaw
  }
}

extension Rule {
  /// All rules, in the order of tables.
  public static let all: [Rule] = [.autoregressive, .speculative, .specInfer, .specTr, .rsdC, .rsdS]

  /// The rules that draft.
  public static let allThatDraft: [Rule] = all.filter { $0.shapes != .none }

  /// The rules by which a tree that is given can be verified: the order of siblings says all of how it was drafted.
  public static let allThatVerify: [Rule] = allThatDraft.filter(\.verifiesGivenTrees)

  /// The rule of a name; `nil` for an unknown one.
  public static func named(_ name: String) -> Rule? { all.first { $0.name == name } }

  /// Whether a tree that is given can be verified by the rule (``VerificationRequest``).
  public var verifiesGivenTrees: Bool { shapes != .none && verification == .recursiveRejection }

  /// The method of this rule where nobody states a shape: 2 deep, and 2 wide at every level.
  public var standardMethod: DecodingMethod { DecodingMethod(rule: self, shape: Shape(standard: shapes)) }

  /// The method of this rule whose tree is as wide in its first level, and as deep.
  public func method(width: Int, depth: Int) -> DecodingMethod {
    DecodingMethod(rule: self, shape: Shape(shapes, width: width, depth: depth))
  }

  /// The methods of this rule in the shapes of its kind.
  public func methods(_ shapes: [Shape]) -> [DecodingMethod] {
    shapes.filter { $0.kind == self.shapes }.map { DecodingMethod(rule: self, shape: $0) }
  }
}

extension Rule: CustomStringConvertible {
  /// ``name``.
  public var description: String { name }
}
