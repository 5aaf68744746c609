import SpeculativeDecoding

/// Runs directed vectors through the production decoder.
package struct VectorCheck: Codable, Hashable, Sendable {
  /// A vector that came out otherwise.
  package struct Difference: Codable, Hashable, Sendable {
    /// The file.
    package var file: String
    /// The vector's number.
    package var tcId: Int
    /// "Double" or "Float".
    package var scalar: String
    /// The vector's outcome.
    package var expected: String
    /// The decoder's outcome.
    package var got: String
  }

  /// Files read.
  package var files = 0
  /// Vectors run.
  package var vectors = 0
  /// Vectors run in `Float` too: those whose laws are exact in it.
  package var inFloat = 0
  /// The vectors whose outcome was another, in order.
  package var differences: [Difference] = []

  /// Nothing checked yet.
  package init() {}

  /// Runs a file's vectors in `Double`, and in `Float` where its laws are exact.
  package mutating func run(_ file: VectorFile, name: String) {
    files += 1
    for test in file.tests {
      vectors += 1
      compare(test, scalar: "Double", file: name) { request throws(SpeculativeDecodingError) in
        try request.outcome(in: Double.self)
      }
      guard test.result == .valid, let request = try? test.request.checked(), request.isExactInFloat else { continue }
      inFloat += 1
      compare(test, scalar: "Float", file: name) { request throws(SpeculativeDecodingError) in
        try request.outcome(in: Float.self)
      }
    }
  }

  private mutating func compare(
    _ test: DirectedVector, scalar: String, file: String,
    _ outcome: (VerificationRequest) throws(SpeculativeDecodingError) -> VerificationOutcome
  ) {
    let expected = test.expected.map(Self.text(of:)) ?? "a refusal"
    let got: String
    let agrees: Bool
    do {
      let given = DirectedVector.Expectation(try outcome(test.request.checked()))
      got = Self.text(of: given)
      agrees = given == test.expected
    } catch {
      got = "a refusal (\(error))"
      agrees = test.result == .invalid
    }
    if agrees { return }
    differences.append(Difference(file: file, tcId: test.tcId, scalar: scalar, expected: expected, got: got))
  }

  private static func text(of outcome: DirectedVector.Expectation) -> String {
    "accepted \(outcome.accepted), token \(outcome.token.map(String.init) ?? "null"), used \(outcome.used)"
  }
}
