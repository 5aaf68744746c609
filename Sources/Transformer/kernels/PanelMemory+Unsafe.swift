/// The memory of packed weights: written while a matrix is made, then read only, hence `Sendable`.
final class PanelMemory: @unchecked Sendable {
  let buffer: UnsafeMutableRawBufferPointer

  /// Memory on a cache line's boundary, which is still to be written.
  init(byteCount: Int) { buffer = .allocate(byteCount: byteCount, alignment: 64) }

  deinit { buffer.deallocate() }
}
