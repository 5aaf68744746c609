import Probability

/// A model whose laws are shaped by a sampling profile.
///
/// The decoder then sees processed laws only: what is drafted, what is tested, the residual and the bonus
/// cannot disagree about the profile.
public struct ProfiledModel<Base: LanguageModel>: LanguageModel {
  /// The model that gives the laws.
  public let base: Base
  /// The profile that shapes them.
  public let profile: SamplingProfile

  /// A model under a profile.
  public init(_ base: Base, profile: SamplingProfile) {
    self.base = base
    self.profile = profile
  }

  /// The base's vocabulary.
  public var vocabularySize: Int { base.vocabularySize }

  /// The base's empty context.
  public func makeContext() -> Base.Context { base.makeContext() }

  /// Starts the base from a prompt.
  public func begin(_ prompt: [Token], in context: inout Base.Context) throws(SpeculativeDecodingError) {
    try base.begin(prompt, in: &context)
  }

  /// Evaluates the base, then shapes each law, on the base's threads where it has some.
  public func evaluate(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout Base.Context,
    into laws: inout LawTable<Base.Scalar>
  ) throws(SpeculativeDecodingError) {
    guard let shape = try evaluateBase(nodes, of: tree, in: &context, into: &laws) else { return }
    try base.shapeLaws(after: nodes, of: tree, in: &laws, by: shape)
  }

  /// Evaluates the base at the profile's temperature; what the profile leaves out is taken out of a law once it is read.
  public func evaluateForVerification(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout Base.Context,
    into laws: inout LawTable<Base.Scalar>
  ) throws(SpeculativeDecodingError) -> LawCompletion<Base.Scalar>? {
    guard let shape = try evaluateBase(nodes, of: tree, in: &context, into: &laws) else { return nil }
    return { node, laws throws(SpeculativeDecodingError) in try laws.shape(row: node, by: shape) }
  }

  /// Evaluates the base at the profile's temperature.
  ///
  /// - Returns: what is still to be done to each law; `nil` for nothing.
  private func evaluateBase(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout Base.Context,
    into laws: inout LawTable<Base.Scalar>
  ) throws(SpeculativeDecodingError) -> LawShape<Base.Scalar>? {
    var profile = profile
    if profile.temperature != 1, profile.temperature > 0 {
      try base.evaluate(nodes, of: tree, in: &context, into: &laws, temperature: profile.temperature)
      profile = profile.withoutTemperature
    } else {
      try base.evaluate(nodes, of: tree, in: &context, into: &laws)
    }
    if profile.isPlain { return nil }
    return { [profile] law throws(SpeculativeDecodingError) in try profile.apply(to: &law) }
  }

  /// Shapes laws on the base's threads.
  public func shapeLaws(
    after nodes: Range<Int>, of tree: borrowing TokenTree, in laws: inout LawTable<Base.Scalar>,
    by shape: @escaping LawShape<Base.Scalar>
  ) throws(SpeculativeDecodingError) {
    try base.shapeLaws(after: nodes, of: tree, in: &laws, by: shape)
  }

  /// Keeps the accepted path in the base.
  public func keep(
    _ path: ReusableArray<Int>, of tree: borrowing TokenTree, then next: Token, in context: inout Base.Context
  ) throws(SpeculativeDecodingError) {
    try base.keep(path, of: tree, then: next, in: &context)
  }
}
