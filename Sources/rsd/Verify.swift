import ArgumentParser
import Certification
import Foundation

struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compute the verdicts of a certificate again, from its counts alone.",
    discussion: """
      Exit status: 0 where everything agrees and the certificate says certified, 1 where something disagrees or a \
      case failed, 2 where it is inconclusive.
      """)

  @Argument(help: ArgumentHelp("The certificate.", valueName: "certificate.json"))
  var path: String

  @Flag(help: "Also decode again from the seed, and compare every count.")
  var replay = false

  @Option(help: "Decodings at once, with --replay.")
  var threads = Machine.processorCount

  @Flag(help: "Print the result as JSON.")
  var json = false

  struct Result: Codable {
    var verdict: RunVerdict
    var cases: Int
    var replayed: Bool
    var disagreements: [CertificateCheck.Disagreement]
  }

  func validate() throws {
    if threads < 1 { throw ValidationError("--threads must be at least 1.") }
  }

  func run() async throws {
    let data = try Files.read(path)
    let (certificate, disagreements, finished) = try await explainingErrors {
      do {
        let certificate = try Certificate(json: data)
        let check = CertificateCheck(certificate)
        var found = try check.disagreements()
        Interruption.begin()
        if replay {
          let line = ProgressLine()
          found += try await check.replayDisagreements(
            threads: threads, isInterrupted: { Interruption.isRequested },
            progress: { line.show(finished: $0.finishedRounds, of: $0.rounds, $0.current) })
          line.clear()
        }
        return (certificate, found, !Interruption.isRequested)
      } catch {
        throw CertificationError.certificate("\(path): \(Self.reason(error))")
      }
    }
    guard finished else { throw failure(.inconclusive, "interrupted before all counts were compared") }
    let result = Result(
      verdict: certificate.verdict, cases: certificate.cases.count, replayed: replay,
      disagreements: disagreements)
    if json {
      FileHandle.standardOutput.write(try StableJSON.encode(result))
    } else {
      for found in disagreements {
        print("\(found.id.isEmpty ? "certificate" : found.id): \(found.key) is \(found.stated), should be \(found.computed)")
      }
      let how = replay ? "counts replayed from the seed, verdicts" : "verdicts"
      print(
        disagreements.isEmpty
          ? "\(CertifyTable.colored(certificate.verdict)): \(how) of \(result.cases) cases computed again, all agree"
          : "\(Terminal.colored("DISAGREES", .red)): \(disagreements.count) of the certificate's statements do not follow")
    }
    throw disagreements.isEmpty ? certificate.verdict.exitStatus.code : ExitStatus.failed.code
  }

  private static func reason(_ error: any Error) -> String {
    if case CertificationError.certificate(let reason) = error { return reason }
    return "\(error)"
  }
}
