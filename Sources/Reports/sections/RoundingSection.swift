import Certification

/// How far rounding moves the law of a round.
struct RoundingSection: Sendable {
  let bounds: Bounds?

  /// The figure and its numbers.
  struct Bounds: Sendable {
    var roundingFigure: String
    var roundingCount: String
    var roundingDouble: String
    var roundingFloat: String
    var roundingRows: [Row]
  }

  /// One round.
  struct Row: Sendable {
    var roundingRule: String
    var roundingPair: String
    var roundingScalar: String
    var roundingUniforms: String
    var roundingBranches: String
    var roundingVariation: String
    var roundingBound: String
    var roundingBadge: Badge
  }

  init(_ report: Report) {
    guard let records = report.certificate.rounding, !records.isEmpty else {
      bounds = nil
      return
    }
    func worst(_ scalar: String) -> String {
      // As `rsd certify` prints it: with uniforms of 53 bits, which the decoder draws.
      let values = records.filter { $0.scalar == scalar && $0.uniformBits == 53 }.map(\.totalVariation)
      return values.max().map { ReportNumber.scientific($0, digits: 2) } ?? "–"
    }
    bounds = Bounds(
      roundingFigure: RoundingFigure(rows: Self.rows(records)).inline(id: "rounding-plot"),
      roundingCount: "\(records.count)", roundingDouble: worst("Double"), roundingFloat: worst("Float"),
      roundingRows: records.map(Row.init))
  }

  /// The worst of all pairs of models for each rule, kind of uniform and scalar.
  static func rows(_ records: [RoundingCertificate]) -> [RoundingFigure.Row] {
    var rows: [RoundingFigure.Row] = []
    for record in records {
      let rule = record.shape.isEmpty ? record.rule : "\(record.rule) \(record.shape)"
      let uniforms = words(record.uniformBits)
      let mark = RoundingFigure.Mark(
        isDouble: record.scalar == "Double", totalVariation: record.totalVariation, bound: record.bound)
      guard let index = rows.firstIndex(where: { $0.rule == rule && $0.uniforms == uniforms }) else {
        rows.append(RoundingFigure.Row(rule: rule, uniforms: uniforms, marks: [mark]))
        continue
      }
      guard let other = rows[index].marks.firstIndex(where: { $0.isDouble == mark.isDouble }) else {
        rows[index].marks.append(mark)
        continue
      }
      // The worst is the one that uses most of its bound's room.
      let old = rows[index].marks[other]
      if mark.totalVariation * old.bound > old.totalVariation * mark.bound { rows[index].marks[other] = mark }
    }
    let names = records.map { $0.shape.isEmpty ? $0.rule : "\($0.rule) \($0.shape)" }
    let order = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    return rows.enumerated().sorted { left, right in
      (order[left.element.rule] ?? 0, left.offset) < (order[right.element.rule] ?? 0, right.offset)
    }.map(\.element)
  }

  fileprivate static func words(_ bits: Int) -> String { bits == 0 ? "real" : "\(bits) bits" }
}

extension RoundingSection.Row {
  fileprivate init(_ record: RoundingCertificate) {
    self.init(
      roundingRule: OutsideText.label("\(record.rule) \(record.shape)", room: 40),
      roundingPair: OutsideText.label(record.pair, room: 40),
      roundingScalar: OutsideText.label(record.scalar, room: 20),
      roundingUniforms: RoundingSection.words(record.uniformBits),
      roundingBranches: NumberText.grouped(record.branches),
      roundingVariation: ReportNumber.scientific(record.totalVariation, digits: 2),
      roundingBound: ReportNumber.scientific(record.bound, digits: 2),
      roundingBadge: record.isWithinBound ? Badge("within", "good") : Badge("exceeded", "bad"))
  }
}
