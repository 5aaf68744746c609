import Certification
import Foundation

extension Verify {
  /// Judges the certificate of a server's run again, from its completions alone.
  func verifyServer(_ data: Data) throws -> ExitStatus {
    let certificate: ServerCertificate
    let disagreements: [CertificateCheck.Disagreement]
    do {
      certificate = try ServerCertificate(json: data)
      disagreements = try certificate.disagreements()
    } catch {
      throw failure(.badData, "\(path): \(error)")
    }
    if replay {
      StandardError.line(
        "\(path): is of a server's run; its completions are not asked again, `rsd certify --server` does")
    }
    let result = Result(
      verdict: certificate.verdict.rawValue, cases: certificate.prompts.count, replayed: false,
      disagreements: disagreements)
    if json {
      Output.write(try StableJSON.encode(result))
    } else {
      for found in disagreements {
        let place = found.id.isEmpty ? "certificate" : found.id
        Output.line("\(place): \(found.key) is \(found.stated), should be \(found.computed)")
      }
      if disagreements.isEmpty {
        let count = certificate.prompts.count
        Output.line(
          "\(ServerTable.word(certificate.verdict)): verdicts of \(count) \(count == 1 ? "prompt" : "prompts") computed again, "
            + "all agree")
        Output.line(ServerTable.errorRates(certificate.design))
      } else {
        let word = Terminal.colored("DISAGREES", .red)
        Output.line("\(word): \(disagreements.count) of the certificate's statements do not follow")
      }
    }
    return disagreements.isEmpty ? certificate.verdict.exitStatus : .failed
  }
}
