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
    Interruption.begin()
    let certificates = try await explainingErrors {
      try RoundingSuite.certificates(limits: EnumerationLimits { _ in !Interruption.isRequested })
    }
    if json {
      FileHandle.standardOutput.write(try StableJSON.encode(certificates))
    } else {
      print(
        Terminal.colored(
          "rule            shape  pair    scalar  uniforms  branches  total variation       bound", .bold))
      for certificate in certificates {
        let words = [
          Terminal.padded(certificate.rule, to: 14), Terminal.padded(certificate.shape, to: 5),
          Terminal.padded(certificate.pair, to: 6), Terminal.padded(certificate.scalar, to: 6),
          Terminal.padded(certificate.uniformBits == 0 ? "ideal" : "\(certificate.uniformBits) bits", to: 8),
          Terminal.padded(CertifyTable.grouped(certificate.branches), to: 8, right: true),
          Terminal.padded(String(format: "%.2e", certificate.totalVariation), to: 15, right: true),
          Terminal.padded(String(format: "%.1e", certificate.bound), to: 10, right: true),
        ]
        print(words.joined(separator: "  "))
      }
    }
    if !certificates.allSatisfy(\.isWithinBound) { throw ExitStatus.failed.code }
  }
}
