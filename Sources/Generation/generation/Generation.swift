import Probability
import SpeculativeDecoding
import Transformer

/// A text in the making: round after round of the decoder over a transformer and its draft, until there is a reason to end.
///
///     var generation = try Generation(of: pair, by: .rsdS(width: 3, depth: 4), from: prompt, maximum: 200, seed: 0)
///     while generation.end == nil { show(try generation.next()) }
///
/// The tokens follow from the models, the prompt, the method and the seed alone: not from threads, nor from time.
public struct Generation: Sendable {
  /// Why a text ended.
  public enum End: String, Hashable, Sendable, Codable {
    /// It has as many tokens as were asked for.
    case maximum
    /// Its last token is an end token.
    case endToken = "end-token"
    /// The target's context is full.
    case context
  }

  /// The decoder over both models under the profile.
  typealias PairDecoder = Decoder<ProfiledModel<TransformerModel>, ProfiledModel<DraftModel>>

  /// Tree and rule; near the end of a context the trees are shallower.
  public let method: DecodingMethod
  /// Tokens of the prompt.
  public let promptCount: Int
  /// The tokens after the prompt, the end token included.
  public private(set) var tokens: [Token] = []
  /// Why the text has ended; `nil` while it has not.
  public private(set) var end: End?
  /// The end token with which the text ended; `nil` where something else ended it.
  public var endToken: Token? { end == .endToken ? tokens.last : nil }
  /// The number of tokens after the prompt from which on the draft's context was full and decoding was plain.
  ///
  /// `nil` where it did not come to this, or the target's context was full as well.
  public private(set) var draftEnd: Int?

  private let pair: TransformerPair
  private let maximum: Int
  /// The method limited to each depth from 0 on.
  private let decoders: [PairDecoder]
  private var session: PairDecoder.Session
  private var choices: RandomChoices<Float, Philox4x64>

  /// Evaluates a prompt.
  ///
  /// - Parameters:
  ///   - pair: needs a draft, unless the method is autoregressive.
  ///   - prompt: at least one token, the begin token included where the model wants one.
  ///   - maximum: tokens after the prompt; at least 1.
  ///   - seed: the first word of the Philox key.
  ///   - text: which text of the seed; texts of one seed are independent.
  /// - Throws: ``SpeculativeDecodingError`` for a shape that draws nothing, a missing draft, nothing to decode, or what the
  ///   models say of the prompt.
  public init(
    of pair: TransformerPair, by method: DecodingMethod, from prompt: [Token], maximum: Int, seed: UInt64,
    text: UInt64 = 0
  ) throws(SpeculativeDecodingError) {
    guard maximum > 0 else { throw .nothingToDecode }
    guard pair.draft != nil || method == .autoregressive else {
      throw .model("the rule \(method.rule) drafts; give it a draft model")
    }
    if let limit = pair.draft?.contextLimit, method != .autoregressive, prompt.count > limit,
      prompt.count <= pair.target.contextLimit
    {
      throw .model(
        "the prompt has \(prompt.count) tokens, and the draft's context holds \(limit); shorten the prompt, "
          + "or decode without a draft (autoregressive)")
    }
    let target = ProfiledModel(pair.target, profile: pair.profile)
    // Autoregressive decoding asks its draft for nothing.
    let draft = ProfiledModel(pair.draft ?? .transformer(pair.target), profile: pair.profile)
    var decoders: [PairDecoder] = []
    for depth in 0...method.draftLength {
      decoders.append(
        try Decoder(
          target: target, draft: draft, method: method.limited(toDepth: depth),
          endTokens: Set(pair.endTokens)))
    }
    self.pair = pair
    self.method = method
    self.maximum = maximum
    self.decoders = decoders
    promptCount = prompt.count
    let decoder = decoders[method.draftLength]
    session = decoder.makeSession()
    choices = RandomChoices(Philox4x64(key: [seed, text]))
    try decoder.begin(prompt, in: &session)
  }

  /// The counts of the rounds, uncut by the maximum.
  public var diagnostics: Diagnostics { session.diagnostics }

  /// Runs a round and returns its tokens; none where the text has ended, which ``end`` then says.
  ///
  /// - Throws: what the models say of their evaluation; the tokens so far remain.
  public mutating func next() throws(SpeculativeDecodingError) -> ArraySlice<Token> {
    let start = tokens.count
    guard end == nil else { return [] }
    let length = promptCount + start
    let depth = pair.deepestTree(after: length)
    guard depth >= 0 else {
      end = .context
      return []
    }
    if depth == 0, method.draftLength > 0, draftEnd == nil, pair.target.deepestTree(after: length) > 0 {
      draftEnd = start
    }
    try decoders[min(depth, method.draftLength)].round(&session, using: &choices)
    for token in session.workspace.emitted {
      tokens.append(token)
      if pair.endTokens.contains(token) { end = .endToken }
      if end == nil, tokens.count == maximum { end = .maximum }
      if end != nil { break }
    }
    return tokens[start...]
  }
}
