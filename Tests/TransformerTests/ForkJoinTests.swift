import Synchronization
import Testing

@testable import Transformer

@Suite struct ForkJoinTests {
  @Test(arguments: [1, 3])
  func everyPieceRunsOnceInEveryFork(helpers: Int) {
    let forkJoin = ForkJoin(helpers: helpers)
    let counts = Mutex([Int](repeating: 0, count: 7))
    for _ in 0..<2000 { #expect(forkJoin.run(7) { piece in counts.withLock { $0[piece] += 1 } }) }
    #expect(counts.withLock { $0 } == Array(repeating: 2000, count: 7))
  }

  @Test func helpersTakePieces() {
    let forkJoin = ForkJoin(helpers: 1)
    // The caller's piece ends only when a second one has begun, which needs another thread.
    let begun = Atomic(0)
    let isDone = forkJoin.run(2) { _ in
      begun.add(1, ordering: .sequentiallyConsistent)
      while begun.load(ordering: .sequentiallyConsistent) < 2 {}
    }
    #expect(isDone)
  }

  @Test func helpersThatSleepAreWoken() async throws {
    let forkJoin = ForkJoin(helpers: 1)
    for _ in 0..<20 {
      // Long enough for the helper to have fallen asleep; whether it has, two pieces must run side by side.
      try await Task.sleep(for: .milliseconds(2))
      let begun = Atomic(0)
      let isDone = forkJoin.run(2) { _ in
        begun.add(1, ordering: .sequentiallyConsistent)
        while begun.load(ordering: .sequentiallyConsistent) < 2 {}
      }
      #expect(isDone)
    }
  }

  @Test func aCallerThatFindsTheThreadsTakenIsTold() {
    let forkJoin = ForkJoin(helpers: 1)
    let inner = Mutex<[Bool]>([])
    let isDone = forkJoin.run(3) { _ in
      let isInnerDone = forkJoin.run(1) { _ in }
      inner.withLock { $0.append(isInnerDone) }
    }
    #expect(isDone && inner.withLock { $0 } == [false, false, false])
  }

  @Test func aPoolCoversTheWholeRangeWhoeverHasTheThreads() async {
    // Several callers at once, of whom one at a time has the threads.
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let pool = WorkPool(threads: 3)
          return (0..<500).allSatisfy { count in
            let seen = Mutex([Int](repeating: 0, count: count))
            pool.split(count, cost: .max) { range in seen.withLock { seen in for index in range { seen[index] += 1 } } }
            return seen.withLock { $0 }.allSatisfy { $0 == 1 }
          }
        }
      }
      for await isWhole in group { #expect(isWhole) }
    }
  }
}
