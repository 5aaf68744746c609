import SpeculativeDecoding

extension WitnessRecord {
  /// The case by the method of another rule whose tree is as wide and as deep.
  ///
  /// - Throws: ``CertificationError/corpus(_:)`` where the record states no case.
  package func instance(carriedTo rule: Rule) throws(CertificationError) -> Instance {
    let own = try instance()
    return Instance(
      method: own.method.carried(over: rule), pair: own.pair, profile: own.profile, profileName: own.profileName,
      length: own.length,
      endToken: own.endToken)
  }
}

extension WitnessFixture {
  /// Decodings of a witness that is carried over to another rule, over those of its own: effects differ a little.
  package static let carriedFactor = 1.15

  /// The witnesses that every rule is tested on, for each rule but those of the covering set itself.
  ///
  /// - Parameter share: the nominal significance of each.
  /// - Throws: ``CertificationError`` where a witness is no case.
  func casesOfEveryRule(share: Double) throws(CertificationError) -> [ObservableCase] {
    var cases: [ObservableCase] = []
    for record in witnesses {
      let isCovering = covering.contains { $0.witness == record.fault }
      for rule in Fault(rawValue: record.fault)?.rulesOfWitness ?? [] where !(isCovering && rule.name == record.rule) {
        let instance = try record.instance(carriedTo: rule)
        cases.append(
          try ObservableCase(record.observable, on: instance, samples: record.carriedSamples, share: share))
      }
    }
    return cases
  }
}

extension WitnessRecord {
  /// Decodings by another rule.
  var carriedSamples: Int { Int((Double(self.samples) * WitnessFixture.carriedFactor).rounded(.up)) }
}
