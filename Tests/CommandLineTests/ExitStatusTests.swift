import ArgumentParser
import Testing
import Transformer

@testable import rsd

@Suite struct ExitStatusTests {
  /// Its one line goes to the stderr of the tests.
  @Test func whatIsWrongWithACheckpointIsBadData() async {
    await #expect(throws: ExitCode(65)) {
      try await explainingErrors { throw TransformerError.unreadable(file: "no", reason: "does not exist") }
    }
  }
}
