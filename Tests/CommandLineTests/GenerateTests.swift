import Certification
import Foundation
import Testing

@Suite struct GenerateTests {
  static let tiny = Command.repository.appending(path: "Fixtures/checkpoints/tiny").path
  static let rules: [[String]] = [
    ["--rule", "autoregressive"], ["--rule", "sd", "--depth", "3"], ["--rule", "specinfer", "--branching", "2,2"],
    ["--rule", "spectr", "--width", "2", "--depth", "3"], ["--rule", "rsd-c", "--branching", "3,1,1"],
    ["--rule", "rsd-s", "--width", "3", "--depth", "4"],
  ]

  struct Record: Decodable {
    let model, rule, shape, end: String, draft, text: String?, seed: UInt64
    let threads, rounds, draftedTokens, acceptedTokens: Int, draftEnd: Int?
    let promptLookup: [String: LookupValue]?
    let prompt, tokens, acceptedLengths: [Int], levelAcceptance: [Double]
    let acceptance, blockEfficiency, sizeRatio, memoryBoundSpeedUp: Double
    let promptSeconds, seconds, tokensPerSecond: Double
  }

  /// An order or a discount.
  enum LookupValue: Decodable, Equatable {
    case order(Int)
    case discount(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let order = try? container.decode(Int.self) {
        self = .order(order)
      } else {
        self = .discount(try container.decode(String.self))
      }
    }
  }

  private func record(_ arguments: [String]) async throws -> Record {
    let result = try await Command.run(["generate", "--json"] + arguments, in: Folder())
    #expect(result.error == "")
    #expect(result.status == 0)
    return try JSONDecoder().decode(Record.self, from: result.output)
  }

  /// The n-grams of the text draft, of the embedded target or of any other; they cost nothing and are named.
  @Test(arguments: rules)
  func promptLookupDrafts(rule: [String]) async throws {
    let arguments = rule + ["--prompt", "the king of the king of the king of the ", "--tokens", "80", "--draft"]
    let record = try await self.record(arguments + ["prompt-lookup"])
    #expect(record.sizeRatio == 0 && record.memoryBoundSpeedUp == record.blockEfficiency)
    let other = try await self.record(
      arguments + ["prompt-lookup", "--lookup-order", "5", "--model", "king-james-target"])
    if rule[1] == "autoregressive" {
      #expect(record.draft == nil && record.promptLookup == nil && other.promptLookup == nil)
    } else {
      #expect(record.draft == "prompt-lookup" && record.blockEfficiency > 1.2)
      #expect(record.promptLookup == ["order": .order(3), "discount": .discount("1/4")])
      #expect(other.promptLookup == ["order": .order(5), "discount": .discount("1/4")])
    }
    // Greedy, the text is the target's own, whatever drafts.
    let greedy = ["--temperature", "0", "--tokens", "40", "--prompt", "In the beginning", "--draft"]
    let own = try await self.record(rule + greedy + ["prompt-lookup"])
    let plain = try await self.record(["--rule", "autoregressive"] + greedy.dropLast())
    #expect(own.tokens == plain.tokens)
  }

  @Test(arguments: rules)
  func aSeedDecidesTheText(rule: [String]) async throws {
    let arguments = rule + ["--prompt", "And God", "--tokens", "60", "--top-p", "0.95"]
    let first = try await record(arguments)
    #expect(first.seed == 0)
    for threads in ["1", "2", "3"] {
      let other = try await record(arguments + ["--seed", "0", "--threads", threads])
      #expect(other.tokens == first.tokens)
      #expect(other.acceptedLengths == first.acceptedLengths)
      #expect(other.threads == Int(threads))
    }
    #expect(try await record(arguments + ["--seed", "1"]).tokens != first.tokens)
  }

