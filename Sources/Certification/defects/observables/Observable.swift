/// The property of decodings in which a defect shows.
package enum Observable: String, Hashable, Sendable, Codable, CaseIterable {
  /// The joint law of the first emitted tokens.
  case output
  /// The law of how many tokens the first round emits.
  case acceptedLength = "accepted-length"
  /// The law of how many tokens the second round emits; 0 where the first round was the last.
  case secondLength = "second-length"
  /// The law of the first round's draft tree.
  case draftTree = "draft-tree"
  /// Whether neighbouring decodings are independent.
  case independence
  /// Whether another seed gives other tokens.
  case replay
  /// A round of scripted uniforms: too rare for any sample.
  case vector
  /// The exact law of the compiled arithmetic: too small for any sample.
  case exactLaw = "exact-law"
}
