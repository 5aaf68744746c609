/// A real way in which a speculative decoder was wrong, and how this package shows it.
///
/// Found in package issue threads and code. The fault is written here from the description, on the production decoder;
/// nothing of the engines' code is copied.
package struct Defect: Hashable, Sendable {
  /// The part of a decoder that is wrong.
  package enum Category: String, Hashable, Sendable, Codable, CaseIterable {
    /// Which drafted tokens are accepted.
    case acceptance
    /// The token emitted after a rejection.
    case residual
    /// The draft reports another law than it samples.
    case draftLaw = "draft-law"
    /// The target's law is another than it should be.
    case targetLaw = "target-law"
    /// Random numbers that are not independent.
    case randomness
    /// Contexts, positions and rows.
    case state
    /// End tokens, greedy decoding.
    case ends
    /// Trees of several candidates.
    case trees
    /// Uniforms of 0 and close to 1, sums that rounding leaves short.
    case boundaries
    /// Reported as a bug, and none: the law is exact.
    case lossless
  }

  /// The defect's name, in lower case with hyphens.
  package var id: String
  /// The part that is wrong.
  package var category: Category
  /// The mistake, in one sentence.
  package var summary: String
  /// Where it was found; one or more.
  package var sources: [Source]
  /// The fault that has its law; none for a defect at a boundary, whose law is too close to the target's to be told.
  package var fault: Fault
  /// The fault at a boundary that the directed vectors show.
  package var boundary: BoundaryFault?
  /// The observable that shows it.
  package var observable: Observable

  init(
    _ category: Category, _ fault: Fault, _ summary: String, _ sources: [Source], id: String? = nil,
    _ observable: Observable? = nil
  ) {
    self.id = id ?? fault.rawValue
    self.category = category
    self.summary = summary
    self.sources = sources
    self.fault = fault
    self.observable = observable ?? WitnessSpace(fault).observable
  }

  /// A defect at a boundary.
  init(_ boundary: BoundaryFault, _ summary: String, _ sources: [Source]) {
    id = boundary.rawValue
    category = .boundaries
    self.summary = summary
    self.sources = sources
    fault = .none
    self.boundary = boundary
    observable = .vector
  }

  /// Whether the output's law is exact in spite of it.
  package var isLossless: Bool { category == .lossless }
}

extension Defect {
  /// All defects and lossless variants, by category.
  package static let all: [Defect] =
    acceptance + residual + draftLaw + targetLaw + profile + randomness + state + ends + trees + boundaries + lossless

  /// The defect of a name.
  package static func named(_ id: String) -> Defect? { all.first { $0.id == id } }
}
