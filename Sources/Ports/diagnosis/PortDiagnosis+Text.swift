import Certification

extension PortDiagnosis {
  /// The most defects that a diagnosis names: who reads more reads none.
  static let most = 3

  /// Whether a candidate could be what the port does.
  package var isFitting: Bool { candidates.contains(where: \.fits) }

  /// The nearest defects by name, three at most.
  ///
  /// Faults without a package report stand for themselves only where no known defect does the same.
  package var named: [String] {
    let all = candidates.flatMap { candidate in
      let known = candidate.defects.filter { Defect.named($0) != nil }
      return known.isEmpty ? candidate.defects : known
    }
    return Array(all.prefix(Self.most))
  }

  /// The lines for a porter.
  package var lines: [String] {
    let tests = compared.count == 1 ? compared[0] : "\(compared.count) cases"
    var lines = ["Diagnosis of \(rule), from \(tests):"]
    if let scatter { return lines + scatter.lines.map { "  \($0)" } }
    if !isFitting {
      let nearest = candidates.isEmpty ? "." : "; the nearest, which do not fit:"
      lines.append("  no known defect does what the port does\(nearest)")
    }
    for id in named { lines.append("  \(isFitting ? "looks like " : "")\(Self.words(for: id))") }
    let others = candidates.filter(\.fits).reduce(0) { $0 + $1.defects.count } - named.count
    if isFitting, others > 0 { lines.append("  (\(others) more cannot be told from these here)") }
    return lines
  }

  /// A defect in a sentence, with where it was found.
  private static func words(for id: String) -> String {
    guard let defect = Defect.named(id) else { return id }
    return "\(id): \(defect.summary) Seen in \(defect.sources.map(\.text).joined(separator: ", "))"
  }
}

extension PortScatter {
  /// The lines for a porter.
  package var lines: [String] {
    let rounded = (factor * 100).rounded() / 100
    return [
      "the law fits, the counts scatter: decodings depend on each other",
      isDependenceSeen
        ? "(the check of independence failed; over \(cases) laws X² is \(rounded) times its degrees of freedom)"
        : "(over \(cases) laws X² is \(rounded) times its degrees of freedom, by one factor: p = "
          + "\((pValue * 10_000).rounded() / 10_000) once divided by it)",
    ]
  }
}
