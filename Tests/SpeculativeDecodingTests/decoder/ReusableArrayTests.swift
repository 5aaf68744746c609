import SpeculativeDecoding
import Testing

@Suite struct ReusableArrayTests {
  @Test func reusableArraysAreArrays() {
    var array = ReusableArray(filler: 0)
    for round in 0..<3 {
      array.empty()
      for value in 0..<(10 + round * 20) { array.append(value * round) }
      #expect(Array(array) == (0..<(10 + round * 20)).map { $0 * round })
    }
    array[3] = -1
    #expect(array[3] == -1 && array.count == 50)
  }
}
