extension Laws {
  /// Copies `count` values of `source` from `start` on into `output` from `position` on.
  ///
  /// One block move after one check of both ranges; a round copies a row of laws for every node it touches,
  /// and element by element with bounds checks that is half its time. The naive twin is in the tests.
  @inlinable @inline(always)
  public static func copy<Scalar>(
    _ count: Int, of source: [Scalar], from start: Int, into output: inout [Scalar], at position: Int
  ) {
    precondition(
      count >= 0 && start >= 0 && position >= 0 && start <= source.count - count
        && position <= output.count - count, "a row outside its table")
    source.withUnsafeBufferPointer { source in
      output.withUnsafeMutableBufferPointer { output in
        guard let from = source.baseAddress, let to = output.baseAddress else { return }
        (to + position).update(from: from + start, count: count)
      }
    }
  }
}
