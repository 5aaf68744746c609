/// A record that adds members to another: one flat JSON object, whose members are both's.
///
/// Certificates, fixtures and messages state methods and instances with the same keys: each key is declared once, in
/// ``MethodRecord`` or ``InstanceRecord``.
@dynamicMemberLookup
public protocol FlatRecord: Codable, Hashable, Sendable {
  /// The record that is added to.
  associatedtype Base: Codable & Hashable & Sendable
  /// The members that are added.
  associatedtype Own: Codable & Hashable & Sendable

  /// The record that is added to.
  var base: Base { get set }
  /// The members that are added.
  var own: Own { get set }

  /// Both parts.
  init(base: Base, own: Own)
}

extension FlatRecord {
  /// A member of the record that is added to.
  public subscript<Value>(dynamicMember path: WritableKeyPath<Base, Value>) -> Value {
    get { base[keyPath: path] }
    set { base[keyPath: path] = newValue }
  }

  /// A member that is added.
  public subscript<Value>(dynamicMember path: WritableKeyPath<Own, Value>) -> Value {
    get { own[keyPath: path] }
    set { own[keyPath: path] = newValue }
  }

  /// Reads both parts of one object.
  ///
  /// - Throws: `DecodingError` where a member is missing or of another type.
  public init(from decoder: any Decoder) throws {
    self.init(base: try Base(from: decoder), own: try Own(from: decoder))
  }

  /// Writes both parts into one object.
  ///
  /// - Throws: what the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    try base.encode(to: encoder)
    try own.encode(to: encoder)
  }
}
