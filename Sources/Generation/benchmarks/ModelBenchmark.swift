import Probability
import SpeculativeDecoding
import Transformer

/// How long forward passes of a transformer take, on a cache of 128 tokens.
package struct ModelBenchmark: Sendable {
  /// The kind of a pass.
  package enum Kind: String, Hashable, Sendable, Codable {
    /// Greedy decoding, one new token after the other.
    case decoding
    /// One pass over a tree of so many new tokens, with the law of each.
    case verification
    /// One pass over a prompt, without laws.
    case prompt
  }

  /// The median of a pass.
  package struct Figure: Hashable, Sendable {
    /// The kind of the pass.
    package let kind: Kind
    /// Tokens that it evaluates.
    package let newTokens: Int
    /// Seconds a pass, the median of ``passes``.
    package let seconds: Double
    /// Passes that were timed, after one that was not.
    package let passes: Int

    /// Tokens evaluated a second.
    package var tokensPerSecond: Double { Double(newTokens) / seconds }
  }

  /// The model.
  package let model: TransformerModel

  /// Bytes of the packed weights that a pass reads.
  package func weightBytes(_ kind: Kind) -> Int { matrices(kind).reduce(0) { $0 + $1.byteCount } }

  /// Multiply-adds of a token, those of attention left out.
  package func multiplyAddsAToken(_ kind: Kind) -> Int {
    matrices(kind).reduce(0) { $0 + $1.outputCount * $1.inputCount }
  }

  /// A prompt's pass gives no laws, and the head is the last matrix.
  private func matrices(_ kind: Kind) -> ArraySlice<PackedMatrix> {
    model.matrices.dropLast(kind == .prompt ? 1 : 0)
  }

  /// Tokens in the cache before a pass, and of a prompt.
  package static let cached = 128
  /// New tokens of a verification.
  package static let verified = [1, 2, 4, 8, 12, 16, 24, 32]

  /// A benchmark of a model.
  package init(_ model: TransformerModel) { self.model = model }

  /// Times greedy decoding, verification of each number of new tokens, and a prompt.
  ///
  /// - Parameters:
  ///   - seconds: how long each figure takes, at least three passes.
  ///   - show: is given each figure when it is there.
  /// - Throws: what the model says of its evaluation, such as a context of fewer than 160 tokens.
  package func run(
    seconds: Double, _ show: (Figure) -> Void
  ) throws(SpeculativeDecodingError) {
    show(try decoding(seconds: seconds))
    for count in Self.verified { show(try verification(count, seconds: seconds)) }
    show(try prompt(seconds: seconds))
  }

  /// Tokens that any vocabulary has, and that differ.
  private var text: [Token] { (0..<Self.cached).map { ($0 * 7 + 3) % model.vocabularySize } }

  private func decoding(seconds: Double) throws(SpeculativeDecodingError) -> Figure {
    var context = model.makeContext()
    var laws = LawTable<Float>(vocabularySize: model.vocabularySize)
    let path = ReusableArray<Int>(filler: 0)
    return try median(.decoding, 1, seconds: seconds) { () throws(SpeculativeDecodingError) in
      // The cache is kept near its length: what a pass reads of it grows else.
      if context.tokens.isEmpty || context.tokens.count >= Self.cached + 32 {
        try model.begin(text + [1], in: &context)
      }
    } pass: { () throws(SpeculativeDecodingError) in
      let tree = TokenTree(root: context.tokens.last ?? 0)
      try model.evaluate(0..<1, of: tree, in: &context, into: &laws)
      let row = laws.row(0)
      var best = row.lowerBound
      for index in row where laws.values[index] > laws.values[best] { best = index }
      try model.keep(path, of: tree, then: best - row.lowerBound, in: &context)
    }
  }

  private func verification(_ count: Int, seconds: Double) throws(SpeculativeDecodingError) -> Figure {
    var context = model.makeContext()
    try model.begin(text + [1], in: &context)
    var tree = TokenTree(root: 1)
    // A tree with two children a node: its depth is the logarithm of its size.
    for node in 1..<count { tree.append((11 * node + 5) % model.vocabularySize, to: (node - 1) / 2) }
    var laws = LawTable<Float>(vocabularySize: model.vocabularySize)
    return try median(.verification, count, seconds: seconds) { () throws(SpeculativeDecodingError) in
    } pass: { () throws(SpeculativeDecodingError) in
      try model.evaluate(0..<count, of: tree, in: &context, into: &laws)
    }
  }

  private func prompt(seconds: Double) throws(SpeculativeDecodingError) -> Figure {
    var context = model.makeContext()
    return try median(.prompt, Self.cached, seconds: seconds) { () throws(SpeculativeDecodingError) in
      context = model.makeContext()
    } pass: { () throws(SpeculativeDecodingError) in
      try model.begin(text + [1], in: &context)
    }
  }

  private func median(
    _ kind: Kind, _ newTokens: Int, seconds: Double, prepare: () throws(SpeculativeDecodingError) -> Void,
    pass: () throws(SpeculativeDecodingError) -> Void
  ) throws(SpeculativeDecodingError) -> Figure {
    let clock = ContinuousClock()
    var times: [Double] = []
    var total = 0.0
    try prepare()
    try pass()
    while times.count < 3 || total < seconds {
      try prepare()
      let start = clock.now
      try pass()
      times.append(start.duration(to: clock.now) / .seconds(1))
      total += times[times.count - 1]
    }
    times.sort()
    return Figure(kind: kind, newTokens: newTokens, seconds: times[times.count / 2], passes: times.count)
  }
}
