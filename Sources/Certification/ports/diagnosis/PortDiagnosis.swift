/// What a port's failures look like: the known defects whose exact law fits its counts, the correct decoder among them.
public struct PortDiagnosis: Hashable, Sendable, Codable {
  /// A decoder that might be the port's.
  public struct Candidate: Hashable, Sendable, Codable {
    /// The defects that give this law, or these answers; "none" is the correct decoder.
    public var defects: [String]
    /// How much less probable the candidate makes the counts than the best law at all, as a logarithm; 0 is a perfect fit.
    ///
    /// Absent where the candidate excludes something that occurred.
    public var logLikelihoodLoss: Double?
    /// The smallest p-value of the counts under the candidate, over the cases compared; 0 where it excludes something.
    public var pValue: Double
    /// Whether the counts could come from it.
    public var fits: Bool
  }

  /// The rule's name in the protocol.
  public var rule: String
  /// The cases, or the vectors, that were compared.
  public var compared: [String]
  /// The best candidates, the most likely first.
  public var candidates: [Candidate]
}
