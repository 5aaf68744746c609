import SpeculativeDecoding

/// One directed vector: a round whose tree, laws and uniforms are given, and what must come of it.
public struct DirectedVector: Hashable, Sendable, Codable {
  /// What a decoder must do.
  public enum Result: String, Hashable, Sendable, Codable {
    /// Give ``DirectedVector/expected``.
    case valid
    /// Refuse the request.
    case invalid
  }

  /// What comes of the round.
  public struct Expectation: Hashable, Sendable, Codable {
    /// The accepted nodes, from the root's child on.
    public var accepted: [Int]
    /// The residual or bonus token; absent after an accepted end token.
    public var token: Token?
    /// Uniforms used.
    public var used: Int

    /// What a decoder gave.
    public init(_ outcome: VerificationOutcome) {
      (accepted, token, used) = (outcome.accepted, outcome.token, outcome.used)
    }

    /// Reads an expectation; the token may be null, and must be stated.
    public init(from decoder: any Swift.Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      accepted = try container.decode([Int].self, forKey: .accepted)
      token = try container.decode(Token?.self, forKey: .token)
      used = try container.decode(Int.self, forKey: .used)
    }
  }

  /// The vector's number, unique over all files of the set.
  public var tcId: Int
  /// What the vector tests and why it comes out as it does.
  public var comment: String
  /// Why the vector is there; each is explained in the file's notes.
  public var flags: [String]
  /// The bits that a uniform needs to hold this vector's: 24, 32 or 53.
  public var uniformBits: Int
  /// The request of the port protocol's `verify`.
  public var request: VectorRequest
  /// What comes of it; absent where it must be refused.
  public var expected: Expectation?
  /// Whether it can be answered.
  public var result: Result
}

/// One file of directed vectors, in the shape of Project Wycheproof.
public struct VectorFile: Hashable, Sendable, Codable {
  /// Vectors of one topic.
  public struct Group: Hashable, Sendable, Codable {
    /// Who made the vectors.
    public struct Source: Hashable, Sendable, Codable {
      /// The project.
      public var name: String
      /// The version of the vectors.
      public var version: String
    }

    /// What a test harness does with them: "VerifyTest".
    public var type: String
    /// What they have in common.
    public var topic: String
    /// Who made them.
    public var source: Source
    /// The vectors.
    public var tests: [DirectedVector]
  }

  /// "rsd-c", "rsd-s", "sd" or "specinfer".
  public var algorithm: String
  /// The file name of the JSON Schema.
  public var schema: String
  /// Vectors in this file.
  public var numberOfTests: Int
  /// What each flag means.
  public var notes: [String: VectorNote]
  /// The vectors by topic.
  public var testGroups: [Group]

  /// All vectors, in order.
  public var tests: [DirectedVector] { testGroups.flatMap(\.tests) }
}

/// What a flag means.
public struct VectorNote: Hashable, Sendable, Codable {
  /// The kind of defect.
  public var bugType: String
  /// What the vectors of this flag test.
  public var description: String
  /// What a decoder with such a defect does.
  public var effect: String
  /// Public reports of the defect, or the paper.
  public var references: [String]
}
