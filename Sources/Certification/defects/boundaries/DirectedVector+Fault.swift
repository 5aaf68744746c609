import Probability
import SpeculativeDecoding

extension VerificationRequest {
  /// The outcome by the decoder with a fault at a boundary.
  ///
  /// - Throws: ``SpeculativeDecodingError`` where the fault leaves nothing to decode from, or asks for more uniforms
  ///   than are given.
  package func outcome(under fault: BoundaryFault) throws(SpeculativeDecodingError) -> VerificationOutcome {
    let request = fault == .tokensAfterTheEnd ? try ignoringEnds() : self
    var steps = BoundarySteps(fault)
    var choices = BoundaryChoices(uniforms, fault: fault)
    return try request.outcome(of: request.run(steps: &steps, using: &choices), used: choices.used)
  }

  /// The outcome by the decoder with a fault of sampling.
  ///
  /// A fault of a model, of the drafting or of the set-up of a case has no part in it: tree and laws are given.
  /// - Throws: ``SpeculativeDecodingError`` where the fault leaves nothing to decode from, or asks for more uniforms
  ///   than are given.
  package func outcome(under fault: Fault) throws(SpeculativeDecodingError) -> VerificationOutcome {
    let request = fault == .endTokenIgnored ? try ignoringEnds() : self
    var steps = FaultySteps<Double>(fault)
    var choices = FaultyChoices(ScriptedChoices<Double>(uniforms), fault: fault)
    return try request.outcome(of: request.run(steps: &steps, using: &choices), used: choices.base.used)
  }

  private func ignoringEnds() throws(SpeculativeDecodingError) -> VerificationRequest {
    try VerificationRequest(rule: rule, nodes: nodes, target: target, uniforms: uniforms)
  }
}

extension DirectedVector {
  /// The valid vectors of every rule, as the generator makes them.
  ///
  /// - Throws: ``CertificationError/vectors(place:_:)``, if a vector contradicted itself.
  static func generated() throws(CertificationError) -> [DirectedVector] { try VectorGenerator.validVectors.get() }

  /// Whether the decoder with a fault at a boundary gives another outcome than the vector states.
  ///
  /// `false` for a vector that is to be refused: a fault of the decoding has no part in it.
  package func fails(under fault: BoundaryFault) -> Bool {
    fails { request throws(SpeculativeDecodingError) in try request.outcome(under: fault) }
  }

  /// Whether the decoder with a fault of sampling gives another outcome than the vector states.
  ///
  /// A fault of a model, of the drafting or of the set-up of a case shows in no vector, which gives tree and laws.
  package func fails(under fault: Fault) -> Bool {
    fails { request throws(SpeculativeDecodingError) in try request.outcome(under: fault) }
  }

  private func fails(
    _ run: (VerificationRequest) throws(SpeculativeDecodingError) -> VerificationOutcome
  ) -> Bool {
    guard let expected else { return false }
    do throws(SpeculativeDecodingError) {
      return Expectation(try run(request.checked())) != expected
    } catch {
      return true
    }
  }
}
