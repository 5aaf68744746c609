import Probability
import RealModule
import SpeculativeDecoding
import Statistics
import Transformer

/// A case over two transformers, made ready before any data: the exact law of the next tokens, cells, N and power.
///
/// The law is enumerated by the target itself, sequence by sequence without trees, in its deterministic mode: what is
/// tested is the decoder, its trees, its caches and its sampling, and not the arithmetic of the forward pass.
public struct TransformerCase: Sendable {
  /// "rule/shape/prompt/profile"; names the case's random streams.
  public let id: String
  /// Tree and rule.
  public let method: DecodingMethod
  /// The tokens decoded from.
  public let prompt: [Token]
  /// What shapes both models' laws; with a top-k of 3 at most the law has few cells.
  public let profile: SamplingProfile
  /// Tokens tested jointly: draft length + 2, and 3 at least.
  public let length: Int
  /// The target's law of those tokens, by their names.
  public let law: [String: Rational]
  /// Decodings to make.
  public let samples: Int
  /// The cells that the law is tested in, and the share of the false-fail rate.
  public let plan: LawPlan
  /// The probability that a decoder wrong by the budget's effect is refused.
  public let power: Double
  /// The test of how many tokens the first round emits; `nil` where a round takes more branches than are enumerated.
  public let acceptance: LawPlan?

  /// Plans a case; the target's law is enumerated.
  ///
  /// - Parameters:
  ///   - target: the model whose law is certified.
  ///   - draft: the model that proposes; what it proposes shows in the accepted lengths alone.
  ///   - name: the prompt's name in the identifier.
  ///   - profile: with a top-k, so that the law has few sequences.
  ///   - samples: decodings; by default as many as the cells and the power need.
  /// - Throws: ``CertificationError`` where the models make no decoder, or the law has too many sequences.
  public init(
    _ method: DecodingMethod, over target: TransformerModel, draft: TransformerModel, prompt: [Token], name: String,
    profile: SamplingProfile, budget: ErrorBudget, samples: Int? = nil
  ) throws(CertificationError) {
    let kept = profile.topK > 0 ? "top-k-\(profile.topK)" : "all-tokens"
    id = [method.rule, method.shape, name, kept].filter { !$0.isEmpty }.joined(separator: "/")
    self.method = method
    self.prompt = prompt
    self.profile = profile
    length = max(3, method.draftLength + 2)
    let exact: [String: Rational]
    let lengths: [String: Rational]?
    do {
      exact = try Self.law(of: target, after: prompt, length: length, profile: profile)
      lengths = try Self.acceptedLengths(method, target, draft, after: prompt, profile: profile)
    } catch {
      throw .decoding(place: "case \(id)", error)
    }
    // What a certificate states, so that the statistic can be computed again from it.
    law = TransformerRecord.normalised(exact.mapValues(\.approximation)) ?? exact
    do {
      if let samples {
        self.samples = samples
      } else {
        self.samples = try CasePlan.samplesNeeded(law.values.map(\.approximation), budget: budget)
      }
      plan = try LawPlan(law, samples: self.samples, share: budget.nominalShare)
      power = try plan.power(atEffect: budget.effect)
      if let lengths {
        acceptance = try LawPlan(lengths, samples: self.samples, share: budget.nominalShare)
      } else {
        acceptance = nil
      }
    } catch {
      throw .statistics(place: "case \(id)", error)
    }
  }

  /// Whether a pass would mean what the budget says.
  public func isConclusive(within budget: ErrorBudget) -> Bool {
    plan.isConclusive && power >= 1 - budget.falsePass
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
  static func acceptedLengths(
    _ method: DecodingMethod, _ target: TransformerModel, _ draft: TransformerModel, after prompt: [Token],
    profile: SamplingProfile
  ) throws(SpeculativeDecodingError) -> [String: Rational]? {
    func exact(_ model: TransformerModel) -> ExactModel<RememberingModel<ProfiledModel<TransformerModel>>> {
      ExactModel(base: RememberingModel(base: ProfiledModel(model, profile: profile), memory: LawMemory()))
    }
    let decoder = try Decoder(target: exact(target), draft: exact(draft), method: method)
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
  public static let maximumSequences = 4096

  /// The law of `length` tokens by plain sequential evaluation: no tree, no draft, and the profile's law at each step.
  ///
  /// - Throws: what the model says of a prompt, and ``SpeculativeDecodingError/model(_:)`` beyond ``maximumSequences``.
  static func law(
    of model: TransformerModel, after prompt: [Token], length: Int, profile: SamplingProfile
  ) throws(SpeculativeDecodingError) -> [String: Rational] {
    var law: [String: Rational] = [:]
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
      guard law.count + pending.count < maximumSequences else {
        throw .model(
          "the law of \(length) tokens has more than \(maximumSequences) sequences; set --top-k 3 or less, or make "
            + "the tree shallower")
      }
      let text = prompt + tokens
      try model.begin(text, in: &context)
      try model.evaluate(0..<1, of: TokenTree(root: text[text.count - 1]), in: &context, into: &row)
      let next = try profile.applied(to: row.law(ofRow: 0))
      let mass = next.reduce(Rational.zero) { $0 + ($1.exact ?? .zero) }
      for token in next.indices.reversed() where next[token] > 0 {
        pending.append((tokens + [token], probability * (next[token].exact ?? .zero) / mass))
      }
    }
    return law
  }
}
