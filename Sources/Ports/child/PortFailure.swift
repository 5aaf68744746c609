/// How a port broke the protocol: a failed case, with what it wrote to its log.
package struct PortFailure: Error, Hashable, Sendable, Codable {
  /// The kind of failure.
  package enum Kind: String, Hashable, Sendable, Codable {
    /// The command did not start, or did not answer the hello.
    case notStarted = "not-started"
    /// No answer within the time limit.
    case timedOut = "timed-out"
    /// The process ended, or closed its output.
    case died
    /// More output than an answer can have.
    case flooded
    /// An answer that is no JSON object.
    case notJSON = "not-json"
    /// An answer to another request.
    case wrongID = "wrong-id"
    /// An answer that contradicts its request: sums, ranges, lengths, missing keys.
    case wrongAnswer = "wrong-answer"
  }

  /// The kind of failure.
  package var kind: Kind
  /// One sentence for whoever wrote the port.
  package var reason: String
  /// The end of what the port wrote to stderr; empty for nothing.
  package var log: String

  /// A failure.
  package init(_ kind: Kind, _ reason: String, log: String = "") {
    (self.kind, self.reason, self.log) = (kind, reason, log)
  }

  /// The same failure with the end of the port's log.
  func adding(log: String) -> PortFailure { PortFailure(kind, reason, log: log) }
}
