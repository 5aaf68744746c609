import Foundation
import SpeculativeDecoding

/// Which cases of which suite a run has, and what a certificate calls them.
///
///     SuiteSelection(isQuick: true, rules: [.rsdS]).name      // "quick; rules rsd-s"
public struct SuiteSelection: Hashable, Sendable {
  /// The suite that is selected from.
  public enum Base: String, Hashable, Sendable, CaseIterable {
    /// ``DefaultSuite``.
    case `default`
    /// ``WideSuite``.
    case wide
  }

  /// The suite that is selected from.
  public var base: Base
  /// One case for each shape of the default suite.
  public var isQuick: Bool
  /// Only these rules, in the order of ``Rule/all``; `nil` for all.
  public var rules: [Rule]?
  /// Only cases whose identifier matches; `nil` for all.
  public var pattern: String?

  /// A selection; all of the default suite unless something is said.
  public init(_ base: Base = .default, isQuick: Bool = false, rules: [Rule]? = nil, pattern: String? = nil) {
    (self.base, self.isQuick, self.rules, self.pattern) = (base, isQuick, rules, pattern)
  }

  /// The name in a certificate: "all", or parts such as "quick; rules sd, rsd-s; */plain".
  public var name: String {
    let parts = [
      base == .wide ? "wide" : isQuick ? "quick" : nil,
      rules.map { "rules " + $0.map(\.name).joined(separator: ", ") }, pattern,
    ]
    let name = parts.compactMap(\.self).joined(separator: "; ")
    return name.isEmpty ? "all" : name
  }

  /// The selection of a name, from the suite of a version; rules that there are not select nothing.
  public init(name: String, ofSuite version: String) {
    self.init(version == WideSuite.version ? .wide : .default)
    if name == "all" { return }
    var parts = name.components(separatedBy: "; ")[...]
    if parts.first == (base == .wide ? "wide" : "quick") {
      isQuick = base == .default
      parts.removeFirst()
    }
    if let first = parts.first, first.hasPrefix("rules ") {
      rules = first.dropFirst("rules ".count).components(separatedBy: ", ").compactMap(Rule.named)
      parts.removeFirst()
    }
    pattern = parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  /// Whether it is the whole default suite, or its quick form: what proofs and the transformers' case belong to.
  public var isStandard: Bool { base == .default && rules == nil && pattern == nil }

  /// The suite with the selected cases; its error budget is the whole suite's, so that a selection decides each case as the
  /// whole would.
  ///
  /// - Throws: ``CertificationError``, if a model or profile of the suite were invalid.
  public func suite() throws(CertificationError) -> Suite {
    var suite =
      switch base {
      case .wide: try WideSuite.suite()
      case .default: try isQuick ? DefaultSuite.quick() : DefaultSuite.suite()
      }
    suite.cases.removeAll { instance in
      if let rules, !rules.contains(instance.method.rule) { return true }
      return pattern.map { fnmatch($0, instance.id, 0) != 0 } ?? false
    }
    return suite
  }
}
