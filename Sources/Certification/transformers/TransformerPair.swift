import SpeculativeDecoding
import Transformer

/// Two transformers over one vocabulary, and what identifies them in a certificate.
public struct TransformerPair: Sendable {
  /// A model, and the bytes that it was read from.
  public struct Member: Hashable, Sendable, Codable {
    /// The name by which it was given.
    public var name: String
    /// SHA-256 of its configuration and its weights, in hexadecimal.
    public var sha256: String

    /// A model's name and fingerprint.
    public init(name: String, sha256: String) {
      self.name = name
      self.sha256 = sha256
    }
  }

  /// The model whose law is certified.
  public var target: TransformerModel
  /// The model that proposes.
  public var draft: TransformerModel
  /// What identifies the target.
  public var targetMember: Member
  /// What identifies the draft.
  public var draftMember: Member

  /// A pair.
  ///
  /// - Throws: ``CertificationError/decoding(place:_:)`` for two vocabularies.
  public init(
    target: TransformerModel, _ targetMember: Member, draft: TransformerModel, _ draftMember: Member
  ) throws(CertificationError) {
    guard target.vocabularySize == draft.vocabularySize else {
      throw .decoding(
        place: "\(targetMember.name) and \(draftMember.name)",
        .vocabularyMismatch(target: target.vocabularySize, draft: draft.vocabularySize))
    }
    (self.target, self.draft) = (target, draft)
    (self.targetMember, self.draftMember) = (targetMember, draftMember)
  }
}
