/// The verdict of a server's run on a prompt, on a part or on the whole.
package enum ServerVerdict: String, Hashable, Sendable, Codable, CaseIterable {
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
package struct ServerCell: Hashable, Sendable, Codable {
  /// Its text; absent where tokens were compared.
  package var text: String?
  /// Its tokens; absent where texts were compared.
  package var tokens: [String]?
  /// Why it ends.
  package var finish: String
  /// Completions without speculation.
  package var off: Int
  /// Completions without speculation, with other seeds.
  package var offAgain: Int
  /// Completions with speculation.
  package var on: Int

  var completion: Completion { Completion(text: text, tokens: tokens, finish: finish) }
}

/// The completions of a prompt in the order of their numbers, each as the index of its cell, joined by spaces.
package struct ServerSequences: Hashable, Sendable, Codable {
  /// Without speculation.
  package var off: String
  /// Without speculation, with other seeds; as many.
  package var offAgain: String
  /// With speculation; fewer where they were enough to refuse it.
  package var on: String
}

/// Two samples, compared.
package struct ServerTestRecord: Hashable, Sendable, Codable {
  /// ln of the e-process's evidence that the laws differ.
  package var logEvidence: Double
  /// The pairs after which it refused; absent where it did not.
  package var refusedAt: Int?
  /// Pearson's X²; absent where the planned number was not reached.
  package var statistic: Double?
  /// Its degrees of freedom.
  package var degreesOfFreedom: Int?
  /// Its p-value.
  package var pValue: Double?
  /// The total variation between the two samples, noise included.
  package var sampleDistance: Double
}

/// Whether completions without speculation depend on one another: those that follow one another, and those of one number.
package struct ServerDependence: Hashable, Sendable, Codable {
  /// The probability that two completions are equal, by the counts.
  package var chance: Double
  /// Completions 0 and 1, 2 and 3, … of an arm.
  package var neighbours: Int
  /// Those that are equal.
  package var equalNeighbours: Int
  /// Completions of one number in the two arms.
  package var twins: Int
  /// Those that are equal.
  package var equalTwins: Int
  /// Twice the smaller probability that so many are equal, or more, where completions are drawn anew.
  package var pValue: Double
}

/// Requests that were sent twice, with one seed.
package struct ServerRepeats: Hashable, Sendable, Codable {
  /// Requests without speculation that were repeated.
  package var off: Int
  /// Those whose answer was the same.
  package var offEqual: Int
  /// Requests with speculation that were repeated.
  package var on: Int
  /// Those whose answer was the same.
  package var onEqual: Int
}

/// A prompt of a server's run.
package struct ServerPromptRecord: Hashable, Sendable, Codable {
  /// The text that was completed.
  package var prompt: String
  /// Completions of each arm without speculation.
  package var samples: Int
  /// The continuations.
  package var cells: [ServerCell]
  /// The completions in order, of which everything below is made.
  package var sequences: ServerSequences
  /// Without speculation against without.
  package var null: ServerTestRecord
  /// Whether completions depend on one another.
  package var dependence: ServerDependence
  /// With speculation against without; absent where the server does not agree with itself.
  package var speculation: ServerTestRecord?
  /// The probability that laws which are the stated distance apart over the cells are refused.
  package var power: Double
  /// Whether equal seeds gave equal answers: information, and no part of a verdict.
  package var repeats: ServerRepeats
  /// The verdict.
  package var verdict: ServerVerdict
  /// Why, where it is no pass.
  package var reason: String?
}

/// The result of a run against servers, with every completion: anyone can compute the verdicts again.
///
/// Its JSON form is described by `Schemas/server-certificate.schema.json`.
package struct ServerCertificate: Hashable, Sendable, Codable {
  /// "rsd-server-certificate/1": no other certificate has this key.
  package var kind: String
  /// The version of the package that ran it.
  package var package: String
  /// The architecture and operating system of the client.
  package var machine: String
  /// The settings of the requests.
  package var settings: ServerSettings
  /// The error rates and the plan.
  package var design: ServerDesign
  /// The prompts, in order.
  package var prompts: [ServerPromptRecord]
  /// Requests that were sent, by all runs of a state.
  package var requests: Int
  /// Those of them that repeated one which failed, in the last run.
  package var retries: Int
  /// Seconds of the last run.
  package var seconds: Double
  /// Why the run ended before it was over; absent where it did not.
  package var ended: String?
  /// The worst of the prompts' verdicts.
  package var verdict: ServerVerdict

  /// The value of ``kind``.
  package static let format = "rsd-server-certificate/1"
}
