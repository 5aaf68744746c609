import Generation
import SpeculativeDecoding
import Statistics

/// The trials of a method on several texts; text i of one method and text i of another have the prompt in common.
package struct MethodTrials: Sendable {
  /// One text: its tokens, the seconds that decoding it took, and what its rounds did, of which the last may have been
  /// cut.
  struct Text: Sendable {
    var tokens: Int
    var seconds: Double
    var diagnostics: Diagnostics
  }

  /// Tree and rule.
  package let method: DecodingMethod
  private(set) var texts: [Text] = []

  /// No text yet.
  package init(_ method: DecodingMethod) { self.method = method }

  /// Decodes another text and adds what it did; the prompt's evaluation is not timed.
  ///
  /// - Returns: whether the text came to its end; a text that was interrupted, also by the models' own
  ///   ``TransformerModel/isInterrupted``, is not added.
  /// - Throws: what ``Generation`` throws.
  package mutating func decode(
    with pair: TransformerPair, from prompt: [Token], tokens: Int, seed: UInt64, text: UInt64,
    isInterrupted: () -> Bool
  ) throws(SpeculativeDecodingError) -> Bool {
    if isInterrupted() { return false }
    do {
      var generation = try Generation(of: pair, by: method, from: prompt, maximum: tokens, seed: seed, text: text)
      let clock = ContinuousClock()
      let start = clock.now
      while generation.end == nil {
        if isInterrupted() { return false }
        _ = try generation.next()
      }
      let seconds = start.duration(to: clock.now) / .seconds(1)
      texts.append(Text(tokens: generation.tokens.count, seconds: seconds, diagnostics: generation.diagnostics))
      return true
    } catch {
      if case .interrupted = error { return false }
      throw error
    }
  }

  /// Texts so far.
  package var textCount: Int { texts.count }

  /// The diagnostics of the rounds of all texts.
  package var diagnostics: Diagnostics { texts.reduce(into: Diagnostics()) { $0.merge($1.diagnostics) } }

  /// Tokens a round, over the texts; `nil` without rounds.
  package var blockEfficiency: RatioEstimate? {
    RatioEstimate(
      texts.map { Double($0.diagnostics.tokens) }, over: texts.map { Double($0.diagnostics.rounds) })
  }

  /// Tokens a second of decoding, over the texts; `nil` without texts.
  package var tokensPerSecond: RatioEstimate? {
    RatioEstimate(texts.map { Double($0.tokens) }, over: texts.map(\.seconds))
  }

  /// The first texts only, so that methods with different numbers of texts can be compared.
  func prefix(_ count: Int) -> MethodTrials {
    var trials = MethodTrials(method)
    trials.texts = Array(texts.prefix(count))
    return trials
  }
}
