import ArgumentParser
import Certification
import Foundation

struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compute the verdicts of a certificate again, from its counts alone.",
    discussion: """
      Exit status: 0 where everything agrees and the certificate says certified, 1 where something disagrees or a \
      case failed, 2 where it is inconclusive, 130 where --replay was interrupted.
      """)

  @Argument(help: ArgumentHelp("The certificate.", valueName: "certificate.json"))
  var path: String

  @Flag(help: "Also decode again from the seed, prove again, and compare every count.")
  var replay = false

  @Option(
    help: NumberLimit.threads.help("Decodings at once, with --replay", "one a processor by default", valueName: "n"),
    transform: NumberLimit.threads.whole)
  var threads: Int?

  @Flag(help: "Print the result as JSON.")
  var json = false

  struct Result: Codable {
    var verdict: String
    var cases: Int
    var replayed: Bool
    var disagreements: [CertificateCheck.Disagreement]
  }

  /// What was compared so far is not said: a part of the counts differs from the whole.
  private var interrupted: ExitCode { failure(.interrupted, "\(path): interrupted before all counts were compared") }

  func run() async throws {
    let data = try Files.read(path)
    if ServerCertificate.isKind(of: data) { throw try verifyServer(data).code }
    let certificate: Certificate
    var disagreements: [CertificateCheck.Disagreement]
    var finished = true
    do {
      certificate = try Certificate(json: data)
      let check = CertificateCheck(certificate)
      disagreements = try check.disagreements()
      if replay {
        Interruption.begin()
        let line = ProgressLine()
        disagreements += try await check.replayDisagreements(
          threads: threads ?? Machine.processorCount, isInterrupted: { Interruption.isRequested },
          progress: { line.show(finished: $0.finishedRounds, of: $0.rounds, $0.current) })
        disagreements += try await check.proofDisagreements(
          threads: threads ?? Machine.processorCount, isInterrupted: { Interruption.isRequested },
          progress: { line.show(finished: $0.finishedCases, of: $0.cases, "\($0.branches) branches") })
        disagreements += try await check.defectDisagreements(
          threads: threads ?? Machine.processorCount, isInterrupted: { Interruption.isRequested })
        if let found = try await check.transformerDisagreements(
          threads: threads ?? Machine.processorCount, isInterrupted: { Interruption.isRequested })
        {
          disagreements += found
        } else {
          line.clear()
          StandardError.line("\(path): its transformers are not embedded; their counts were not replayed")
        }
        if certificate.port != nil {
          line.clear()
          StandardError.line("\(path): it is a port's; its counts are not replayed, `rsd certify --port` asks it again")
        }
        line.clear()
        finished = !Interruption.isRequested
      }
    } catch  where Interruption.isRequested {
      throw interrupted
    } catch {
      throw failure(.badData, "\(path): \(error)")
    }
    guard finished else { throw interrupted }
    let result = Result(
      verdict: certificate.verdict.rawValue,
      cases: certificate.cases.count + (certificate.transformers?.cases.count ?? 0)
        + (certificate.port?.statuses.count ?? 0), replayed: replay,
      disagreements: disagreements)
    if json {
      Output.write(try StableJSON.encode(result))
    } else {
      for found in disagreements {
        let place = found.id.isEmpty ? "certificate" : found.id
        Output.line("\(place): \(found.key) is \(found.stated), should be \(found.computed)")
      }
      let proofs = certificate.proofs == nil ? "" : "proofs repeated, "
      let how = replay ? "counts replayed from the seed, \(proofs)verdicts" : "verdicts"
      if disagreements.isEmpty {
        let verdict = CertifyTable.colored(certificate.verdict)
        Output.line("\(verdict): \(how) of \(result.cases) cases computed again, all agree")
        // The rates are the certificate's own: its reader is to see them.
        Output.line(
          certificate.port.map(PortTable.errorRates) ?? CertifyTable.errorRates(certificate.errorBudget))
      } else {
        let word = Terminal.colored("DISAGREES", .red)
        Output.line("\(word): \(disagreements.count) of the certificate's statements do not follow")
      }
    }
    throw disagreements.isEmpty ? certificate.verdict.exitStatus.code : ExitStatus.failed.code
  }
}
