import Certification
import Probability
import SpeculativeDecoding
import Synchronization
import TestSupport
import Testing

/// What `make certify` does, as one call of the library.
@Suite struct CertificationRunTests {
  static func run(_ selection: SuiteSelection, samples: Int? = 2000) throws -> CertificationRun {
    try CertificationRun(selection, .init(threads: 2, samples: samples))
  }

  /// A run tells what it finds in order, and its certificate holds it and can be verified.
  @Test func theCertificateHoldsWhatWasFound() async throws {
    let judged = Mutex<[CaseRecord]>([])
    let planned = Mutex<[String]>([])
    let run = try Self.run(SuiteSelection(isQuick: true, rules: [.rsdS, .speculative]))
    let certificate = try await run.certificate(
      observer: .init(found: { finding in
        switch finding {
        case .planned(let plans): planned.withLock { $0 = plans.map(\.instance.id) }
        case .judged(let record): judged.withLock { $0.append(record) }
        default: break
        }
      }))
    #expect(certificate.cases == judged.withLock { $0 } && certificate.cases.count == 8)
    #expect(certificate.cases.map(\.id) == planned.withLock { $0 })
    #expect(certificate.suite.selection == "quick; rules rsd-s, sd")
    #expect(certificate.seed == String(run.suite.seed))
    // Too few decodings: nothing passes, and nothing is said that the counts do not say.
    #expect(certificate.verdict == .inconclusive)
    #expect(try CertificateCheck(certificate).disagreements() == [])
    // No proofs, defects or transformers belong to a part of a suite.
    #expect(certificate.proofs == nil && certificate.killMatrix == nil && certificate.transformers == nil)
  }

  /// N is the plans' own, 146,411 to 258,943 a case: a decoder with the fault passes a case with probability 1e-6 at most.
  @Test(.optimised) func aWrongDecoderFails() async throws {
    let run = try Self.run(SuiteSelection(rules: [.rsdC], pattern: "rsd-c/3/*"), samples: nil)
    let right = try await run.certificate()
    #expect(right.verdict == .certified && right.cases.count == 3)
    let wrong = try await run.certificate(of: FaultSubject.control(.alwaysAccepts))
    #expect(wrong.verdict == .failed)
  }

  @Test func anInterruptedRunIsInconclusive() async throws {
    let run = try CertificationRun(SuiteSelection(isQuick: true), .init(threads: 2))
    let certificate = try await run.certificate(observer: .init(isInterrupted: { true }))
    #expect(certificate.verdict == .inconclusive)
    #expect(certificate.cases.allSatisfy { $0.verdict == .inconclusive && $0.samples == 0 })
    #expect(certificate.rounding == nil)
    #expect(try CertificateCheck(certificate).disagreements() == [])
  }

  @Test func namesAreRead() throws {
    for selection in [
      SuiteSelection(), SuiteSelection(isQuick: true), SuiteSelection(.wide), SuiteSelection(rules: [.speculative]),
      SuiteSelection(isQuick: true, rules: [.speculative, .rsdS], pattern: "*/plain"),
      SuiteSelection(.wide, pattern: "a; b"), SuiteSelection(pattern: "rsd-?/*"),
    ] {
      let version = try selection.suite().version
      #expect(SuiteSelection(name: selection.name, ofSuite: version) == selection, "\(selection.name)")
    }
    #expect(throws: CertificationError.self) { try CertificationRun(SuiteSelection(pattern: "zzz")) }
  }
}
