import Foundation
import Probability
import SpeculativeDecoding
import ToyModels

extension CertificateCheck {
  /// Stated proofs must be those of the corpus that they name, each with a verdict that fits what it states.
  func compareProofs() throws(CertificationError) -> [Disagreement] {
    guard let report = certificate.proofs else { return [] }
    var found: [Disagreement] = []
    var seen: Set<String> = []
    for record in report.cases {
      if !seen.insert(record.id).inserted {
        found.append(Disagreement(id: record.id, key: "proofs", stated: "there twice", computed: "there once"))
      }
      if let reason = record.inconsistency {
        found.append(
          Disagreement(id: record.id, key: "proofs.verdict", stated: record.verdict.rawValue, computed: reason))
      }
    }
    guard report.corpus == ProofCorpus.version else {
      if report.corpus == "custom" || report.corpus.hasPrefix(Self.ownSuites) { return found }
      let known = "\(ProofCorpus.version) or custom (another cannot be compared)"
      return found + [Disagreement(id: "", key: "proofs.corpus", stated: report.corpus, computed: known)]
    }
    return found + (try Self.compare(report, with: ProofCorpus.cases()))
  }

  private static func compare(
    _ report: ProofReport, with corpus: [Instance]
  ) throws(CertificationError) -> [Disagreement] {
    var found: [Disagreement] = []
    let lengths = Dictionary(corpus.map { ($0.id, $0.length) }, uniquingKeysWith: { first, _ in first })
    for record in report.cases {
      guard let length = lengths[record.id] else {
        found.append(
          Disagreement(id: record.id, key: "proofs", stated: "present", computed: "absent: not in \(report.corpus)"))
        continue
      }
      guard record.length != length else { continue }
      found.append(
        Disagreement(id: record.id, key: "proofs.length", stated: "\(record.length)", computed: "\(length)"))
    }
    let stated = report.cases.map(\.id)
    let expected: [String]
    switch report.selection {
    case "all": expected = corpus.map(\.id)
    case "quick": expected = try ProofCorpus.quick().map(\.id)
    // A selection by rules and a pattern is written without its rules, so that only the order can be compared.
    default:
      let chosen = Set(stated)
      expected = corpus.map(\.id).filter(chosen.contains)
    }
    if let missing = expected.first(where: { !stated.contains($0) }) {
      let computed = "present in the selection \"\(report.selection)\""
      found.append(Disagreement(id: missing, key: "proofs", stated: "absent", computed: computed))
    } else if stated != expected {
      found.append(
        Disagreement(
          id: "", key: "proofs", stated: "\(stated.count) cases",
          computed: "the \(expected.count) of the selection \"\(report.selection)\", in order"))
    }
    return found
  }

  /// Stated rounding must be that of this package's suite, against bounds that are computed again.
  func compareRounding() throws(CertificationError) -> [Disagreement] {
    guard let stated = certificate.rounding else { return [] }
    let expected = try RoundingSuite.rounds()
    var found: [Disagreement] = []
    func check(_ key: String, _ stated: String, _ computed: String, _ agrees: Bool) {
      if !agrees { found.append(Disagreement(id: "", key: "rounding\(key)", stated: stated, computed: computed)) }
    }
    check(".count", "\(stated.count)", "\(expected.count)", stated.count == expected.count)
    for (index, (record, round)) in zip(stated, expected).enumerated() {
      let words = "\(record.rule) \(record.shape) \(record.pair) \(record.scalar) \(record.uniformBits)"
      check("[\(index)]", words, round.words, words == round.words)
      check("[\(index)].bound", "\(record.bound)", "\(round.bound)", Self.isClose(record.bound, round.bound))
      check("[\(index)].branches", "\(record.branches)", "at least 1", record.branches >= 1)
      check(
        "[\(index)].totalVariation", "\(record.totalVariation)", "0 to 1", (0...1).contains(record.totalVariation))
    }
    return found
  }
}

extension ProofRecord {
  /// Why the verdict cannot be this record's; `nil` where it can.
  var inconsistency: String? {
    switch verdict {
    case .proved:
      // Every state has a branch at least, every branch a choice, and every law a sequence.
      let isEnumerated = states >= 1 && branches >= states && choices >= branches && sequences >= 1 && length >= 1
      return isEnumerated && reason == nil && counterexample == nil
        ? nil : "proved only by an enumeration, without reason or counterexample"
    case .refuted:
      guard let counterexample, reason == nil, let target = Rational(counterexample.target),
        let decoder = Rational(counterexample.decoder), target != decoder
      else { return "refuted only by a counterexample whose probabilities differ" }
      return nil
    case .unfinished:
      return reason != nil && counterexample == nil ? nil : "unfinished only with a reason, without counterexample"
    }
  }
}
