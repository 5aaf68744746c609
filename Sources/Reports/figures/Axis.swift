import RealModule

/// A scale from numbers to places.
struct Axis: Hashable, Sendable {
  /// How numbers are spread over the places.
  enum Spacing: Hashable, Sendable { case linear, logarithmic }

  let lower: Double
  let upper: Double
  let start: Double
  let end: Double
  let spacing: Spacing

  /// A scale that sends `lower` to `start` and `upper` to `end`; bounds that are none make a scale of 0 to 1.
  init(_ lower: Double, _ upper: Double, from start: Double, to end: Double, _ spacing: Spacing = .linear) {
    let isScale = lower.isFinite && upper.isFinite && lower < upper && (spacing == .linear || lower > 0)
    self.lower = isScale ? lower : spacing == .linear ? 0 : 0.1
    self.upper = isScale ? upper : 1
    self.start = start
    self.end = end
    self.spacing = spacing
  }

  /// The place of a number; what lies outside, or is none, stands at the nearer end.
  func place(_ value: Double) -> Double {
    let share: Double
    switch spacing {
    case .linear: share = value / (upper - lower) - lower / (upper - lower)
    case .logarithmic:
      share = value > 0 ? (Double.log(value) - Double.log(lower)) / (Double.log(upper) - Double.log(lower)) : 0
    }
    let inside = share.isNaN ? 0 : min(max(share, 0), 1)
    return start + (end - start) * inside
  }

  /// Round numbers within the scale, about `count` of them.
  ///
  /// On a logarithmic one they are powers of ten, and where it has less than two of these, twice and five times such too.
  func ticks(_ count: Int = 5) -> [Double] {
    switch spacing {
    case .linear:
      let rough = (upper - lower) / Double(max(count, 1))
      let power = Double.pow(10, Double.log10(rough).rounded(.down))
      let step = [1, 2, 2.5, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999 } ?? rough
      let first = (lower / step - 1e-9).rounded(.up)
      return (0...(2 * count + 2)).map { (first + Double($0)) * step }.filter {
        $0 <= upper * (1 + 1e-12) + 1e-12 * step
      }
    case .logarithmic:
      let first = Int((Double.log10(lower) - 1e-9).rounded(.up))
      let last = Int((Double.log10(upper) + 1e-9).rounded(.down))
      if last <= first {
        return (first - 1...first + 1).flatMap { power in [1, 2, 5].map { $0 * Double.pow(10, Double(power)) } }
          .filter { $0 >= lower && $0 <= upper }
      }
      let step = max(1, (last - first) / max(count, 1))
      return stride(from: first, through: last, by: step).map { Double.pow(10, Double($0)) }
    }
  }
}
