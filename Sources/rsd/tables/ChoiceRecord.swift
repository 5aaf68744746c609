import Foundation
import Generation
import SpeculativeDecoding

/// The choice of `--budget auto`, and its reasons.
struct ChoiceRecord: Encodable {
  struct Candidate: Encodable {
    let rule, shape: String
    let budget: Int
    let tokensPerRound, milliseconds, tokensPerSecond: Double

    init(_ candidate: BudgetChoice.Candidate) {
      (rule, shape, budget) = (candidate.method.rule.name, candidate.method.shape.text, candidate.method.budget)
      tokensPerRound = candidate.tokensPerRound
      milliseconds = candidate.milliseconds
      tokensPerSecond = candidate.tokensPerSecond
    }
  }

  /// All candidates, the most promising first.
  let candidates: [Candidate]
  /// Rounds of which the acceptance was surveyed.
  let rounds: Int
  let costs: PassCosts
  let seconds: Double
  /// For a person.
  let line: String

  init(_ choice: BudgetChoice) {
    candidates = choice.candidates.map(Candidate.init)
    (rounds, costs, seconds) = (choice.rounds, choice.costs, choice.seconds)
    let (chosen, plain) = (choice.chosen, choice.plain)
    let speed = String(format: "%.0f", chosen.tokensPerSecond)
    let why =
      if chosen.method == .autoregressive {
        "\(speed) tokens/s"
          + (choice.candidates.first { $0.method != .autoregressive }.map {
            ", the best tree, \($0.method.shape), \(String(format: "%.0f", $0.tokensPerSecond))"
          } ?? "")
      } else {
        String(format: "%.2f tokens in %.1f ms, ", chosen.tokensPerRound, chosen.milliseconds)
          + "\(speed) tokens/s, plain decoding \(String(format: "%.0f", plain.tokensPerSecond))"
      }
    let name = chosen.method == .autoregressive ? "plain decoding" : "\(chosen.method.rule) \(chosen.method.shape)"
    line =
      "--budget auto: \(name) of \(choice.candidates.count) shapes; promised \(why) "
      + String(format: "(%d rounds surveyed, %.1f s)\n", choice.rounds, choice.seconds)
  }

  private enum CodingKeys: CodingKey {
    case candidates, rounds, costs, seconds
  }
}
