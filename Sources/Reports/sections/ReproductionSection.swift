import Certification
import Ports

/// The commands that repeat the run, and what the page does not say.
struct ReproductionSection: Sendable {
  /// The command that makes the certificate again; empty where no command alone does.
  let repeatCommand: String
  let repeatNote: String

  init(_ report: Report) {
    let certificate = report.certificate
    repeatCommand = Self.command(certificate) ?? ""
    repeatNote =
      repeatCommand.isEmpty
      ? "The certificate holds its models and its seed: --replay decodes every case again from them."
      : "Equal runs give equal bytes: no count depends on the machine or on the number of threads."
  }

  /// The seed of a suite of this package; `nil` for another.
  static func seed(of version: String) -> UInt64? {
    if version == PortSuite.version { return PortSuite.seed }
    if version == DefaultSuite.version { return (try? DefaultSuite.suite())?.seed }
    return version == WideSuite.version ? (try? WideSuite.suite())?.seed : nil
  }

  /// The command that gave a selection of one of the suites, as `rsd certify` writes selections.
  ///
  /// A reader pastes it into a shell: nothing of the certificate goes into it but known words, digits and a plain pattern.
  static func command(_ certificate: Certificate) -> String? {
    guard let known = seed(of: certificate.suite.version), let seed = UInt64(certificate.seed) else { return nil }
    var words = ["rsd certify"]
    if certificate.suite.version == WideSuite.version { words.append("--suite wide") }
    // What started the port is the certificate's own text, and stays out of a reader's shell.
    if certificate.suite.version == PortSuite.version { words.append("--port \"COMMAND\"") }
    var parts = certificate.suite.selection.split(separator: ";").map { $0.drop { $0 == " " } }[...]
    if parts.first == "all" || parts.first == "wide" { parts.removeFirst() }
    if parts.first == "quick" {
      words.append("--quick")
      parts.removeFirst()
    }
    if let rules = parts.first, rules.hasPrefix("rules ") {
      for rule in rules.dropFirst("rules ".count).split(separator: ",").map({ $0.drop { $0 == " " } }) {
        guard rule.utf8.allSatisfy(isPlain), !rule.hasPrefix("-") else { return nil }
        words.append("--rule \(rule)")
      }
      parts.removeFirst()
    }
    if let pattern = parts.popFirst() {
      guard pattern.utf8.allSatisfy({ isPlain($0) || UTF8.Set.glob.contains($0) }), pattern.utf8.count <= 200,
        !pattern.hasPrefix("-")
      else { return nil }
      words.append("--cases '\(pattern)'")
    }
    guard parts.isEmpty else { return nil }
    if seed != known { words.append("--seed \(seed)") }
    return (words + ["--output certificate.json"]).joined(separator: " ")
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
      || byte == UInt8(ascii: "-")
  }
}

extension UTF8 {
  fileprivate enum Set {
    static let glob = Array("*?[]/_.".utf8)
  }
}
