import Probability
import SpeculativeDecoding

extension DirectedVector {
  /// The valid vectors of every rule, as the generator makes them.
  ///
  /// - Throws: ``CertificationError/vectors(place:_:)``, if a vector contradicted itself.
  static func generated() throws(CertificationError) -> [DirectedVector] { try VectorGenerator.validVectors.get() }

  /// Whether the decoder with a fault at a boundary gives another outcome than the vector states.
  ///
  /// `false` for a vector that is to be refused: a fault of the decoding has no part in it.
  public func fails(under fault: BoundaryFault) -> Bool {
    fails { request throws(SpeculativeDecodingError) in
      var steps = BoundarySteps(fault)
      var choices = BoundaryChoices(request.uniforms, fault: fault)
      let (accepted, token) = try request.run(steps: &steps, using: &choices)
      return VerificationOutcome(accepted: accepted, token: token, used: choices.used)
    } ignoringEnds: {
      fault == .tokensAfterTheEnd
    }
  }

  /// Whether the decoder with a fault of sampling gives another outcome than the vector states.
  ///
  /// A fault of a model, of the drafting or of the set-up of a case shows in no vector, which gives tree and laws.
  public func fails(under fault: Fault) -> Bool {
    fails { request throws(SpeculativeDecodingError) in
      var steps = FaultySteps<Double>(fault)
      var choices = FaultyChoices(ScriptedChoices<Double>(request.uniforms), fault: fault)
      let (accepted, token) = try request.run(steps: &steps, using: &choices)
      return VerificationOutcome(accepted: accepted, token: token, used: choices.base.used)
    } ignoringEnds: {
      fault == .endTokenIgnored
    }
  }

  private func fails(
    _ run: (VerificationRequest) throws(SpeculativeDecodingError) -> VerificationOutcome,
    ignoringEnds: () -> Bool
  ) -> Bool {
    guard let expected else { return false }
    do throws(SpeculativeDecodingError) {
      var request = try request.checked()
      if ignoringEnds() {
        request = try VerificationRequest(
          rule: request.rule, nodes: request.nodes, target: request.target, uniforms: request.uniforms)
      }
      return Expectation(try run(request)) != expected
    } catch {
      return true
    }
  }
}
