import KernelOperands

/// The kernels of the level of processor that this module is compiled for.
package enum LevelKernels {
  /// Those of deterministic or of fast arithmetic.
  package static func kernels(isFast: Bool) -> Kernels {
    Kernels(
      multiply: isFast ? UnsafePanelKernels.multiplyFast : UnsafePanelKernels.multiplySeparately,
      round: isFast ? UnsafeRoundingKernels.round : nil,
      attend: isFast ? UnsafeAttentionKernels.attendFused : UnsafeAttentionKernels.attendSeparately,
      add: UnsafeVectorKernels.add, areFinite: UnsafeVectorKernels.areFinite,
      normalize: UnsafeVectorKernels.normalize, turn: UnsafeVectorKernels.turn, gate: UnsafeVectorKernels.gate,
      softmax: UnsafeVectorKernels.softmax, stream: UnsafeProbes.stream, multiplyAdds: UnsafeProbes.multiplyAdds,
      multiplyAddsATurn: UnsafeProbes.multiplyAddsATurn)
  }
}
