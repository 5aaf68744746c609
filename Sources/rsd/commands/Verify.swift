import ArgumentParser
import Certification
import CertificationTransformers
import Foundation
import Ports
import Reports
import Servers
import ToyModels

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
    var disagreements: [Disagreement]
  }

  /// The exit of an interrupted run, which tells no result so far: a part of the counts differs from the whole.
  private var interrupted: ExitCode { failure(.interrupted, "\(path): interrupted before all counts were compared") }

  func run() async throws {
    let data = try Files.read(path)
    let file: CertificateFile
    var disagreements: [Disagreement]
    do {
      file = try CertificateFile(json: data)
      disagreements = try file.disagreements(transformers: .embedded)
      if replay { disagreements += try await replayed(file) }
    } catch  where Interruption.isRequested {
      throw interrupted
    } catch let error as CertificationError {
      throw failure(.badData, "\(path): \(error)")
    }
    // What was compared so far says nothing of the whole.
    guard !Interruption.isRequested else { throw interrupted }
    let wasReplayed: Bool
    if case .library = file { wasReplayed = replay } else { wasReplayed = false }
    let result = Result(
      verdict: file.verdict, cases: file.count, replayed: wasReplayed, disagreements: disagreements)
    if json {
      Output.write(try StableJSON.encode(result))
    } else {
      for found in disagreements {
        let place = found.id.isEmpty ? "certificate" : found.id
        // Names and texts are the certificate's: nothing of them may act on a terminal.
        let texts = [place, found.key, found.stated, found.computed].map(OutsideText.shown)
        Output.line("\(texts[0]): \(texts[1]) is \(texts[2]), should be \(texts[3])")
      }
      if disagreements.isEmpty {
        for line in summary(file, replayed: wasReplayed) { Output.line(line) }
      } else {
        let word = Terminal.colored("DISAGREES", .red)
        Output.line("\(word): \(disagreements.count) of the certificate's statements do not follow")
      }
    }
    throw disagreements.isEmpty ? file.exitStatus.code : ExitStatus.failed.code
  }

  /// The disagreements with what the seed gives, where a certificate has one that decides everything.
  private func replayed(_ file: CertificateFile) async throws -> [Disagreement] {
    switch file {
    case .port:
      StandardError.line("\(path): it is a port's; its counts are not replayed, `rsd certify --port` asks it again")
      return []
    case .server:
      StandardError.line(
        "\(path): is of a server's run; its completions are not asked again, `rsd certify --server` does")
      return []
    case .library(let certificate):
      Interruption.begin()
      let line = ProgressLine()
      defer { line.clear() }
      let check = CertificateCheck(certificate, transformers: .embedded)
      let found = try await check.replayDisagreements(
        threads: threads ?? Machine.processorCount,
        observer: .init(
          isInterrupted: { Interruption.isRequested }, progress: { line.show(finished: $0, of: $1, $2) }))
      if try !check.replaysTransformers() {
        line.clear()
        StandardError.line("\(path): its transformers are not embedded; their counts were not replayed")
      }
      return found
    }
  }

  /// The lines about a certificate of which everything agrees; the error rates are its own, for its reader is to see them.
  private func summary(_ file: CertificateFile, replayed: Bool) -> [String] {
    switch file {
    case .library(let certificate):
      let proofs = certificate.proofs == nil ? "" : "proofs repeated, "
      let how = replayed ? "counts replayed from the seed, \(proofs)verdicts" : "verdicts"
      return [
        "\(CertifyTable.colored(certificate.verdict)): \(how) of \(file.count) cases computed again, all agree",
        CertifyTable.errorRates(certificate.errorBudget),
      ]
    case .port(let certificate):
      return [
        "\(CertifyTable.colored(certificate.verdict)): verdicts of \(file.count) cases computed again, all agree",
        PortTable.errorRates(certificate.port),
      ]
    case .server(let certificate):
      let prompts = file.count == 1 ? "prompt" : "prompts"
      return [
        "\(ServerTable.word(certificate.verdict)): verdicts of \(file.count) \(prompts) computed again, all agree",
        ServerTable.errorRates(certificate.design),
      ]
    }
  }
}

extension CertificateFile {
  /// The verdict, as JSON has it.
  fileprivate var verdict: String {
    switch self {
    case .library(let certificate): certificate.verdict.rawValue
    case .port(let certificate): certificate.verdict.rawValue
    case .server(let certificate): certificate.verdict.rawValue
    }
  }

  fileprivate var exitStatus: ExitStatus {
    switch self {
    case .library(let certificate): certificate.verdict.exitStatus
    case .port(let certificate): certificate.verdict.exitStatus
    case .server(let certificate): certificate.verdict.exitStatus
    }
  }

  /// Cases with a verdict of their own.
  fileprivate var count: Int {
    switch self {
    case .library(let certificate): certificate.cases.count + (certificate.transformers?.cases.count ?? 0)
    case .port(let certificate): certificate.port.statuses.count
    case .server(let certificate): certificate.prompts.count
    }
  }
}
