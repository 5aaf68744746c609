import Probability
import SpeculativeDecoding
import Statistics
import ToyModels

/// The instance on which a defect shows best: found by search, stored exactly, with what follows from it.
package struct Witness: Hashable, Sendable {
  /// The fault.
  package var fault: Fault
  /// Models, method, prompt, profile and length.
  package var instance: Instance
  /// The observable that shows it.
  package var observable: Observable
  /// The total variation between the two laws of the observable.
  package var totalVariation: Rational
  /// Cohen's w over the cells of the plan.
  package var effect: Double
  /// Samples that meet both error rates with every expected count at 1000 or more.
  package var samples: Int

  /// The witness that a case is; `nil` where the case does not show the fault.
  ///
  /// - Throws: ``CertificationError`` where the case cannot be enumerated.
  package init?(
    _ fault: Fault, on instance: Instance, observable: Observable, budget: ErrorBudget,
    limits: EnumerationLimits = EnumerationLimits()
  ) throws(CertificationError) {
    let (law, faulty): ([String: Rational], [String: Rational])
    do {
      law = try instance.law(of: observable, under: .none, limits: limits)
      faulty = try instance.law(of: observable, under: fault, limits: limits)
    } catch {
      throw .decoding(place: instance.id, error)
    }
    guard law != faulty else { return nil }
    do {
      guard
        let samples = try LawTest.samplesNeeded(
          law, against: faulty, share: budget.nominalShare, falsePass: budget.falsePass)
      else { return nil }
      effect = try LawTest(law, samples: samples, share: budget.nominalShare).effect(of: faulty)
      self.samples = samples
    } catch {
      throw .statistics(place: instance.id, error)
    }
    self.fault = fault
    self.instance = instance
    self.observable = observable
    totalVariation =
      Set(law.keys).union(faulty.keys).reduce(Rational.zero) {
        let (left, right) = (law[$1, default: .zero], faulty[$1, default: .zero])
        return $0 + (left > right ? left - right : right - left)
      } / Rational(2)
  }
}

extension Instance {
  /// The exact law of an observable under a fault, by the names of its outcomes.
  ///
  /// - Throws: what the enumeration throws.
  package func law(
    of observable: Observable, under fault: Fault, limits: EnumerationLimits = EnumerationLimits()
  ) throws(SpeculativeDecodingError) -> [String: Rational] {
    switch observable {
    case .acceptedLength:
      var law: [String: Rational] = [:]
      for (tokens, probability) in try roundLaw(under: fault, limits: limits).emitted {
        law[String(tokens.count), default: .zero] += probability
      }
      return law
    case .secondLength:
      return Dictionary(
        uniqueKeysWithValues: try secondLengthLaw(under: fault, limits: limits).map { (String($0.key), $0.value) })
    case .draftTree:
      return Dictionary(
        uniqueKeysWithValues: try draftTreeLaw(under: fault, limits: limits).map { ($0.key.description, $0.value) })
    default:
      let law =
        fault == .none
        ? try targetLaw() : try emittedLaw(under: fault, limits: limits).sequences
      return Dictionary(
        uniqueKeysWithValues: law.map { ($0.key.map(String.init).joined(separator: " "), $0.value) })
    }
  }

  /// The target's own law of the first tokens.
  private func targetLaw() throws(SpeculativeDecodingError) -> [[Token]: Rational] {
    let decoder = try exactDecoder(under: .none)
    return try SequenceLaw(of: decoder.target.base, after: pair.prompt, length: length, endToken: endToken).table
  }
}

extension DraftedTree: CustomStringConvertible {
  /// The nodes in draw order, each "parent:token".
  public var description: String {
    zip(parents, tokens).map { "\($0):\($1)" }.joined(separator: " ")
  }
}
