import Certification
import Foundation
import Servers

/// A run against two servers, or one in two ways, with what it prints.
struct CertifyServer {
  var settings: ServerSettings
  var transport: ServerTransport
  var state: String?
  var seconds: Double?
  var json: Bool

  /// Asks the servers, and prints each row as soon as it is decided.
  func run() async throws -> (ServerCertificate, ServerFailure?) {
    let line = ProgressLine()
    var options = ServerRunner.Options(transport, state: state, seconds: seconds)
    options.isInterrupted = { Interruption.isRequested }
    options.progress = { progress in
      line.show(
        finished: progress.completions, of: progress.of,
        "prompt \(progress.prompt)/\(progress.prompts), \(CertifyTable.grouped(progress.completions)) completions")
    }
    let json = json
    options.finished = { record in
      line.clear()
      if !json { Output.line(ServerTable.row(record)) }
    }
    do throws(ServerFailure) {
      let runner = try ServerRunner(settings, options)
      if !json {
        Output.line(ServerTable.title(settings))
        Output.line(ServerTable.plan(settings, runner.design))
        Output.line(ServerTable.header)
      }
      let result = try await runner.run()
      line.clear()
      return result
    } catch {
      line.clear()
      throw failure(.badData, error)
    }
  }

  /// Why a run ended, and how it goes on.
  static func line(of ended: ServerFailure, state: String?) -> String {
    let how =
      state.map { "; the answers are in \($0), and the same command goes on" }
      ?? "; with --state FILE a run can go on where it ended"
    return "\(ended)\(how)"
  }
}

/// The plan of a run against a server, as programs read it.
struct ServerPlan: Encodable {
  let prompts: [String]
  let completions, decidingCompletions, length, topK, mostRequests: Int

  init(_ settings: ServerSettings, _ design: ServerDesign) {
    (prompts, completions, decidingCompletions) = (settings.prompts, settings.samples, design.samples)
    (length, topK) = (settings.length, settings.profile.topK)
    mostRequests = Self.requests(settings)
  }

  /// Of each prompt: twice without speculation and once with it.
  static func requests(_ settings: ServerSettings) -> Int {
    3 * settings.prompts.count * settings.samples / max(settings.completions, 1)
  }
}

/// The printed table of a run against a server: a row for each prompt.
enum ServerTable {
  private static let width = 30

  static func title(_ settings: ServerSettings) -> String {
    func name(_ address: String, _ model: String) -> String {
      let last = model.split(separator: "/").last.map(String.init) ?? model
      return "\(address) (\(TextWriter.harmless(last)))"
    }
    let (on, off) = (name(settings.server, settings.serverModel), name(settings.against, settings.againstModel))
    return on == off ? "\(on), with speculation on and off" : "\(on)\nagainst \(off)"
  }

  /// The plan of a run, on two lines.
  static func plan(_ settings: ServerSettings, _ design: ServerDesign) -> String {
    let each = settings.samples
    let requests = ServerPlan.requests(settings)
    let short = each < design.samples ? ", where \(CertifyTable.grouped(design.samples)) would decide" : ""
    let prompts = settings.prompts.count == 1 ? "1 prompt" : "each of \(settings.prompts.count) prompts"
    return """
      \(CertifyTable.grouped(each)) completions of \(settings.length) tokens, top-k \(settings.profile.topK), from \(prompts): \
      twice without speculation and\nonce with it, in \(CertifyTable.grouped(requests)) requests at most\(short)
      """
  }

  static var header: String {
    Terminal.colored(cells("prompt", "N", "off p", "p", "log10 e", "distance") + "verdict", .bold)
  }

  private static func cells(
    _ prompt: String, _ samples: String, _ null: String, _ p: String, _ evidence: String, _ distance: String
  ) -> String {
    [
      Terminal.padded(prompt, to: width), Terminal.padded(samples, to: 8, right: true),
      Terminal.padded(null, to: 7, right: true), Terminal.padded(p, to: 7, right: true),
      Terminal.padded(evidence, to: 7, right: true), Terminal.padded(distance, to: 8, right: true),
    ].joined(separator: "  ") + "  "
  }

