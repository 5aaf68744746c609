import Transformer

/// The cost of a fork and a join of waiting threads, with nothing to do in between.
package enum ForkBenchmark {
  /// Nanoseconds of a fork and join: the median of the means of some batches; 0 for one thread, which forks nothing.
  ///
  /// The least is less: where a helper comes too late, the caller has done both pieces and waits for nobody.
  ///
  /// - Complexity: about 20,000 forks, some milliseconds.
  package static func nanoseconds(threads: Int) -> Double {
    let pool = WorkPool(threads: threads)
    guard threads > 1 else { return 0 }
    let clock = ContinuousClock()
    let batch = 500
    let means = (0..<41).map { _ in
      clock.measure {
        for _ in 0..<batch { pool.split(threads, cost: .max) { _ in } }
      } / .nanoseconds(1) / Double(batch)
    }
    return means.sorted()[means.count / 2]
  }
}
