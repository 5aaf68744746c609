import ArgumentParser
import Certification

@main
struct RSD: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rsd",
    abstract: "Certifies speculative decoders: is the output's law exactly the target's?",
    discussion: """
      Exit status: 0 certified, 1 failed, 2 inconclusive, 64 usage, 65 bad data, 73 output cannot be written.
      """,
    version: CertificationModule.packageVersion,
    subcommands: [
      Certify.self, Verify.self, Prove.self, Exact.self, Rounding.self, Plan.self, Calibrate.self, Trace.self,
      Bench.self,
    ])
}
