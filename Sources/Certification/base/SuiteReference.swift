/// Which suite was run, and which of its cases.
public struct SuiteReference: Hashable, Sendable, Codable {
  /// Name and version, such as "rsd-suite/2".
  public var version: String
  /// "all", "quick", "wide", "custom", or the pattern that selected cases.
  public var selection: String

  /// A reference to a suite.
  public init(version: String, selection: String) {
    self.version = version
    self.selection = selection
  }
}
