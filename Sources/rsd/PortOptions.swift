import ArgumentParser
import Certification
import Foundation

/// `rsd certify --port`: a decoder that someone else wrote.
struct PortOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Certify the port that this command starts (docs/porting.md).", valueName: "command"))
  var port: String?

  @Option(
    help: ArgumentHelp("Seconds that the port or server may take for an answer; 60s by default.", valueName: "time"))
  var timeout: Span?

  @Option(
    help: ArgumentHelp(
      "How long the run may take, such as 120s, 10min, 2h; 10min by default for a port.", valueName: "time"))
  var budget: Span?

  @Option(help: ArgumentHelp("Children of the command, or requests, at once; 1 by default.", valueName: "n"))
  var workers: Int?

  static let defaultTimeout = 60.0
  static let defaultBudget = 600.0

  var isGiven: Bool { port != nil }

  func validate() throws {
    if let port, port.allSatisfy(\.isWhitespace) {
      throw ValidationError("--port needs a command that starts the port")
    }
    if let workers, !(1...256).contains(workers) {
      throw ValidationError("--workers \(workers) is out of range; it is 1 to 256")
    }
  }

  /// The options that go with a port or a server, and were given.
  var given: [String] {
    [timeout.map { _ in "--timeout" }, budget.map { _ in "--budget" }, workers.map { _ in "--workers" }]
      .compactMap(\.self)
  }
}

/// A length of time as people write it: "120s", "2min", "1h"; a number alone is seconds.
struct Span: ExpressibleByArgument, Equatable {
  let seconds: Double

  init?(argument: String) {
    let units: [(name: String, seconds: Double)] = [("ms", 0.001), ("min", 60), ("s", 1), ("m", 60), ("h", 3600)]
    let unit = units.first { argument.hasSuffix($0.name) } ?? ("", 1)
    guard let value = Double(argument.dropLast(unit.name.count)), value.isFinite, value > 0,
      value * unit.seconds <= 1e9
    else { return nil }
    seconds = value * unit.seconds
  }
}
