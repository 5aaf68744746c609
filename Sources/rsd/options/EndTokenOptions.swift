import ArgumentParser
import Checkpoints
import JSONText
import SpeculativeDecoding
import Tokenizers

/// Where a text ends.
struct EndTokenOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A token that ends the text, as its number or its whole text, such as \"<|im_end|>\"; may be repeated. The model's own "
        + "by default.",
      valueName: "token"))
  var endToken: [String] = []

  @Flag(help: "Go on after the model's end tokens.")
  var ignoreEnd = false

  func validate() throws {
    if ignoreEnd, !endToken.isEmpty {
      throw ValidationError("--end-token names where a text ends, and --ignore-end ends nowhere; leave one out")
    }
  }

  /// Whether the model and its template have no say.
  var replacesModels: Bool { ignoreEnd || !endToken.isEmpty }

  /// The end tokens of a model, unless others are asked for.
  ///
  /// - Parameters:
  ///   - configured: what the model's own files say.
  ///   - vocabulary: the tokens that a text may have.
  func tokens(
    configured: [Token], _ tokenizer: (any Tokenizer)?, vocabulary: Int, model: String
  ) throws -> [Token] {
    if ignoreEnd { return [] }
    guard endToken.isEmpty else { return try endToken.flatMap { try tokens($0, tokenizer, vocabulary, model) }.uniqued }
    let named = (tokenizer as? PieceTokenizer)?.endToken.map { [$0] } ?? []
    return (configured + named).uniqued
  }

  private func tokens(
    _ text: String, _ tokenizer: (any Tokenizer)?, _ vocabulary: Int, _ model: String
  ) throws -> [Token] {
    if !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
      guard let token = Token(text), token < vocabulary else {
        throw failure(.badData, "--end-token \(text) is out of range; the vocabulary is 0...\(vocabulary - 1)")
      }
      return [token]
    }
    guard let tokenizer else {
      throw failure(.badData, "--end-token: \(model) has no tokenizer, so that tokens have no text; give a number")
    }
    let bytes = Array(text.utf8)
    // Bytes and pieces may spell the same text; each of these tokens ends it.
    let tokens = (0..<min(vocabulary, tokenizer.vocabularySize)).filter { tokenizer.bytes(of: $0) == bytes }
    if tokens.isEmpty {
      throw failure(
        .badData,
        "--end-token: no token of \(model) is \"\(text.oneLine(limit: 48))\"; give a token's whole text, or its number")
    }
    return tokens
  }
}
