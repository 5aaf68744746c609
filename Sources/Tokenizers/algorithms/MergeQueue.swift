/// A binary heap of pairs that may be merged, the lowest rank first, the leftmost of equals.
struct MergeQueue {
  /// A pair of neighbours.
  struct Pair {
    let rank: UInt32
    /// Where the left one is.
    let position: UInt32
    /// The token that they become.
    let result: UInt32
    /// Original tokens in both.
    let span: UInt32

    @inline(__always)
    fileprivate var order: UInt64 { UInt64(rank) << 32 | UInt64(position) }
  }

  private var pairs: [Pair] = []

  mutating func insert(_ pair: Pair) {
    var index = pairs.count
    pairs.append(pair)
    while index > 0 {
      let parent = (index - 1) / 2
      if pairs[parent].order <= pair.order { break }
      pairs[index] = pairs[parent]
      index = parent
    }
    pairs[index] = pair
  }

  mutating func popFirst() -> Pair? {
    guard let first = pairs.first, let last = pairs.popLast() else { return nil }
    if pairs.isEmpty { return first }
    var index = 0
    while true {
      var child = 2 * index + 1
      if child >= pairs.count { break }
      if child + 1 < pairs.count, pairs[child + 1].order < pairs[child].order { child += 1 }
      if last.order <= pairs[child].order { break }
      pairs[index] = pairs[child]
      index = child
    }
    pairs[index] = last
    return first
  }
}
