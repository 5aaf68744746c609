import Foundation
import Probability
import SpeculativeDecoding
import ToyModels

/// A witness as its fixture states it: the keys of a certificate's cases, and what follows from the instance.
public struct WitnessRecord: Hashable, Sendable, Codable {
  /// The fault's name.
  public var fault: String
  /// What shows it.
  public var observable: Observable
  /// The rule's name in the port protocol.
  public var rule: String
  /// Branching factors (SpecInfer, RSD-C).
  public var branching: [Int]?
  /// Sequences or beam width (SpecTr, RSD-S).
  public var width: Int?
  /// Draft length (SD, SpecTr, RSD-S).
  public var depth: Int?
  /// The target, exact.
  public var target: ModelDocument
  /// The draft, exact.
  public var draft: ModelDocument
  /// The tokens decoded from.
  public var prompt: [Token]
  /// What shapes both laws; absent for none.
  public var profile: ProfileRecord?
  /// The profile's name; absent for none.
  public var profileName: String?
  /// The token after which a sequence stops; absent for none.
  public var endToken: Token?
  /// Tokens of the joint law.
  public var length: Int
  /// The total variation, as a fraction.
  public var totalVariation: String
  /// Cohen's w over the planned cells.
  public var effect: Double
  /// Samples that meet both error rates.
  public var samples: Int

  /// The record of a witness.
  public init(_ witness: Witness) {
    let instance = witness.instance
    fault = witness.fault.rawValue
    observable = witness.observable
    rule = instance.method.rule.name
    branching = instance.method.shape.branchingParameter
    width = instance.method.shape.widthParameter
    depth = instance.method.shape.depthParameter
    target = instance.pair.target
    draft = instance.pair.draft
    prompt = instance.pair.prompt
    profile = instance.profile.isPlain ? nil : ProfileRecord(instance.profile)
    profileName = instance.profile.isPlain ? nil : instance.profileName
    endToken = instance.endToken
    length = instance.length
    totalVariation = witness.totalVariation.description
    effect = witness.effect
    samples = witness.samples
  }

  /// The case that the record states.
  ///
  /// - Throws: ``CertificationError/corpus(_:)`` where it states none.
  public func instance() throws(CertificationError) -> Instance {
    guard let method = DecodingMethod(rule: rule, branching: branching, width: width, depth: depth) else {
      throw .corpus("witness of \(fault): rule \"\(rule)\" with these shape parameters is unknown")
    }
    do {
      return Instance(
        method: method, pair: ModelPair(name: "witness-\(fault)", target: target, draft: draft, prompt: prompt),
        profile: try profile?.profile() ?? .plain, profileName: profileName ?? "plain", length: length,
        endToken: endToken)
    } catch {
      throw .corpus("witness of \(fault): \(error)")
    }
  }
}
