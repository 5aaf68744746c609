import Certification
import Probability
import SpeculativeDecoding
import TestSupport
import Testing

/// What a certificate states beside its cases: tests on the covering witnesses, and the kill matrix.
@Suite(.optimised) struct CertificateDefectsTests {
  static let share = try! DefaultSuite.suite().budget.nominalShare

  /// The production decoder on every instance of the covering set but the one that takes millions of decodings.
  static let observables: [ObservableRecord] = try! ObservableSuite.cases(share: share).map { observableCase in
    var observableCase = observableCase
    observableCase.samples = min(observableCase.samples, 100_000)
    return try observableCase.run(seed: 7)
  }

  static func disagreements(_ change: (inout Certificate) -> Void) throws -> [Disagreement] {
    var certificate = CertificateTests.certificate
    // The counts of the shortened case are not those of the suite: leave it to what the suite plans.
    let cases = try ObservableSuite.cases(share: certificate.errorBudget.nominalShare)
    var records = observables
    for (index, observableCase) in cases.enumerated()
    where observableCase.samples > 100_000 && observableCase.observable == .output {
      var scaled = try observableCase.run(seed: 7)
      scaled.id = records[index].id
      records[index] = scaled
    }
    certificate.add(observables: records, killMatrix: nil)
    change(&certificate)
    return try CertificateCheck(certificate).disagreements().filter { !$0.key.hasPrefix("suite") }
  }

  @Test(.long) func productionPassesAndTamperingIsFound() throws {
    #expect(Self.observables.allSatisfy { $0.verdict == .pass })
    #expect(try Self.disagreements { _ in }.isEmpty)
    let moved = try Self.disagreements { certificate in
      let keys = certificate.observables![0].counts.keys.sorted()
      certificate.observables![0].counts[keys[0]]! -= 1
      certificate.observables![0].counts[keys[1]]! += 1
    }
    #expect(moved.contains { $0.key == "observables.pValue" })
    let removed = try Self.disagreements { $0.observables!.removeLast() }
    #expect(removed.contains { $0.key == "observables" })
    let huge = try Self.disagreements { $0.observables![0].counts["0 0 0"] = .max }
    #expect(huge.contains { $0.key.hasPrefix("observables.counts[") })
    let unfinished = try Self.disagreements { certificate in
      let cases = try! ObservableSuite.cases(share: Self.share)
      certificate.add(
        observables: certificate.observables!.dropLast() + [ObservableRecord(unfinished: cases.last!)], killMatrix: nil)
      #expect(certificate.verdict == .inconclusive)
    }
    #expect(unfinished.isEmpty)
    let verdict = try Self.disagreements { $0.observables![1].verdict = .fail }
    #expect(verdict.contains { $0.key == "observables.verdict" })
  }

  @Test func emptyListsShowNothing() {
    func verdict(_ change: (inout Certificate) -> Void) -> RunVerdict {
      var certificate = CertificateTests.certificate
      change(&certificate)
      return certificate.verdict
    }
    #expect(verdict { $0.add(observables: nil, killMatrix: nil) } == .certified)
    #expect(verdict { $0.add(observables: [], killMatrix: nil) } == .inconclusive)
    #expect(verdict { $0.add(observables: nil, killMatrix: []) } == .inconclusive)
    #expect(CertificateEvidenceTests.certificate(nil, []).verdict == .inconclusive)
  }

  /// A test whose outcomes all share one cell has seen nothing.
  @Test func oneCellIsInconclusive() throws {
    let cases = try ObservableSuite.cases(share: Self.share)
    var output = try #require(cases.first { $0.observable == .output && $0.law.count > 2 })
    output.samples = 900
    #expect(try output.run(seed: 7).verdict == .inconclusive)
    var independence = try #require(cases.first { $0.observable == .independence })
    independence.samples = 900
    #expect(try independence.run(seed: 7).verdict == .inconclusive)
  }

  @Test func theMatrixNamesEveryDefectOnce() throws {
    let missing = try Self.disagreements { $0.killMatrix = [] }
    #expect(missing.contains { $0.key == "killMatrix" })
  }

  @Test(.long) func aPowerMatrixIsWholeAndAgreesWithTheKillMatrix() async throws {
    let matrix = try KillMatrix(try WitnessFixture.embedded(), share: Self.share)
    let powers = try #require(try await matrix.powerMatrix(threads: 2))
    #expect(try Self.disagreements { $0.powerMatrix = powers }.isEmpty)
    let dropped = try Self.disagreements { certificate in
      certificate.powerMatrix = powers
      certificate.powerMatrix!.rows.removeLast()
    }
    #expect(dropped.contains { $0.key == "powerMatrix" })
    let short = try Self.disagreements { certificate in
      certificate.powerMatrix = powers
      certificate.powerMatrix!.rows[3].power.removeLast()
    }
    #expect(short.contains { $0.key == "powerMatrix" })
    let impossible = try Self.disagreements { certificate in
      certificate.powerMatrix = powers
      certificate.powerMatrix!.rows[3].power[0] = 1.5
    }
    #expect(impossible.contains { $0.key == "powerMatrix" })
  }

  @Test(arguments: [Fault.sharedStream, .seedIgnored, .freshNoise, .draftPositionShifted])
  func faultsThatTheOutputHidesAreRefused(fault: Fault) throws {
    let defect = try #require(Defect.all.first { $0.fault == fault && !$0.isLossless })
    let cases = try ObservableSuite.cases(share: Self.share).filter { $0.observable == defect.observable }
    #expect(!cases.isEmpty)
    #expect(try cases.contains { try $0.run(under: fault, seed: 7).verdict == .fail })
    #expect(try cases.allSatisfy { try $0.run(seed: 7).verdict == .pass })
  }
}
