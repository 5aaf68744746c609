import Checkpoints
import Probability
import SpeculativeDecoding

/// A model that proposes tokens to a transformer: any with an exact law over the same vocabulary.
///
/// A closed choice, not an existential: the decoder is compiled once over it, and each call branches once.
public enum DraftModel: Sendable {
  /// A smaller transformer.
  case transformer(TransformerModel)
  /// The n-grams of the text so far.
  case promptLookup(PromptLookup<Float>)

  /// Parameters that a forward pass reads; 0 for prompt look-up, which has none.
  public var parameterCount: Int {
    switch self {
    case .transformer(let model): model.configuration.parameterCount
    case .promptLookup: 0
    }
  }

  /// The most tokens that a context may hold and still be continued; `nil` where there is no limit.
  public var contextLimit: Int? {
    switch self {
    case .transformer(let model): model.contextLimit
    case .promptLookup: nil
    }
  }
}

extension DraftModel: LanguageModel {
  /// The context of the one or the other.
  public enum Context: Sendable {
    /// A transformer's.
    case transformer(TransformerContext)
    /// Prompt look-up's.
    case promptLookup(PromptLookup<Float>.Context)
    /// While a model has it.
    case lent
  }

  /// Tokens in the vocabulary.
  public var vocabularySize: Int {
    switch self {
    case .transformer(let model): model.vocabularySize
    case .promptLookup(let model): model.vocabularySize
    }
  }

  /// An empty context.
  public func makeContext() -> Context {
    switch self {
    case .transformer(let model): .transformer(model.makeContext())
    case .promptLookup(let model): .promptLookup(model.makeContext())
    }
  }

  /// Starts from a prompt.
  ///
  /// - Throws: what the model says of it.
  public func begin(_ prompt: [Token], in context: inout Context) throws(SpeculativeDecodingError) {
    // A payload that the variable still held would be copied, cache and all, when it is written to.
    switch exchange(&context, with: .lent) {
    case .transformer(var inner):
      defer { context = .transformer(inner) }
      try transformer.begin(prompt, in: &inner)
    case .promptLookup(var inner):
      defer { context = .promptLookup(inner) }
      try promptLookup.begin(prompt, in: &inner)
    case .lent: throw Self.foreignContext
    }
  }

  /// Evaluates nodes of the tree.
  ///
  /// - Throws: what the model says of it.
  public func evaluate(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout Context, into laws: inout LawTable<Float>
  ) throws(SpeculativeDecodingError) {
    switch exchange(&context, with: .lent) {
    case .transformer(var inner):
      defer { context = .transformer(inner) }
      try transformer.evaluate(nodes, of: tree, in: &inner, into: &laws)
    case .promptLookup(var inner):
      defer { context = .promptLookup(inner) }
      try promptLookup.evaluate(nodes, of: tree, in: &inner, into: &laws)
    case .lent: throw Self.foreignContext
    }
  }

  /// Evaluates nodes of the tree at a temperature.
  ///
  /// - Throws: what the model says of it.
  public func evaluate(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout Context, into laws: inout LawTable<Float>,
    temperature: Double
  ) throws(SpeculativeDecodingError) {
    switch exchange(&context, with: .lent) {
    case .transformer(var inner):
      defer { context = .transformer(inner) }
      try transformer.evaluate(nodes, of: tree, in: &inner, into: &laws, temperature: temperature)
    case .promptLookup(var inner):
      defer { context = .promptLookup(inner) }
      try promptLookup.evaluate(nodes, of: tree, in: &inner, into: &laws, temperature: temperature)
    case .lent: throw Self.foreignContext
    }
  }

  /// Shapes laws, on a transformer's threads.
  ///
  /// - Throws: what `shape` throws.
  public func shapeLaws(
    after nodes: Range<Int>, of tree: borrowing TokenTree, in laws: inout LawTable<Float>,
    by shape: @escaping LawShape<Float>
  ) throws(SpeculativeDecodingError) {
    switch self {
    case .transformer(let model): try model.shapeLaws(after: nodes, of: tree, in: &laws, by: shape)
    case .promptLookup(let model): try model.shapeLaws(after: nodes, of: tree, in: &laws, by: shape)
    }
  }

  /// Keeps the accepted path.
  ///
  /// - Throws: what the model says of it.
  public func keep(
    _ path: ReusableArray<Int>, of tree: borrowing TokenTree, then next: Token, in context: inout Context
  ) throws(SpeculativeDecodingError) {
    switch exchange(&context, with: .lent) {
    case .transformer(var inner):
      defer { context = .transformer(inner) }
      try transformer.keep(path, of: tree, then: next, in: &inner)
    case .promptLookup(var inner):
      defer { context = .promptLookup(inner) }
      try promptLookup.keep(path, of: tree, then: next, in: &inner)
    case .lent: throw Self.foreignContext
    }
  }

  private var transformer: TransformerModel {
    get throws(SpeculativeDecodingError) {
      guard case .transformer(let model) = self else { throw Self.foreignContext }
      return model
    }
  }

  private var promptLookup: PromptLookup<Float> {
    get throws(SpeculativeDecodingError) {
      guard case .promptLookup(let model) = self else { throw Self.foreignContext }
      return model
    }
  }

  private static var foreignContext: SpeculativeDecodingError {
    .model("the context is another draft's; make it by this draft's makeContext")
  }
}
