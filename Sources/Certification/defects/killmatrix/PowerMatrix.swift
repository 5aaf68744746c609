import SpeculativeDecoding

/// Defect by case: the probability that each case refuses each defect, from the defect's exact law on the case.
///
/// The rows are all defects, the columns all cases that declare one.
package struct PowerMatrix: Hashable, Sendable, Codable {
  /// A defect and its power on each case.
  package struct Row: Hashable, Sendable, Codable {
    /// The defect's name.
    package var defect: String
    /// The power on each of ``PowerMatrix/cases``; `nil` where the law takes more branches than are enumerated.
    package var power: [Double?]
  }

  /// The cases' names.
  package var cases: [String]
  /// The rows, in the order of the defects.
  package var rows: [Row]

  /// The power of a case against a defect; `nil` where the matrix has none.
  func power(of defect: String, on caseID: String) -> Double? {
    guard let column = cases.firstIndex(of: caseID), let row = rows.first(where: { $0.defect == defect }),
      row.power.indices.contains(column)
    else { return nil }
    return row.power[column]
  }

  /// The defects that a case refuses with a power of at least `power`.
  package func defects(refusedBy caseID: String, power: Double) -> [String] {
    guard let column = cases.firstIndex(of: caseID) else { return [] }
    return rows.filter { ($0.power[column] ?? 0) >= power }.map(\.defect)
  }

  /// The cases that refuse a defect with a power of at least `power`.
  package func cases(refusing defect: String, power: Double) -> [String] {
    guard let row = rows.first(where: { $0.defect == defect }) else { return [] }
    return zip(cases, row.power).filter { ($0.1 ?? 0) >= power }.map(\.0)
  }
}

extension KillMatrix {
  /// The cases that declare a defect, each once, in the order of the defects.
  package var cases: [ObservableCase] {
    var names: Set<String> = []
    return entries.map(\.observableCase).filter { names.insert($0.id).inserted }
  }

  /// The name of the case that declares each defect, by the defect's name.
  package var declaringCases: [String: String] {
    Dictionary(uniqueKeysWithValues: entries.map { ($0.defect.id, $0.observableCase.id) })
  }

  /// The branches beyond which a law is left out of the matrix; the declaring cases' own laws are not limited.
  package static let branchesAtMost = 20_000

  /// The power of every case against every defect.
  ///
  /// - Returns: `nil` where it was interrupted.
  /// - Throws: ``CertificationError`` where a case cannot be planned.
  package func powerMatrix(
    threads: Int, isInterrupted: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws(CertificationError) -> PowerMatrix? {
    let cases = self.cases
    let queue = ShardQueue(shards: entries.count)
    let parts = try await Workers.parts(threads) { () throws(CertificationError) in
      try queue.results(while: { !isInterrupted() }) { index throws(CertificationError) in
        defer { progress(index + 1, entries.count) }
        return row(of: entries[index], cases)
      }
    }
    let rows = parts.joined().sorted { $0.shard < $1.shard }.map(\.value)
    guard rows.count == entries.count else { return nil }
    return PowerMatrix(cases: cases.map(\.id), rows: rows)
  }

  private func row(of entry: Entry, _ cases: [ObservableCase]) -> PowerMatrix.Row {
    let limits = EnumerationLimits(branches: Self.branchesAtMost)
    return PowerMatrix.Row(
      defect: entry.defect.id,
      power: cases.map { observableCase in
        observableCase.id == entry.observableCase.id
          ? entry.predictedPower : try? observableCase.predictedPower(against: entry.defect, limits: limits)
      })
  }
}
