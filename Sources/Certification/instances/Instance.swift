import SpeculativeDecoding

/// A decoding problem: a method, a pair of models, a prompt, a profile, and how many tokens are looked at jointly.
///
/// Suites, proofs, ports and witnesses speak of the same instances.
public struct Instance: Hashable, Sendable {
  /// "rule/shape/pair/profile", and "/end" with an end token; names the instance's random streams.
  public var id: String
  /// Tree and rule.
  public var method: DecodingMethod
  /// The models and the prompt.
  public var pair: ModelPair
  /// The profile of both models' laws.
  public var profile: SamplingProfile
  /// The name of the profile.
  public var profileName: String
  /// Tokens whose joint law is looked at.
  public var length: Int
  /// The token after which a sequence stops.
  public var endToken: Token?

  /// An instance of draft length + 2 tokens, at least 3, unless `length` says otherwise: one full round, and one token of
  /// the next.
  ///
  /// A shorter window cannot see a wrong bonus token, a wrong row or a stale context.
  public init(
    method: DecodingMethod, pair: ModelPair, profile: SamplingProfile = .plain, profileName: String = "plain",
    length: Int? = nil, endToken: Token? = nil
  ) {
    self.method = method
    self.pair = pair
    self.profile = profile
    self.profileName = profileName
    self.length = length ?? max(3, method.draftLength + 2)
    self.endToken = endToken
    let end = endToken == nil ? [] : ["end"]
    id = ([method.id, pair.name, profileName] + end).joined(separator: "/")
  }

  /// The instance's word in the key of its random streams: FNV-1a of its identifier.
  ///
  /// It depends on nothing else, so that neither order nor selection of cases changes a count.
  public var streamWord: UInt64 {
    id.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }
}
