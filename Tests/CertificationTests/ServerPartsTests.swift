import Foundation
import Probability
@testable import Servers
import SpeculativeDecoding
import Statistics
import Testing

@testable import Certification

/// The parts of a server's run that need no server.
@Suite struct ServerPartsTests {
  // MARK: Addresses and keys

  @Test(arguments: [
    ("http://127.0.0.1:8080", "http://127.0.0.1:8080", true), ("HTTP://localhost:1/v1/", "http://localhost:1", true),
    ("http://[::1]:8080/v1", "http://[::1]:8080", true),
    ("https://example.org/llm/v1", "https://example.org/llm", true),
    ("http://10.0.0.5:8000", "http://10.0.0.5:8000", false),
    ("http://127.evil.example", "http://127.evil.example", false),
    ("http://localhost.example", "http://localhost.example", false),
  ])
  func addressesAreRead(given: String, text: String, isPrivate: Bool) throws {
    let address = try ServerAddress(given, option: "--server")
    #expect(address.text == text)
    #expect(address.isPrivate == isPrivate)
  }

  @Test(arguments: ["", "localhost:8080", "ftp://a", "http://", "http://u:p@a", "http://a/?key=1", "http://a/#x"])
  func otherAddressesAreRefused(given: String) {
    #expect(throws: ServerFailure.self) { try ServerAddress(given, option: "--server") }
  }

  @Test func keysComeFromTheEnvironmentAndShowNothing() throws {
    #expect(try ServerKey.find(in: [:]) == nil)
    #expect(try ServerKey.find(in: ["RSD_API_KEY": "", "OPENAI_API_KEY": "sk-other"]) == nil)
    let key = try #require(try ServerKey.find(in: ["RSD_API_KEY": "sk-secret\n", "OPENAI_API_KEY": "sk-other"]))
    #expect(key.authorization == "Bearer sk-secret")
    #expect(key.redacted("a sk-secret b") == "a [API key] b")
    var dumped = ""
    dump(key, to: &dumped)
    #expect(!"\(key) \(String(reflecting: key)) \(dumped)".contains("secret"))
    #expect(throws: ServerFailure.self) { try ServerKey.find(in: ["RSD_API_KEY": "two words"]) }
    do throws(ServerFailure) {
      _ = try ServerKey.find(in: ["RSD_API_KEY": "two words"])
    } catch {
      #expect(!error.reason.contains("words"))
    }
  }

  /// A key in base 64 is rarely in a URL, or in JSON, as it is.
  @Test(arguments: [
    "aB+/c\\d.=%$1(", "aB%2B%2Fc%5cd%2E%3D%25%24%31%28", #"aB+\/c\\d.=%$1("#, #"\u0061B\u002b/c\u005Cd.=%$1("#,
  ])
  func keysAreTakenOutHoweverTheyAreWritten(written: String) throws {
    let key = try #require(try ServerKey.find(in: ["RSD_API_KEY": "aB+/c\\d.=%$1("]))
    #expect(key.redacted("/\(written)\u{301} \(written)é") == "/[API key]\u{301} [API key]é")
    #expect(key.redacted(written.lowercased()) == written.lowercased())
  }

  /// Whoever asks for a request: the address is looked at where the key is put in, too.
  @Test func noRequestTakesAKeyInTheClear() async throws {
    let key = try #require(try ServerKey.find(in: ["RSD_API_KEY": "sk-secret"]))
    let connection = ServerConnection(ServerTransport(timeout: 0.2, retries: 0, key: key)) { false }
    defer { connection.close() }
    // An address that nobody has (RFC 5737).
    let address = try ServerAddress("http://192.0.2.1:9", option: "--server")
    do throws(ServerFailure) {
      _ = try await connection.body(address, "/v1/models", post: nil)
      Issue.record("it was sent")
    } catch {
      #expect(error.kind == .settings, "\(error)")
    }
  }

