import Certification
import Foundation

/// The settings of a run against two servers, or one in two ways: everything that its counts depend on.
package struct ServerSettings: Hashable, Sendable, Codable {
  /// The address with speculation on.
  package var server: String
  /// The address with speculation off; it may be the same.
  package var against: String
  /// The model's name there.
  package var serverModel: String
  /// The model's name on the other address.
  package var againstModel: String
  /// Fields of every request beside the run's own.
  package var fields: RequestFields?
  /// Fields of requests with speculation on.
  package var onFields: RequestFields?
  /// Fields of requests with speculation off.
  package var offFields: RequestFields?
  /// The texts to complete.
  package var prompts: [String]
  /// Tokens of a completion.
  package var length: Int
  /// Tokens that are drafted at once, as the user says.
  package var draftLength: Int
  /// The profile of the law; top-k is above 0.
  package var profile: ProfileRecord
  /// Completions of a request.
  package var completions: Int
  /// Whether tokens are asked for, by `logprobs`, instead of text.
  package var usesTokens: Bool
  /// The run's seed, a UInt64 as decimal text.
  package var seed: String
  /// Completions of each arm from each prompt.
  package var samples: Int
  /// The total variation that a pass speaks of.
  package var distance: Double

  /// Settings of a run; ``validate()`` checks them.
  package init(
    server: String, against: String, serverModel: String, againstModel: String, fields: RequestFields?,
    onFields: RequestFields?, offFields: RequestFields?, prompts: [String], length: Int, draftLength: Int,
    profile: ProfileRecord, completions: Int, usesTokens: Bool, seed: UInt64, samples: Int, distance: Double
  ) {
    (self.server, self.against, self.serverModel, self.againstModel) = (server, against, serverModel, againstModel)
    (self.fields, self.onFields, self.offFields) = (fields, onFields, offFields)
    (self.prompts, self.length, self.draftLength, self.profile) = (prompts, length, draftLength, profile)
    (self.completions, self.usesTokens, self.seed) = (completions, usesTokens, String(seed))
    (self.samples, self.distance) = (samples, distance)
  }

  /// The prompts where none is given: short texts with repeated n-grams, so that prompt look-up has something to draft,
  /// that can go on in several ways.
  package static let defaultPrompts = [
    "The cat sat on the mat, and the dog sat on the",
    "Once upon a time there was a king. The king had a daughter, and the king",
    "Red, green, blue, red, green, blue, red, yellow, red,",
  ]
  /// Tokens that are drafted at once, where nothing is said.
  package static let defaultDraftLength = 3
  /// The top-k where none is given: few cells, and more than one token at each.
  package static let defaultTopK = 3
  /// The longest completions.
  package static let mostTokens = 64

  /// Requests of an arm from a prompt.
  var requests: Int { samples / max(completions, 1) }

  /// The address of an arm.
  func address(of arm: ServerArm) -> String { arm == .on ? server : against }

  /// The body of a request; the same number asks for the same again.
  func body(prompt: Int, arm: ServerArm, request: Int) throws(ServerFailure) -> Data {
    var body: [String: Any] = [
      "model": arm == .on ? serverModel : againstModel, "prompt": prompts[prompt], "max_tokens": length,
      "temperature": profile.temperature, "top_k": profile.topK, "top_p": profile.topP, "min_p": profile.minP,
      // Neutral, by the names of llama.cpp and of vLLM: the penalties see the text, drafts included where they are wrong.
      "repeat_penalty": 1, "repetition_penalty": 1, "presence_penalty": 0, "frequency_penalty": 0, "stream": false,
      "seed": ServerSeeds.seed(UInt64(seed) ?? 0, prompt: prompt, arm: arm, request: request),
    ]
    if completions > 1 { body["n"] = completions }
    if usesTokens { body["logprobs"] = 1 }
    let changes = [fields, arm == .on ? onFields : offFields].compactMap(\.self)
    return try RequestFields.body(body, changedBy: changes)
  }

  /// Refuses what cannot be run.
  ///
  /// - Throws: ``ServerFailure`` with the setting that is out of range.
  package func validate() throws(ServerFailure) {
    func require(_ holds: Bool, _ reason: String) throws(ServerFailure) {
      if !holds { throw ServerFailure(.settings, reason) }
    }
    try require(UInt64(seed).map { String($0) == seed } == true, "the seed \(seed) is no UInt64 as decimal text")
    try require(
      (1...ServerSeeds.mostPrompts).contains(prompts.count), "a run has 1 to \(ServerSeeds.mostPrompts) prompts")
    try require(Set(prompts).count == prompts.count, "each prompt is given once")
    try require(prompts.allSatisfy { !$0.isEmpty && $0.utf8.count <= 1 << 16 }, "a prompt is 1 to 65536 bytes long")
    try require((1...Self.mostTokens).contains(draftLength), "a draft is 1 to \(Self.mostTokens) tokens long")
    try require(
      length >= draftLength + 2 && length <= Self.mostTokens + 2,
      "a length of \(length) cannot see a whole round of \(draftLength) drafted tokens and what follows it; it is "
        + "draft length + 2 = \(draftLength + 2) at least, and \(Self.mostTokens + 2) at most")
    try require((1...1000).contains(profile.topK), "top-k is 1 to 1000: a small one leaves few cells to compare")
    do { _ = try profile.profile() } catch { throw ServerFailure(.settings, "\(error)") }
    try require((1...256).contains(completions), "a request has 1 to 256 completions")
    try require(distance > 0 && distance <= 1, "a distance is above 0 and at most 1, not \(distance)")
    try require(samples >= 1 && requests <= ServerSeeds.mostRequests, "too many completions, or none")
    try require(samples % completions == 0, "\(samples) completions are no multiple of \(completions) a request")
  }

  /// The settings' fingerprint: runs with one fingerprint ask for the same.
  func fingerprint() throws(ServerFailure) -> String {
    do {
      var digest = SHA256()
      digest.update(try StableJSON.encodeCompactly(self))
      return digest.finish()
    } catch {
      throw ServerFailure(.state, "the settings cannot be written as JSON")
    }
  }

  /// The first setting that differs, in words; `nil` for none.
  func difference(from other: ServerSettings) -> String? {
    let pairs: [(String, Bool)] = [
      ("the address with speculation", server != other.server),
      ("the address without speculation", against != other.against),
      ("the model", serverModel != other.serverModel || againstModel != other.againstModel),
      ("the fields", fields != other.fields || onFields != other.onFields || offFields != other.offFields),
      ("the prompts", prompts != other.prompts), ("the length", length != other.length),
      ("the draft length", draftLength != other.draftLength), ("the profile", profile != other.profile),
      ("completions a request", completions != other.completions),
      ("whether tokens are asked for", usesTokens != other.usesTokens), ("the seed", seed != other.seed),
      ("the number of completions", samples != other.samples), ("the distance", distance != other.distance),
    ]
    return pairs.first(where: \.1)?.0
  }
}
