import Certification
import Probability
import SpeculativeDecoding
import ToyModels

/// One instance that a port is asked to sample, and what its answers are held against.
package struct PortCase: Sendable {
  /// Models, method, prompt, profile, tokens; its identifier is the case's.
  package var instance: Instance
  /// The observable: the output, and beside it the accepted lengths where a port gives them; or the lengths alone.
  package var observable: Observable
  /// Decodings of a witness, tested by a chi-square; `nil` for a case that goes on until it is decided.
  package var planned: Int?

  /// A case.
  package init(_ instance: Instance, observable: Observable = .output, planned: Int? = nil) {
    (self.instance, self.observable, self.planned) = (instance, observable, planned)
  }

  /// "rule/shape/pair/profile".
  package var id: String { instance.id }
  /// The rule.
  package var rule: Rule { instance.method.rule }

  /// Whether the lengths of second rounds are looked at, where a port gives them: where the draft looks back two tokens, so
  /// that what a first round leaves in its context shows.
  package var testsSecondRounds: Bool {
    rule.hasAcceptedLengthLaw && instance.pair.draft.order > 1 && instance.method.drafts
  }

  /// The seed of a request: named by the suite's seed, the case, and the request's number.
  package func seed(ofRequest number: Int, suiteSeed: UInt64) -> UInt64 {
    var generator = Philox4x64(key: SIMD2(suiteSeed, instance.streamWord), replicate: UInt64(number))
    return generator.next()
  }

  /// The exact law of how many tokens the first round emits.
  ///
  /// Profiles whose powers are no fractions are taken at multiples of 2⁻²⁰, beside which no sample can be told.
  /// - Throws: ``CertificationError`` where the case cannot be enumerated.
  package func acceptedLengthLaw(
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) throws(CertificationError) -> [Int: Rational] {
    let decoder = try fractionalDecoder()
    let limits = Self.limits(isInterrupted)
    do {
      var law: [Int: Rational] = [:]
      for (tokens, probability) in try decoder.roundLaw(after: instance.pair.prompt, limits: limits).emitted {
        law[tokens.count, default: .zero] += probability
      }
      return law
    } catch {
      throw .decoding(place: "case \(id)", error)
    }
  }

  /// The exact law of how many tokens the second round emits, 0 where there is none; profiles as for the first.
  ///
  /// - Throws: ``CertificationError`` where the case cannot be enumerated.
  package func secondLengthLaw(
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) throws(CertificationError) -> [Int: Rational] {
    let decoder = try fractionalDecoder()
    do {
      return try decoder.secondLengthLaw(
        length: instance.length, after: instance.pair.prompt, steps: { StandardSteps<Rational>() },
        choices: EnumeratedChoices(), limits: Self.limits(isInterrupted))
    } catch {
      throw .decoding(place: "case \(id)", error)
    }
  }

  /// A case of nobody's suite may have a tree that takes hours.
  private static func limits(_ isInterrupted: @escaping @Sendable () -> Bool) -> EnumerationLimits {
    EnumerationLimits(branches: 5_000_000) { _ in !isInterrupted() }
  }

  private func fractionalDecoder() throws(CertificationError) -> Decoder<
    MarkovModel<Rational>, MarkovModel<Rational>
  > {
    do {
      return try instance.decoder()
    } catch {
      return try roundedDecoder()
    }
  }

  /// A law in multiples of 2⁻²⁰; the largest probability takes what rounding leaves.
  ///
  /// Errors of 10⁻⁶ move ln e of 10⁷ decodings by less than 10⁻³, and small denominators are enumerated quickly.
  private static func dyadic(_ law: [Double]) -> [Rational] {
    let scale = 1 << 20
    var numerators = law.map { $0 > 0 ? max(1, Int(($0 * Double(scale)).rounded())) : 0 }
    if let largest = numerators.indices.max(by: { numerators[$0] < numerators[$1] }) {
      numerators[largest] += scale - numerators.reduce(0, +)
    }
    return numerators.map { Rational($0, scale) }
  }

  private func roundedDecoder() throws(CertificationError) -> Decoder<MarkovModel<Rational>, MarkovModel<Rational>> {
    do {
      func model(_ document: ModelDocument) throws -> MarkovModel<Rational> {
        let shaped = try document.model().applying(instance.profile)
        return try MarkovModel(
          vocabularySize: shaped.vocabularySize, order: shaped.order, rows: shaped.rows.mapValues(Self.dyadic))
      }
      return try Decoder(
        target: try model(instance.pair.target), draft: try model(instance.pair.draft), method: instance.method,
        endToken: instance.endToken)
    } catch let error as SpeculativeDecodingError {
      throw .decoding(place: "case \(id)", error)
    } catch let error as ToyModelError {
      throw .model(place: "case \(id)", error)
    } catch {
      throw .certificate("case \(id): \(error)")
    }
  }
}
