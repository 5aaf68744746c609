/// A fault of a server's address, its answers, or the state of a run against it, on one line.
package struct ServerFailure: Error, Hashable, Sendable {
  /// The kinds, for programs.
  package enum Kind: String, Hashable, Sendable {
    /// An address or an option that no request can be made of.
    case settings
    /// No connection, or one that broke.
    case unreachable
    /// No answer in time.
    case timedOut
    /// A status that says to try again: 429 or 5xx.
    case busy
    /// A status that says no: any other.
    case refused
    /// An answer that is none to what was asked.
    case wrongAnswer
    /// A state file that is not this run's.
    case state
    /// The run was ended by its user or its budget.
    case ended
  }

  /// The kind.
  package var kind: Kind
  /// One line: what is wrong, where, and how to mend it.
  package var reason: String
  /// Seconds that the server asks to wait.
  var retryAfter: Double?

  init(_ kind: Kind, _ reason: String, retryAfter: Double? = nil) {
    (self.kind, self.reason, self.retryAfter) = (kind, reason, retryAfter)
  }

  /// An option that no request can be made of.
  package init(settings reason: String) { self.init(.settings, reason) }

  /// Whether the same request may be answered later.
  var isTransient: Bool { [.unreachable, .timedOut, .busy].contains(kind) }
}

extension ServerFailure: CustomStringConvertible {
  /// The reason.
  package var description: String { reason }
}
