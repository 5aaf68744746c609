import SpeculativeDecoding

/// Finds added tokens in a text: from left to right, at each place the longest.
struct AddedTokenMatcher: Sendable {
  /// An added token, or the text between two; never empty, but for a token that an earlier one has swallowed.
  struct Part {
    let token: Token?
    let range: Range<Int>
  }

  private let tokens: [TokenizerDescription.AddedToken]
  private let trie: ByteTrie

  init(_ tokens: [TokenizerDescription.AddedToken]) {
    self.tokens = tokens
    var trie = ByteTrie()
    for (index, token) in tokens.enumerated() { trie.insert(token.content, index) }
    self.trie = trie
  }

  var isEmpty: Bool { tokens.isEmpty }

  /// Cuts a text at its added tokens.
  ///
  /// - Parameters:
  ///   - text: valid UTF-8.
  ///   - isPlain: whether a range holds text in which special tokens are not to be found.
  func parts(of text: [UInt8], isPlain: (Range<Int>) -> Bool) -> [Part] {
    if isEmpty { return text.isEmpty ? [] : [Part(token: nil, range: 0..<text.count)] }
    var parts: [Part] = []
    var start = 0
    var position = 0
    while position < text.count {
      var match: (index: Int, end: Int)?
      trie.forEachMatch(in: text, at: position, before: text.count) { match = ($0, $1) }
      guard let match else {
        position += 1
        continue
      }
      let token = tokens[match.index]
      if token.isSpecial, isPlain(position..<match.end) {
        position += 1
        continue
      }
      if token.isSingleWord, touchesWord(position..<match.end, in: text) {
        position = match.end
        continue
      }
      var range = position..<match.end
      if token.stripsLeft { range = max(start, startOfSpace(before: range.lowerBound, in: text))..<range.upperBound }
      if token.stripsRight { range = range.lowerBound..<endOfSpace(after: range.upperBound, in: text) }
      if start < range.lowerBound { parts.append(Part(token: nil, range: start..<range.lowerBound)) }
      parts.append(Part(token: token.token, range: range))
      start = range.upperBound
      position = match.end
    }
    if start < text.count { parts.append(Part(token: nil, range: start..<text.count)) }
    return parts
  }

  private func touchesWord(_ range: Range<Int>, in text: [UInt8]) -> Bool {
    if range.lowerBound > 0, CharacterClass.isWord(UTF8Scalars.scalar(before: range.lowerBound, in: text).value) {
      return true
    }
    return range.upperBound < text.count
      && CharacterClass.isWord(UTF8Scalars.scalar(at: range.upperBound, in: text).value)
  }

  private func startOfSpace(before position: Int, in text: [UInt8]) -> Int {
    var start = position
    while start > 0 {
      let (value, length) = UTF8Scalars.scalar(before: start, in: text)
      if CharacterClass(value) != .space { break }
      start -= length
    }
    return start
  }

  private func endOfSpace(after position: Int, in text: [UInt8]) -> Int {
    var end = position
    while end < text.count {
      let (value, length) = UTF8Scalars.scalar(at: end, in: text)
      if CharacterClass(value) != .space { break }
      end += length
    }
    return end
  }
}
