import Certification
import Probability
import RealModule
import SpeculativeDecoding
import Statistics
import Transformer

/// A case over two transformers, made ready before any data: the exact law of the next tokens, cells, N and power.
///
/// The law is enumerated by the target itself, sequence by sequence without trees, in its deterministic mode: what is
/// tested is the decoder, its trees, its caches and its sampling, and not the arithmetic of the forward pass.
package struct TransformerCase: Sendable {
  /// "rule/shape/prompt/profile"; names the case's random streams.
  package let id: String
  /// Tree and rule.
  package let method: DecodingMethod
  /// The tokens decoded from.
  package let prompt: [Token]
  /// The profile of both models' laws; with a top-k of 3 at most the law has few cells.
  package let profile: SamplingProfile
  /// Tokens tested jointly: draft length + 2, and 3 at least.
  package let length: Int
  /// The target's law of those tokens, by their names.
  package let law: [String: Rational]
  /// Decodings to make.
  package let samples: Int
  /// The cells that the law is tested in, and the share of the false-fail rate.
  package let plan: LawTest<String>
  /// The probability that a decoder wrong by the budget's effect is refused.
  package let power: Double
  /// The test of how many tokens the first round emits; `nil` where a round takes more branches than are enumerated.
  package let acceptance: LawTest<String>?
  /// Decodings whose every round passes through both models; `nil` for all.
  ///
  /// The others take the laws of ``texts``. That those are the laws of the rounds is then not sampled but compared, bit for
  /// bit, in each round that is evaluated: see ``ErrorBudget/evaluatedDecodings``.
  package let evaluated: Int?

  /// The laws after every text; `nil` where all decodings are evaluated.
  let texts: TextLaws?

  /// Plans a case; the target's law is enumerated.
  ///
  /// - Parameters:
  ///   - target: the model whose law is certified.
  ///   - draft: the model that proposes; what it proposes shows in the accepted lengths alone.
  ///   - name: the prompt's name in the identifier.
  ///   - profile: with a top-k, so that the law has few sequences.
  ///   - samples: decodings; by default as many as the cells and the power need.
  ///   - evaluated: decodings that pass through both models in trees and caches; `nil` for all.
  /// - Throws: ``CertificationError`` where the models make no decoder, or the law has too many sequences.
  package init(
    _ method: DecodingMethod, over target: TransformerModel, draft: DraftModel, prompt: [Token], name: String,
    profile: SamplingProfile, budget: ErrorBudget, samples: Int? = nil, evaluated: Int? = nil
  ) throws(CertificationError) {
    var texts: TextLaws?
    if evaluated != nil {
      do {
        texts = try TextLaws(
          target: target, draft: draft, after: prompt, profile: profile, draftLength: method.draftLength,
          length: Self.length(of: method))
      } catch {
        throw .decoding(place: "prompt \(name)", error)
      }
    }
    try self.init(
      method, over: target, draft: draft, prompt: prompt, name: name, profile: profile, budget: budget,
      samples: samples, evaluated: evaluated, texts: texts)
  }

  /// Tokens that are tested of a method.
  static func length(of method: DecodingMethod) -> Int { max(3, method.draftLength + 2) }

  init(
    _ method: DecodingMethod, over target: TransformerModel, draft: DraftModel, prompt: [Token], name: String,
    profile: SamplingProfile, budget: ErrorBudget, samples: Int?, evaluated: Int?, texts: TextLaws?
  ) throws(CertificationError) {
    let kept = profile.topK > 0 ? "top-k-\(profile.topK)" : "all-tokens"
    id = [method.id, name, kept].filter { !$0.isEmpty }.joined(separator: "/")
    self.method = method
    self.prompt = prompt
    self.profile = profile
    length = Self.length(of: method)
    self.texts = texts
    let exact: [String: Rational]
    let lengths: [String: Rational]?
    do {
      if let texts {
        exact = try texts.law(length: length)
        lengths = try Self.acceptedLengths(
          method, TextModel(laws: texts, role: .target), TextModel(laws: texts, role: .draft), after: [])
      } else {
        exact = try Self.law(of: target, after: prompt, length: length, profile: profile)
        lengths = try Self.acceptedLengths(
          method, RememberingModel(base: ProfiledModel(target, profile: profile), memory: LawMemory()),
          RememberingModel(base: ProfiledModel(draft, profile: profile), memory: LawMemory()), after: prompt)
      }
    } catch {
      throw .decoding(place: "case \(id)", error)
    }
    // What a certificate states, so that the statistic can be computed again from it.
    law = TransformerResult.normalised(exact.mapValues(\.approximation)) ?? exact
    do {
      if let samples {
        self.samples = samples
      } else {
        self.samples = try CasePlan.samplesNeeded(law.values.map(\.approximation), budget: budget)
      }
      self.evaluated = evaluated.map { [samples = self.samples] in min($0, samples) }
      plan = try LawTest(law, samples: self.samples, share: budget.nominalShare)
      power = try plan.power(atEffect: budget.effect)
      if let lengths {
        acceptance = try LawTest(lengths, samples: self.samples, share: budget.nominalShare)
      } else {
        acceptance = nil
      }
    } catch {
      throw .statistics(place: "case \(id)", error)
    }
  }

  /// Whether a pass would mean what the budget says.
  package func isConclusive(within budget: ErrorBudget) -> Bool {
    plan.hasSoundCells && power >= 1 - budget.falsePass
      && budget.isEnough(evaluated: evaluated, of: samples)
  }

  /// The case's word in the key of its random streams: FNV-1a of its identifier.
  var streamWord: UInt64 {
    id.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }

  /// The branches of a round beyond which accepted lengths are not tested.
  static let maximumBranches = 20_000

  /// The exact law of how many tokens the first round emits, by enumeration of the decoder that samples.
  ///
  /// - Returns: `nil` beyond ``maximumBranches``.
  static func acceptedLengths<Target: LanguageModel, Draft: LanguageModel>(
    _ method: DecodingMethod, _ target: Target, _ draft: Draft, after prompt: [Token]
  ) throws(SpeculativeDecodingError) -> [String: Rational]? where Target.Scalar == Float, Draft.Scalar == Float {
    let decoder = try Decoder(target: ExactModel(base: target), draft: ExactModel(base: draft), method: method)
    do {
      let law = try decoder.roundLaw(after: prompt, limits: EnumerationLimits(branches: maximumBranches))
      return Dictionary(
        uniqueKeysWithValues: law.acceptedLength.enumerated().map { (String($0.offset + 1), $0.element) })
    } catch {
      if case .enumerationLimit = error { return nil }
      throw error
    }
  }

  /// The most sequences that a law may have: each is a forward pass or more.
  package static let maximumSequences = 4096

  /// The law of `length` tokens by plain sequential evaluation: no tree, no draft, and the profile's law at each step.
  ///
  /// - Throws: what the model says of a prompt, and ``SpeculativeDecodingError/model(_:)`` beyond ``maximumSequences``.
  static func law(
    of model: TransformerModel, after prompt: [Token], length: Int, profile: SamplingProfile
  ) throws(SpeculativeDecodingError) -> [String: Rational] {
    var law: [String: Rational] = [:]
    let model = ProfiledModel(model, profile: profile)
    var context = model.makeContext()
    var row = LawTable<Float>(vocabularySize: model.vocabularySize)
    row.reserve(rows: 1)
    // An explicit stack, the last token first: neighbours share all but their last tokens, which the context reuses.
    var pending: [(tokens: [Token], probability: Rational)] = [([], .one)]
    while let (tokens, probability) = pending.popLast() {
      if tokens.count == length {
        law[tokens.map(String.init).joined(separator: " ")] = probability
        continue
      }
      guard law.count + pending.count < maximumSequences else { throw tooManySequences(length) }
      let text = prompt + tokens
      try model.begin(text, in: &context)
      try model.evaluate(0..<1, of: TokenTree(root: text[text.count - 1]), in: &context, into: &row)
      let next = row.law(ofRow: 0)
      let mass = next.reduce(Rational.zero) { $0 + ($1.exact ?? .zero) }
      for token in next.indices.reversed() where next[token] > 0 {
        pending.append((tokens + [token], probability * (next[token].exact ?? .zero) / mass))
      }
    }
    return law
  }

  static func tooManySequences(_ length: Int) -> SpeculativeDecodingError {
    .model(
      "the law of \(length) tokens has more than \(maximumSequences) sequences; set --top-k 3 or less, or make the tree "
        + "shallower")
  }
}

extension TextLaws {
  /// The target's law of `length` tokens.
  ///
  /// - Throws: ``SpeculativeDecodingError/model(_:)`` beyond ``TransformerCase/maximumSequences``.
  func law(length: Int) throws(SpeculativeDecodingError) -> [String: Rational] {
    var law: [String: Rational] = [:]
    var pending: [(text: Int32, tokens: [Token], probability: Rational)] = [(0, [], .one)]
    while let (text, words, probability) = pending.popLast() {
      if words.count == length {
        law[words.map(String.init).joined(separator: " ")] = probability
        continue
      }
      guard law.count + pending.count < TransformerCase.maximumSequences else {
        throw TransformerCase.tooManySequences(length)
      }
      let next = self.law(of: .target, after: text)
      let mass = next.values.reduce(Rational.zero) { $0 + ($1.exact ?? .zero) }
      for (token, value) in zip(next.tokens, next.values) {
        pending.append(
          (
            self.text(text, extendedBy: token), words + [tokens[Int(token)]],
            probability * (value.exact ?? .zero) / mass
          ))
      }
    }
    return law
  }
}
