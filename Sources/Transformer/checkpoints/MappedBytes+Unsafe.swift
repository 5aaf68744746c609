/// Bytes that somebody owns for as long as this lives: a mapped file, or memory of the binary.
///
/// Immutable, hence `Sendable`; the owner unmaps when the last reference goes.
final class MappedBytes: @unchecked Sendable {
  let buffer: UnsafeRawBufferPointer
  private let release: @Sendable (UnsafeRawBufferPointer) -> Void

  init(_ buffer: UnsafeRawBufferPointer, release: @escaping @Sendable (UnsafeRawBufferPointer) -> Void = { _ in }) {
    self.buffer = buffer
    self.release = release
  }

  deinit { release(buffer) }

  /// The integer at an offset, which need not be aligned.
  func loadLittleEndian<Integer: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as: Integer.Type) -> Integer {
    Integer(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: Integer.self))
  }
}
