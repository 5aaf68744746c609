/// What a fork and a join of waiting threads cost, with nothing to do in between.
public enum ForkBenchmark {
  /// Nanoseconds of a fork and join: the least mean of some batches; 0 for one thread, which forks nothing.
  ///
  /// - Complexity: about 20,000 forks, some milliseconds.
  public static func nanoseconds(threads: Int) -> Double {
    let pool = WorkPool(threads: threads)
    guard threads > 1 else { return 0 }
    let clock = ContinuousClock()
    let batch = 500
    return (0..<40).map { _ in
      clock.measure {
        for _ in 0..<batch { pool.split(threads, cost: .max) { _ in } }
      } / .nanoseconds(1) / Double(batch)
    }.min() ?? 0
  }
}