  // MARK: Requests

  static func settings(samples: Int = 800, completions: Int = 1) -> ServerSettings {
    ServerSettings(
      server: "http://a", against: "http://b", serverModel: "m", againstModel: "m", fields: nil, onFields: nil,
      offFields: nil, prompts: ["x", "y"], length: 4, draftLength: 2,
      profile: ProfileRecord(.plain, topK: 2), completions: completions, usesTokens: false, seed: 1, samples: samples,
      distance: 0.3)
  }

  @Test func bodiesAreNeutralAndChangedByFields() throws {
    var settings = Self.settings()
    settings.fields = try RequestFields(json: #"{"min_p": null, "user": "x"}"#, option: "--fields")
    (settings.serverModel, settings.againstModel) = ("drafts", "plain")
    settings.offFields = try RequestFields(json: #"{"speculative.n_max": 0, "user": "y"}"#, option: "--off-fields")
    let off = try [String: Any](body: settings.body(prompt: 1, arm: .off, request: 3))
    let on = try [String: Any](body: settings.body(prompt: 1, arm: .on, request: 3))
    #expect(off["model"] as? String == "plain" && on["model"] as? String == "drafts")
    #expect(off["speculative.n_max"] as? Int == 0 && on["speculative.n_max"] == nil)
    #expect(off["user"] as? String == "y" && on["user"] as? String == "x")
    for body in [off, on] {
      #expect(body["min_p"] == nil)
      #expect(body["prompt"] as? String == "y" && body["max_tokens"] as? Int == 4 && body["top_k"] as? Int == 2)
      for penalty in ["repeat_penalty", "repetition_penalty", "top_p", "temperature"] {
        #expect(body[penalty] as? Double == 1, "\(penalty)")
      }
      for penalty in ["presence_penalty", "frequency_penalty"] {
        #expect(body[penalty] as? Double == 0, "\(penalty)")
      }
      #expect(body["stream"] as? Bool == false && body["n"] == nil && body["logprobs"] == nil)
    }
  }

  @Test func bodiesHaveTheProfile() throws {
    var settings = Self.settings(completions: 4)
    settings.profile = ProfileRecord(try SamplingProfile(temperature: 0.75, topP: 0.5, minP: 0.125), topK: 7)
    settings.usesTokens = true
    let body = try [String: Any](body: settings.body(prompt: 0, arm: .offAgain, request: 0))
    #expect(body["temperature"] as? Double == 0.75 && body["top_k"] as? Int == 7)
    #expect(body["top_p"] as? Double == 0.5 && body["min_p"] as? Double == 0.125)
    #expect(body["n"] as? Int == 4 && body["logprobs"] as? Int == 1)
  }

  /// Each request has the seed of its prompt, arm and number.
  @Test func bodiesHaveSeedsOfTheirOwn() throws {
    let settings = Self.settings()
    var seeds: Set<Int> = []
    for (prompt, arm, request) in [0, 1].flatMap({ prompt in
      ServerArm.allCases.flatMap { arm in [0, 1].map { (prompt, arm, $0) } }
    }) {
      let body = try [String: Any](body: settings.body(prompt: prompt, arm: arm, request: request))
      #expect(body["seed"] as? Int == ServerSeeds.seed(1, prompt: prompt, arm: arm, request: request))
      if let seed = body["seed"] as? Int { seeds.insert(seed) }
    }
    #expect(seeds.count == 12)
  }

  /// A round of two drafted tokens has three, and the fourth is of the next one.
  @Test func aLengthSeesAWholeRound() throws {
    var settings = Self.settings()
    #expect(settings.length == 4 && settings.draftLength == 2)
    try settings.validate()
    settings.length = 3
    #expect(throws: ServerFailure.self) { try settings.validate() }
  }

  @Test(arguments: ["[1]", "{", #"{"seed": 3}"#, #"{"top_k": null}"#, #"{"a": 1, "a": 2}"#, "1"])
  func fieldsThatWouldSpoilARunAreRefused(json: String) {
    #expect(throws: ServerFailure.self) { try RequestFields(json: json, option: "--fields") }
  }

  /// Over 300,000 requests no seed comes twice, and each fits into 31 bits.
  @Test func seedsAreDifferent() {
    var seeds: Set<Int> = []
    for prompt in [0, 63] {
      for arm in ServerArm.allCases {
        for request in (0..<25_000).map(\.self) + ((ServerSeeds.mostRequests - 25_000)..<ServerSeeds.mostRequests) {
          let seed = ServerSeeds.seed(7, prompt: prompt, arm: arm, request: request)
          #expect((0..<1 << 31).contains(seed))
          seeds.insert(seed)
        }
      }
    }
    #expect(seeds.count == 300_000)
    #expect(
      ServerSeeds.seed(7, prompt: 0, arm: .off, request: 0) != ServerSeeds.seed(8, prompt: 0, arm: .off, request: 0))
  }

  // MARK: Waiting

  @Test func waitsAreDoubledAndHeeded() {
    #expect((0..<8).map { ServerTransport.wait(afterAttempt: $0, retryAfter: nil) } == [0.5, 1, 2, 4, 8, 16, 30, 30])
    #expect(ServerTransport.wait(afterAttempt: 3, retryAfter: 7) == 7)
    #expect(ServerTransport.wait(afterAttempt: 3, retryAfter: 1e9) == 300)
    #expect(ServerTransport.seconds(retryAfter: " 12 ") == 12)
    for text in [nil, "soon", "-3", "nan", "inf"] { #expect(ServerTransport.seconds(retryAfter: text) == nil) }
    let now = Date(timeIntervalSince1970: 1_445_412_000)
    #expect(ServerTransport.seconds(retryAfter: "Wed, 21 Oct 2015 07:28:00 GMT", now: now) == 480)
  }

  // MARK: Judgement

  /// A prompt's record for laws of a first token of two and a second of two, by a counter-based generator.
  static func record(
    off: Double, offAgain: Double, on: Double, seed: UInt64, samples: Int = 800
  ) throws -> ServerPromptRecord {
    let design = try settings(samples: samples).design()
    let names = (0..<4).map { Completion(text: "\($0)", tokens: nil, finish: "length") }
    func sequence(_ share: Double, _ arm: UInt64) -> [Int] {
      var generator = Philox4x64(key: [seed, arm])
      return (0..<samples).map { _ in
        let first = Double(generator.next() >> 11) * 0x1p-53 < share ? 0 : 2
        return first + (Double(generator.next() >> 11) * 0x1p-53 < 0.5 ? 0 : 1)
      }
    }
    return try ServerJudgement(design: design, samples: samples, completions: 1).record(
      prompt: "x", names: names, off: sequence(off, 0), offAgain: sequence(offAgain, 1), on: sequence(on, 2),
      repeats: ServerRepeats(off: 0, offEqual: 0, on: 0, onEqual: 0))
  }

  /// 200 runs of servers with one law: none fails, where each does with probability at most 5e-7 (a share of 1e-6).
  @Test func equalLawsPass() throws {
    for seed in 0..<200 {
      let record = try Self.record(off: 0.3, offAgain: 0.3, on: 0.3, seed: UInt64(seed))
      #expect(record.verdict == .pass, "seed \(seed): \(record.reason ?? "")")
    }
  }

  /// 50 runs of speculation at a total variation of 0.3 fail: each misses with probability at most 1e-6.
  @Test func otherLawsFail() throws {
    for seed in 0..<50 {
      let record = try Self.record(off: 0.3, offAgain: 0.3, on: 0.6, seed: UInt64(seed))
      #expect(record.verdict == .fail, "seed \(seed)")
      #expect(record.deviations.first.map { abs($0.on - $0.off) > 0.05 } == true)
    }
  }

  /// 50 runs whose two samples without speculation are 0.3 apart are invalid, and speculation is not judged.
  @Test func disagreementWithItselfIsInvalid() throws {
    for seed in 0..<50 {
      let record = try Self.record(off: 0.3, offAgain: 0.6, on: 0.6, seed: UInt64(seed))
      #expect(record.verdict == .invalid && record.speculation == nil, "seed \(seed)")
    }
  }

  /// The p-values of 200 runs of equal laws have the mean of a uniform law, with a false-fail rate of 1e-6.
  @Test func pValuesAreNeitherSmallNorLarge() throws {
    var values: [Double] = []
    for seed in 0..<200 {
      let record = try Self.record(off: 0.3, offAgain: 0.3, on: 0.3, seed: UInt64(seed))
      values.append(try #require(record.speculation?.pValue))
    }
    let mean = values.reduce(0, +) / 200
    // The mean of 200 uniforms has the deviation 0.0204, and is 4.9 of them off with probability 1e-6.
    #expect(abs(mean - 0.5) < 5 * 0.0204, "\(mean)")
  }

  @Test func thePlanSharesTheRates() throws {
    let design = try ServerDesign(prompts: 3, topK: 3, length: 5)
    #expect(design.samples == 10_363 && design.outcomes == 64)
    #expect(abs(design.evidenceShare * 6 - 5e-7) < 1e-20)
    let threshold = try design.logThreshold
    #expect(abs(threshold + log(design.evidenceShare)) < 1e-12)
    #expect(abs((design.plannedShare * 6 + design.dependenceShare * 3) - 2.5e-7) < 1e-20)
    #expect(try ServerDesign(prompts: 1, topK: 2, length: 4, distance: 0.3).samples == 795)
  }

  // MARK: Answers

  @Test func answersAreReadByTheirIndex() throws {
    let body = Data(#"{"choices":[{"index":1,"text":"b","finish_reason":"stop"},{"index":0,"text":"a"}]}"#.utf8)
    let found = try Completion.completions(body, count: 2, length: 3, usesTokens: false) { $0 }
    #expect(
      found == [Completion(text: "a", tokens: nil, finish: ""), Completion(text: "b", tokens: nil, finish: "stop")])
  }

  @Test(arguments: [#"{"index":0,"text":"b"}"#, #"{"index":2,"text":"b"}"#, #"{"index":-1,"text":"b"}"#])
  func anIndexThatIsTakenOrOutOfRangeIsRefused(second: String) {
    let body = Data(#"{"choices":[{"index":0,"text":"a"},\#(second)]}"#.utf8)
    #expect(throws: ServerFailure.self) {
      try Completion.completions(body, count: 2, length: 3, usesTokens: false) { $0 }
    }
  }

  @Test(arguments: [
    #"{"tokens": ["a", "b"]}"#, #"{"content": [{"id": 1, "token": "a"}, {"id": 2, "token": "b"}]}"#,
  ])
  func tokensAreReadInBothForms(logprobs: String) throws {
    let body = Data(#"{"choices":[{"text":"ab","finish_reason":"length","logprobs":\#(logprobs)}]}"#.utf8)
    let found = try Completion.completions(body, count: 1, length: 2, usesTokens: true) { $0 }
    #expect(found == [Completion(text: nil, tokens: ["a", "b"], finish: "length")])
    #expect(throws: ServerFailure.self) {
      try Completion.completions(body, count: 1, length: 1, usesTokens: true) { $0 }
    }
  }
}

extension [String: Any] {
  fileprivate init(body: Data) throws {
    self = try #require(try JSONSerialization.jsonObject(with: body) as? [String: Any])
  }
}

extension ProfileRecord {
  fileprivate init(_ profile: SamplingProfile, topK: Int) {
    self.init(profile)
    self.topK = topK
  }
}
