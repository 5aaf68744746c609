import SpeculativeDecoding
import ToyModels

/// An instance as certificates state it.
public struct InstanceRecord: FlatRecord {
  /// The members beside the method's.
  public struct Members: Hashable, Sendable, Codable {
    /// "rule/shape/pair/profile", and "/end" with an end token.
    public var id: String
    /// The target.
    public var target: ModelDocument
    /// The draft.
    public var draft: ModelDocument
    /// The tokens decoded from.
    public var prompt: [Token]
    /// The profile of both laws.
    public var profile: ProfileRecord
    /// The token after which a sequence stops; absent for none.
    public var endToken: Token?
    /// Tokens looked at jointly.
    public var length: Int
  }

  /// The method.
  public var base: MethodRecord
  /// The members beside the method's.
  public var own: Members

  /// Both parts.
  public init(base: MethodRecord, own: Members) { (self.base, self.own) = (base, own) }

  /// The record of an instance.
  public init(_ instance: Instance) {
    base = MethodRecord(instance.method)
    own = Members(
      id: instance.id, target: instance.pair.target, draft: instance.pair.draft, prompt: instance.pair.prompt,
      profile: ProfileRecord(instance.profile), endToken: instance.endToken, length: instance.length)
  }

  /// The instance; its pair bears the record's name.
  ///
  /// - Throws: ``CertificationError`` for an unknown rule, a shape that it does not have, and a profile out of range.
  public func instance() throws(CertificationError) -> Instance {
    guard let method = base.method else {
      throw .certificate("case \(own.id): rule \"\(base.rule)\" with these shape parameters is unknown")
    }
    do {
      var instance = Instance(
        method: method, pair: ModelPair(name: own.id, target: own.target, draft: own.draft, prompt: own.prompt),
        profile: try own.profile.profile(), profileName: "", length: own.length, endToken: own.endToken)
      instance.id = own.id
      return instance
    } catch {
      throw .decoding(place: "case \(own.id)", error)
    }
  }
}
