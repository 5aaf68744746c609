/// The n-grams of a text with their counts; grows and shrinks at the text's end.
///
/// A tree whose node at depth k is an n-gram of k tokens, with the number of its occurrences. The continuations of a
/// context are its node's children. What ends at each position is remembered, so that the contexts of the text's end are
/// read off, and the last token can be taken back exactly: after `append` and `removeLast` the index is what it was.
struct NGramIndex: Sendable {
  /// An n-gram; links are node indices, -1 for none.
  struct Gram: Sendable, BitwiseCopyable {
    /// Its last token.
    var token: Int32
    /// The n-gram without its last token.
    var context: Int32
    /// Occurrences.
    var count: Int32 = 1
    /// Occurrences that another token follows: the sum of the children's counts.
    var followed: Int32 = 0
    /// Different tokens that follow: the number of children.
    var followers: Int32 = 0
    /// The child that is newest.
    var newestChild: Int32 = -1
    /// The child of the same context that is next older.
    var olderSibling: Int32 = -1
  }

  /// The longest context whose continuations are counted.
  let order: Int
  /// The text.
  private(set) var tokens: [Int32] = []
  /// The empty n-gram first.
  private(set) var grams = [Gram(token: -1, context: -1)]
  private var children: [UInt64: Int32] = [:]
  /// The n-grams of 1, 2, … order + 1 tokens that end at each position; -1 where the text is shorter: [position][order + 1].
  private var ends: [Int32] = []

  /// An empty text.
  init(order: Int) { self.order = order }

  /// The text's last `length` tokens as an n-gram; -1 where the text is shorter.
  func suffix(length: Int) -> Int32 {
    if length == 0 { return 0 }
    return ends.isEmpty ? -1 : ends[ends.count - (order + 1) + length - 1]
  }

  /// Adds a token at the text's end.
  ///
  /// - Complexity: O(order) expected.
  mutating func append(_ token: Int32) {
    let last = ends.count - (order + 1)
    for length in 0...order {
      // The context of the (length + 1)-gram that ends here is the n-gram of that length which ended before.
      let context: Int32 = length == 0 ? 0 : (last < 0 ? -1 : ends[last + length - 1])
      ends.append(context < 0 ? -1 : count(token, after: context))
    }
    tokens.append(token)
  }

  private mutating func count(_ token: Int32, after context: Int32) -> Int32 {
    grams[Int(context)].followed += 1
    let key = Self.key(token, after: context)
    if let known = children[key] {
      grams[Int(known)].count += 1
      return known
    }
    let new = Int32(grams.count)
    var gram = Gram(token: token, context: context)
    gram.olderSibling = grams[Int(context)].newestChild
    grams.append(gram)
    grams[Int(context)].newestChild = new
    grams[Int(context)].followers += 1
    children[key] = new
    return new
  }

  /// Takes the last token back.
  ///
  /// - Complexity: O(order) expected.
  mutating func removeLast() {
    tokens.removeLast()
    for _ in 0...order {
      let index = ends.removeLast()
      if index < 0 { continue }
      let gram = grams[Int(index)]
      grams[Int(gram.context)].followed -= 1
      if gram.count > 1 {
        grams[Int(index)].count -= 1
        continue
      }
      // What came last is its context's newest child, and the last of all.
      grams[Int(gram.context)].newestChild = gram.olderSibling
      grams[Int(gram.context)].followers -= 1
      children[Self.key(gram.token, after: gram.context)] = nil
      grams.removeLast()
    }
  }

  /// Makes this the index of another text; what both begin with is kept.
  mutating func replace(with text: [Token]) {
    var shared = 0
    while shared < min(tokens.count, text.count), Int(tokens[shared]) == text[shared] { shared += 1 }
    while tokens.count > shared { removeLast() }
    for token in text[shared...] { append(Int32(token)) }
  }

  private static func key(_ token: Int32, after context: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: context)) << 32 | UInt64(UInt32(bitPattern: token))
  }
}
