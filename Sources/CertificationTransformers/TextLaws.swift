import Probability
import RealModule
import SpeculativeDecoding
import Transformer

/// The laws of two models after every text that a decoding can come to, each evaluated once, as a plain sequence.
///
/// The texts of a decoding of `length` tokens are those that the target can write, and behind each what the draft can
/// propose in a round. Under a top-k they are few, whatever the vocabulary; so are the tokens that occur in their laws,
/// and laws are kept over those alone, renumbered in their order.
struct TextLaws: Sendable {
  /// A text; links are indices of texts, -1 for none.
  struct Text: Sendable {
    /// Its last token, renumbered.
    var token: Int32
    /// Texts of one token more: the first, from which ``nextSibling`` leads on.
    var firstChild: Int32 = -1
    var nextSibling: Int32 = -1
    /// The target's law after it, over ``TextLaws/tokens``.
    var target = SparseLaw<Float>(tokens: [], values: [])
    /// The draft's; empty where it proposes nothing there.
    var draft = SparseLaw<Float>(tokens: [], values: [])
  }

  /// Which model's laws.
  enum Role: Sendable { case target, draft }

  /// The tokens that have a probability somewhere, ascending: token i of the renumbered vocabulary is `tokens[i]`.
  private(set) var tokens: [Token] = []
  /// The prompt first.
  private(set) var texts: [Text] = [Text(token: -1)]

  /// The most texts: each is a forward pass of the target, and one of the draft unless it is a leaf.
  static let maximumTexts = 100_000

  /// The texts at most where every law has `support` tokens: those that the target writes, times those that are proposed.
  static func mostTexts(draftLength: Int, length: Int, support: Int) -> Int {
    func count(_ levels: Int) -> Double { (0..<levels).reduce(0) { $0 + Double.pow(Double(support), $1) } }
    return Int(min(Double(maximumTexts), support == 0 ? .infinity : count(length) * count(draftLength + 1)))
  }

  /// Evaluates both models after every text.
  ///
  /// - Parameters:
  ///   - draftLength: levels of a round's tree.
  ///   - length: tokens that are decoded; a round begins behind fewer.
  ///   - progress: told how many texts were evaluated; `false` ends the evaluation.
  /// - Throws: what a model says, ``SpeculativeDecodingError/interrupted``, and ``SpeculativeDecodingError/model(_:)``
  ///   beyond ``maximumTexts``.
  /// - Complexity: a forward pass of one token for each text.
  init(
    target: TransformerModel, draft: DraftModel, after prompt: [Token], profile: SamplingProfile, draftLength: Int,
    length: Int, progress: (_ texts: Int) -> Bool = { _ in true }
  ) throws(SpeculativeDecodingError) {
    /// A text to evaluate: how many tokens of it the target can have written, -1 where it cannot have, and for how many
    /// more levels the draft proposes behind it.
    struct Pending {
      var text: Int
      var path: [Token]
      var isWritten: Bool
      var levels: Int
    }
    let (target, draft) = (ProfiledModel(target, profile: profile), ProfiledModel(draft, profile: profile))
    var (targetContext, draftContext) = (target.makeContext(), draft.makeContext())
    var row = LawTable<Float>(vocabularySize: target.vocabularySize)
    row.reserve(rows: 1)
    // A stack: neighbours share all but their last tokens, which the contexts reuse.
    var pending = [Pending(text: 0, path: [], isWritten: true, levels: draftLength)]
    while let next = pending.popLast() {
      guard texts.count <= Self.maximumTexts else {
        throw .model(
          "the rounds come to more than \(Self.maximumTexts) texts; set --top-k 3 or less, or make the tree shallower")
      }
      let text = prompt + next.path
      let root = TokenTree(root: text.last ?? -1)
      try target.begin(text, in: &targetContext)
      try target.evaluate(0..<1, of: root, in: &targetContext, into: &row)
      texts[next.text].target = SparseLaw(row, row: 0)
      if next.levels > 0 {
        try draft.begin(text, in: &draftContext)
        try draft.evaluate(0..<1, of: root, in: &draftContext, into: &row)
        texts[next.text].draft = SparseLaw(row, row: 0)
      }
      let written = next.isWritten && next.path.count + 1 < length ? texts[next.text].target.tokens : []
      let proposed = next.levels > 0 ? texts[next.text].draft.tokens : []
      for token in Set(written).union(proposed).sorted(by: >) {
        let isWritten = written.contains(token)
        let levels = isWritten ? draftLength : next.levels - 1
        pending.append(
          Pending(
            text: append(token, to: next.text), path: next.path + [Int(token)], isWritten: isWritten, levels: levels))
      }
      guard progress(texts.count - pending.count) else { throw .interrupted }
    }
    renumber()
  }

  private mutating func append(_ token: Int32, to text: Int) -> Int {
    texts.append(Text(token: token, nextSibling: texts[text].firstChild))
    texts[text].firstChild = Int32(texts.count - 1)
    return texts.count - 1
  }

  private mutating func renumber() {
    var all: Set<Int32> = []
    for text in texts { all.formUnion(text.target.tokens + text.draft.tokens) }
    let sorted = all.sorted()
    tokens = sorted.map(Int.init)
    let numbers = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($0.element, Int32($0.offset)) })
    func renumbered(_ token: Int32) -> Int32 { numbers[token] ?? -1 }
    for index in texts.indices {
      texts[index].token = renumbered(texts[index].token)
      texts[index].target.tokens = texts[index].target.tokens.map(renumbered)
      texts[index].draft.tokens = texts[index].draft.tokens.map(renumbered)
    }
  }

  /// The number of a token in the renumbered vocabulary; `nil` where it has a probability nowhere.
  ///
  /// - Complexity: O(log tokens).
  func number(of token: Token) -> Int32? {
    var (low, high) = (0, tokens.count)
    while low < high {
      let middle = (low + high) / 2
      if tokens[middle] < token { low = middle + 1 } else { high = middle }
    }
    return low < tokens.count && tokens[low] == token ? Int32(low) : nil
  }

  /// The text of one token more; -1 where none was evaluated.
  func text(_ text: Int32, extendedBy token: Int32) -> Int32 {
    guard text >= 0 else { return -1 }
    var child = texts[Int(text)].firstChild
    while child >= 0, texts[Int(child)].token != token { child = texts[Int(child)].nextSibling }
    return child
  }

  /// A model's law after a text, over the renumbered tokens.
  func law(of role: Role, after text: Int32) -> SparseLaw<Float> {
    role == .target ? texts[Int(text)].target : texts[Int(text)].draft
  }
}
