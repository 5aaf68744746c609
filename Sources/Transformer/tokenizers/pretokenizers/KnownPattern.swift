/// A pattern by which a tokenizer's text is cut, by the name of the tokenizer that has it.
///
/// Those of GPT-2, Llama 3 and Qwen 2 have scanners of their own (``PatternScanner``), which are faster. Where llama.cpp
/// matches another set of characters than `tokenizers` does, both forms are here.
public enum KnownPattern: String, CaseIterable, Hashable, Sendable {
  /// Mistral's of 2024: words by their case, single digits.
  case tekken
  /// llama.cpp's form of it: marks are no letters, and letters beyond ASCII have both cases.
  case tekkenOfLlamaCpp
  /// GPT-4o's: words by their case with contractions, numbers of up to three digits.
  case gpt4o
  /// llama.cpp's form of it.
  case gpt4oOfLlamaCpp
  /// Each carriage return and line feed.
  case lineBreak
  /// Words in the alphabets of Europe, with a space before; DeepSeek LLM's.
  case europeanWord
  /// Punctuation with a space before, ASCII's symbols included; DeepSeek LLM's.
  case punctuation
  /// White space at the end of a line.
  case trailingSpace
  /// Han, Hangul and whatever is between Arabic and kana; DeepSeek's first.
  case eastAsian
  /// Words with a space before; DeepSeek Coder's.
  case word
  /// `\p{P}` with a space before; DeepSeek Coder's.
  case anyPunctuation
  /// Numbers.
  case number
  /// Each digit.
  case digit
  /// Numbers of up to three digits.
  case threeDigits
  /// Han and kana; DeepSeek V3's.
  case hanAndKana
  /// Words, punctuation and white space; DeepSeek V3's.
  case deepSeekV3
  /// llama.cpp's form of it, in which ~ is no symbol.
  case deepSeekV3OfLlamaCpp

  /// The pattern with this structure, however it is spelled.
  init?(_ text: String) {
    guard let pattern = Pattern(text), let known = Self.allCases.first(where: { $0.pattern == pattern }) else {
      return nil
    }
    self = known
  }

  /// The regular expression.
  var source: String {
    switch self {
    case .tekken: Self.words(Self.upper, Self.lower, contractions: "", numbers: #"\p{N}"#)
    case .tekkenOfLlamaCpp: Self.words(Self.notLower, Self.notUpper, contractions: "", numbers: #"\p{N}"#)
    case .gpt4o:
      Self.words(Self.upper, Self.lower, contractions: "(?i:'s|'t|'re|'ve|'m|'ll|'d)?", numbers: #"\p{N}{1,3}"#)
    case .gpt4oOfLlamaCpp:
      Self.words(
        Self.notLower, Self.notUpper, contractions: "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])?",
        numbers: #"\p{N}{1,3}"#)
    case .lineBreak: #"[\r\n]"#
    case .europeanWord: #"\s?[\#(Self.europeanLetters)]+"#
    case .punctuation: #"\s?[!-/:-~！-／：-～‘-‟　-。]+"#
    case .trailingSpace: #"\s+$"#
    case .eastAsian: "[一-龥ࠀ-一가-\u{D7FF}]+"
    case .word: #"\s?\p{L}+"#
    case .anyPunctuation: #"\s?\p{P}+"#
    case .number: #"\p{N}+"#
    case .digit: #"\p{N}"#
    case .threeDigits: #"\p{N}{1,3}"#
    case .hanAndKana: "[一-龥\u{3040}-ゟ゠-ヿ]+"
    case .deepSeekV3: Self.deepSeekV3(symbols: #"\p{S}"#)
    case .deepSeekV3OfLlamaCpp: Self.deepSeekV3(symbols: #"[\p{S}&&[^~]]"#)
    }
  }

  /// The regular expression, read.
  var pattern: Pattern { Self.patterns[self] ?? Pattern(steps: [.match]) }

  private static let patterns = Dictionary(
    uniqueKeysWithValues: allCases.compactMap { known in Pattern(known.source).map { (known, $0) } })

  private static let upper = #"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#
  private static let lower = #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#
  private static let notLower = #"[\p{L}&&[^a-z]]"#
  private static let notUpper = #"[\p{L}&&[^A-Z]]"#

  private static func words(_ upper: String, _ lower: String, contractions: String, numbers: String) -> String {
    let first = #"[^\r\n\p{L}\p{N}]?"#
    return "\(first)\(upper)*\(lower)+\(contractions)|\(first)\(upper)+\(lower)*\(contractions)|\(numbers)"
      + #"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  }

  private static func deepSeekV3(symbols: String) -> String {
    ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\##(symbols)]?[\p{L}\p{M}]+"##
      + ##"| ?[\p{P}\##(symbols)]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"##
  }

  /// The letters of DeepSeek LLM's words.
  private static let europeanLetters =
    "A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-ώᾀ-ᾴᾶ-ᾼιῂ-ῄῆ-ῌῐ-ΐῖ-Ίῠ-Ῥῲ-ῴῶ-ῼ"
    + "ℂℇℊ-ℓℕℙ-ℝℤΩℨK-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃"
}
