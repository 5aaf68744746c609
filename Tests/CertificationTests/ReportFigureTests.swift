import Foundation
import Probability
@testable import Reports
import Statistics
import Testing

@testable import Certification

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The geometry of the drawings, and that what is written is XML.
@Suite struct ReportFigureTests {
  /// The elements of a drawing by name; `nil` where it is no XML.
  static func elements(_ drawing: String) -> [String: Int]? {
    final class Counter: NSObject, XMLParserDelegate {
      var counts: [String: Int] = [:]
      func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
      ) { counts[name, default: 0] += 1 }
    }
    let counter = Counter()
    let parser = XMLParser(data: Data(drawing.utf8))
    parser.delegate = counter
    return parser.parse() ? counter.counts : nil
  }

  private static func isInside(_ points: [(x: Double, y: Double)], _ size: (width: Double, height: Double)) -> Bool {
    points.allSatisfy { 0 < $0.x && $0.x < size.width && 0 < $0.y && $0.y < size.height }
  }

  @Test func coordinatesAreShort() {
    let cases: [(Double, String)] = [
      (0, "0"), (1, "1"), (-1.5, "-1.5"), (2.25, "2.25"), (2.004, "2"), (0.05, "0.05"), (-0.004, "0"), (1e9, "1000000"),
      (.infinity, "1000000"), (-.infinity, "-1000000"), (.nan, "0"), (12.999, "13"),
    ]
    for (value, text) in cases { #expect(SVG.number(value) == text) }
  }

  @Test func textAndAttributesAreEscaped() throws {
    let nasty = "</text><script>\"'&\u{301}\u{0}\u{FFFE}"
    let drawing = SVG.node("svg", ["class": nasty], [.label(nasty, 1, 2)]).written
    #expect(Self.elements(drawing) == ["svg": 1, "text": 1])
    #expect(!drawing.contains("<script"))
    // Scalar by scalar: the accent joins what stands before it.
    #expect(drawing.range(of: "&lt;script&gt;&quot;&#39;&amp;\u{301}\u{FFFD}\u{FFFD}", options: .literal) != nil)
  }

  @Test func axesKeepToTheirEnds() {
    var generator = Philox4x64(key: [7, 0])
    let values = [0, -1, 1, .infinity, -.infinity, .nan, 1e308, -1e308, .leastNonzeroMagnitude]
    for spacing in [Axis.Spacing.linear, .logarithmic] {
      for _ in 0..<200 {
        let lower = Double.random(in: 0.001...10, using: &generator)
        let upper = lower * Double.random(in: 1.01...1e6, using: &generator)
        let axis = Axis(lower, upper, from: 300, to: 20, spacing)
        #expect(axis.place(lower) == 300 && abs(axis.place(upper) - 20) < 1e-9)
        #expect(values.allSatisfy { (20 - 1e-9...300).contains(axis.place($0)) })
        let ticks = axis.ticks()
        #expect(ticks.count <= 16 && ticks.allSatisfy { $0 >= lower * (1 - 1e-9) && $0 <= upper * (1 + 1e-9) })
        #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0 < $1 })
      }
      for (lower, upper) in [(1.0, 1.0), (2, 1), (.nan, 1), (0, .infinity), (-.infinity, 0)] {
        let axis = Axis(lower, upper, from: 0, to: 10, spacing)
        #expect(values.allSatisfy { (0...10).contains(axis.place($0)) })
      }
    }
    #expect(Axis(1, 4, from: 0, to: 1).ticks(3) == [1, 2, 3, 4])
    #expect(Axis(5000, 60000, from: 0, to: 1, .logarithmic).ticks() == [5000, 10000, 20000, 50000])
  }

  @Test func aMatrixHasASquareForEachPower() throws {
    let verdicts: [KillRecord.Verdict] = [.killed, .missed, .passed, .refused]
    let rows = (0..<69).map { index in
      KillMatrixFigure.Row(
        id: "defect-\(index)-with-a-long-name<&>", category: ["acceptance", "state", "lossless"][index / 23],
        link: index % 2 == 0 ? "https://example.org/?a=1&b=\(index)" : nil, declaring: index,
        verdict: verdicts[index % 4])
    }
    let columns = (0..<93).map { KillMatrixFigure.Column(id: "output/rsd-s/2x2/witness-number-\($0)", link: nil) }
    let powers = [0, 0.3, 0.9, 0.995, 1, nil]
    let figure = KillMatrixFigure(
      rows: rows, columns: columns,
      power: rows.indices.map { row in columns.indices.map { powers[(row * 7 + $0) % powers.count] } })
    #expect(figure.cells.count == figure.power.joined().filter { $0 != nil }.count)
    #expect(figure.cells.contains { $0.level == .sure } && figure.cells.contains { $0.level == .none })
    let file = figure.file(style: "rect { fill: red }")
    #expect(file.utf8.count < 200_000)
    let elements = try #require(Self.elements(file))
    #expect(elements["a"] == 35)
    // A square a power level however many cells have it, and the legend's.
    let paths = try #require(elements["path"])
    #expect(paths == 1 + KillMatrixFigure.Level.allCases.count + 69 + 3)
    #expect(try #require(elements["text"]) >= 69 + 93)
  }

  @Test func aMatrixOfRecordsKnowsTheDeclaringPowersOnly() throws {
    let records = ReportPageTests.kills
    let figure = KillMatrixFigure(records)
    #expect(figure.rows.map(\.id) == records.map(\.defect))
    #expect(figure.cells.count == records.count)
    for (index, record) in records.enumerated() {
      #expect(figure.columns[figure.rows[index].declaring].id == record.caseID)
      #expect(figure.power[index][figure.rows[index].declaring] == record.predictedPower)
    }
    #expect(
      Set(figure.columns.map(\.id)) == Set(records.map(\.caseID))
        && figure.columns.count == Set(records.map(\.caseID)).count)
    #expect(figure.rows.allSatisfy { $0.link.map { $0.hasPrefix("https://") } ?? true })
  }

  @Test func levelsAreOrdered() {
    let powers = [0, 0.009, 0.01, 0.49, 0.5, 0.98, 0.99, 0.999, 1 - 1e-6, 1]
    let levels = powers.map { KillMatrixFigure.Level($0).rawValue }
    #expect(levels == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4])
    let sides = KillMatrixFigure.Level.allCases.map(\.side)
    #expect(zip(sides, sides.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func theBandHoldsNineteenOfTwentyCorrectDecoders() throws {
    #expect(try UniformityFigure([]) == nil)
    var generator = Philox4x64(key: [41, 0])
    var inside = 0
    // N = 2000: within 0.95 ± 5 standard deviations of 0.0049, false fail below 1e-6.
    for _ in 0..<2000 {
      let figure = try #require(try UniformityFigure((0..<30).map { _ in .random(in: 0...1, using: &generator) }))
      #expect(figure.points.count == 30 && Self.isInside(figure.points, figure.size))
      inside += figure.test.statistic <= figure.halfWidth ? 1 : 0
    }
    #expect((0.9256...0.9744).contains(Double(inside) / 2000))
    let extreme = try #require(try UniformityFigure([0, 1, 0, 1]))
    #expect(Self.isInside(extreme.points, extreme.size))
  }

  @Test func residualsAreThoseOfPearson() throws {
    let certificate = CertificateTests.certificate
    let report = try Report(checking: certificate)
    for reportCase in report.cases {
      let record = reportCase.record
      #expect(reportCase.cells.count == record.degreesOfFreedom + 1)
      #expect(reportCase.cells.reduce(0) { $0 + $1.observed } == record.samples)
      // Pearson's X² from the cells is the certificate's.
      let statistic = reportCase.cells.reduce(0.0) { sum, cell in
        let difference = Double(cell.observed) - cell.expected
        return sum + difference * difference / cell.expected
      }
      #expect(abs(statistic - record.statistic) < 1e-9 * statistic)
      for cell in reportCase.cells {
        let share = cell.expected / Double(record.samples)
        let z = (Double(cell.observed) - cell.expected) / (cell.expected * (1 - share)).squareRoot()
        #expect(abs(cell.residual - z) < 1e-9)
      }
      let figure = ObservedExpectedFigure(reportCase.cells)
      #expect(figure.points.count == reportCase.cells.count && Self.isInside(figure.points, figure.size))
      #expect(Self.elements(figure.inline(id: "f")) != nil)
    }
  }

  @Test func manyCellsAreDrawnUpToALimitThatIsStated() {
    let cells = (0..<5000).map { index in
      ObservedExpectedFigure.Cell(
        outcome: "\(index)", expected: 1e6 / Double(index + 1), observed: index == 3 ? 0 : index, residual: 1e9)
    }
    let figure = ObservedExpectedFigure(cells)
    #expect(figure.cells.count == ObservedExpectedFigure.limit && figure.count == 5000)
    #expect(Self.isInside(figure.points, figure.size))
    #expect(figure.inline(id: "f").contains("the 400 most probable of 5000 cells"))
    #expect(Self.isInside(ObservedExpectedFigure([]).points, ObservedExpectedFigure([]).size))
  }

  @Test func acceptanceAndRoundingStayInside() throws {
    let acceptance = AcceptanceFigure(rows: [
      .init(rule: "sd", shape: "2", most: 3, values: [1, 2.5, 3]),
      .init(rule: "sd", shape: "3", most: .max, values: []),
      .init(rule: "rsd-s", shape: "2x2", most: 3, values: [.infinity, -1, .nan]),
    ])
    #expect(acceptance.points.count == 6 && Self.isInside(acceptance.points, acceptance.size))
    #expect(Self.elements(acceptance.inline(id: "f")) != nil)
    let rows = RoundingSection.rows(try RoundingSuite.certificates())
    #expect(rows.count == 18 && rows.allSatisfy { $0.marks.count == 2 })
    let rounding = RoundingFigure(rows: rows)
    #expect(rounding.points.count == 18 * 4 && Self.isInside(rounding.points, rounding.size))
    let wild = RoundingFigure(rows: [
      .init(
        rule: "x", uniforms: "y",
        marks: [
          .init(isDouble: true, totalVariation: -1, bound: .infinity),
          .init(isDouble: false, totalVariation: 0, bound: 1e308),
        ])
    ])
    #expect(Self.isInside(wild.points, wild.size))
    #expect(Self.elements(wild.inline(id: "f")) != nil)
  }
}
