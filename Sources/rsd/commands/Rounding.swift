import ArgumentParser
import Certification
import Foundation
import SpeculativeDecoding

struct Rounding: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print how far rounding moves the law of a round: a total variation for each rule and scalar.",
    discussion: """
      The round is enumerated in Float and in Double with exact weights: under ideal uniforms, and under uniforms of \
      53 and of 24 bits as the production comparison answers them. The bound holds for any models (docs/rounding.md).
      """)

  @Flag(help: "Print a list of JSON objects.")
  var json = false

  func run() async throws {
    Interruption.beginWithNothingToSave()
    let certificates: [RoundingCertificate]
    do {
      certificates = try RoundingSuite.certificates(limits: EnumerationLimits { _ in !Interruption.isRequested })
    } catch {
      if Interruption.isRequested { throw failure(.interrupted, "interrupted before every rule was enumerated") }
      throw failure(.badData, error)
    }
    if json {
      Output.write(try StableJSON.encode(certificates))
    } else {
      Output.line(Self.line(["rule", "shape", "pair", "scalar", "uniforms", "branches", "variation", "bound"]))
      for certificate in certificates {
        let words = [
          certificate.rule, certificate.shape.isEmpty ? "–" : certificate.shape, certificate.pair, certificate.scalar,
          certificate.uniformBits == 0 ? "ideal" : "\(certificate.uniformBits) bits",
          CertifyTable.grouped(certificate.branches), String(format: "%.2e", certificate.totalVariation),
          String(format: "%.1e", certificate.bound),
        ]
        Output.line(Self.line(words))
      }
    }
    if !certificates.allSatisfy(\.isWithinBound) { throw ExitStatus.failed.code }
  }

  private static func line(_ texts: [String]) -> String {
    zip(texts, [14, 5, 6, 6, 8, 8, 9, 8]).enumerated().map { index, cell in
      Terminal.padded(cell.0, to: cell.1, right: index > 4)
    }.joined(separator: "  ")
  }
}
