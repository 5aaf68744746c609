import ArgumentParser
import Certification
import Checkpoints
import Testing

@testable import rsd

@Suite struct ExitStatusTests {
  /// Its one line goes to the stderr of the tests.
  @Test func whatIsWrongWithACheckpointIsBadData() async {
    await #expect(throws: ExitCode(65)) {
      try await explainingErrors { throw CheckpointError.unreadable(file: "no", reason: "does not exist") }
    }
  }
}
