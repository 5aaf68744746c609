/// The transformers that are a part of the program, so that it works right after the build and wherever it is moved.
///
/// A byte-level pair of Llamas, trained on the King James Version; `Fixtures/README.md` states how.
public enum EmbeddedModel: String, CaseIterable, Sendable {
  /// The pair's target.
  case kingJamesTarget = "king-james-target"
  /// The pair's draft.
  case kingJamesDraft = "king-james-draft"

  /// The model's name, by which `--model` and `--draft` know it.
  public var name: String { rawValue }
}
