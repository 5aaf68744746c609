/// What a server's run says of a prompt, of a part or of the whole.
public enum ServerVerdict: String, Hashable, Sendable, Codable, CaseIterable {
  /// No difference, where one of the stated distance would have been found.
  case pass
  /// The laws with and without speculation differ.
  case fail
  /// Too little to say; never a pass.
  case inconclusive
  /// The server does not agree with itself without speculation, so that nothing can be said about speculation.
  case invalid

  /// The worst of several; nothing was shown by none.
  static func worst(of verdicts: [ServerVerdict]) -> ServerVerdict {
    [.invalid, .fail, .inconclusive].first(where: verdicts.contains) ?? (verdicts.isEmpty ? .inconclusive : .pass)
  }
}

/// A continuation, and how often each arm gave it.
public struct ServerCell: Hashable, Sendable, Codable {
  /// Its text; absent where tokens were compared.
  public var text: String?
  /// Its tokens; absent where texts were compared.
  public var tokens: [String]?
  /// Why it ends.
  public var finish: String
  /// Completions without speculation.
  public var off: Int
  /// Completions without speculation, with other seeds.
  public var offAgain: Int
  /// Completions with speculation.
  public var on: Int

  var completion: Completion { Completion(text: text, tokens: tokens, finish: finish) }
}

/// The completions of a prompt in the order of their numbers, each as the index of its cell, joined by spaces.
public struct ServerSequences: Hashable, Sendable, Codable {
  /// Without speculation.
  public var off: String
  /// Without speculation, with other seeds; as many.
  public var offAgain: String
  /// With speculation; fewer where they were enough to refuse it.
  public var on: String
}

/// Two samples, compared.
public struct ServerTestRecord: Hashable, Sendable, Codable {
  /// ln of the e-process's evidence that the laws differ.
  public var logEvidence: Double
  /// The pairs after which it refused; absent where it did not.
  public var refusedAt: Int?
  /// Pearson's X²; absent where the planned number was not reached.
  public var statistic: Double?
  /// Its degrees of freedom.
  public var degreesOfFreedom: Int?
  /// Its p-value.
  public var pValue: Double?
  /// The total variation between the two samples, noise included.
  public var sampleDistance: Double
}

/// Whether completions without speculation depend on one another: those that follow one another, and those of one number.
public struct ServerDependence: Hashable, Sendable, Codable {
  /// The probability that two completions are equal, by the counts.
  public var chance: Double
  /// Completions 0 and 1, 2 and 3, … of an arm.
  public var neighbours: Int
  /// Those that are equal.
  public var equalNeighbours: Int
  /// Completions of one number in the two arms.
  public var twins: Int
  /// Those that are equal.
  public var equalTwins: Int
  /// Twice the smaller probability that so many are equal, or more, where completions are drawn anew.
  public var pValue: Double
}

/// Requests that were sent twice, with one seed.
public struct ServerRepeats: Hashable, Sendable, Codable {
  /// Requests without speculation that were repeated.
  public var off: Int
  /// Those whose answer was the same.
  public var offEqual: Int
  /// Requests with speculation that were repeated.
  public var on: Int
  /// Those whose answer was the same.
  public var onEqual: Int
}

/// A prompt of a server's run.
public struct ServerPromptRecord: Hashable, Sendable, Codable {
  /// The text that was completed.
  public var prompt: String
  /// Completions of each arm without speculation.
  public var samples: Int
  /// The continuations.
  public var cells: [ServerCell]
  /// The completions in order, of which everything below is made.
  public var sequences: ServerSequences
  /// Without speculation against without.
  public var null: ServerTestRecord
  /// Whether completions depend on one another.
  public var dependence: ServerDependence
  /// With speculation against without; absent where the server does not agree with itself.
  public var speculation: ServerTestRecord?
  /// The probability that laws which are the stated distance apart over the cells are refused.
  public var power: Double
  /// Whether equal seeds gave equal answers: information, and no part of a verdict.
  public var repeats: ServerRepeats
  /// What follows.
  public var verdict: ServerVerdict
  /// Why, where it is no pass.
  public var reason: String?
}

/// What a run against servers showed, with every completion: anyone can compute the verdicts again.
///
/// Its JSON form is described by `Schemas/server-certificate.schema.json`.
public struct ServerCertificate: Hashable, Sendable, Codable {
  /// "rsd-server-certificate/1": no other certificate has this key.
  public var kind: String
  /// The version of the package that ran it.
  public var package: String
  /// The architecture and operating system of the client.
  public var machine: String
  /// What was asked.
  public var settings: ServerSettings
  /// The error rates and the plan.
  public var design: ServerDesign
  /// The prompts, in order.
  public var prompts: [ServerPromptRecord]
  /// Requests that were sent, by all runs of a state.
  public var requests: Int
  /// Those of them that repeated one which failed, in the last run.
  public var retries: Int
  /// Seconds of the last run.
  public var seconds: Double
  /// Why the run ended before it was over; absent where it did not.
  public var ended: String?
  /// The worst of the prompts' verdicts.
  public var verdict: ServerVerdict

  /// The value of ``kind``.
  public static let format = "rsd-server-certificate/1"
}
