import KernelOperands
import Synchronization
import Transformer

/// The peak rates of a machine with some threads: bytes read from memory, and multiply-adds.
///
/// Measured by loops that do nothing else, at the level of the processor and with fused arithmetic. A forward pass of one
/// token is bound by the former, one of many tokens by the latter.
package struct MachineLimits: Hashable, Sendable {
  /// 10⁹ bytes a second, read once in their order from more memory than caches hold.
  package let gigabytesPerSecond: Double
  /// 10⁹ operations a second, two a multiply-add of Float.
  package let gigaflops: Double

  /// 256 MB.
  private static let streamCount = 1 << 26
  private static let turns = 1 << 20

  /// Measures both, the best of five runs each: about half a second.
  package static func measure(threads: Int) -> MachineLimits {
    let kernels = Kernels.kernels(.fast)
    let pool = WorkPool(threads: threads)
    let memory = StreamMemory(count: streamCount)
    let sink = Mutex<Float>(0)
    let stream = best {
      pool.split(streamCount / 64, cost: .max) { range in
        let sum = kernels.stream(memory.numbers + 64 * range.lowerBound, 64 * range.count)
        sink.withLock { $0 += sum }
      }
    }
    let arithmetic = best {
      pool.split(64 * threads, cost: .max) { range in
        let sum = kernels.multiplyAdds(range.count * turns / 64)
        sink.withLock { $0 += sum }
      }
    }
    return MachineLimits(
      gigabytesPerSecond: Double(4 * streamCount) / stream / 1e9,
      gigaflops: Double(2 * kernels.multiplyAddsATurn * turns * threads) / arithmetic / 1e9)
  }

  private static func best(_ body: () -> Void) -> Double {
    let clock = ContinuousClock()
    return (0..<5).map { _ in clock.measure(body) / .seconds(1) }.min() ?? .infinity
  }
}
