import Foundation
import Probability
@testable import SpeculativeDecoding
import Testing

/// The noise of the beam's perturbed form; its trees are held against the race in StatTests.
@Suite struct TruncatedGumbelBeamTests {
  @Test func conditionedNoiseHasTheParentAsItsMaximum() {
    var generator = Philox4x64(key: [5, 0])
    for _ in 0..<1000 {
      let noise = (0..<5).map { _ in -log(UniformBits.exponential(using: &generator)) }
      let parent = -log(UniformBits.exponential(using: &generator))
      let maximum = noise.max()!
      let values = noise.map {
        TruncatedGumbelBeam<Double, Philox4x64>.conditioned($0, maximum: maximum, on: parent)
      }
      #expect(values.max() == parent)
      // The conditioning is monotone: the order of the siblings does not change.
      let order = noise.indices.sorted { noise[$0] > noise[$1] }
      #expect(values.indices.sorted { values[$0] > values[$1] } == order)
      #expect(values.allSatisfy { !$0.isNaN })
    }
  }
}
