import ArgumentParser
import Checkpoints
import EmbeddedModels
import Foundation
import JSONText
import SpeculativeDecoding
import Tokenizers

/// Where a tokenizer comes from, if not from the model.
struct TokenizerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A tokenizer instead of the model's: a tokenizer.json, a folder, or a GGUF file.", valueName: "file"))
  var tokenizer: String?

  /// The tokenizer that was given, or that of a model; `nil` where its texts cannot be read.
  ///
  /// - Parameters:
  ///   - model: an embedded model, a folder, or a GGUF file.
  ///   - vocabulary: the model's tokens, where they are known.
  func tokenizer(of model: String, vocabulary: Int?) throws -> (any Tokenizer)? {
    if tokenizer == nil, EmbeddedModel(rawValue: model) != nil { return ByteTokenizer() }
    let place = tokenizer ?? model
    do {
      if let description = try TokenizerDescription.open(place) {
        let tokenizer = try PieceTokenizer(description)
        if let vocabulary, tokenizer.vocabularySize > vocabulary {
          throw failure(
            .badData,
            "\(description.place): has \(tokenizer.vocabularySize) tokens, and \(model) \(vocabulary); it is another model's"
          )
        }
        return tokenizer
      }
      // A folder without one is a model's; it may be byte-level, and its configuration knows.
      let tokens = try vocabulary ?? Self.configuration(of: place).vocabularySize
      return tokens == ByteTokenizer().vocabularySize ? ByteTokenizer() : nil
    } catch let error as CheckpointError {
      throw failure(.badData, error)
    }
  }

  private static func configuration(of model: String) throws -> ModelConfiguration {
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: model, isDirectory: &isFolder)
    return isFolder.boolValue ? try ModelConfiguration(folder: model) : try Checkpoint.open(model).configuration
  }

  /// Refuses a draft whose tokens are not the target's: its proposals would be other words.
  ///
  /// - Returns: whether both are known to have the same; false for a draft without a tokenizer of its own.
  func requireSame(_ target: PieceTokenizer, _ targetName: String, draft draftName: String) throws -> Bool {
    if tokenizer != nil { return true }
    guard EmbeddedModel(rawValue: draftName) == nil, FileManager.default.fileExists(atPath: draftName) else {
      return false
    }
    do {
      guard let description = try TokenizerDescription.open(draftName) else { return false }
      let draft = try PieceTokenizer(description)
      guard let token = target.firstDifference(from: draft) else { return true }
      throw failure(
        .badData,
        "\(targetName) and \(draftName): token \(token) is \(Self.name(token, target)) in one and "
          + "\(Self.name(token, draft)) in the other; draft and target need the same tokenizer")
    } catch let error as CheckpointError {
      throw failure(.badData, error)
    }
  }

  private static func name(_ token: Token, _ tokenizer: PieceTokenizer) -> String {
    guard token < tokenizer.vocabularySize else { return "none" }
    return "\"\(String(decoding: tokenizer.bytes(of: token), as: UTF8.self).oneLine(limit: 48))\""
  }
}
