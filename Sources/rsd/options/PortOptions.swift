import ArgumentParser
import Certification
import Foundation

/// `rsd certify --port`: a decoder that someone else wrote.
struct PortOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Certify the port that this command starts (docs/porting.md).", valueName: "command"))
  var port: String?

  @Option(
    help: NumberLimit.timeout.help(
      "Seconds that the port or server may take for an answer", "60s by default", valueName: "time"),
    transform: NumberLimit.timeout.span)
  var timeout: Span?

  @Option(
    help: NumberLimit.time.help(
      "How long the run may take, such as 120s, 10min, 2h, in seconds", "15min by default for a port",
      valueName: "time"),
    transform: NumberLimit.time.span)
  var budget: Span?

  @Option(
    help: NumberLimit.workers.help("Children of the command, or requests, at once", "1 by default", valueName: "n"),
    transform: NumberLimit.workers.whole)
  var workers: Int?

  static let defaultTimeout = 60.0
  static let defaultBudget = 900.0

  var isGiven: Bool { port != nil }

  func validate() throws {
    if let port, port.allSatisfy(\.isWhitespace) {
      throw ValidationError("--port needs a command that starts the port")
    }
  }

  /// The options that go with a port or a server, and were given.
  var given: [String] {
    [timeout.map { _ in "--timeout" }, budget.map { _ in "--budget" }, workers.map { _ in "--workers" }]
      .compactMap(\.self)
  }
}

/// A length of time as people write it: "120s", "2min", "1h"; a number alone is seconds.
struct Span: Equatable {
  let seconds: Double
}

extension NumberLimit {
  /// A length of time whose seconds are within the range.
  @Sendable func span(_ argument: String) throws -> Span {
    let units: [(name: String, seconds: Double)] = [("ms", 0.001), ("min", 60), ("s", 1), ("m", 60), ("h", 3600)]
    let unit = units.first { argument.hasSuffix($0.name) } ?? ("", 1)
    let value = Double(argument.dropLast(unit.name.count))
    guard let value, contains(value * unit.seconds) else {
      throw refusal(of: argument, isNumber: value != nil, "length of time")
    }
    return Span(seconds: value * unit.seconds)
  }
}
