import Certification
import Foundation
import Statistics
import TestSupport
import Testing

/// How far the p-values of a correct decoder are from uniform, because counts are integers: exactly, no samples.
///
/// ``CalibrationDesign`` allows a distance of 0.02 and a factor of 1.1 in the tails. Two cells are the worst, since
/// their X² takes the fewest values: all counts of them are enumerated, and of three cells up to 1e-13 of the mass.
@Suite(.optimised) struct DiscretenessTests {
  /// P(X² = x) over the counts of a plan's cells.
  struct PValueLaw {
    private let sorted: [(pValue: Double, mass: Double)]

    init(_ points: [(pValue: Double, mass: Double)]) {
      // Equal X² of different counts differ by rounding: what is nearer than that is one value.
      var merged: [(pValue: Double, mass: Double)] = []
      for point in points.sorted(by: { $0.pValue < $1.pValue }) {
        if let last = merged.last, point.pValue - last.pValue < 1e-12 {
          merged[merged.count - 1].mass += point.mass
        } else {
          merged.append(point)
        }
      }
      sorted = merged
    }

    var total: Double { sorted.reduce(0) { $0 + $1.mass } }

    /// sup|P(p ≤ t) − t|, on both sides of every jump.
    var distanceFromUniform: Double {
      var (below, largest) = (0.0, 0.0)
      for point in sorted {
        largest = max(largest, abs(below - point.pValue), abs(below + point.mass - point.pValue))
        below += point.mass
      }
      return largest
    }

    /// P(p < level)/level.
    func tailRatio(_ level: Double) -> Double {
      sorted.reduce(0) { $0 + ($1.pValue < level ? $1.mass : 0) } / level
    }
  }

  static func logMultinomial(_ counts: [Int], _ probabilities: [Double]) -> Double {
    zip(counts, probabilities).reduce(lgamma(Double(counts.reduce(0, +)) + 1)) {
      $0 + Double($1.0) * log($1.1) - lgamma(Double($1.0) + 1)
    }
  }

  /// Counts within ten standard deviations of their mean.
  static func range(_ samples: Int, _ probability: Double) -> ClosedRange<Int> {
    let mean = Double(samples) * probability
    let reach = 10 * (mean * (1 - probability)).squareRoot()
    return max(0, Int(mean - reach))...min(samples, Int(mean + reach))
  }

  static func expectAllowed(_ law: PValueLaw) {
    #expect(abs(law.total - 1) < 1e-9)
    #expect(law.distanceFromUniform <= CalibrationDesign.uniformityAllowance)
    for level in CalibrationDesign.tailLevels {
      #expect(law.tailRatio(level) <= CalibrationDesign.tailAllowance)
      #expect(law.tailRatio(level) >= 1 / CalibrationDesign.tailAllowance)
    }
  }

  @Test(arguments: [2000, 2001, 3000, 5000, 20_000, 50_000])
  func twoCells(samples: Int) throws {
    let least = 1000 / Double(samples)
    let probabilities = (0...20).map { least + (0.5 - least) * Double($0) / 20 }
    for probability in Set(probabilities) {
      let plan = try CellPlan(probabilities: [probability, 1 - probability], samples: samples)
      #expect(plan.degreesOfFreedom == 1)
      let law = PValueLaw(
        try Self.range(samples, probability).map { count in
          let counts = [count, samples - count]
          return (try plan.test(counts: counts).pValue, exp(Self.logMultinomial(counts, plan.probabilities)))
        })
      Self.expectAllowed(law)
    }
  }

  @Test(arguments: [
    (3000, [1.0 / 3, 1.0 / 3]), (4000, [0.25, 0.25]), (20_000, [0.05, 0.05]), (20_000, [0.05, 0.3]),
  ])
  func threeCells(samples: Int, first: [Double]) throws {
    let plan = try CellPlan(probabilities: first + [1 - first[0] - first[1]], samples: samples)
    #expect(plan.degreesOfFreedom == 2)
    var points: [(pValue: Double, mass: Double)] = []
    for count in Self.range(samples, first[0]) {
      for other in Self.range(samples, first[1]) where count + other <= samples {
        let counts = [count, other, samples - count - other]
        let mass = exp(Self.logMultinomial(counts, plan.probabilities))
        if mass > 1e-18 { points.append((try plan.test(counts: counts).pValue, mass)) }
      }
    }
    let law = PValueLaw(points)
    Self.expectAllowed(law)
    // Three cells are already four times nearer than allowed.
    #expect(law.distanceFromUniform < 0.005)
  }
}
