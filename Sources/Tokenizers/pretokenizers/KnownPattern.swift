import Checkpoints

/// A pattern by which a tokenizer's text is cut, by the name of the tokenizer that has it.
///
/// Those of GPT-2, Llama 3 and Qwen 2 have scanners of their own (``PatternScanner``), which are faster.
enum KnownPattern: String, CaseIterable, Hashable, Sendable {
  /// Llama 3's, as DBRX and Smaug have it too.
  case llama3
  /// Mistral's of 2024: words by their case, single digits.
  case tekken
  /// GPT-4o's: words by their case with contractions, numbers of up to three digits.
  case gpt4o
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

  /// The pattern with this structure in a `tokenizer.json`, however it is spelled.
  init?(_ text: String) {
    guard let pattern = Pattern(text, unicode: PatternForm.tokenizers.unicode),
      let known = Self.allCases.first(where: { Self.patterns[.tokenizers]?[$0] == pattern })
    else { return nil }
    self = known
  }

  /// The regular expression in a form.
  func source(_ form: PatternForm) -> String {
    let isOwn = form == .llamaCpp
    let (upper, lower) = isOwn ? (Self.notLower, Self.notUpper) : (Self.upper, Self.lower)
    let contractions =
      isOwn ? "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])" : "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
    let noSpace = isOwn ? #"&&[^\s]"# : ""
    return switch self {
    case .llama3:
      "\(contractions)|"
        + #"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    case .tekken: Self.words(upper, lower, contractions: "", numbers: #"\p{N}"#)
    case .gpt4o: Self.words(upper, lower, contractions: contractions + "?", numbers: #"\p{N}{1,3}"#)
    case .lineBreak: #"[\r\n]"#
    case .europeanWord: #"\s?[\#(Self.europeanLetters)]+"#
    case .punctuation: #"\s?[!-/:-~！-／：-～‘-‟\#u{3000}-。\#(noSpace)]+"#
    case .trailingSpace: #"\s+$"#
    case .eastAsian: "[一-龥ࠀ-一가-\u{D7FF}\(noSpace)]+"
    case .word: #"\s?\p{L}+"#
    case .anyPunctuation: #"\s?\p{P}+"#
    case .number: #"\p{N}+"#
    case .digit: #"\p{N}"#
    case .threeDigits: #"\p{N}{1,3}"#
    case .hanAndKana: "[一-龥\u{3040}-ゟ゠-ヿ]+"
    case .deepSeekV3:
      ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"##
        + ##"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"##
    }
  }

  /// The regular expression in a form, read.
  ///
  /// - Throws: ``CheckpointError/configuration(file:reason:)`` where it cannot be read, which would be a fault of the table.
  func pattern(_ form: PatternForm, for file: String) throws(CheckpointError) -> Pattern {
    if let pattern = Self.patterns[form]?[self] { return pattern }
    throw .configuration(
      file: file, reason: "needs the pattern \"\(rawValue)\", which this program cannot read; please report it")
  }

  private static let patterns = Dictionary(
    uniqueKeysWithValues: PatternForm.allCases.map { form in
      (
        form,
        Dictionary(
          uniqueKeysWithValues: allCases.compactMap { known in
            Pattern(known.source(form), unicode: form.unicode).map { (known, $0) }
          })
      )
    })

  private static let upper = #"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#
  private static let lower = #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#
  private static let notLower = #"[\p{L}&&[^a-z]]"#
  private static let notUpper = #"[\p{L}&&[^A-Z]]"#

  private static func words(_ upper: String, _ lower: String, contractions: String, numbers: String) -> String {
    let first = #"[^\r\n\p{L}\p{N}]?"#
    return "\(first)\(upper)*\(lower)+\(contractions)|\(first)\(upper)+\(lower)*\(contractions)|\(numbers)"
      + #"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  }

  /// The letters of DeepSeek LLM's words.
  private static let europeanLetters =
    "A-Za-z\u{B5}\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{1BA}\u{1BC}-\u{1BF}\u{1C4}-\u{293}\u{295}-\u{2AF}"
    + "\u{370}-\u{373}\u{376}\u{377}\u{37B}-\u{37D}\u{37F}\u{386}\u{388}-\u{38A}\u{38C}\u{38E}-\u{3A1}"
    + "\u{3A3}-\u{3F5}\u{3F7}-\u{481}\u{48A}-\u{52F}\u{531}-\u{556}\u{10A0}-\u{10C5}\u{13A0}-\u{13F5}"
    + "\u{13F8}-\u{13FD}\u{1C90}-\u{1CBA}\u{1CBD}-\u{1CBF}\u{1D00}-\u{1D2B}\u{1D6B}-\u{1D77}\u{1D79}-\u{1D9A}"
    + "\u{1E00}-\u{1F15}\u{1F18}-\u{1F1D}\u{1F20}-\u{1F45}\u{1F48}-\u{1F4D}\u{1F50}-\u{1F57}\u{1F59}\u{1F5B}"
    + "\u{1F5D}\u{1F5F}-\u{1F7D}\u{1F80}-\u{1FB4}\u{1FB6}-\u{1FBC}\u{1FBE}\u{1FC2}-\u{1FC4}\u{1FC6}-\u{1FCC}"
    + "\u{1FD0}-\u{1FD3}\u{1FD6}-\u{1FDB}\u{1FE0}-\u{1FEC}\u{1FF2}-\u{1FF4}\u{1FF6}-\u{1FFC}\u{2102}\u{2107}"
    + "\u{210A}-\u{2113}\u{2115}\u{2119}-\u{211D}\u{2124}\u{2126}\u{2128}\u{212A}-\u{212D}\u{212F}-\u{2134}\u{2139}"
    + "\u{213C}-\u{213F}\u{2145}-\u{2149}\u{214E}\u{2183}\u{2184}\u{2C00}-\u{2C7B}\u{2C7E}-\u{2CE4}"
    + "\u{2CEB}-\u{2CEE}\u{2CF2}\u{2CF3}\u{A640}-\u{A66D}\u{A680}-\u{A69B}\u{A722}-\u{A76F}\u{A771}-\u{A787}"
    + "\u{A78B}-\u{A78E}\u{AB70}-\u{ABBF}\u{FB00}-\u{FB06}\u{FB13}-\u{FB17}\u{FF21}-\u{FF3A}\u{FF41}-\u{FF5A}"
    + "\u{10400}-\u{1044F}\u{104B0}-\u{104D3}\u{104D8}-\u{104FB}\u{10C80}-\u{10CB2}\u{10CC0}-\u{10CF2}"
    + "\u{118A0}-\u{118DF}\u{1E900}-\u{1E943}"
}
