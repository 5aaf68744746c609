import Checkpoints
import EmbeddedModels
import SpeculativeDecoding
import Tokenizers

/// The tokens of a target and its draft, which are a tokenizer's where it is known: tables may be padded, each otherwise.
struct PairVocabulary {
  /// The target's tokenizer; `nil` where its texts cannot be read.
  let tokenizer: (any Tokenizer)?
  /// How many tokens a text may have, of which both tables have the rows; `nil` where the tables alone say it.
  let size: Int?

  /// - Parameters:
  ///   - target: its name and checkpoint.
  ///   - draft: the same of a draft that is a transformer.
  init(
    of target: (name: String, checkpoint: Checkpoint), draft: (name: String, checkpoint: Checkpoint)?,
    _ options: TokenizerOptions
  ) throws {
    let rows = target.checkpoint.configuration.vocabularySize
    tokenizer = try options.tokenizer(of: target.name, vocabulary: rows)
    guard let pieces = tokenizer as? PieceTokenizer else {
      size = nil
      return
    }
    guard let draft else {
      size = pieces.vocabularySize
      return
    }
    let isSame = try options.requireSame(pieces, target.name, draft: draft.name)
    let draftRows = draft.checkpoint.configuration.vocabularySize
    if draftRows < pieces.vocabularySize {
      throw failure(
        .badData,
        "\(draft.name): has \(draftRows) tokens, and the tokenizer of \(target.name) \(pieces.vocabularySize); draft and target "
          + "need the same vocabulary")
    }
    // Of a draft without a tokenizer nothing is known but its rows.
    size = isSame || draftRows == rows ? pieces.vocabularySize : nil
  }

  /// A model over these tokens alone.
  func limited(_ checkpoint: Checkpoint) -> Checkpoint {
    size.map { checkpoint.limited(toVocabulary: $0) } ?? checkpoint
  }
}
