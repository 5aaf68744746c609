import ArgumentParser
import Certification
import Foundation

@main
struct RSD: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rsd",
    abstract: "Certifies speculative decoders: is the output's law exactly the target's?",
    discussion: """
      Exit status: 0 certified, 1 failed, 2 inconclusive, 64 usage, 65 bad data, 73 output cannot be written, 130 \
      interrupted. Certificates and proofs that an interruption cuts short are inconclusive instead: what is done is \
      written.
      """,
    version: CertificationModule.packageVersion,
    subcommands: [
      Certify.self, Verify.self, ReportCommand.self, Prove.self, Exact.self, Rounding.self, Defects.self,
      WitnessCommand.self, Plan.self, Calibrate.self, Generate.self, Logits.self, Tokenize.self, Inspect.self,
      Trace.self, Vectors.self, Port.self, Bench.self,
    ])

  static func main() async {
    StandardStreams.prepare()
    Interruption.takeOver()
    do {
      var command = try Arguments.parse(try Arguments.words())
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      end(nil)
    } catch {
      end(error)
    }
  }

  /// Prints what the parser has to say, help on standard output, and ends.
  ///
  /// The parser prints a usage error over several lines; like every other error it is to be one. It also prints by calls
  /// that do not say whether they could.
  private static func end(_ thrown: (any Error)?) -> Never {
    let dashed = thrown as? Arguments.DashedValue
    let error = dashed?.error ?? thrown
    var code = ExitCode.success
    if let ended = error as? ExitCode {
      code = ended
    } else if let error {
      code = exitCode(for: error)
      let message = fullMessage(for: error)
      if code == .validationFailure {
        let line = UsageError(message: self.message(for: error), full: message, advice: dashed?.advice ?? "")
        code = failure(.usage, line)
      } else if !message.isEmpty {
        if code == .success { Output.line(message) } else { StandardError.write("\(message)\n") }
      }
    }
    Output.endIfFailed()
    Foundation.exit(code.rawValue)
  }
}

/// A usage error of the parser on one line, with the command that explains the usage.
struct UsageError: CustomStringConvertible {
  let message: String
  let full: String
  /// The advice, after a semicolon; empty for none.
  var advice = ""

  var description: String {
    var line = ""
    // What a limit says of a value names the option and the value itself.
    let start = message.range(of: "': --").map { message.index($0.lowerBound, offsetBy: 3) } ?? message.startIndex
    for part in message[start...].split(whereSeparator: \.isNewline).map({ $0.trimmingCharacters(in: .whitespaces) }) {
      // Values that an option takes come as a list, one a line.
      let item = part.hasPrefix("- ") ? String(part.dropFirst(2)) : part
      let isNextItem = item != part && !line.hasSuffix(":")
      line += line.isEmpty ? item : (isNextItem ? ", " : " ") + item
    }
    while line.last == "." { line.removeLast() }
    return "\(line)\(advice); see `\(help)`"
  }

  /// The command that the parser's last line advises, such as "rsd certify --help".
  private var help: String {
    let quoted = full.split(separator: "'", omittingEmptySubsequences: false).map(String.init)
    return quoted.last { $0.hasPrefix("rsd ") && $0.hasSuffix("--help") } ?? "rsd --help"
  }
}
