import SpeculativeDecoding
import Transformer

/// Cases over two transformers: every method from every prompt.
public struct TransformerSuite: Sendable {
  /// A prompt, by the name that it has in identifiers.
  public struct Prompt: Hashable, Sendable {
    /// Its name: letters, digits and hyphens.
    public var name: String
    /// Its tokens, at least one.
    public var tokens: [Token]

    /// A prompt of tokens, named after them.
    public init(tokens: [Token]) {
      let words = tokens.prefix(6).map(String.init).joined(separator: "-")
      self.init(name: "tokens-\(words)\(tokens.count > 6 ? "-and-\(tokens.count - 6)-more" : "")", tokens: tokens)
    }

    /// A prompt of a text, named after its first words.
    public init(text: String, tokens: [Token]) {
      let words = text.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
      let name = words.joined(separator: "-").prefix(32)
      self.init(name: name.isEmpty ? "text" : String(name), tokens: tokens)
    }

    init(name: String, tokens: [Token]) {
      self.name = name
      self.tokens = tokens
    }
  }

  /// The methods.
  public var methods: [DecodingMethod]
  /// The prompts.
  public var prompts: [Prompt]
  /// What shapes the laws.
  public var profile: SamplingProfile

  /// Cases of methods and prompts.
  public init(methods: [DecodingMethod], prompts: [Prompt], profile: SamplingProfile) {
    self.methods = methods
    self.prompts = prompts
    self.profile = profile
  }

  /// How many cases it has.
  public var count: Int { methods.count * prompts.count }

  /// Tests that share the error budget: the output's law and the accepted lengths of each case.
  public var errorShares: Int { 2 * count }

  /// The prompts for models whose tokens are bytes, where none are given.
  public static let bytePrompts = ["In the beginning", "And God said, ", "the king of "].map { text in
    Prompt(text: text, tokens: text.utf8.map(Int.init))
  }

  /// The case of the default suite.
  ///
  /// - Throws: ``SpeculativeDecodingError``, if the profile were out of range.
  public static func standard() throws(SpeculativeDecodingError) -> TransformerSuite {
    TransformerSuite(
      methods: [.rsdS(width: 2, depth: 2)], prompts: [bytePrompts[0]], profile: try SamplingProfile(topK: 2))
  }

  /// Plans all cases, before any data.
  ///
  /// - Throws: ``CertificationError`` where a case cannot be planned.
  public func cases(
    target: TransformerModel, draft: TransformerModel, budget: ErrorBudget, samples: Int? = nil
  ) throws(CertificationError) -> [TransformerCase] {
    var cases: [TransformerCase] = []
    for prompt in prompts {
      for method in methods {
        cases.append(
          try TransformerCase(
            method, over: target, draft: draft, prompt: prompt.tokens, name: prompt.name, profile: profile,
            budget: budget, samples: samples))
      }
    }
    return cases
  }
}
