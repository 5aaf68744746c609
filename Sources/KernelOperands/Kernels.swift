/// The loops in which nearly all time is spent, as values: for an arithmetic and a level of processor.
///
/// Whatever the choice, an output does not depend on how many rows or threads there are, nor on what else a batch holds.
/// Plain loops say what each computes: with deterministic arithmetic bit for bit, else up to rounding.
package struct Kernels: Sendable {
  /// Numbers to read.
  package typealias Input = UnsafePointer<Float>
  /// Numbers to write.
  package typealias Output = UnsafeMutablePointer<Float>

  /// Computes the outputs of a range of panels.
  package let multiply: @Sendable (PanelProduct, _ panels: Range<Int>) -> Void
  /// Rounds a range of a product's vectors to 8 bits, as ``multiply`` then reads them; nil where weights in blocks are
  /// multiplied with the vectors as they are.
  package let round: (@Sendable (PanelProduct, _ rows: Range<Int>) -> Void)?
  /// Computes a range of `heads · rows` attention outputs, unit = head · rows + row.
  package let attend: @Sendable (AttentionCall, _ units: Range<Int>) -> Void
  /// `y += x`.
  package let add: @Sendable (_ x: Input, _ y: Output, _ count: Int) -> Void
  /// Whether no number is infinite or a NaN.
  package let areFinite: @Sendable (_ x: Input, _ count: Int) -> Bool
  /// `y = weight · x / √(mean(x²) + epsilon)`.
  package let normalize: @Sendable (_ x: Input, _ weight: Input, _ epsilon: Float, _ y: Output, _ count: Int) -> Void
  /// Turns the pairs (x[i], x[i + half]) by angles.
  package let turn: @Sendable (_ x: Output, _ cosines: Input, _ sines: Input, _ half: Int) -> Void
  /// `y = silu(gate) · up`.
  package let gate: @Sendable (_ gate: Input, _ up: Input, _ y: Output, _ count: Int) -> Void
  /// The law of logits.
  package let softmax: @Sendable (_ logits: Input, _ law: Output, _ count: Int) -> Void
  /// Reads `count` numbers, a multiple of 64, and returns their sum.
  package let stream: @Sendable (_ x: Input, _ count: Int) -> Float
  /// Does ``multiplyAddsATurn`` multiply-adds in registers, `turns` times.
  package let multiplyAdds: @Sendable (_ turns: Int) -> Float
  /// Multiply-adds of a turn.
  package let multiplyAddsATurn: Int

  /// The kernels, each as its property says.
  package init(
    multiply: @escaping @Sendable (PanelProduct, Range<Int>) -> Void,
    round: (@Sendable (PanelProduct, Range<Int>) -> Void)?,
    attend: @escaping @Sendable (AttentionCall, Range<Int>) -> Void,
    add: @escaping @Sendable (Input, Output, Int) -> Void, areFinite: @escaping @Sendable (Input, Int) -> Bool,
    normalize: @escaping @Sendable (Input, Input, Float, Output, Int) -> Void,
    turn: @escaping @Sendable (Output, Input, Input, Int) -> Void,
    gate: @escaping @Sendable (Input, Input, Output, Int) -> Void,
    softmax: @escaping @Sendable (Input, Output, Int) -> Void,
    stream: @escaping @Sendable (Input, Int) -> Float, multiplyAdds: @escaping @Sendable (Int) -> Float,
    multiplyAddsATurn: Int
  ) {
    self.multiply = multiply
    self.round = round
    self.attend = attend
    self.add = add
    self.areFinite = areFinite
    self.normalize = normalize
    self.turn = turn
    self.gate = gate
    self.softmax = softmax
    self.stream = stream
    self.multiplyAdds = multiplyAdds
    self.multiplyAddsATurn = multiplyAddsATurn
  }
}
