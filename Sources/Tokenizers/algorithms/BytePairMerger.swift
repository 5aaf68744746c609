import SpeculativeDecoding

/// Byte-pair encoding's merges, applied to a list of tokens.
///
/// Of all neighbours that may be merged those of the lowest rank are, the leftmost of equals, until none may. The
/// tokens are a linked list, and the pairs that may be merged a heap, so that a word of n characters takes O(n log n).
struct BytePairMerger: Sendable {
  private struct Entry {
    let rank: UInt32
    let result: UInt32
  }

  private let entries: [UInt64: Entry]

  /// - Parameter merges: ranks and tokens below 2^32, each pair once.
  init(_ merges: [TokenizerDescription.Merge]) {
    var entries: [UInt64: Entry] = [:]
    entries.reserveCapacity(merges.count)
    for merge in merges {
      entries[Self.key(UInt32(merge.left), UInt32(merge.right))] = Entry(
        rank: UInt32(merge.rank), result: UInt32(merge.result))
    }
    self.entries = entries
  }

  /// The working memory of a merger, to be used again.
  struct Workspace {
    /// The tokens; merged ones in place, where `spans` is not 0.
    var tokens: [UInt32] = []
    /// How many of the original tokens each has become; 0 for those that were merged away.
    fileprivate(set) var spans: [UInt32] = []
    fileprivate var previous: [Int32] = []
    fileprivate var queue = MergeQueue()
  }

  /// Merges the workspace's tokens until nothing is left to merge.
  ///
  /// - Parameter workspace: what remains are the tokens whose span is not 0, in order.
  /// - Complexity: O(n log n) in the number of tokens, which must be below 2^31.
  func merge(_ workspace: inout Workspace) {
    let count = workspace.tokens.count
    workspace.spans.removeAll(keepingCapacity: true)
    workspace.previous.removeAll(keepingCapacity: true)
    for index in 0..<count {
      workspace.spans.append(1)
      workspace.previous.append(Int32(index) - 1)
    }
    for index in 0..<max(0, count - 1) { offer(index, index + 1, &workspace) }
    while let next = workspace.queue.popFirst() {
      let left = Int(next.position)
      let right = left + Int(workspace.spans[left])
      // Every change of a pair makes it longer: one of another length is a pair that no longer is.
      guard workspace.spans[left] > 0, right < count,
        workspace.spans[left] + workspace.spans[right] == next.span
      else { continue }
      workspace.tokens[left] = next.result
      workspace.spans[left] = next.span
      workspace.spans[right] = 0
      let after = left + Int(next.span)
      if after < count {
        workspace.previous[after] = Int32(left)
        offer(left, after, &workspace)
      }
      let before = Int(workspace.previous[left])
      if before >= 0 { offer(before, left, &workspace) }
    }
  }

  @inline(__always)
  private func offer(_ left: Int, _ right: Int, _ workspace: inout Workspace) {
    guard let entry = entries[Self.key(workspace.tokens[left], workspace.tokens[right])] else { return }
    workspace.queue.insert(
      .init(
        rank: entry.rank, position: UInt32(left), result: entry.result,
        span: workspace.spans[left] + workspace.spans[right]))
  }

  @inline(__always)
  private static func key(_ left: UInt32, _ right: UInt32) -> UInt64 { UInt64(left) << 32 | UInt64(right) }
}

extension BytePairMerger {
  /// The result of ``merge(_:)``, by looking at all pairs again and again: O(n²), the heap's naive twin.
  func naivelyMerged(_ tokens: [UInt32]) -> [UInt32] {
    var tokens = tokens
    while true {
      var best: (index: Int, entry: Entry)?
      for index in tokens.indices.dropLast() {
        guard let entry = entries[Self.key(tokens[index], tokens[index + 1])] else { continue }
        if let best, best.entry.rank <= entry.rank { continue }
        best = (index, entry)
      }
      guard let best else { return tokens }
      tokens[best.index] = best.entry.result
      tokens.remove(at: best.index + 1)
    }
  }
}