  static func row(_ record: ServerPromptRecord) -> String {
    func p(_ test: ServerTestRecord?) -> String { test?.pValue.map { CertifyTable.probability($0) } ?? "–" }
    let row = cells(
      shown(record.prompt), CertifyTable.grouped(record.samples), p(record.null), p(record.speculation),
      record.speculation.map { AnytimeTable.evidence($0.logEvidence) } ?? "–",
      record.speculation.map { String(format: "%.4f", $0.sampleDistance) } ?? "–")
    var lines = [row + colored(record.verdict)]
    if let reason = record.reason { lines.append("  \(reason)") }
    if record.verdict == .fail { lines += record.deviations.map { "  \($0.text)" } }
    return lines.joined(separator: "\n")
  }

  /// A prompt on one line, in quotes.
  private static func shown(_ prompt: String) -> String {
    let line = TextWriter.harmless(prompt).map { $0.isNewline ? " " : String($0) }.joined()
    return line.count <= width - 2 ? "“\(line)”" : "“\(line.prefix(width - 3))…”"
  }

  /// The last lines: what was shown, at which error rates.
  static func summary(_ certificate: ServerCertificate, path: String?) -> String {
    let counted = { (verdict: ServerVerdict) in certificate.prompts.filter { $0.verdict == verdict }.count }
    let words = ServerVerdict.allCases.compactMap { verdict in
      counted(verdict) > 0 ? "\(counted(verdict)) \(verdict.rawValue)" : nil
    }
    let retried = certificate.retries > 0 ? ", \(CertifyTable.grouped(certificate.retries)) of them again" : ""
    var lines = [
      "",
      "\(word(certificate.verdict)): \(words.joined(separator: ", ")); \(CertifyTable.grouped(certificate.requests)) "
        + "requests\(retried), \(String(format: "%.1f", certificate.seconds)) s, seed \(certificate.settings.seed)",
      repeats(certificate), errorRates(certificate.design),
    ].compactMap(\.self)
    if let path {
      lines.append("Certificate: \(path)")
      lines.append("Check it with: rsd verify \(path)")
    }
    return lines.joined(separator: "\n")
  }

  /// Whether equal seeds gave equal answers; nothing follows from it.
  private static func repeats(_ certificate: ServerCertificate) -> String? {
    let sum = certificate.prompts.reduce(into: (sent: 0, equal: 0)) { sum, record in
      sum.sent += record.repeats.off + record.repeats.on
      sum.equal += record.repeats.offEqual + record.repeats.onEqual
    }
    return sum.sent == 0 ? nil : "Of \(sum.sent) requests that were sent twice, \(sum.equal) were answered alike."
  }

  /// Both error rates of a verdict.
  static func errorRates(_ design: ServerDesign) -> String {
    """
    A server whose speculation changes nothing fails such a run, or is called invalid, with probability at most
    \(CertifyTable.number(design.falseFail)). One that moves the law of a prompt's first tokens by a total variation of \
    \(design.distance) or more over
    the cells passes it with probability at most \(CertifyTable.number(design.falsePass)).
    """
  }

  static func colored(_ verdict: ServerVerdict) -> String {
    switch verdict {
    case .pass: Terminal.colored("pass", .green)
    case .fail: Terminal.colored("FAIL", .red)
    case .inconclusive: Terminal.colored("inconclusive", .yellow)
    case .invalid: Terminal.colored("INVALID", .yellow)
    }
  }

  /// The verdict on the run, in the words of all certificates.
  static func word(_ verdict: ServerVerdict) -> String {
    switch verdict {
    case .pass: Terminal.colored("certified", .green)
    case .fail: Terminal.colored("FAILED", .red)
    case .inconclusive: Terminal.colored("inconclusive", .yellow)
    case .invalid: Terminal.colored("INVALID", .yellow)
    }
  }
}
