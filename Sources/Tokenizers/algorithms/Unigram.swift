import SpeculativeDecoding

/// The segmentation of a text into tokens whose scores have the greatest sum.
///
/// A character that no token covers alone may be unknown, at ten below the lowest score.
/// - Source: Kudo, *Subword regularization* (2018), section 3.2; Viterbi's algorithm.
struct Unigram: Sendable {
  private let trie: ByteTrie
  private let scores: [Double]
  private let unknownScore: Double
  private let isSingle: Bool

  /// - Parameters:
  ///   - tokens: those that text may become; empty ones become nothing.
  ///   - scores: finite, one a token.
  ///   - isSingle: whether they are added in single precision.
  init(_ tokens: [(token: Token, text: [UInt8])], scores: [Double], inSinglePrecision isSingle: Bool) {
    var trie = ByteTrie()
    for (token, text) in tokens { trie.insert(text, token) }
    self.trie = trie
    self.scores = scores
    let lowest = (scores.min() ?? 0) - 10
    unknownScore = isSingle ? Double(Float(lowest)) : lowest
    self.isSingle = isSingle
  }

  /// Two singles are added exactly in double precision, so that one rounding follows.
  @inline(__always)
  private func sum(_ left: Double, _ right: Double) -> Double { isSingle ? Double(Float(left + right)) : left + right }

  /// The best segmentation, in order; nil as the token of a run of unknown characters.
  ///
  /// Of equal sums the path found first is taken: that whose last token is longer.
  /// - Complexity: O(n · m) in the bytes of the text and the length of the longest token.
  func segments(of text: [UInt8], _ range: Range<Int>) -> [(token: Token?, range: Range<Int>)] {
    var best = [(score: Double, start: Int32, token: Int32)](repeating: (0, -1, -1), count: range.count + 1)
    var position = range.lowerBound
    while position < range.upperBound {
      let length = UTF8Scalars.scalar(at: position, in: text).length
      let start = position - range.lowerBound
      let before = best[start].score
      var isKnown = false
      trie.forEachMatch(in: text, at: position, before: range.upperBound) { token, end in
        let index = end - range.lowerBound
        let score = sum(scores[token], before)
        if best[index].start < 0 || score > best[index].score { best[index] = (score, Int32(start), Int32(token)) }
        if end - position == length { isKnown = true }
      }
      let next = start + length
      if !isKnown {
        let score = sum(unknownScore, before)
        if best[next].start < 0 || score > best[next].score { best[next] = (score, Int32(start), -1) }
      }
      position += length
    }
    var segments: [(token: Token?, range: Range<Int>)] = []
    var end = range.count
    while end > 0 {
      let node = best[end]
      let piece = range.lowerBound + Int(node.start)..<range.lowerBound + end
      if node.token < 0, let last = segments.last, last.token == nil {
        segments[segments.count - 1].range = piece.lowerBound..<last.range.upperBound
      } else {
        segments.append((node.token < 0 ? nil : Int(node.token), piece))
      }
      end = Int(node.start)
    }
    return segments.reversed()
  }
}
