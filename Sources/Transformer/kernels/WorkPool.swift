import Synchronization

/// Splits work among threads, where it is worth a fork and a join.
///
/// Results never depend on the split: each is made by one thread, from the same numbers in the same order.
package struct WorkPool: Sendable {
  /// Threads at most, the caller's included; at least 1.
  let threads: Int
  /// The other threads; nil where there are none.
  private let forkJoin: ForkJoin?

  /// No threads but the caller's.
  package static let alone = WorkPool(threads: 1)

  /// Multiply-adds below which one thread does all: a fork and join costs about as much as these.
  private static let smallestCost = 1 << 15

  /// The pools of the process: models that take turns, as a target and its draft do, share their threads.
  private static let pools = Mutex<[Int: ForkJoin]>([:])

  package init(threads: Int) {
    self.threads = threads
    if threads < 2 {
      forkJoin = nil
      return
    }
    forkJoin = Self.pools.withLock { pools in
      if let pool = pools[threads] { return pool }
      let pool = ForkJoin(helpers: threads - 1)
      pools[threads] = pool
      return pool
    }
  }

  /// Pieces a thread: more than one, so that a thread which was held up leaves its share to the others.
  private static let piecesAThread = 4

  /// Calls `body` with ranges that cover `0..<count`, on several threads where `cost` multiply-adds are worth it.
  package func split(_ count: Int, cost: Int, _ body: @escaping @Sendable (Range<Int>) -> Void) {
    let pieces = min(threads * Self.piecesAThread, count)
    guard pieces > 1, cost >= Self.smallestCost, let forkJoin else { return body(0..<count) }
    let isDone = forkJoin.run(pieces) { piece in
      body(piece * count / pieces..<(piece + 1) * count / pieces)
    }
    // Somebody else has the threads.
    if !isDone { body(0..<count) }
  }
}
