import Probability
import SpeculativeDecoding
import ToyModels

extension Instance {
  /// The production decoder over the exact models.
  ///
  /// - Parameter takingDoubles: whether a JSON number stands for the exact value of its double, or is refused.
  /// Every entry of a row must be a fraction, and the profile's temperature 0 or 1/n.
  /// - Throws: ``CertificationError`` where a row is no exact law, or the profile has no exact power.
  package func decoder(
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
