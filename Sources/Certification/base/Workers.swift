import Synchronization

/// Threads that share work.
package enum Workers {
  /// The parts that workers make side by side, in no order.
  ///
  /// - Parameters:
  ///   - count: workers; at least one.
  ///   - work: one worker's part; a worker that fails lets the others end.
  /// - Throws: the first failure.
  package static func parts<Part: Sendable>(
    _ count: Int, _ work: @escaping @Sendable () throws(CertificationError) -> Part
  ) async throws(CertificationError) -> [Part] {
    let results = await withTaskGroup(of: Result<Part, CertificationError>.self) { group in
      for _ in 0..<max(1, count) { group.addTask { Result(catching: work) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    var parts: [Part] = []
    for result in results { parts.append(try result.get()) }
    return parts
  }
}

/// Hands out shards to whichever worker is free.
package final class ShardQueue: Sendable {
  private let shards: Int
  private let taken = Atomic(0)
  private let decoded = Atomic(0)

  package init(shards: Int) { self.shards = shards }

  /// The next shard; `nil` once all are taken.
  package func next() -> Int? {
    let shard = taken.wrappingAdd(1, ordering: .relaxed).oldValue
    return shard < shards ? shard : nil
  }

  /// Hands out no more.
  package func close() { taken.store(shards, ordering: .relaxed) }

  /// Counts work as done; returns how much is.
  package func finish(_ count: Int) -> Int { decoded.wrappingAdd(count, ordering: .relaxed).newValue }

  /// One worker's results, each with the number of its shard; a failure closes the queue.
  ///
  /// - Throws: what a shard's work throws.
  package func results<Value>(
    while goesOn: () -> Bool, _ work: (Int) throws(CertificationError) -> Value
  ) throws(CertificationError) -> [(shard: Int, value: Value)] {
    var results: [(shard: Int, value: Value)] = []
    while goesOn(), let shard = next() {
      do {
        results.append((shard, try work(shard)))
      } catch {
        close()
        throw error
      }
    }
    return results
  }
}
