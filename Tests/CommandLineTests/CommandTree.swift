import ArgumentParser
import Foundation
import Testing

@testable import rsd

/// The commands and options that the program says it has: whoever adds one is in every test that asks for all.
struct CommandTree: Decodable {
  struct Option: Decodable {
    struct Name: Decodable { let kind, name: String }

    let kind: String
    let names: [Name]?
    let abstract: String?

    /// "--depth"; "" for an argument without a name.
    var name: String { names?.first { $0.kind == "long" }.map { "--\($0.name)" } ?? "" }

    /// Whether it takes a value.
    var takesValue: Bool { kind == "option" }
  }

  let commandName: String
  let subcommands: [CommandTree]?
  let arguments: [Option]?

  /// A command that does something, by its words after `rsd`.
  struct Leaf: Sendable, CustomTestStringConvertible {
    let words: [String]
    let options: [(name: String, help: String)]

    var testDescription: String { words.joined(separator: " ") }
  }

  /// The commands that do something, such as "bench toy"; the help's own is left out.
  static let leaves: [Leaf] = {
    struct Root: Decodable { let command: CommandTree }
    guard let root = try? JSONDecoder().decode(Root.self, from: Data(RSD._dumpHelp().utf8)) else { return [] }
    return root.command.leaves(after: [])
  }()

  private func leaves(after words: [String]) -> [Leaf] {
    let below = (subcommands ?? []).filter { $0.commandName != "help" }
    if below.isEmpty {
      let options = (arguments ?? []).filter(\.takesValue).map { ($0.name, $0.abstract ?? "") }
      return [Leaf(words: words, options: options)]
    }
    return below.flatMap { $0.leaves(after: words + [$0.commandName]) }
  }
}
