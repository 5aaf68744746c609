import SpeculativeDecoding

/// The definition of a tokenizer, from whichever file: a vocabulary, how text is cut, and how pieces become tokens.
///
/// Every reader fills one of these (`tokenizer.json`, `vocab.json` with `merges.txt`, the metadata of a GGUF file), and
/// a ``PieceTokenizer`` is made of it, which checks it.
public struct TokenizerDescription: Hashable, Sendable {
  /// How a piece of text becomes tokens.
  package enum Algorithm: Hashable, Sendable {
    /// Byte-pair encoding: of all neighbours that may be merged the pair of the lowest rank is, the leftmost of equals,
    /// until none may.
    case bytePairs(merges: [Merge])
    /// The tokens whose scores have the greatest sum; a score for each token.
    case unigram(scores: [Double])
  }

  /// Two tokens that may become one.
  package struct Merge: Hashable, Sendable {
    /// The left token.
    package var left: Token
    /// The right token.
    package var right: Token
    /// Their concatenation.
    package var result: Token
    /// Lower is merged earlier.
    package var rank: Int

    /// A merge.
    package init(left: Token, right: Token, result: Token, rank: Int) {
      (self.left, self.right, self.result, self.rank) = (left, right, result, rank)
    }
  }

  /// The meaning of characters in the vocabulary's strings.
  package enum Spelling: Hashable, Sendable {
    /// A character stands for a byte of the text (``ByteAlphabet``).
    case bytes
    /// Characters stand for themselves.
    case characters
  }

  /// A token that is matched in the text before anything else is done to it.
  package struct AddedToken: Hashable, Sendable {
    /// Its number.
    package var token: Token
    /// The text that is matched; UTF-8, not empty.
    package var content: [UInt8]
    /// Whether it steers the model, and is no text.
    package var isSpecial: Bool
    /// Whether it must not touch a letter, mark, digit or connector.
    package var isSingleWord = false
    /// Whether it swallows white space before it.
    package var stripsLeft = false
    /// Whether it swallows white space after it.
    package var stripsRight = false
    /// Whether it is matched in normalised text, after all others.
    package var isNormalized = false

    /// A token that is matched exactly.
    package init(token: Token, content: [UInt8], isSpecial: Bool) {
      (self.token, self.content, self.isSpecial) = (token, content, isSpecial)
    }
  }

  /// A change of the text before it is cut.
  package enum Normalization: Hashable, Sendable {
    /// Puts a string before a text that is not empty.
    case prepend([UInt8])
    /// Puts a string for each occurrence of another.
    case replace([UInt8], with: [UInt8])
    /// Unicode's normalisation form C: characters and their marks are composed where there is a character for it.
    case composed
  }

  /// Where the description came from, for messages.
  public var place: String
  /// How pieces become tokens.
  package var algorithm: Algorithm
  /// The vocabulary, as its source spells it; UTF-8.
  package var tokens: [[UInt8]]
  /// The meaning of characters in the strings of ``tokens``.
  package var spelling: Spelling
  /// The token of what no other has; nil where such text is left out.
  package var unknownToken: Token?
  /// Whether neighbouring unknown characters are one token (byte pairs only).
  package var fusesUnknown = false
  /// Whether a character that is no token is spelled by the tokens <0x00> to <0xFF>.
  package var fallsBackToBytes = false
  /// Whether the names of byte tokens, written in a text, are these tokens, as unigrams of a `tokenizer.json` are.
  package var matchesByteNames = true
  /// Whether scores are added in single precision, as SentencePiece does, which decides between near equals.
  package var addsInSinglePrecision = false
  /// Whether a whole piece that is a token is taken unmerged.
  package var ignoresMerges = false
  /// The added tokens that the model's own vocabulary has not: no piece becomes one of them.
  package var addedOnly: Set<Token> = []
  /// Tokens that are matched before all else.
  package var added: [AddedToken] = []
  /// Tokens that no text becomes, unless as ``added`` ones; their text is not shown.
  package var controlTokens: Set<Token> = []
  /// How the text between added tokens is changed.
  package var normalizations: [Normalization] = []
  /// How the normalised text is cut, step after step.
  package var cuts: [TextCut] = []
  /// Whether ▁ stands for a space in the tokens' text.
  package var marksSpaces = false
  /// Whether the first text loses one leading space when it is decoded.
  package var dropsFirstSpace = false
  /// The tokens before a prompt; nil where the source does not say, and the model's configuration does.
  package var beginTokens: [Token]?
  /// The names of special tokens for templates, such as `bos_token`.
  public var namedTokens: [String: String] = [:]
  /// The source of the template that makes a text of a conversation.
  public var chatTemplate: String?

  /// A vocabulary and an algorithm; all else is as plain as can be.
  package init(place: String, algorithm: Algorithm, tokens: [[UInt8]], spelling: Spelling) {
    (self.place, self.algorithm, self.tokens, self.spelling) = (place, algorithm, tokens, spelling)
  }
}

/// The largest numbers that a tokenizer may have: far beyond any, and small enough to be read in seconds.
enum TokenizerLimits {
  static let tokens = 1 << 22
  static let tokenBytes = 1 << 12
}
