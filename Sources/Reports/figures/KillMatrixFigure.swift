import Certification

/// Defect by case: how probably each case refuses each defect, and what became of it on the case that declares it.
struct KillMatrixFigure: Hashable, Sendable {
  /// A defect.
  struct Row: Hashable, Sendable {
    /// Its name.
    var id: String
    /// The part of a decoder that is wrong; rows of one category stand together.
    var category: String
    /// Where its name leads; `nil` for nowhere.
    var link: String?
    /// The column of the case that declares it.
    var declaring: Int
    /// Its fate there.
    var verdict: KillRecord.Verdict
  }

  /// A case.
  struct Column: Hashable, Sendable {
    /// Its identifier.
    var id: String
    /// Where its name leads, such as "#test-3"; `nil` for nowhere.
    var link: String?
  }

  var rows: [Row]
  var columns: [Column]
  /// The predicted power of each row's defect on each column's case; `nil` where it was not computed.
  var power: [[Double?]]
}

extension KillMatrixFigure {
  /// The matrix of these records.
  ///
  /// - Parameters:
  ///   - powers: the power on every case; without it, or where it does not fit the records, of each defect only the power
  ///     on the case that declares it is known.
  ///   - link: where the name of a case leads.
  init(_ records: [KillRecord], powers: PowerMatrix? = nil, link: (String) -> String? = { _ in nil }) {
    let powers = powers.flatMap { Self.fits($0, records) ? $0 : nil }
    var indices: [String: Int] = [:]
    var columns: [Column] = []
    for id in powers?.cases ?? records.map(\.caseID) where indices[id] == nil {
      indices[id] = columns.count
      columns.append(Column(id: id, link: link(id)))
    }
    self.columns = columns
    rows = records.map { record in
      Row(
        id: record.defect, category: record.category.rawValue,
        link: record.source.lazy.compactMap { OutsideLink($0)?.address }.first,
        declaring: indices[record.caseID] ?? 0, verdict: record.verdict)
    }
    power =
      powers?.rows.map(\.power)
      ?? records.map { record in columns.map { $0.id == record.caseID ? record.predictedPower : nil } }
  }

  /// Whether powers are of these records, each on every case, and of each case once: a certificate may say anything.
  private static func fits(_ powers: PowerMatrix, _ records: [KillRecord]) -> Bool {
    let names = Set(powers.cases)
    return powers.rows.map(\.defect) == records.map(\.defect) && names.count == powers.cases.count
      && powers.rows.allSatisfy { $0.power.count == powers.cases.count }
      && records.allSatisfy { names.contains($0.caseID) }
  }

  /// How a power is drawn: the larger and darker, the surer the case refuses the defect.
  enum Level: Int, CaseIterable, Sendable {
    case none, little, some, nearly, sure

    init(_ power: Double) {
      self =
        power >= 1 - 1e-6 ? .sure : power >= 0.99 ? .nearly : power >= 0.5 ? .some : power >= 0.01 ? .little : .none
    }

    /// The side of the square.
    var side: Double { [3, 6, 9, 12, 14][rawValue] }

    /// The legend's text.
    var words: String { ["< 1 %", "1–50 %", "50–99 %", "≥ 99 %", "≥ 1 − 10⁻⁶"][rawValue] }
  }

  /// One square of the picture.
  struct Cell: Hashable, Sendable {
    var row: Int
    var column: Int
    var level: Level
  }

  /// The squares: one for each power that is known.
  var cells: [Cell] {
    power.enumerated().flatMap { row, powers in
      powers.enumerated().compactMap { column, power in power.map { Cell(row: row, column: column, level: Level($0)) } }
    }
  }
}
