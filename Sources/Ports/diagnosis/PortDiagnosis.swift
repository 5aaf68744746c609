/// A diagnosis of a port's failures: the known defects whose exact law fits its counts, or the right law with too much scatter.
package struct PortDiagnosis: Hashable, Sendable, Codable {
  /// A decoder that might be the port's.
  package struct Candidate: Hashable, Sendable, Codable {
    /// The defects that give this law, or these answers.
    package var defects: [String]
    /// How much less probable the candidate makes the counts than the best law at all, as a logarithm; 0 is a perfect fit.
    ///
    /// Absent where the candidate excludes something that occurred.
    package var logLikelihoodLoss: Double?
    /// The smallest p-value of the counts under the candidate, over the laws compared; 0 where it excludes something.
    ///
    /// Absent for directed vectors, which have one answer each.
    package var pValue: Double?
    /// How many directed vectors the candidate answers otherwise than the port; absent for laws.
    package var mismatches: Int?
    /// Whether the counts, or the answers, could come from it.
    package var fits: Bool
  }

  /// The rule's name in the protocol.
  package var rule: String
  /// The cases, or the vectors, that were compared.
  package var compared: [String]
  /// The best candidates, the most likely first; at most three, and none where the counts scatter.
  package var candidates: [Candidate]
  /// How the counts of the right law scatter; absent where a law is wrong.
  package var scatter: PortScatter?
}
