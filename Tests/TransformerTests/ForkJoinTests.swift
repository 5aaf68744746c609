import Synchronization
import Testing

@testable import Transformer

@Suite struct ForkJoinTests {
  @Test func everyShareRunsOnceInEveryFork() {
    let forkJoin = ForkJoin(helpers: 3)
    let counts = Mutex([0, 0, 0, 0])
    for _ in 0..<2000 { #expect(forkJoin.run { share in counts.withLock { $0[share] += 1 } }) }
    #expect(counts.withLock { $0 } == [2000, 2000, 2000, 2000])
  }

  @Test func helpersThatSleepAreWoken() async throws {
    let forkJoin = ForkJoin(helpers: 1)
    let count = Mutex(0)
    for _ in 0..<20 {
      #expect(forkJoin.run { _ in count.withLock { $0 += 1 } })
      // Long enough for the helper to have fallen asleep; whether it has, the result must be the same.
      try await Task.sleep(for: .milliseconds(2))
    }
    #expect(count.withLock { $0 } == 40)
  }

  @Test func aCallerThatFindsTheThreadsTakenIsTold() {
    let forkJoin = ForkJoin(helpers: 1)
    let inner = Mutex<Bool?>(nil)
    let isDone = forkJoin.run { share in
      if share == 0 {
        let isInnerDone = forkJoin.run { _ in }
        inner.withLock { $0 = isInnerDone }
      }
    }
    #expect(isDone && inner.withLock { $0 } == false)
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
