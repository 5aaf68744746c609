/// Whether two numbers agree to so many parts of the second, or are equal (infinities and zeros too).
func isClose(_ value: Double, _ expected: Double, within relative: Double) -> Bool {
  value == expected || abs(value - expected) <= relative * abs(expected)
}
