import Certification
import Probability
import SpeculativeDecoding
import Statistics
import TestSupport
import Testing
import ToyModels

/// Every known defect is refused by the case that declares it, and every lossless variant passes.
///
/// N is each witness's own: a defect passes its case once in a million at most, by its exact law, and a lossless variant
/// is refused with the nominal share of the default suite, below 1e-8 each, for any seed.
@Suite(.optimised) struct KillMatrixTests {
  static let fixture = try! WitnessFixture.embedded()

  @Test func everyDefectIsKilledAndEveryVariantPasses() async throws {
    let suite = try DefaultSuite.suite()
    let matrix = try KillMatrix(Self.fixture, share: suite.budget.nominalShare)
    #expect(matrix.uncovered.map(\.id) == [])
    #expect(matrix.entries.count == Defect.all.count)
    #expect(Defect.all.filter { !$0.isLossless }.count >= 50)
    for entry in matrix.entries {
      if entry.defect.isLossless {
        // Equal laws: the case refuses at its significance and no oftener.
        #expect(entry.predictedPower < 1e-7, "\(entry.defect.id)")
      } else {
        #expect(entry.predictedPower >= 1 - 1e-6, "\(entry.defect.id)")
      }
    }
    let records = try await matrix.run(seed: suite.seed, threads: 2)
    #expect(records.count == matrix.entries.count)
    for record in records {
      #expect(record.verdict == .killed || record.verdict == .passed, "\(record.defect): p = \(record.pValue)")
    }
  }

  /// The power of each case against each defect is that of the case that declares it where it is declared, and more than
  /// one in a million nowhere that nothing declares: what a case sees by chance is its share.
  @Test(.long) func thePowerMatrixHoldsTheDeclaredCasesAndNoFalseAlarms() async throws {
    let matrix = try KillMatrix(Self.fixture, share: try DefaultSuite.suite().budget.nominalShare)
    let powers = try #require(try await matrix.powerMatrix(threads: 2))
    #expect(try await matrix.powerMatrix(threads: 1) == powers)
    #expect(powers.rows.map(\.defect) == Defect.all.map(\.id))
    #expect(Set(powers.cases).count == powers.cases.count)
    for entry in matrix.entries {
      let refusing = powers.cases(refusing: entry.defect.id, power: 1 - 1e-6)
      #expect(refusing.contains(entry.observableCase.id) == !entry.defect.isLossless, "\(entry.defect.id)")
      guard entry.defect.isLossless else { continue }
      // Equal laws on every case that looks at the output; trees, lengths and the use of uniforms may differ.
      let row = try #require(powers.rows.first { $0.defect == entry.defect.id })
      for (column, power) in zip(matrix.cases, row.power) where column.observable == .output {
        #expect(power ?? 0 < 1e-7, "\(entry.defect.id) on \(column.id)")
      }
    }
    // A matrix that could not tell would be all of one kind.
    let cells = powers.rows.flatMap(\.power).compactMap(\.self)
    #expect(cells.count { $0 >= 1 - 1e-6 } > 400)
    #expect(cells.count { $0 < 1e-6 } > 400)
    #expect(powers.defects(refusedBy: "vector/all-rules", power: 1).contains("inclusive-acceptance"))
    #expect(powers.defects(refusedBy: "no such case", power: 0) == [])
  }

  @Test func productionPassesTheCoveringCases() throws {
    let suite = try DefaultSuite.suite()
    let share = suite.budget.nominalShare
    for cover in Self.fixture.covering {
      let record = try #require(Self.fixture.witnesses.first { $0.fault == cover.witness })
      let observableCase = try ObservableCase(
        record.observable, on: record.instance(), samples: min(cover.samples, 100_000), share: share)
      #expect(try observableCase.run(seed: suite.seed).verdict == .pass, "\(cover.witness)")
    }
  }

  @Test func aRemovedCaseLeavesItsDefectsUncovered() {
    #expect(Self.fixture.uncovered.map(\.id) == [])
    for index in Self.fixture.covering.indices {
      var fixture = Self.fixture
      let removed = fixture.covering.remove(at: index)
      let uncovered = Set(fixture.uncovered.map(\.fault.rawValue))
      #expect(uncovered == Set(removed.declares))
      #expect(!uncovered.isEmpty)
    }
  }

  @Test func witnessesAreWhatTheyState() throws {
    // The exact laws again, from the fixture's models: total variation, w and N.
    let budget = try DefaultSuite.suite().budget
    for record in Self.fixture.witnesses {
      let fault = try #require(Fault(rawValue: record.fault))
      let witness = try #require(
        try Witness(fault, on: record.instance(), observable: record.observable, budget: budget), "\(record.fault)")
      #expect(witness.totalVariation.description == record.totalVariation, "\(record.fault)")
      #expect(abs(witness.effect / record.effect - 1) < 1e-9, "\(record.fault)")
      #expect(witness.samples == record.samples, "\(record.fault)")
    }
  }
}
