import SpeculativeDecoding

extension CertificateCheck {
  /// Statements about cases over transformers that cannot be so.
  func transformers() throws(CertificationError) -> [Disagreement] {
    guard let report = certificate.transformers else { return [] }
    var found: [Disagreement] = []
    if models == nil {
      found.append(
        Disagreement(
          key: "transformers", stated: "\(report.cases.count) cases",
          computed: "nothing: no model was given to check them"))
    }
    var seen: Set<String> = []
    for record in report.cases {
      if !seen.insert(record.id).inserted {
        found.append(Disagreement(id: record.id, key: "id", stated: "there twice", computed: "there once"))
      }
      if let (key, stated, computed) = record.fault {
        found.append(Disagreement(id: record.id, key: key, stated: stated, computed: computed))
      }
    }
    var fingerprints = [report.target]
    if case .transformer(let draft) = report.draft { fingerprints.append(draft) }
    for model in fingerprints {
      let hasDifference = model.arithmetic != nil || model.difference != nil
      if hasDifference, model.arithmetic != "fast" || model.difference?.isPossible != true {
        found.append(
          Disagreement(
            id: model.name, key: "arithmetic", stated: model.arithmetic ?? "a difference alone",
            computed: "fast, with its difference from deterministic logits"))
      }
      for hash in [model.configuration, model.weights] where hash.wholeMatch(of: /[0-9a-f]{64}/) == nil {
        found.append(Disagreement(id: model.name, key: "SHA-256", stated: hash, computed: "64 hexadecimal digits"))
      }
    }
    return found
  }
}

extension TransformerRecord {
  /// Whether the record can be judged: what is no case by its own words may take for ever.
  var isCase: Bool { fault == nil }

  /// The first statement of the record that cannot be so; `nil` where all can.
  var fault: (key: String, stated: String, computed: String)? {
    guard let method = base.method, self.id.hasPrefix(method.idPrefix) else {
      return ("rule", self.rule, "a method that the id names")
    }
    let needed = max(3, method.draftLength + 2)
    if self.length < needed { return ("length", "\(self.length)", "at least draft length + 2") }
    if own.exactLaw == nil { return ("law", "\(self.law.count) probabilities", "positive ones that sum to 1") }
    let total = self.counts.values.reduce(0) { $0.addingReportingOverflow($1).partialValue }
    let possible = 0...max(self.samples, 0)
    if !self.counts.values.allSatisfy(possible.contains) || total != self.samples {
      return ("counts", "another sum", "\(self.samples) samples")
    }
    guard let evaluated = self.evaluated else {
      return self.inconsistent.map { ("inconsistent", "\($0)", "none") }
    }
    if !possible.contains(evaluated) { return ("evaluated", "\(evaluated)", "0 to \(self.samples)") }
    if self.inconsistent ?? -1 < 0 { return ("inconsistent", "\(self.inconsistent ?? -1)", "at least 0") }
    return self.samples == 0 && self.verdict != .inconclusive ? ("verdict", self.verdict.rawValue, "inconclusive") : nil
  }
}
