#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The memory of packed weights: written while a matrix is made, then read only, hence `Sendable`.
final class PanelMemory: @unchecked Sendable {
  let buffer: UnsafeMutableRawBufferPointer
  private let block: PanelBlock

  fileprivate init(_ block: PanelBlock, _ range: Range<Int>) {
    self.block = block
    buffer = UnsafeMutableRawBufferPointer(rebasing: block.buffer[range])
  }
}

/// Hands out memory for a model's matrices, one behind the other in large blocks.
///
/// A pass over the weights touches every page once. With pages of 4 kB each touch would be a walk through the tables of
/// addresses, which on a virtual machine takes longer than reading the page; so the system is asked for its huge pages,
/// and matrices share them.
final class PanelArena {
  private var block: PanelBlock?
  private var used = 0

  /// Bytes of a block: few of them hold a model, and what is not used of the last is never touched.
  private static let blockBytes = 1 << 25

  /// Memory on a cache line's boundary, which is still to be written.
  func allocate(_ byteCount: Int) -> PanelMemory {
    let size = (byteCount + 63) / 64 * 64
    if let block, used + size <= block.buffer.count {
      used += size
      return PanelMemory(block, used - size..<used - size + byteCount)
    }
    let block = PanelBlock(byteCount: max(size, Self.blockBytes))
    // What is left of the larger one serves those that follow.
    if block.buffer.count - size > (self.block?.buffer.count ?? 0) - used { (self.block, used) = (block, size) }
    return PanelMemory(block, 0..<byteCount)
  }
}

/// A block of an arena, which lives as long as one of its matrices.
private final class PanelBlock: @unchecked Sendable {
  let buffer: UnsafeMutableRawBufferPointer

  /// 2 MB, the size of a huge page on most machines.
  private static let alignment = 1 << 21

  init(byteCount: Int) {
    buffer = .allocate(byteCount: byteCount, alignment: Self.alignment)
    #if os(Linux)
      // A hint: where it is refused, pages are small.
      _ = madvise(buffer.baseAddress, byteCount, Int32(MADV_HUGEPAGE))
    #endif
  }

  deinit { buffer.deallocate() }
}
