import Certification
import Checkpoints
import SpeculativeDecoding
import Transformer

/// Cases over two transformers: every method from every prompt.
package struct TransformerSuite: Sendable {
  /// A prompt, by the name that it has in identifiers.
  package struct Prompt: Hashable, Sendable {
    /// Its name: letters, digits and hyphens.
    package var name: String
    /// Its tokens, at least one.
    package var tokens: [Token]

    /// A prompt of tokens, named after them.
    package init(tokens: [Token]) {
      let words = tokens.prefix(6).map(String.init).joined(separator: "-")
      self.init(name: "tokens-\(words)\(tokens.count > 6 ? "-and-\(tokens.count - 6)-more" : "")", tokens: tokens)
    }

    /// A prompt of a text, named after its first words.
    package init(text: String, tokens: [Token]) {
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
  package var methods: [DecodingMethod]
  /// The prompts.
  package var prompts: [Prompt]
  /// The profile of the laws.
  package var profile: SamplingProfile
  /// Decodings of each case that pass through both models in trees and caches; `nil` for all.
  package var evaluated: Int?

  /// Cases of methods and prompts.
  package init(methods: [DecodingMethod], prompts: [Prompt], profile: SamplingProfile, evaluated: Int? = nil) {
    self.methods = methods
    self.prompts = prompts
    self.profile = profile
    self.evaluated = evaluated
  }

  /// How many cases it has.
  package var count: Int { methods.count * prompts.count }

  /// Tests that share the error budget: the output's law and the accepted lengths of each case.
  package var errorShares: Int { 2 * count }

  /// The prompts for models whose tokens are bytes, where none are given.
  package static let bytePrompts = texts.map { text in Prompt(text: text, tokens: text.utf8.map(Int.init)) }

  /// The texts that are decoded from where none is given.
  package static let texts = ["In the beginning", "And God said, ", "the king of "]

  /// The case of the default suite.
  ///
  /// - Throws: ``SpeculativeDecodingError``, if the profile were out of range.
  package static func standard() throws(SpeculativeDecodingError) -> TransformerSuite {
    TransformerSuite(
      methods: [.rsdS(width: 2, depth: 2)], prompts: [bytePrompts[0]], profile: try SamplingProfile(topK: 2))
  }

  /// Vocabularies and models beyond these sizes have only some of their decodings evaluated, unless it is asked otherwise.
  private static let (smallVocabulary, smallModel) = (4096, 10_000_000)

  /// The decodings of a case to evaluate by default: all over a small model, else as many as are enough.
  package static func evaluated(over target: TransformerModel, _ budget: ErrorBudget) -> Int? {
    let isSmall =
      target.vocabularySize <= smallVocabulary && target.configuration.parameterCount <= smallModel
    return isSmall ? nil : budget.evaluatedDecodings
  }

  /// Plans all cases, before any data.
  ///
  /// - Parameters:
  ///   - target: the model whose law is certified.
  ///   - draft: the model that proposes.
  ///   - budget: the error rates.
  ///   - samples: decodings of each case, instead of what its power needs.
  ///   - progress: told after how many texts laws were evaluated, and after how many at most they will be, where not all
  ///     decodings are evaluated; `false` ends the planning.
  /// - Throws: ``CertificationError`` where a case cannot be planned.
  package func cases(
    target: TransformerModel, draft: DraftModel, budget: ErrorBudget, samples: Int? = nil,
    progress: (_ texts: Int, _ most: Int) -> Bool = { _, _ in true }
  ) throws(CertificationError) -> [TransformerCase] {
    var cases: [TransformerCase] = []
    // The texts of the deepest tree are all that any of the methods comes to.
    let depth = methods.map(\.draftLength).max() ?? 0
    let length = methods.map(TransformerCase.length).max() ?? 0
    let most = TextLaws.mostTexts(draftLength: depth, length: length, support: profile.topK)
    for (index, prompt) in prompts.enumerated() {
      var texts: TextLaws?
      if evaluated != nil {
        do {
          texts = try TextLaws(
            target: target, draft: draft, after: prompt.tokens, profile: profile, draftLength: depth, length: length
          ) { progress(index * most + $0, prompts.count * most) }
        } catch {
          throw .decoding(place: "prompt \(prompt.name)", error)
        }
      }
      for method in methods {
        cases.append(
          try TransformerCase(
            method, over: target, draft: draft, prompt: prompt.tokens, name: prompt.name, profile: profile,
            budget: budget, samples: samples, evaluated: evaluated, texts: texts))
      }
    }
    return cases
  }
}
