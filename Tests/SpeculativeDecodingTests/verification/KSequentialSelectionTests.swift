import Probability
@testable import SpeculativeDecoding
import Testing
import ToyModels

@Suite struct KSequentialSelectionTests {
  /// Over a large vocabulary the scale is bracketed first, and is the one that plain halving finds.
  @Test(arguments: 2..<7)
  func theBracketDoesNotMoveTheScale(count: Int) throws {
    var generator = SplitMix64(seed: UInt64(count))
    for round in 0..<20 {
      var workspace = Workspace<Float>(vocabularySize: 2000)
      func law() throws -> [Float] {
        try FiniteLaw(
          weights: (0..<2000).map { _ in
            Float(
              sign: .plus, exponent: Int(generator.next() % UInt64(1 + round)),
              significand: 1 + UniformBits.unit24(generator.next()))
          }
        ).probabilities
      }
      (workspace.residual, workspace.proposal) = (try law(), try law())
      var (safe, unsafe) = (1 / Float(count), Float(1))
      for _ in 0..<Float.bisectionSteps {
        let middle = (safe + unsafe) / 2
        let excess = KSequentialSelection.excess(
          of: middle, count: count, target: workspace.residual.span, draft: workspace.proposal.span)
        if excess <= 0 { safe = middle } else { unsafe = middle }
      }
      #expect(abs(KSequentialSelection.scale(count: count, in: workspace) - safe) <= 3 * Float.ulpOfOne)
    }
  }
}
