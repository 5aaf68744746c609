import Probability
import SpeculativeDecoding

extension Proof {
  /// Enumerates a decoder with a fault, and compares.
  ///
  /// - Throws: ``CertificationError`` where the case makes no exact decoder.
  package init(
    of instance: Instance, fault: Fault, takingDoubles: Bool = false, limits: EnumerationLimits = EnumerationLimits()
  ) throws(CertificationError) {
    if fault == .none {
      try self.init(of: instance, takingDoubles: takingDoubles, limits: limits)
      return
    }
    let decoder = try instance.decoder(takingDoubles: takingDoubles)
    let faulty: FaultyDecoder<Rational>
    do { faulty = try instance.exactDecoder(under: fault, takingDoubles: takingDoubles) } catch {
      throw .decoding(place: instance.id, error)
    }
    try self.init(
      instance, target: decoder.target, faulty, steps: { FaultySteps<Rational>(fault) },
      choices: FaultyChoices(EnumeratedChoices<Rational>(), fault: fault), jointly: fault.couplesRounds, limits)
  }
}

extension ProofRunner {
  /// Proves the cases of a decoder with a fault, in order.
  ///
  /// - Throws: ``CertificationError`` where a case makes no exact decoder.
  package func run(
    _ cases: [Instance], fault: Fault, takingDoubles: Bool = false
  ) async throws(CertificationError) -> [Proof] {
    try await run(cases) { instance, limits throws(CertificationError) in
      try Proof(of: instance, fault: fault, takingDoubles: takingDoubles, limits: limits)
    }
  }
}
