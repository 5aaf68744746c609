import ArgumentParser
import Probability
import SpeculativeDecoding

/// The draft without weights, by its name and its order.
struct LookupOptions: ParsableArguments {
  /// The value of `--draft` for prompt look-up.
  static let name = PromptLookup<Float>.name

  @Option(
    help: NumberLimit.lookupOrder.help(
      "Tokens that prompt look-up looks back at most (--draft \(Self.name))",
      "\(PromptLookup<Float>.defaultOrder) by default", valueName: "n"),
    transform: NumberLimit.lookupOrder.whole)
  var lookupOrder: Int?

  /// Refuses an order that would be left out without a word.
  func requireUse(by draft: String?) throws {
    if lookupOrder != nil, draft != Self.name {
      throw ValidationError("--lookup-order is for prompt look-up; add --draft \(Self.name)")
    }
  }

  /// The draft over a vocabulary.
  func model(vocabularySize: Int) throws(SpeculativeDecodingError) -> PromptLookup<Float> {
    try PromptLookup(vocabularySize: vocabularySize, order: lookupOrder ?? PromptLookup<Float>.defaultOrder)
  }
}
