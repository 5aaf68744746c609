import Certification
import Foundation
import Testing

/// Servers that answer wrongly, and keys: one clear line each, and no key in anything that is written.
@Suite(.serialized, .enabled(if: PortTests.python != nil, "python3 is not on the PATH"))
struct ServerTroubleTests {
  static let troubles: [(trouble: String, says: String)] = [
    ("broken", "answers 500: oops (2 attempts)"),
    ("hang", "gave no answer in 0.5 s (--timeout) (2 attempts)"),
    ("dies", " (2 attempts)"),
    ("garbage", "answers with what is no JSON (line 1, column 1: \"\\u{1B}\" is no JSON value"),
    ("array", "answers with JSON that is no object"),
    ("deep", "nested more than 64 deep"),
    ("nan", "\"NaN\" is no JSON value"),
    ("no-choices", "answers without a list \"choices\""),
    ("no-text", "has a choice without \"text\""),
    ("wrong-count", "answers with 0 completions where 50 were asked for; leave --completions out if it takes no \"n\""),
    ("too-long", "answers with 201 tokens where 200 at most were asked for"),
    ("huge", "answers with more than 4 MiB"),
    ("redirect:http://127.0.0.1:9/v1/completions", "redirects (307) to http://127.0.0.1:9/v1/completions"),
  ]

  /// Each ends the run with what was answered before in the certificate, and nothing of it acts on a terminal.
  @Test(arguments: troubles)
  func wrongAnswersAreOneLine(trouble: String, says: String) async throws {
    let server = try await FakeServer(["--trouble", trouble])
    let run = try await ServerRuns.certify(server.url, ServerRuns.quick + ["--retries", "1", "--timeout", "500ms"])
    #expect(run.status == 65, "\(run.text)\(run.error)")
    #expect(run.error.contains(says), "\(run.error)")
    // A wrong answer is not asked for again: whoever asks until the answer pleases has chosen the sample.
    #expect(run.error.contains(" attempts)") == says.contains(" attempts)"), "\(run.error)")
    #expect(run.error.contains("/v1/completions ") && run.error.contains(", prompt 1, request 3)"))
    #expect(run.error.filter { $0 == "\n" }.count == 1 && !run.error.contains("\u{1B}"))
    #expect(try run.certificate()["verdict"] as? String == "inconclusive")
    #expect(try run.prompt()["samples"] as? Int == 100)
    withExtendedLifetime(server) {}
  }

