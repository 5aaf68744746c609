import Probability
import SpeculativeDecoding
import ToyModels

/// One theorem to prove by enumeration: the decoder's law of the first tokens equals the target's, as fractions.
public struct ProofCase: Hashable, Sendable {
  /// "rule/shape/pair/profile", and "/end" with an end token.
  public var id: String
  /// Tree and rule.
  public var method: DecodingMethod
  /// The models and the prompt; every entry of a row must be a fraction.
  public var pair: ModelPair
  /// What shapes both models' laws; its temperature must be 0 or 1/n.
  public var profile: SamplingProfile
  /// The name of the profile.
  public var profileName: String
  /// Tokens whose joint law is proved.
  public var length: Int
  /// The token after which a sequence stops.
  public var endToken: Token?

  /// A case over draft length + 2 tokens unless `length` says otherwise: a whole round, and one token of the next.
  public init(
    method: DecodingMethod, pair: ModelPair, profile: SamplingProfile = .plain, profileName: String = "plain",
    length: Int? = nil, endToken: Token? = nil
  ) {
    self.method = method
    self.pair = pair
    self.profile = profile
    self.profileName = profileName
    self.length = length ?? method.draftLength + 2
    self.endToken = endToken
    let end = endToken == nil ? [] : ["end"]
    id = ([method.id, pair.name, profileName] + end).joined(separator: "/")
  }

  /// The production decoder over the exact models.
  ///
  /// - Parameter takingDoubles: whether a JSON number stands for the exact value of its double, or is refused.
  /// - Throws: ``CertificationError`` where a row is no exact law, or the profile has no exact power.
  public func decoder(
    takingDoubles: Bool = false
  ) throws(CertificationError) -> Decoder<MarkovModel<Rational>, MarkovModel<Rational>> {
    func model(_ document: ModelDocument, _ name: String) throws(CertificationError) -> MarkovModel<Rational> {
      do {
        return try document.exactModel(takingDoubles: takingDoubles)
      } catch {
        throw .model(place: "\(id): \(name)", error)
      }
    }
    let (target, draft) = (try model(pair.target, "target"), try model(pair.draft, "draft"))
    do {
      return try Decoder(
        target: target.applying(profile), draft: draft.applying(profile), method: method, endToken: endToken)
    } catch {
      throw .decoding(place: id, error)
    }
  }
}
