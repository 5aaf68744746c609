/// The sums of blocks of weights: a draw passes over blocks, and a weight that changes costs the sum of its block.
///
/// Draws and sums are bit for bit those of ``ProbabilityScalar/index(of:in:total:)`` and ``Laws/mass(of:)`` without
/// it; it only saves time, where a law has tens of thousands of tokens. One block is as fast without, and
/// nothing is kept of it.
public struct BlockSums<Scalar: ProbabilityScalar>: Sendable {
  @usableFromInline var sums: [Scalar.Sum] = []

  /// The sums of nothing.
  @inlinable public init() {}

  /// Sums the first `count` weights, of which those before `start` were summed already and have not changed.
  ///
  /// - Complexity: O(weights from `start` on), and a block.
  @inlinable
  public mutating func sum(_ count: Int, of weights: [Scalar], from start: Int = 0) {
    guard count > Laws.blockSize else { return sums.removeAll(keepingCapacity: true) }
    let known = min(start / Laws.blockSize, sums.count)
    sums.removeLast(sums.count - known)
    for block in known..<(count + Laws.blockSize - 1) / Laws.blockSize {
      sums.append(Laws.blockSum(of: weights.span, in: Self.range(of: block, count)))
    }
  }

  /// Sums the block of one of the first `count` weights, which has changed.
  @inlinable
  public mutating func update(at index: Int, in count: Int, of weights: [Scalar]) {
    guard count > Laws.blockSize else { return }
    let block = index / Laws.blockSize
    sums[block] = Laws.blockSum(of: weights.span, in: Self.range(of: block, count))
  }

  /// The sum of the first `count` weights, which were summed.
  ///
  /// - Complexity: O(blocks).
  @inlinable
  public func mass(_ count: Int, of weights: [Scalar]) -> Scalar {
    guard count > Laws.blockSize else { return Laws.mass(of: weights.span.extracting(0..<count)) }
    return Scalar(rounding: sums.reduce(.zero, +))
  }

  @inlinable
  static func range(of block: Int, _ count: Int) -> Range<Int> {
    block * Laws.blockSize..<min((block + 1) * Laws.blockSize, count)
  }
}