  @Test func aFieldThatIsRefusedCanBeLeftOut() async throws {
    let server = try await FakeServer(["--trouble", "refuses"])
    let options = ServerRuns.quick + ["--samples", "50"]
    let refused = try await ServerRuns.certify(server.url, options)
    #expect(refused.status == 65)
    #expect(refused.error.contains("answers 422: "))
    #expect(refused.error.contains("Extra inputs are not permitted"))
    #expect(refused.error.contains(#"is left out by --fields '{"min_p": null}'"#))
    let taken = try await ServerRuns.certify(server.url, options + ["--fields", #"{"min_p": null}"#])
    #expect(taken.status == 2 && taken.error == "")
    withExtendedLifetime(server) {}
  }

  @Test func controlCharactersDoNotReachTheTerminal() async throws {
    let server = try await FakeServer(["--trouble", "ansi", "--law", "lossy:0.9"])
    let run = try await ServerRuns.certify(server.url, ServerRuns.quick + ["--samples", "200"])
    #expect(!run.text.contains("\u{1B}") && !run.text.contains("\u{7}") && !run.text.contains("\u{202E}"))
    #expect(run.text.contains("⟨001B⟩[31mred⟨0007⟩⟨202E⟩"), "\(run.text)")
    withExtendedLifetime(server) {}
  }

  // MARK: Servers that are none

  @Test func whatIsNoServerIsRefused() async throws {
    let server = try await FakeServer(["--trouble", "not-a-server"])
    let none = try await ServerRuns.certify(server.url, ServerRuns.quick)
    #expect(none.status == 65)
    #expect(none.error == "rsd: \(server.url)/v1/models answers 404: <html>nothing here</html>\n")
    // Nothing listens on the discard port.
    let gone = try await ServerRuns.certify("http://127.0.0.1:9", ServerRuns.quick + ["--retries", "0"])
    #expect(gone.status == 65)
    #expect(gone.error.hasPrefix("rsd: http://127.0.0.1:9/v1/models "), "\(gone.error)")
    withExtendedLifetime(server) {}
  }

  @Test func ofSeveralModelsOneIsNamed() async throws {
    let server = try await FakeServer(["--models", "small,large"])
    let run = try await ServerRuns.certify(server.url, ServerRuns.quick)
    #expect(run.status == 65)
    #expect(run.error == "rsd: \(server.url) has 2 models; choose one by --model-name: small, large\n")
    let named = try await ServerRuns.certify(
      server.url + "/v1/", ServerRuns.quick + ["--model-name", "large", "--samples", "50"])
    #expect(named.status == 2 && named.error == "", "\(named.error)")
    withExtendedLifetime(server) {}
  }

  // MARK: Keys

  static let key = "sk-secret/0123456789"

  /// All that a run wrote, in which the key may not occur, nor as JSON writes it.
  private func expectNoKey(in run: ServerRuns.Run) throws {
    var texts = [run.text, run.error]
    for name in try FileManager.default.contentsOfDirectory(atPath: run.folder.url.path) {
      texts.append(String(decoding: try run.folder.data(name), as: UTF8.self))
    }
    #expect(texts.count >= 3)
    // Nor a part of it.
    for text in texts { #expect(!text.contains("secret"), "\(text)") }
  }

  @Test(arguments: ["", "echo-key", "echo-error", "echo-garbage", "echo-redirect"], ["RSD_API_KEY", "OPENAI_API_KEY"])
  func aKeyIsSentAndNeverWritten(trouble: String, variable: String) async throws {
    let server = try await FakeServer(["--key", Self.key, "--trouble", trouble])
    let run = try await ServerRuns.certify(
      server.url, ServerRuns.quick + ["--samples", "300", "--state", "s.jsonl", "--junit", "j.xml"],
      environment: ["COLUMNS": "80", variable: Self.key])
    #expect(run.status == (trouble == "" || trouble == "echo-key" ? 2 : 65), "\(run.text)\(run.error)")
    if trouble == "echo-garbage" { #expect(run.error.contains("Bearer [API key]"), "\(run.error)") }
    if trouble == "echo-redirect" { #expect(run.error.contains(".[API key]; redirects"), "\(run.error)") }
    if trouble == "echo-error" { #expect(run.error.contains("no: Bearer [API key]")) }
    if trouble == "echo-key" {
      let state = String(decoding: try run.folder.data("s.jsonl"), as: UTF8.self)
      #expect(state.contains("Bearer [API key]"))
    }
    try expectNoKey(in: run)
    withExtendedLifetime(server) {}
  }

  @Test func aMissingOrWrongKeyIsSaid() async throws {
    let server = try await FakeServer(["--key", Self.key])
    let missing = try await ServerRuns.certify(server.url, ServerRuns.quick)
    #expect(missing.status == 65)
    #expect(missing.error.hasSuffix("; give its key in RSD_API_KEY\n"), "\(missing.error)")
    let wrong = try await ServerRuns.certify(
      server.url, ServerRuns.quick, environment: ["COLUMNS": "80", "RSD_API_KEY": "sk-other-9876543210"])
    #expect(wrong.status == 65)
    #expect(
      wrong.error
        == "rsd: \(server.url)/v1/models answers 401: Invalid API key: Bearer [API key]; is the key in RSD_API_KEY right?\n"
    )
    withExtendedLifetime(server) {}
  }

  @Test func aKeyIsNotSentInTheClear() async throws {
    let environment = ["COLUMNS": "80", "OPENAI_API_KEY": Self.key]
    let run = try await ServerRuns.certify("http://192.0.2.1:8000", ServerRuns.quick, environment: environment)
    #expect(run.status == 65)
    #expect(
      run.error
        == "rsd: http://192.0.2.1:8000: the key in OPENAI_API_KEY would cross the network unencrypted; use https, or send "
        + "none by RSD_API_KEY=\n")
  }

  /// The key does not follow a redirect: the other server, which would show it in its log, is never asked.
  @Test func aKeyDoesNotFollowARedirect() async throws {
    let other = try await FakeServer(["--key", "another"])
    let server = try await FakeServer(["--key", Self.key, "--trouble", "redirect:\(other.url)/v1/completions"])
    let run = try await ServerRuns.certify(
      server.url, ServerRuns.quick, environment: ["COLUMNS": "80", "RSD_API_KEY": Self.key])
    #expect(run.status == 65)
    #expect(run.error.contains("redirects are not followed"))
    withExtendedLifetime((server, other)) {}
  }
}
