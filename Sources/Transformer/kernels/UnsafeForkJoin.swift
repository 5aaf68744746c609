import CProcessor
import Dispatch
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Threads that wait for work in a loop, since waking one costs a hundred times what a layer's product may take.
///
/// A helper that has waited for some tens of microseconds sleeps until the next fork. The threads live as long as the
/// process.
final class ForkJoin: @unchecked Sendable {
  /// What a helper is about; only it puts itself to sleep, and who wakes it signals.
  private final class Helper: Sendable {
    let isAsleep = Atomic<Bool>(false)
    let alarm = DispatchSemaphore(value: 0)
  }

  private let helpers: [Helper]
  /// Forks so far; a helper that sees a new number runs ``job``.
  private let fork = Atomic<Int>(0)
  /// Helpers that are not done with the fork.
  private let running = Atomic<Int>(0)
  /// Whether a caller has the threads.
  private let isTaken = Atomic<Bool>(false)
  /// Written before ``fork`` is, and read after.
  private var job: ((Int) -> Void)?

  /// Loops of a helper before it sleeps: about 50 microseconds.
  private static let patience = 1500
  /// Loops before a waiting caller lets others have its processor.
  private static let politeness = 20_000

  init(helpers count: Int) {
    helpers = (0..<count).map { _ in Helper() }
    for index in 0..<count { start(index) }
  }

  /// Calls `body` with 0 on this thread and with 1, 2, … on the helpers, and returns when all are done.
  ///
  /// - Returns: false where the threads are another caller's; nothing was called then.
  func run(_ body: @Sendable (Int) -> Void) -> Bool {
    guard isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else { return false }
    defer { isTaken.store(false, ordering: .releasing) }
    withoutActuallyEscaping(body) { body in
      job = body
      running.store(helpers.count, ordering: .relaxed)
      // Sequentially consistent, as the helpers' falling asleep: one of the two sees the other.
      fork.add(1, ordering: .sequentiallyConsistent)
      for helper in helpers where helper.isAsleep.exchange(false, ordering: .sequentiallyConsistent) {
        helper.alarm.signal()
      }
      body(0)
      var loops = 0
      while running.load(ordering: .acquiring) > 0 {
        rsd_processor_pause()
        loops += 1
        if loops > Self.politeness { sched_yield() }
      }
      job = nil
    }
    return true
  }

  /// A helper's life.
  private func help(_ index: Int) -> Never {
    var seen = 0
    while true {
      seen = nextFork(after: seen, helpers[index])
      job?(index + 1)
      running.subtract(1, ordering: .releasing)
    }
  }

  private func nextFork(after seen: Int, _ helper: Helper) -> Int {
    var loops = 0
    while true {
      let now = fork.load(ordering: .sequentiallyConsistent)
      if now != seen { return now }
      rsd_processor_pause()
      loops += 1
      if loops < Self.patience { continue }
      loops = 0
      helper.isAsleep.store(true, ordering: .sequentiallyConsistent)
      let isLate = fork.load(ordering: .sequentiallyConsistent) != seen
      // Whoever has taken the mark away has signalled, or is about to.
      if isLate, helper.isAsleep.exchange(false, ordering: .sequentiallyConsistent) { continue }
      helper.alarm.wait()
    }
  }

  private func start(_ index: Int) {
    // A serial queue has a thread of its own, which this block never gives back.
    DispatchQueue(label: "transformer helper \(index + 1)", qos: .userInitiated).async { [self] in help(index) }
  }
}
