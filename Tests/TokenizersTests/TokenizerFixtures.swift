import Foundation
import ModelSupport

@testable import Tokenizers

/// The tokenizers of `Fixtures/tokenizers`, and what Hugging Face's `tokenizers` makes of the strings there.
enum TokenizerFixtures {
  static let folder = CheckpointFolder.fixtures.deletingLastPathComponent().appending(path: "tokenizers")

  /// The strings, in the order of the goldens.
  static let strings: [String] = (try? JSONDecoder().decode([String].self, from: data("strings.json"))) ?? []

  static func data(_ name: String) throws -> Data { try Data(contentsOf: folder.appending(path: name)) }

  static func path(_ name: String) -> String { folder.appending(path: name).path }

  /// The tokenizer of a file or folder.
  static func tokenizer(_ name: String) throws -> PieceTokenizer { try tokenizer(at: path(name)) }

  static func tokenizer(at path: String) throws -> PieceTokenizer {
    guard let description = try TokenizerDescription.open(path) else { throw CocoaError(.fileNoSuchFile) }
    return try PieceTokenizer(description)
  }

  /// A golden a string: the hash of its tokens, and for some the tokens.
  struct Golden {
    let hash: UInt32
    let tokens: [Int]?
  }

  static func goldens(_ name: String) throws -> [Golden] {
    String(decoding: try data("\(name).txt"), as: UTF8.self).split(separator: "\n").enumerated().map { index, line in
      let words = line.split(separator: " ")
      let tokens = words.count > 1 ? words.dropFirst().compactMap { Int($0) } : nil
      return Golden(hash: UInt32(words[0], radix: 16) ?? 0, tokens: tokens)
    }
  }

  /// FNV-1a over the tokens' little-endian bytes.
  static func hash(_ tokens: [Int]) -> UInt32 {
    var value: UInt32 = 0x811C_9DC5
    for token in tokens {
      for shift in stride(from: 0, to: 32, by: 8) { value = (value ^ UInt32(token >> shift & 0xFF)) &* 0x0100_0193 }
    }
    return value
  }

  /// The strings whose tokens are not the goldens', at most so many.
  static func differences(
    _ tokenizer: PieceTokenizer, _ name: String, allowSpecial: Bool = true, limit: Int = 5
  ) throws -> [String] {
    var differences: [String] = []
    for (text, golden) in zip(strings, try goldens(name)) {
      let tokens = tokenizer.encode(text, allowSpecial: allowSpecial)
      guard hash(tokens) != golden.hash || golden.tokens.map({ $0 != tokens }) ?? false else { continue }
      let pieces = tokens.map { String(decoding: tokenizer.bytes(of: $0), as: UTF8.self).debugDescription }
      differences.append(
        "\(text.debugDescription): \(tokens) \(pieces.joined(separator: " ")), not \(golden.tokens ?? [])")
      if differences.count == limit { break }
    }
    return differences
  }
}