  @Test func greedyTextIsTheSameByEveryRule() async throws {
    var texts: Set<String> = []
    for rule in Self.rules {
      let record = try await record(rule + ["--temperature", "0", "--tokens", "120", "--prompt", "And the LORD"])
      texts.insert(try #require(record.text))
    }
    #expect(texts.count == 1)
  }

  @Test func theTextIsAloneOnStandardOutput() async throws {
    let arguments = ["--prompt", "And", "--tokens", "90", "--seed", "7"]
    let record = try await record(arguments)
    let result = try await Command.run(["generate"] + arguments, in: Folder())
    #expect(result.text == record.text)
    #expect(result.status == 0)
    let closing =
      /rsd-s 2x2, seed 7: 90 tokens in \d+\.\d\d s, \d+ tokens\/s, block efficiency \d\.\d\d, MBSU \d\.\d\d, acceptance 0\.\d{3}\n/
    #expect(result.error.wholeMatch(of: closing) != nil, "\(result.error)")
  }

  @Test(arguments: rules)
  func countsHoldTogether(rule: [String]) async throws {
    let record = try await record(rule + ["--tokens", "50", "--prompt", "é"])
    #expect(record.model == "king-james-target")
    #expect(record.draft == (rule[1] == "autoregressive" ? nil : "king-james-draft"))
    #expect(record.rule == rule[1])
    #expect(record.end == "maximum")
    // The begin token is a line feed.
    #expect(record.prompt == [10, 0xC3, 0xA9])
    #expect(record.tokens.count == 50)
    #expect(record.text == String(decoding: record.tokens.map { UInt8($0) }, as: UTF8.self))
    #expect(record.acceptedLengths.reduce(0, +) == record.rounds)
    #expect(record.acceptedTokens == record.acceptedLengths.enumerated().reduce(0) { $0 + $1.offset * $1.element })
    #expect(record.levelAcceptance.count == record.acceptedLengths.count - 1)
    let emitted = Double(record.rounds + record.acceptedTokens)
    #expect((50..<50 + Double(record.acceptedLengths.count)).contains(emitted))
    #expect(abs(record.blockEfficiency - emitted / Double(record.rounds)) < 1e-12)
    let drafted = record.draftedTokens
    #expect(abs(record.acceptance - (drafted == 0 ? 0 : Double(record.acceptedTokens) / Double(drafted))) < 1e-12)
    let levels = Double(record.levelAcceptance.count)
    #expect(abs(record.memoryBoundSpeedUp - record.blockEfficiency / (record.sizeRatio * levels + 1)) < 1e-12)
    #expect(drafted == 0 ? record.sizeRatio == 0 : (0.01..<1).contains(record.sizeRatio))
    #expect(record.seconds > 0 && record.promptSeconds > 0)
    #expect(abs(record.tokensPerSecond * record.seconds - 50) < 1e-6)
  }

  @Test func aModelWithoutTokenizerSpeaksInTokens() async throws {
    let model = "\(Self.tiny)/llama-gqa-tied"
    let arguments = ["--model", model, "--draft", model, "--prompt-tokens", "3,4", "--tokens", "9", "--ignore-end"]
    let record = try await record(arguments)
    #expect(record.text == nil)
    #expect(record.prompt == [3, 4])
    // A model that is its own draft accepts everything.
    #expect(record.levelAcceptance == [1, 1])
    let result = try await Command.run(["generate"] + arguments, in: Folder())
    #expect(result.text == record.tokens.map(String.init).joined(separator: " ") + "\n")
    // Without a prompt the text begins with the begin token.
    #expect(try await self.record(["--model", model, "--rule", "autoregressive"]).prompt == [1])
  }

  @Test(arguments: rules)
  func aTextFillsTheContextAndSaysSo(rule: [String]) async throws {
    let (model, draft) = ("\(Self.tiny)/llama-sharded", "\(Self.tiny)/llama-gqa-tied")
    let arguments = rule + ["--model", model, "--draft", draft, "--prompt-tokens", "5,6,7", "--ignore-end"]
    let record = try await record(arguments)
    // 28 positions, and one token after the last.
    #expect(record.tokens.count == 26)
    #expect(record.end == "context")
    #expect((record.draftEnd == nil) == (rule[1] == "autoregressive"))
    let result = try await Command.run(["generate"] + arguments, in: Folder())
    #expect(result.status == 0)
    #expect(result.error.hasSuffix("The text ends because the context of \(model), 28 tokens, is full.\n"))
    let spent = record.draftEnd.map {
      "\nThe draft's context was full after \($0) tokens; from there on the target decoded alone.\n"
    }
    #expect(result.error.contains(spent ?? "\n"))
  }

  @Test func aPromptAFileLine() async throws {
    let folder = try Folder([
      "prompts.txt": "And God\r\n\nNow the LORD\n", "tokens.txt": "1,2\n3\n", "bad.txt": "1,2\nx\n",
    ])
    let run = ["generate", "--compare", "--texts", "3", "--tokens", "5", "--budget", "2", "--json"]
    #expect(try await Command.run(run + ["--prompts", "prompts.txt"], in: folder).status == 0)
    let model = ["--model", "\(Self.tiny)/llama-gqa-tied", "--draft", "\(Self.tiny)/llama-rope-linear"]
    #expect(try await Command.run(run + model + ["--prompts", "tokens.txt"], in: folder).status == 0)
    let result = try await Command.run(run + model + ["--prompts", "bad.txt"], in: folder)
    #expect(
      result.error
        == "rsd: bad.txt, line 2: a prompt for a model without a known tokenizer is tokens, such as 1,2,3\n")
    #expect(result.status == 65)
  }

  @Test(.timeLimit(.minutes(30)))
  func anInterruptedTextStatesItsRates() async throws {
    let folder = try Folder()
    // Short contexts, over and over: no text of the pair is long enough to be interrupted for sure.
    let process = Command.process(["generate", "--sweep", "--texts", "100000", "--tokens", "1000"], in: folder)
    let (output, error) = (try folder.stream(), try folder.stream())
    process.standardOutput = .file(output)
    process.standardError = .file(error)
    let sent = process
    let status = try await Command.end(of: process) {
      while !sent.isRunning { Thread.sleep(forTimeInterval: 0.02) }
      Thread.sleep(forTimeInterval: 1)
      sent.interrupt()
    }
    #expect(status == 130)
    #expect(String(decoding: try Data(contentsOf: error), as: UTF8.self) == "")
    #expect(String(decoding: try Data(contentsOf: output), as: UTF8.self).contains("\nInterrupted: "))
  }
}
