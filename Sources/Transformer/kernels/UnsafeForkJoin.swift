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
/// Work comes in pieces, which the caller and its helpers take one by one; a helper that comes late, because another
/// process has its processor, finds nothing left, and nobody waits for it. One that has waited for some tens of
/// microseconds sleeps until the next fork. The threads live as long as the process.
final class ForkJoin: @unchecked Sendable {
  /// The state of a helper thread; only it puts itself to sleep, and who wakes it signals.
  private final class Helper: Sendable {
    let isAsleep = Atomic<Bool>(false)
    let alarm = DispatchSemaphore(value: 0)
  }

  // What different threads write stands in lines of the cache of its own: a line that two threads want goes to and fro
  // between their processors, and that is what a fork and a join cost.
  private typealias CacheLines = (SIMD64<UInt8>, SIMD64<UInt8>)

  private let helpers: [Helper]
  /// Whether a caller has the threads.
  private let isTaken = Atomic<Bool>(false)
  /// Helpers that sleep, or are about to: where there is none, none is asked.
  private let sleepers = Atomic<Int>(0)

  private let beforeGate: CacheLines = (.zero, .zero)
  /// The number of the fork, whether it is open, and how many helpers are inside: see the masks.
  private let gate = Atomic<Int>(0)
  /// Written before the gate opens, and read by those inside; beside the gate, for who reads the one reads the other.
  private var job: (pieces: Int, body: @Sendable (Int) -> Void)?

  private let beforeNext: CacheLines = (.zero, .zero)
  /// The piece to be taken next.
  private let next = Atomic<Int>(0)
  private let behindNext: CacheLines = (.zero, .zero)

  private static let insideMask = 0xFFFF
  private static let isOpen = 0x1_0000
  private static let oneFork = 0x2_0000

  /// Loops of a helper before it sleeps: about 50 microseconds.
  private static let patience = 1500
  /// Loops before a waiting caller lets others have its processor.
  private static let politeness = 500

  init(helpers count: Int) {
    helpers = (0..<count).map { _ in Helper() }
    for helper in helpers {
      // A serial queue has a thread of its own, which this block never gives back.
      DispatchQueue(label: "transformer helper", qos: .userInitiated).async { [self] in help(helper) }
    }
  }

  /// Calls `body` with each of `0..<pieces` once, on this thread and the helpers, and returns when all are done.
  ///
  /// - Returns: false where the threads are another caller's; nothing was called then.
  func run(_ pieces: Int, _ body: @escaping @Sendable (Int) -> Void) -> Bool {
    guard isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else { return false }
    defer { isTaken.store(false, ordering: .releasing) }
    next.store(0, ordering: .relaxed)
    job = (pieces, body)
    let fork = gate.load(ordering: .relaxed) & ~(Self.isOpen | Self.insideMask)
    // Sequentially consistent, as the helpers' falling asleep: one of the two sees the other.
    gate.store(fork &+ Self.oneFork | Self.isOpen, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wakeAll() }
    takePieces(pieces, body)
    gate.bitwiseAnd(~Self.isOpen, ordering: .acquiringAndReleasing)
    var loops = 0
    while gate.load(ordering: .acquiring) & Self.insideMask > 0 {
      rsd_processor_pause()
      loops += 1
      if loops > Self.politeness { sched_yield() }
    }
    return true
  }

  private func wakeAll() {
    for helper in helpers where isWoken(helper) { helper.alarm.signal() }
  }

  /// Takes the mark of a sleeper away; true where there was one.
  private func isWoken(_ helper: Helper) -> Bool {
    guard helper.isAsleep.exchange(false, ordering: .sequentiallyConsistent) else { return false }
    sleepers.subtract(1, ordering: .relaxed)
    return true
  }

  private func takePieces(_ pieces: Int, _ body: (Int) -> Void) {
    while true {
      let piece = next.add(1, ordering: .relaxed).oldValue
      if piece >= pieces { return }
      body(piece)
    }
  }

  /// A helper's life.
  private func help(_ helper: Helper) -> Never {
    var seen = 0
    while true {
      seen = nextFork(after: seen, helper)
      var state = gate.load(ordering: .relaxed)
      while state & Self.isOpen != 0 {
        let entry = gate.compareExchange(expected: state, desired: state + 1, ordering: .acquiringAndReleasing)
        if !entry.exchanged {
          state = entry.original
          continue
        }
        seen = state & ~(Self.isOpen | Self.insideMask)
        if let job { takePieces(job.pieces, job.body) }
        gate.subtract(1, ordering: .releasing)
        break
      }
    }
  }

  /// The number of the next fork, which may have closed again.
  private func nextFork(after seen: Int, _ helper: Helper) -> Int {
    var loops = 0
    while true {
      let fork = gate.load(ordering: .sequentiallyConsistent) & ~(Self.isOpen | Self.insideMask)
      if fork != seen { return fork }
      rsd_processor_pause()
      loops += 1
      if loops < Self.patience { continue }
      loops = 0
      // Counted before it is marked: whoever takes the mark away finds it counted.
      sleepers.add(1, ordering: .sequentiallyConsistent)
      helper.isAsleep.store(true, ordering: .sequentiallyConsistent)
      let isLate = gate.load(ordering: .sequentiallyConsistent) & ~(Self.isOpen | Self.insideMask) != seen
      // Whoever has taken the mark away has signalled, or is about to.
      if isLate, isWoken(helper) { continue }
      helper.alarm.wait()
    }
  }
}
