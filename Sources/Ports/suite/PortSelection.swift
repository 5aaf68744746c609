import Certification
import Foundation
import SpeculativeDecoding

/// Which of the port suite's cases and checks are run.
package struct PortSelection: Hashable, Sendable {
  /// One case for each shape of the default suite, and those that look at second rounds.
  package var isQuick: Bool
  /// Only these rules, in the protocol's order; `nil` for all.
  package var rules: [String]?
  /// Only cases and checks whose identifier matches; `nil` for all.
  package var pattern: String?

  /// A selection.
  package init(isQuick: Bool = false, rules: [String]? = nil, pattern: String? = nil) {
    (self.isQuick, self.rules, self.pattern) = (isQuick, rules, pattern)
  }

  /// The name in a certificate: "all", or parts such as "quick; rules sd, rsd-s; */plain".
  package var name: String {
    let parts = [isQuick ? "quick" : nil, rules.map { "rules " + $0.joined(separator: ", ") }, pattern]
    let name = parts.compactMap(\.self).joined(separator: "; ")
    return name.isEmpty ? "all" : name
  }

  /// The selection of a name.
  package init(name: String) {
    self.init()
    if name == "all" { return }
    var parts = name.components(separatedBy: "; ")[...]
    if parts.first == "quick" {
      isQuick = true
      parts.removeFirst()
    }
    if let first = parts.first, first.hasPrefix("rules ") {
      rules = first.dropFirst("rules ".count).components(separatedBy: ", ")
      parts.removeFirst()
    }
    pattern = parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  func includes(rule: Rule, id: String) -> Bool {
    if let rules, !rules.contains(rule.name) { return false }
    guard let pattern else { return true }
    return fnmatch(pattern, id, 0) == 0
  }
}

extension PortSuite {
  /// The cases and checks of a selection, in order.
  ///
  /// - Throws: ``CertificationError``, if a model or profile were invalid.
  package static func select(
    _ selection: PortSelection
  ) throws(CertificationError) -> (cases: [PortCase], checks: [PortCheckPlan]) {
    var cases = try self.cases()
    if selection.isQuick {
      var seen: Set<DecodingMethod> = []
      // Second rounds are looked at nowhere else.
      cases.removeAll {
        $0.planned == nil && !$0.testsSecondRounds && !seen.insert($0.instance.method).inserted
      }
    }
    cases.removeAll { !selection.includes(rule: $0.rule, id: $0.id) }
    return (cases, PortCheckPlan.all.filter { selection.includes(rule: $0.rule, id: $0.id) })
  }
}
