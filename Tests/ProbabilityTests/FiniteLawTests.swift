import Probability
import Testing

@Suite struct FiniteLawTests {
  @Test func badLawsAreRefused() {
    #expect(throws: ProbabilityError.emptyLaw) { try FiniteLaw<Double>([]) }
    #expect(throws: ProbabilityError.notFinite(outcome: 1)) { try FiniteLaw([0.5, .nan]) }
    #expect(throws: ProbabilityError.negative(outcome: 0, value: "-0.5")) { try FiniteLaw([-0.5, 1.5]) }
    #expect(throws: ProbabilityError.self) { try FiniteLaw([0.5, 0.4]) }
    #expect(throws: ProbabilityError.wrongSum("999999999999/1000000000000", tolerance: 0)) {
      try FiniteLaw([Rational(999_999_999_999, 1_000_000_000_000)])
    }
    #expect(throws: Never.self) { try FiniteLaw([Float](repeating: 0.1, count: 10)) }
    #expect(throws: ProbabilityError.noMass) { try FiniteLaw(weights: [0.0, 0.0]) }
  }

  @Test func residualIsThePositivePartRenormalised() throws {
    let target = try FiniteLaw([Rational(1, 10), Rational(4, 10), Rational(5, 10)])
    let draft = try FiniteLaw([Rational(8, 10), Rational(1, 10), Rational(1, 10)])
    #expect(target.residual(minus: draft)?.probabilities == [0, Rational(3, 7), Rational(4, 7)])
    #expect(target.residual(minus: target) == nil)
    #expect(target.overlap(with: draft) == Rational(3, 10))
  }

  @Test func acceptanceAndResidualMakeTheTarget() throws {
    // Σ draft·min(1, q/p) + (1 − overlap)·residual = q, the identity that speculative sampling rests on.
    var generator = SplitMix64(seed: 11)
    for _ in 0..<200 {
      let target = try FiniteLaw(weights: (0..<5).map { _ in Rational(Int(generator.next() % 9)) } + [1])
      let draft = try FiniteLaw(weights: (0..<5).map { _ in Rational(Int(generator.next() % 9)) } + [1])
      let rejected = Rational.one - target.overlap(with: draft)
      for token in 0..<target.count {
        let residual = target.residual(minus: draft)?[token] ?? .zero
        #expect(min(target[token], draft[token]) + rejected * residual == target[token])
      }
    }
  }

  @Test func indexNeverFallsOnZeroWeight() {
    let weights = [0.0, 0.25, 0, 0.75, 0]
    for uniform in [0, 0x1p-53, 0.25, 0.5, 1 - 0x1p-53] {
      let index = Double.index(of: uniform, in: weights.span, total: 1)
      #expect(index == (uniform < 0.25 ? 1 : 3))
    }
    // Sums that fall short of the total by rounding end at the last positive weight.
    let short = [0.1, 0.2, 0.0]
    #expect(Double.index(of: 1 - 0x1p-53, in: short.span, total: 1) == 1)
    let nothing = [0.0, 0.0]
    #expect(Double.index(of: 0.5, in: nothing.span, total: 1) == -1)
    let exact = [Rational(1, 3), 0, Rational(2, 3)]
    #expect(Rational.index(of: 0.25, in: exact.span, total: 1) == 0)
    #expect(Rational.index(of: 0.5, in: exact.span, total: 1) == 2)
  }

  @Test func blockCopyEqualsItsNaiveTwin() {
    let source = (0..<40).map { Double($0) }
    for (count, start, position) in [(0, 0, 0), (1, 39, 7), (16, 5, 0), (17, 23, 3)] {
      var fast = [Double](repeating: -1, count: 20)
      var naive = fast
      Laws.copy(count, of: source, from: start, into: &fast, at: position)
      for index in 0..<count { naive[position + index] = source[start + index] }
      #expect(fast == naive)
    }
  }

  @Test func rareTokensKeepTheirMassInFloats() {
    // In single precision 1 − 2⁻²⁴ + 2⁻²⁶ would round the last weight away.
    let weights: [Float] = [1 - 0x1p-24, 0x1p-26]
    #expect(Float.index(of: 1 - 0x1p-53, in: weights.span, total: 1) == 1)
    #expect(Float.index(of: 1 - 0x1p-23, in: weights.span, total: 1) == 0)
  }
}

extension FiniteLaw {
  /// Norm[(self − draft)₊], by the kernel of the decoder; `nil` where the two laws are equal.
  fileprivate func residual(minus draft: FiniteLaw) -> FiniteLaw? {
    var positive = [Scalar](repeating: .zero, count: count)
    let sum = Laws.residual(
      of: probabilities, targetMass: .one, minus: draft.probabilities, draftMass: .one,
      rejecting: -1, into: &positive)
    return sum > .zero ? try? FiniteLaw(weights: positive) : nil
  }

  /// Σ min(self, other): how often a draft from `other` is accepted by this law.
  fileprivate func overlap(with other: FiniteLaw) -> Scalar {
    zip(probabilities, other.probabilities).reduce(.zero) { $0 + min($1.0, $1.1) }
  }
}
