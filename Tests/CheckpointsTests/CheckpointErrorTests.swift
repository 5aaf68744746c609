import Testing

@testable import Checkpoints

@Suite struct CheckpointErrorTests {
  @Test(arguments: [
    (CheckpointError.unreadable(file: "a/b", reason: "does not exist"), "a/b: does not exist"),
    (.configuration(file: "c", reason: "x is missing"), "c: x is missing"),
    (.malformed(file: "f", tensor: nil, reason: "is short"), "f: is short"),
    (.malformed(file: "f", tensor: "t", reason: "is short"), "f: tensor t: is short"),
    (
      .missingTensor(file: "f", tensor: "t"),
      "f: tensor t is missing, and the model needs it; get the checkpoint anew"
    ),
    (.unknownTensor(file: "f", tensor: "t"), "f: tensor t is unknown; this architecture has no place for it"),
    (
      .wrongShape(file: "f", tensor: "t", shape: [1, 2], expected: []),
      "f: tensor t has the shape [1, 2]; the configuration asks for []"
    ),
    (
      .wrongShape(file: "f\n", tensor: "\u{7F}", shape: Array(repeating: 1, count: 1000), expected: [1]),
      "f\\u{A}: tensor \\u{7F} has the shape [1, 1, 1, 1, 1, 1, 1, 1, … (1000 dimensions)]; the configuration asks for [1]"
    ),
  ])
  func oneLineSaysItAll(error: CheckpointError, line: String) { #expect("\(error)" == line) }
}
