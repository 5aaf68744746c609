import Probability
import Testing

/// Eight weights at a time, against one after the other: `Double` takes the defaults.
@Suite struct SurveyTests {
  @Test(arguments: [1, 7, 8, 9, 63, 64, 65, 255, 256, 257, 263, 1000, 5001])
  func vectorsAreTheirTwins(count: Int) {
    var generator = SplitMix64(seed: UInt64(count))
    for round in 0..<20 {
      // Multiples of 2⁻¹⁰: sums are exact in any order.
      var floats = (0..<count).map { _ in Float(generator.next() % 1024) * 0x1p-10 }
      if round == 19 { floats[Int(generator.next() % UInt64(count))] = -1 }
      let doubles = floats.map(Double.init)
      var (maxima, twins) = ([Float](), [Double]())
      let (sum, isPositive) = Float.survey(floats.span, maxima: &maxima)
      let twin = Double.survey(doubles.span, maxima: &twins)
      #expect(Double(sum) == twin.sum && isPositive == twin.isPositive && maxima.map(Double.init) == twins)
      #expect(isPositive == (round != 19))
      for threshold in [0, 0x1p-10, 0.25, 0.75, 1023 * 0x1p-10, 2] as [Float] {
        #expect(
          Double(Float.mass(of: floats.span, atLeast: threshold, maxima: maxima))
            == Double.mass(of: doubles.span, atLeast: Double(threshold), maxima: twins))
        let found = Float.collect(from: floats.span, atLeast: threshold, maxima: maxima)
        let expected = Double.collect(from: doubles.span, atLeast: Double(threshold), maxima: twins)
        #expect(found == expected && found == found.sorted())
      }
    }
  }

  @Test(arguments: [0, 8, 64, 256, 999])
  func whatIsNoNumberShowsInTheSum(place: Int) {
    for bad in [Float.nan, .infinity] {
      var weights = [Float](repeating: 0.5, count: 1000)
      weights[place] = bad
      var maxima: [Float] = []
      #expect(!Float.survey(weights.span, maxima: &maxima).sum.isFinite)
    }
  }
}
