import ArgumentParser
import Certification
import Foundation
import TestSupport
import Testing

@testable import rsd

/// Every number of every command is in the table of limits, whose ends are taken and beyond whose ends none is.
@Suite struct NumberLimitTests {
  /// Options whose values are words, names of files or JSON; what is no number has no limit.
  static let words: Set<String> = [
    "--model", "--draft", "--target", "--tokenizer", "--prompt", "--prompts", "--text", "--file", "--system",
    "--chat-template", "--rule", "--suite", "--cases", "--case", "--precision", "--draft-precision", "--arithmetic",
    "--defect", "--fault", "--corpus", "--cover", "--output", "--report", "--junit", "--kill-matrix", "--port",
    "--server", "--against", "--chat-variable", "--date", "--end-token", "--messages", "--prompt-file", "--off-fields",
    "--on-fields", "--fields", "--model-name", "--state",
  ]

  /// An option of a command, and the row of the table that its help states.
  struct Number: Sendable, CustomTestStringConvertible {
    let command: [String]
    let limit: NumberLimit

    var testDescription: String { "\(command.joined(separator: " ")) \(limit.option)" }
  }

  /// The rows whose name is the option's and whose range its help states.
  static func rows(_ option: (name: String, help: String)) -> [NumberLimit] {
    NumberLimit.all.filter { limit in
      let stated = limit.most > 1 ? ", each \(limit.text)" : ", \(limit.text)"
      // Followed by no digit: a range may begin as another does.
      return limit.option == option.name && [".", ";", " "].contains { option.help.contains(stated + $0) }
    }
  }

  static let numbers: [Number] = CommandTree.leaves.flatMap { leaf in
    leaf.options.flatMap { rows($0).prefix(1) }.map { Number(command: leaf.words, limit: $0) }
  }

  @Test(arguments: CommandTree.leaves)
  func everyOptionIsANumberOfTheTableOrAWord(leaf: CommandTree.Leaf) {
    for option in leaf.options {
      let rows = Self.rows(option).count
      let isWord = Self.words.contains(option.name)
      #expect(rows == 1 || (rows == 0 && isWord), "\(option.name): \(option.help)")
    }
  }

  @Test func everyRowIsOfAnOption() {
    for limit in NumberLimit.all {
      let isUsed = Self.numbers.contains {
        $0.limit.option == limit.option && $0.limit.text == limit.text && $0.limit.most == limit.most
      }
      #expect(isUsed, "\(limit.option) \(limit.text)")
    }
  }

  /// The neighbours of both ends, and what no machine's numbers hold.
  static func beyond(_ limit: NumberLimit) -> [String] {
    switch limit.range {
    case .whole(let range):
      ["\(range.lowerBound - 1)", "\(range.upperBound + 1)", "\(Int.max)", "\(Int.min)", "9223372036854775808"]
    case .seed: ["-1", "18446744073709551616", "\(Int.min)"]
    case .real(let range):
      ["\(range.lowerBound.nextDown)", "\(range.upperBound.nextUp)", "nan", "inf", "-inf", "1e999"]
    }
  }

  static func ends(_ limit: NumberLimit) -> [String] {
    switch limit.range {
    case .whole(let range): ["\(range.lowerBound)", "\(range.upperBound)"]
    case .seed: ["0", "\(UInt64.max)"]
    case .real(let range): ["\(range.lowerBound)", "\(range.upperBound)"]
    }
  }

  @Test(arguments: numbers)
  func whatIsBeyondIsRefusedByNameAndRange(number: Number) {
    let limit = number.limit
    for value in Self.beyond(limit) + (limit.most > 1 ? Self.beyond(limit).map { "1,\($0)" } : []) {
      #expect(throws: (any Error).self) { try parse(number, value) }
      do { try parse(number, value) } catch {
        #expect(RSD.exitCode(for: error) == .validationFailure)
        let line = UsageError(message: RSD.message(for: error), full: RSD.fullMessage(for: error)).description
        let refused = value.split(separator: ",").last ?? ""
        #expect(line.hasPrefix("\(limit.option) \(refused) is out of range; it must be \(limit.text) ("), "\(line)")
        #expect(!line.contains("\n"))
      }
    }
    if limit.most > 1, limit.most < 1000 {
      let many = Array(repeating: "1", count: limit.most + 1).joined(separator: ",")
      #expect(throws: (any Error).self) { try parse(number, many) }
    }
  }

