import Certification
import Foundation
import SpeculativeDecoding
import TestSupport
import Testing

@Suite(.optimised) struct CertificateTests {
  static let certificate = certificate(try! DefaultSuite.suite().budget)

  /// Two cases of the default suite under a budget.
  static func certificate(_ budget: ErrorBudget) -> Certificate {
    let suite = try! DefaultSuite.suite()
    let plans = suite.cases.filter { ["sd/2/one-hot/top-p", "rsd-c/3/zeros/top-k"].contains($0.id) }
      .map { try! CasePlan($0, budget: budget) }
    let counts = plans.map {
      try! DecoderSubject.production.counts(of: $0, replicates: 0..<$0.samples, seed: 5)
    }
    return Certificate(
      suite: .init(version: suite.version, selection: "*d*/[23]/[oz]*/top-[kp]"), seed: 5, errorBudget: budget,
      cases: zip(plans, counts).map { try! CaseRecord($0, counts: $1) })
  }

  static func disagreements(_ change: (inout Certificate) -> Void) throws -> [Disagreement] {
    var certificate = certificate
    change(&certificate)
    return try CertificateCheck(certificate).disagreements()
  }

  @Test func certifiesAndAgreesWithItself() throws {
    #expect(Self.certificate.verdict == .certified)
    #expect(Self.certificate.cases.count == 2)
    #expect(try Self.disagreements { _ in }.isEmpty)
  }

  @Test func survivesJSONByteForByte() throws {
    let data = try Self.certificate.json()
    let again = try Certificate(json: data)
    #expect(again == Self.certificate)
    #expect(try again.json() == data)
  }

  @Test func tamperingIsFound() throws {
    let verdict = try Self.disagreements { $0.cases[0].verdict = .fail }
    #expect(verdict.map(\.key) == ["verdict"] && verdict[0].id == Self.certificate.cases[0].id)
    let moved = try Self.disagreements { certificate in
      let keys = certificate.cases[1].counts.keys.sorted()
      certificate.cases[1].counts[keys[0]]! -= 1
      certificate.cases[1].counts[keys[1]]! += 1
    }
    #expect(moved.contains { $0.key == "statistic" } && moved.contains { $0.key == "pValue" })
    #expect(try Self.disagreements { $0.cases[0].samples += 1 }.contains { $0.key == "samples" })
    #expect(try Self.disagreements { $0.cases[0].power = 1 }.contains { $0.key == "power" })
    #expect(try Self.disagreements { $0.cases[0].degreesOfFreedom += 1 }.contains { $0.key == "degreesOfFreedom" })
    #expect(try Self.disagreements { $0.cases[0].impossible = 1 }.contains { $0.key == "impossible" })
    #expect(try Self.disagreements { $0.cases[0].rounds["1", default: 0] += 1 }.contains { $0.key == "rounds" })
    let looser = try Self.disagreements { $0.errorBudget.nominalShare = 1e-3 }
    #expect(looser.contains { $0.key == "errorBudget.nominalShare" })
    #expect(try Self.disagreements { $0.suite.selection = "all" }.contains { $0.key == "cases" })
  }

  @Test func countsOfNoSequenceAreRefused() {
    #expect(throws: CertificationError.self) { try Self.disagreements { $0.cases[0].counts["0 7 1 0"] = 1 } }
    #expect(throws: CertificationError.self) { try Self.disagreements { $0.cases[0].counts["0  1"] = 1 } }
    #expect(throws: CertificationError.self) { try Self.disagreements { $0.cases[0].rule = "rsd-x" } }
  }

  @Test func replayFindsWhatTheSeedDoesNotGive() async throws {
    #expect(try await CertificateCheck(Self.certificate).replayDisagreements(threads: 2).isEmpty)
    var other = Self.certificate
    other.seed = "6"
    let found = try await CertificateCheck(other).replayDisagreements(threads: 2)
    #expect(Set(found.map(\.id)) == Set(Self.certificate.cases.map(\.id)))
  }

  @Test func unfinishedCasesAreInconclusive() throws {
    let suite = try DefaultSuite.suite()
    let budget = suite.budget
    let last = try #require(suite.cases.first { $0.id == Self.certificate.cases[1].id })
    let certificate = Certificate(
      suite: Self.certificate.suite, seed: 5, errorBudget: budget,
      cases: [Self.certificate.cases[0], try CaseRecord(unfinished: CasePlan(last, budget: budget))])
    #expect(certificate.verdict == .inconclusive)
    #expect(try CertificateCheck(certificate).disagreements().isEmpty)
  }

  @Test(arguments: ["{", "[]", "{\"suite\":{}}", "{\"suit\":1}"])
  func brokenFilesAreRefused(text: String) {
    #expect(throws: CertificationError.self) { try Certificate(json: Data(text.utf8)) }
  }
}
