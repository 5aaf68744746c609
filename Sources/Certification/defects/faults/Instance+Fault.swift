import Probability
import SpeculativeDecoding
import ToyModels

extension Instance {
  /// The decoder of the case with a fault in its set-up and its models, over exact fractions.
  ///
  /// - Throws: ``SpeculativeDecodingError`` where the case makes no exact decoder.
  package func exactDecoder(
    under fault: Fault, takingDoubles: Bool = false
  ) throws(SpeculativeDecodingError) -> FaultyDecoder<Rational> {
    func model(_ document: ModelDocument) throws(SpeculativeDecodingError) -> MarkovModel<Rational> {
      do {
        return try document.exactModel(takingDoubles: takingDoubles)
      } catch {
        throw .model("\(error)")
      }
    }
    return try fault.decoder(
      target: model(pair.target), draft: model(pair.draft), profile: profile, method: method, endToken: endToken)
  }

  /// The exact law of the first tokens under a fault.
  ///
  /// Rounds are composed where they leave nothing behind but their tokens, and enumerated jointly where they do not.
  /// - Throws: what the enumeration throws.
  public func emittedLaw(
    under fault: Fault, takingDoubles: Bool = false, limits: EnumerationLimits = EnumerationLimits()
  ) throws(SpeculativeDecodingError) -> EmittedLaw {
    try emittedLaw(
      of: exactDecoder(under: fault, takingDoubles: takingDoubles), steps: { FaultySteps<Rational>(fault) },
      choices: FaultyChoices(EnumeratedChoices<Rational>(), fault: fault), jointly: fault.couplesRounds, limits: limits)
  }

  /// The exact law of the first round under a fault.
  ///
  /// - Throws: what the enumeration throws.
  package func roundLaw(
    under fault: Fault, limits: EnumerationLimits = EnumerationLimits()
  ) throws(SpeculativeDecodingError) -> RoundLaw {
    try exactDecoder(under: fault).roundLaw(
      after: pair.prompt, steps: { FaultySteps<Rational>(fault) },
      choices: FaultyChoices(EnumeratedChoices<Rational>(), fault: fault), limits: limits)
  }

  /// The exact law of how many tokens the second round emits under a fault; 0 where no second round is needed.
  ///
  /// - Throws: what the enumeration throws.
  package func secondLengthLaw(
    under fault: Fault, limits: EnumerationLimits = EnumerationLimits()
  ) throws(SpeculativeDecodingError) -> [Int: Rational] {
    let decoder = try exactDecoder(under: fault)
    let choices = FaultyChoices(EnumeratedChoices<Rational>(), fault: fault)
    if !fault.couplesRounds {
      do {
        return try decoder.secondLengthLaw(
          length: length, after: pair.prompt, steps: { FaultySteps<Rational>(fault) }, choices: choices,
          limits: limits)
      } catch {
        guard case .carriedState = error else { throw error }
      }
    }
    return try decoder.jointSecondLengthLaw(
      length: length, after: pair.prompt, steps: { FaultySteps<Rational>(fault) }, choices: choices, limits: limits)
  }

  /// The exact law of the first round's draft tree under a fault.
  ///
  /// - Throws: what the enumeration throws.
  package func draftTreeLaw(
    under fault: Fault, limits: EnumerationLimits = EnumerationLimits()
  ) throws(SpeculativeDecodingError) -> [DraftedTree: Rational] {
    try exactDecoder(under: fault).draftTreeLaw(
      after: pair.prompt, steps: { FaultySteps<Rational>(fault) },
      choices: FaultyChoices(EnumeratedChoices<Rational>(), fault: fault), limits: limits)
  }
}
