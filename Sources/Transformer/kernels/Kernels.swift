import KernelOperands
import KernelsAVX2
import KernelsAVX512
import KernelsAVX512VNNI
import KernelsBaseline

/// The kernels of a forward pass, and the threads that they run on.
struct Engine: Sendable {
  let kernels: Kernels
  let pool: WorkPool
}

/// How products are added to sums.
public enum Arithmetic: String, Hashable, Sendable, CaseIterable, Codable {
  /// Each product is rounded, then the sum: the same bits on every machine.
  case deterministic
  /// Fused multiply-adds where the processor has them, and with weights in blocks sums of integers, for which a layer's
  /// inputs are rounded to 8 bits: the same bits on all machines of a level.
  case fast
}

extension Kernels {
  /// The kernels of an arithmetic, for this machine's processor unless a lower level is asked for.
  ///
  /// The plain loops of ``NaiveTwins`` say what each computes.
  package static func kernels(_ arithmetic: Arithmetic, for level: ProcessorLevel = .current) -> Kernels {
    let isFast = arithmetic == .fast
    return switch min(level, .current) {
    case .baseline: KernelsBaseline.LevelKernels.kernels(isFast: isFast)
    case .avx2: KernelsAVX2.LevelKernels.kernels(isFast: isFast)
    case .avx512: KernelsAVX512.LevelKernels.kernels(isFast: isFast)
    case .avx512vnni: KernelsAVX512VNNI.LevelKernels.kernels(isFast: isFast)
    }
  }
}
