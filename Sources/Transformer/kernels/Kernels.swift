import KernelOperands
import KernelsAVX2
import KernelsAVX512
import KernelsBaseline

/// What a forward pass computes with: the kernels, and the threads that they run on.
struct Engine: Sendable {
  let kernels: Kernels
  let pool: WorkPool
}

/// How products are added to sums.
public enum Arithmetic: String, Hashable, Sendable, CaseIterable, Codable {
  /// Each product is rounded, then the sum: the same bits on every machine.
  case deterministic
  /// Fused multiply-adds where the processor has them: the same bits on all machines of its level.
  case fast
}

/// The loops in which nearly all time is spent, as values: for an arithmetic and a level of processor.
///
/// Whatever the choice, an output does not depend on how many rows or threads there are, nor on what else a batch holds.
/// The plain loops of ``NaiveTwins`` say what each computes: with deterministic arithmetic bit for bit, else up to
/// rounding.
struct Kernels: Sendable {
  typealias Input = UnsafePointer<Float>
  typealias Output = UnsafeMutablePointer<Float>

  /// Computes the outputs of a range of panels.
  let multiply: @Sendable (PanelProduct, _ panels: Range<Int>) -> Void
  /// Computes a range of `heads · rows` attention outputs, unit = head · rows + row.
  let attend: @Sendable (AttentionCall, _ units: Range<Int>) -> Void
  /// `y += x`.
  let add: @Sendable (_ x: Input, _ y: Output, _ count: Int) -> Void
  /// Whether no number is infinite or a NaN.
  let areFinite: @Sendable (_ x: Input, _ count: Int) -> Bool
  /// `y = weight · x / √(mean(x²) + epsilon)`.
  let normalize: @Sendable (_ x: Input, _ weight: Input, _ epsilon: Float, _ y: Output, _ count: Int) -> Void
  /// Turns the pairs (x[i], x[i + half]) by angles.
  let turn: @Sendable (_ x: Output, _ cosines: Input, _ sines: Input, _ half: Int) -> Void
  /// `y = silu(gate) · up`.
  let gate: @Sendable (_ gate: Input, _ up: Input, _ y: Output, _ count: Int) -> Void
  /// Reads `count` numbers, a multiple of 64, and returns their sum.
  let stream: @Sendable (_ x: Input, _ count: Int) -> Float
  /// Does ``multiplyAddsATurn`` multiply-adds in registers, `turns` times.
  let multiplyAdds: @Sendable (_ turns: Int) -> Float
  /// Multiply-adds of a turn.
  let multiplyAddsATurn: Int
  /// The law of logits.
  let softmax: @Sendable (_ logits: Input, _ law: Output, _ count: Int) -> Void

  /// The kernels of an arithmetic, for this machine's processor unless a lower level is asked for.
  static func kernels(_ arithmetic: Arithmetic, for level: ProcessorLevel = .current) -> Kernels {
    let isFused = arithmetic == .fast
    switch min(level, .current) {
    case .baseline:
      typealias Vectors = KernelsBaseline.UnsafeVectorKernels
      return Kernels(
        multiply: isFused
          ? KernelsBaseline.UnsafePanelKernels.multiplyFused : KernelsBaseline.UnsafePanelKernels.multiplySeparately,
        attend: isFused
          ? KernelsBaseline.UnsafeAttentionKernels.attendFused
          : KernelsBaseline.UnsafeAttentionKernels.attendSeparately,
        add: Vectors.add, areFinite: Vectors.areFinite, normalize: Vectors.normalize, turn: Vectors.turn,
        gate: Vectors.gate, stream: KernelsBaseline.UnsafeProbes.stream,
        multiplyAdds: KernelsBaseline.UnsafeProbes.multiplyAdds,
        multiplyAddsATurn: KernelsBaseline.UnsafeProbes.multiplyAddsATurn, softmax: Vectors.softmax)
    case .avx2:
      typealias Vectors = KernelsAVX2.UnsafeVectorKernels
      return Kernels(
        multiply: isFused
          ? KernelsAVX2.UnsafePanelKernels.multiplyFused : KernelsAVX2.UnsafePanelKernels.multiplySeparately,
        attend: isFused
          ? KernelsAVX2.UnsafeAttentionKernels.attendFused : KernelsAVX2.UnsafeAttentionKernels.attendSeparately,
        add: Vectors.add, areFinite: Vectors.areFinite, normalize: Vectors.normalize, turn: Vectors.turn,
        gate: Vectors.gate, stream: KernelsAVX2.UnsafeProbes.stream,
        multiplyAdds: KernelsAVX2.UnsafeProbes.multiplyAdds,
        multiplyAddsATurn: KernelsAVX2.UnsafeProbes.multiplyAddsATurn, softmax: Vectors.softmax)
    case .avx512:
      typealias Vectors = KernelsAVX512.UnsafeVectorKernels
      return Kernels(
        multiply: isFused
          ? KernelsAVX512.UnsafePanelKernels.multiplyFused : KernelsAVX512.UnsafePanelKernels.multiplySeparately,
        attend: isFused
          ? KernelsAVX512.UnsafeAttentionKernels.attendFused : KernelsAVX512.UnsafeAttentionKernels.attendSeparately,
        add: Vectors.add, areFinite: Vectors.areFinite, normalize: Vectors.normalize, turn: Vectors.turn,
        gate: Vectors.gate, stream: KernelsAVX512.UnsafeProbes.stream,
        multiplyAdds: KernelsAVX512.UnsafeProbes.multiplyAdds,
        multiplyAddsATurn: KernelsAVX512.UnsafeProbes.multiplyAddsATurn, softmax: Vectors.softmax)
    }
  }
}
