import Foundation
import Statistics

extension ServerCertificate {
  /// Whether a JSON text says that it is such a certificate.
  public static func isKind(of json: Data) -> Bool {
    let object = (try? JSONSerialization.jsonObject(with: json)) as? [String: Any]
    return object?["kind"] != nil
  }

  /// The certificate as JSON, keys sorted.
  ///
  /// - Throws: ``CertificationError/certificate(_:)`` where a number has no JSON form.
  public func json() throws(CertificationError) -> Data { try StableJSON.encode(self) }

  /// Reads a certificate, and refuses keys that the format does not know.
  ///
  /// - Throws: ``CertificationError/certificate(_:)`` with what is wrong and where.
  public init(json: Data) throws(CertificationError) {
    self = try StableJSON.decode(json)
    guard kind == Self.format else { throw .certificate("its kind is \(OutsideText.shown(kind)), not \(Self.format)") }
  }

  /// What does not follow from the completions; none means that every verdict does.
  ///
  /// - Throws: ``CertificationError/certificate(_:)`` for settings that no run has, and for sequences that name no cell.
  public func disagreements() throws(CertificationError) -> [CertificateCheck.Disagreement] {
    let planned: ServerDesign
    do throws(ServerFailure) {
      try settings.validate()
    } catch {
      throw .certificate("\(error)")
    }
    planned = try settings.design()
    var found: [CertificateCheck.Disagreement] = []
    func check(_ id: String, _ key: String, _ stated: String, _ computed: String, _ agrees: Bool) {
      if !agrees { found.append(.init(id: id, key: key, stated: stated, computed: computed)) }
    }
    check("", "design", "another", "that of the settings", design == planned)
    check(
      "", "prompts", "\(prompts.count) records, or of other prompts", "those of the settings, in order",
      prompts.map(\.prompt) == settings.prompts)
    let judgement = ServerJudgement(design: planned, samples: settings.samples, completions: settings.completions)
    var verdicts: [ServerVerdict] = []
    for (number, record) in prompts.enumerated() {
      let id = "prompt \(number + 1)"
      let names = record.cells.map(\.completion)
      guard Set(names).count == names.count else { throw .certificate("\(id): a cell occurs twice") }
      func sequence(_ name: String, _ text: String) throws(CertificationError) -> [Int] {
        var numbers: [Int] = []
        for word in text.split(separator: " ") {
          guard let number = Int(word), names.indices.contains(number) else {
            throw .certificate("\(id): its sequence \(name) names no cell by \(OutsideText.shown(String(word)))")
          }
          numbers.append(number)
        }
        return numbers
      }
      let computed: ServerPromptRecord
      let (off, offAgain) = (
        try sequence("off", record.sequences.off), try sequence("offAgain", record.sequences.offAgain)
      )
      let on = try sequence("on", record.sequences.on)
      do {
        computed = try judgement.record(
          prompt: record.prompt, names: names, off: off, offAgain: offAgain, on: on, repeats: record.repeats)
      } catch {
        throw .statistics(place: id, error)
      }
      verdicts.append(computed.verdict)
      check(id, "samples", "\(record.samples)", "\(computed.samples)", record.samples == computed.samples)
      check(id, "cells", "other counts", "those of the sequences", record.cells == computed.cells)
      check(
        id, "sequences", "not in the order of cells, or beyond the end of the evidence", "those that were judged",
        record.sequences == computed.sequences)
      found += Self.compare(id, "null", record.null, computed.null)
      found += Self.compare(id, record.dependence, computed.dependence)
      if let stated = record.speculation, let own = computed.speculation {
        found += Self.compare(id, "speculation", stated, own)
      } else {
        check(
          id, "speculation", record.speculation == nil ? "absent" : "there",
          computed.speculation == nil ? "absent" : "there",
          (record.speculation == nil) == (computed.speculation == nil))
      }
      check(id, "power", "\(record.power)", "\(computed.power)", CertificateCheck.isClose(record.power, computed.power))
      check(
        id, "verdict", record.verdict.rawValue, computed.verdict.rawValue,
        record.verdict == computed.verdict && record.reason == computed.reason)
      let repeats = record.repeats
      check(
        id, "repeats", "more equal than sent", "at most as many",
        (0...max(0, repeats.off)).contains(repeats.offEqual) && (0...max(0, repeats.on)).contains(repeats.onEqual))
    }
    let worst = ServerVerdict.worst(of: verdicts)
    check("", "verdict", verdict.rawValue, worst.rawValue, verdict == worst)
    return found
  }

  private static func compare(
    _ id: String, _ stated: ServerDependence, _ computed: ServerDependence
  ) -> [CertificateCheck.Disagreement] {
    var rounded = computed
    // What differs in the last bits alone is what is stated.
    if CertificateCheck.isClose(stated.chance, computed.chance) { rounded.chance = stated.chance }
    if CertificateCheck.isClose(stated.pValue, computed.pValue) { rounded.pValue = stated.pValue }
    if rounded == stated { return [] }
    func text(_ dependence: ServerDependence) -> String {
      "\(dependence.equalNeighbours) of \(dependence.neighbours) and \(dependence.equalTwins) of \(dependence.twins), p "
        + "\(dependence.pValue)"
    }
    return [.init(id: id, key: "dependence", stated: text(stated), computed: text(computed))]
  }

  private static func compare(
    _ id: String, _ name: String, _ stated: ServerTestRecord, _ computed: ServerTestRecord
  ) -> [CertificateCheck.Disagreement] {
    func text(_ value: (some CustomStringConvertible)?) -> String { value.map { "\($0)" } ?? "absent" }
    var found: [CertificateCheck.Disagreement] = []
    func check(_ key: String, _ stated: Double?, _ computed: Double?) {
      let agrees: Bool =
        switch (stated, computed) {
        case (nil, nil): true
        case (let stated?, let computed?): CertificateCheck.isClose(stated, computed)
        default: false
        }
      if !agrees { found.append(.init(id: id, key: "\(name).\(key)", stated: text(stated), computed: text(computed))) }
    }
    // A sum of logarithms: near 0 the last bits, which another machine's functions give otherwise, are all of it.
    if abs(stated.logEvidence - computed.logEvidence) > 1e-9 {
      check("logEvidence", stated.logEvidence, computed.logEvidence)
    }
    check("refusedAt", stated.refusedAt.map(Double.init), computed.refusedAt.map(Double.init))
    check("statistic", stated.statistic, computed.statistic)
    check("degreesOfFreedom", stated.degreesOfFreedom.map(Double.init), computed.degreesOfFreedom.map(Double.init))
    check("pValue", stated.pValue, computed.pValue)
    check("sampleDistance", stated.sampleDistance, computed.sampleDistance)
    return found
  }

}