  private func parse(_ number: Number, _ value: String) throws {
    _ = try RSD.parseAsRoot(number.command + ["\(number.limit.option)=\(value)"])
  }

  /// Both ends of every number, by the program itself, on the smallest work there is: it ends by itself or by Ctrl-C,
  /// and never by a trap.
  @Test(.long, arguments: numbers, [0, 1])
  func theEndsAreTaken(number: Number, end: Int) async throws {
    let folder = try Folder()
    let value = Self.ends(number.limit)[end]
    let arguments = try Self.smallest(number, folder) + ["\(number.limit.option)=\(value)"]
    let process = Command.process(arguments, in: folder)
    let (output, error) = (try folder.stream(), try folder.stream())
    process.standardOutput = .file(output)
    process.standardError = .file(error)
    let status = try await Command.end(of: process) {
      for _ in 0..<100 where process.isRunning { Thread.sleep(forTimeInterval: 0.01) }
      process.interrupt()
    }
    let text = String(decoding: try Data(contentsOf: error), as: UTF8.self)
    #expect([0, 1, 2, 64, 65, 130].contains(status), "\(arguments): \(status) \(text)")
    // Refused together with others at most, as a tree of so many nodes is.
    #expect(!text.contains("\(number.limit.option) \(value) is out of range"), "\(text)")
  }

  /// A command with everything but the option; nothing in it takes long.
  static func smallest(_ number: Number, _ folder: Folder) throws -> [String] {
    let option = number.limit.option
    let pair = ["--target", "\(Certificates.models)/target.json", "--draft", "\(Certificates.models)/draft.json"]
    let rule = ["--rule", option == "--branching" ? "rsd-c" : "rsd-s"]
    let words = number.command
    switch words.joined(separator: " ") {
    case "certify":
      switch option {
      case "--timeout", "--budget", "--workers":
        return words + ["--port", "'\(Command.executable.path)' port", "--rule", "sd", "--quick"]
      case "--draft-length", "--distance", "--completions", "--rate", "--retries":
        return words + ["--server", "http://127.0.0.1:1", "--against", "http://127.0.0.1:2", "--list"]
      case "--evaluated", "--lookup-order":
        return words + [
          "--model", "king-james-target", "--draft", "prompt-lookup", "--text", "a", "--rule", "sd", "--samples", "10",
        ]
      case "--epsilon", "--limit": return words + ["--until-certified", "--rule", "sd"] + pair
      case "--samples": return words + pair + rule
      default: return words + pair + rule + ["--samples", "10"]
      }
    case "verify":
      try folder.write("{}", to: "c.json")
      return words + ["c.json", "--replay"]
    case "prove", "exact": return words + pair + rule
    case "trace": return words + pair + rule
    case "plan": return words + small(option == "--samples" ? ["--df": "1"] : ["--df": "1", "--effect": "1"], option)
    case "calibrate":
      return words + ["--cases", "rsd-s/2x2/contextual/plain"] + small(["--seeds": "1", "--samples": "9999"], option)
    case "witness": return words + ["residual-from-target"] + small(["--seconds": "0.01"], option)
    case "generate":
      if option == "--texts" || option == "--budget" {
        return words + ["--compare", "--tokens", "1"] + small(["--texts": "1"], option)
      }
      if option == "--lookup-order" { return words + ["--draft", "prompt-lookup", "--tokens", "2"] }
      return words + rule + small(["--tokens": "2"], option)
    case "bench round":
      let draft = option == "--lookup-order" ? ["--draft", "prompt-lookup"] : []
      return words + draft + rule + small(["--tokens": "9", "--texts": "1"], option)
    case "bench toy": return words + small(["--seconds": "0.001", "--threads": "1"], option)
    case "bench model":
      return words + ["--model", "king-james-draft"] + small(["--seconds": "0.001", "--threads": "1"], option)
    case "logits": return words + ["--model", "king-james-draft"] + small(["--tokens": "1"], option)
    case "tokenize": return words + ["--model", "king-james-target"]
    default: return words
    }
  }

  /// Options with values, without the one that is asked about.
  private static func small(_ options: [String: String], _ option: String) -> [String] {
    options.filter { $0.key != option }.flatMap { [$0.key, $0.value] }
  }
}
