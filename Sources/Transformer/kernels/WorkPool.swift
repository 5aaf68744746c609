import Dispatch

/// Splits work among threads, where it is worth a thread's start.
///
/// What is computed never depends on the split: every result is made by one thread, from the same numbers in the
/// same order.
struct WorkPool: Sendable {
  /// Threads at most; at least 1.
  let threads: Int

  /// Multiply-adds below which one thread does all: a fork and join costs about as much as these.
  private static let smallestCost = 1 << 18

  /// Calls `body` with ranges that cover `0..<count`, on several threads where `cost` multiply-adds are worth it.
  func split(_ count: Int, cost: Int, _ body: @Sendable (Range<Int>) -> Void) {
    let shares = min(threads, count)
    if shares <= 1 || cost < Self.smallestCost { return body(0..<count) }
    withoutActuallyEscaping(body) { body in
      DispatchQueue.concurrentPerform(iterations: shares) { share in
        body(share * count / shares..<(share + 1) * count / shares)
      }
    }
  }
}
