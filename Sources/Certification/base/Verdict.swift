/// The verdict over all cases of a run.
public enum RunVerdict: String, Hashable, Sendable, Codable {
  /// Every case passed.
  case certified
  /// At least one case failed.
  case failed
  /// No case failed, and at least one was not decided.
  case inconclusive

  /// The verdict that follows from the cases'; without cases nothing was certified.
  public init(cases: [CaseVerdict]) {
    if cases.contains(.fail) {
      self = .failed
    } else {
      self = cases.isEmpty || cases.contains(.inconclusive) ? .inconclusive : .certified
    }
  }
}

/// The verdict on one case.
public enum CaseVerdict: String, Hashable, Sendable, Codable {
  /// The law is the target's, as far as the case's stated power reaches.
  case pass
  /// The law is not the target's, but for the stated false-fail rate.
  case fail
  /// Too few samples to say; never counted as a pass.
  case inconclusive
}
