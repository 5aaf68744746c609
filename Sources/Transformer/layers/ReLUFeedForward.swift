/// OPT's feed-forward layer: `fc2(max(0, fc1(x)))`.
struct ReLUFeedForward: Sendable {
  /// fc1: [intermediate][hidden].
  let up: Linear
  /// fc2: [hidden][intermediate].
  let down: Linear

  /// - Parameters:
  ///   - x: shape [row][hidden].
  ///   - y: shape [row][hidden].
  func forward(
    _ x: borrowing Rows, rows: Int, activations: inout FeedForwardActivations, into y: inout Rows, by engine: Engine
  ) {
    // [row][intermediate]
    up.forward(x, rows: rows, into: &activations.inner, by: engine)
    Self.rectify(&activations.inner, rows: rows)
    down.forward(activations.inner, rows: rows, into: &y, by: engine)
  }

  private static func rectify(_ x: inout Rows, rows: Int) {
    let count = rows * x.width
    var values = x.values.mutableSpan
    // Written so that a NaN stays one: it is to be found, not to become 0.
    for index in 0..<count where values[index] < 0 { values[index] = 0 }
  }
}
