/// Whose form of a pattern: programs match other characters by patterns of the same name.
package enum PatternForm: CaseIterable, Hashable, Sendable {
  /// That of a `tokenizer.json`, as Oniguruma matches it.
  case tokenizers
  /// llama.cpp's: by older tables of Unicode; where cases matter, marks are no letters and letters beyond ASCII have both
  /// cases; white space beyond ASCII is in no range; ſ is no s.
  case llamaCpp

  /// The Unicode version in which later characters are unassigned.
  var unicode: Int {
    switch self {
    case .tokenizers: CharacterClass.patternVersion
    // 15.1, in llama.cpp's own tables.
    case .llamaCpp: 15
    }
  }
}
