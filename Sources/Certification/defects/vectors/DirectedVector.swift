import SpeculativeDecoding

/// One directed vector: a round whose tree, laws and uniforms are given, and what must come of it.
package struct DirectedVector: Hashable, Sendable, Codable {
  /// The demand on a decoder.
  package enum Result: String, Hashable, Sendable, Codable {
    /// Give ``DirectedVector/expected``.
    case valid
    /// Refuse the request.
    case invalid
  }

  /// The outcome of the round.
  package struct Expectation: Hashable, Sendable, Codable {
    /// The accepted nodes, from the root's child on.
    package var accepted: [Int]
    /// The residual or bonus token; absent after an accepted end token.
    package var token: Token?
    /// Uniforms used.
    package var used: Int

    /// A decoder's outcome.
    package init(_ outcome: VerificationOutcome) {
      (accepted, token, used) = (outcome.accepted, outcome.token, outcome.used)
    }

    /// Reads an expectation; the token may be null, and must be stated.
    package init(from decoder: any Swift.Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      accepted = try container.decode([Int].self, forKey: .accepted)
      token = try container.decode(Token?.self, forKey: .token)
      used = try container.decode(Int.self, forKey: .used)
    }
  }

  /// The vector's number, unique over all files of the set.
  package var tcId: Int
  /// The point of the vector, and the reason of its outcome.
  package var comment: String
  /// Why the vector is there; each is explained in the file's notes.
  package var flags: [String]
  /// The bits that a uniform needs to hold this vector's: 24, 32 or 53.
  package var uniformBits: Int
  /// The request of the port protocol's `verify`.
  package var request: VectorRequest
  /// The outcome; absent where the request must be refused.
  package var expected: Expectation?
  /// Whether it can be answered.
  package var result: Result
}

/// One file of directed vectors, in the shape of Project Wycheproof.
package struct VectorFile: Hashable, Sendable, Codable {
  /// Vectors of one topic.
  package struct Group: Hashable, Sendable, Codable {
    /// Who made the vectors.
    package struct Source: Hashable, Sendable, Codable {
      /// The project.
      package var name: String
      /// The version of the vectors.
      package var version: String
    }

    /// The test that a harness makes of them: "VerifyTest".
    package var type: String
    /// Their common property.
    package var topic: String
    /// Who made them.
    package var source: Source
    /// The vectors.
    package var tests: [DirectedVector]
  }

  /// "rsd-c", "rsd-s", "sd" or "specinfer".
  package var algorithm: String
  /// The file name of the JSON Schema.
  package var schema: String
  /// Vectors in this file.
  package var numberOfTests: Int
  /// The meaning of each flag.
  package var notes: [String: VectorNote]
  /// The vectors by topic.
  package var testGroups: [Group]

  /// All vectors, in order.
  package var tests: [DirectedVector] { testGroups.flatMap(\.tests) }
}

/// The meaning of a flag.
package struct VectorNote: Hashable, Sendable, Codable {
  /// The kind of defect.
  package var bugType: String
  /// The property that the vectors of this flag test.
  package var description: String
  /// The behaviour of a decoder with such a defect.
  package var effect: String
  /// Public reports of the defect, or the paper.
  package var references: [String]
}
