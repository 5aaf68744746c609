import Foundation
import Probability
import SpeculativeDecoding
import ToyModels

/// A witness as its fixture states it: the keys of a certificate's cases, and what follows from the instance.
package struct WitnessRecord: FlatRecord {
  /// The members beside the method's.
  package struct Members: Hashable, Sendable, Codable {
    /// The fault's name.
    package var fault: String
    /// The observable that shows it.
    package var observable: Observable
    /// The target, exact.
    package var target: ModelDocument
    /// The draft, exact.
    package var draft: ModelDocument
    /// The tokens decoded from.
    package var prompt: [Token]
    /// The profile of both laws; absent for none.
    package var profile: ProfileRecord?
    /// The profile's name; absent for none.
    package var profileName: String?
    /// The token after which a sequence stops; absent for none.
    package var endToken: Token?
    /// Tokens of the joint law.
    package var length: Int
    /// The total variation, as a fraction.
    package var totalVariation: String
    /// Cohen's w over the planned cells.
    package var effect: Double
    /// Samples that meet both error rates.
    package var samples: Int
  }

  /// The method.
  package var base: MethodRecord
  /// The members beside the method's.
  package var own: Members

  /// Both parts.
  package init(base: MethodRecord, own: Members) { (self.base, self.own) = (base, own) }

  /// The record of a witness.
  package init(_ witness: Witness) {
    let instance = witness.instance
    let isPlain = instance.profile.isPlain
    base = MethodRecord(instance.method)
    own = Members(
      fault: witness.fault.rawValue, observable: witness.observable, target: instance.pair.target,
      draft: instance.pair.draft, prompt: instance.pair.prompt,
      profile: isPlain ? nil : ProfileRecord(instance.profile), profileName: isPlain ? nil : instance.profileName,
      endToken: instance.endToken, length: instance.length, totalVariation: witness.totalVariation.description,
      effect: witness.effect, samples: witness.samples)
  }

  /// The case that the record states.
  ///
  /// - Throws: ``CertificationError/corpus(_:)`` where it states none.
  package func instance() throws(CertificationError) -> Instance {
    guard let method = base.method else {
      throw .corpus("witness of \(own.fault): rule \"\(base.rule)\" with these shape parameters is unknown")
    }
    do {
      return Instance(
        method: method,
        pair: ModelPair(name: "witness-\(own.fault)", target: own.target, draft: own.draft, prompt: own.prompt),
        profile: try own.profile?.profile() ?? .plain, profileName: own.profileName ?? "plain", length: own.length,
        endToken: own.endToken)
    } catch {
      throw .corpus("witness of \(own.fault): \(error)")
    }
  }
}
