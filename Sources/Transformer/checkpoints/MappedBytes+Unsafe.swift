/// Bytes that somebody owns for as long as this lives: a mapped file, or memory.
///
/// Immutable, hence `Sendable`; the owner unmaps when the last reference goes.
final class MappedBytes: @unchecked Sendable {
  let buffer: UnsafeRawBufferPointer
  private let release: @Sendable (UnsafeRawBufferPointer) -> Void

  init(_ buffer: UnsafeRawBufferPointer, release: @escaping @Sendable (UnsafeRawBufferPointer) -> Void = { _ in }) {
    self.buffer = buffer
    self.release = release
  }

  /// A copy of bytes, such as a file that is a part of the program.
  convenience init(copying bytes: [UInt8]) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
    memory.copyBytes(from: bytes)
    self.init(UnsafeRawBufferPointer(memory)) { UnsafeMutableRawBufferPointer(mutating: $0).deallocate() }
  }

  deinit { release(buffer) }

  /// Bytes in all.
  var count: Int { buffer.count }

  /// A copy of some of the bytes.
  func copy(_ range: Range<Int>) -> [UInt8] { Array(buffer[range]) }

  /// Adds some of the bytes to strings, as one.
  func append(_ range: Range<Int>, to strings: inout GGUFStrings) {
    strings.append(UnsafeRawBufferPointer(rebasing: buffer[range]))
  }

  /// Whether two ranges hold the same bytes.
  func equals(_ range: Range<Int>, _ other: MappedBytes, _ otherRange: Range<Int>) -> Bool {
    UnsafeRawBufferPointer(rebasing: buffer[range]).elementsEqual(
      UnsafeRawBufferPointer(rebasing: other.buffer[otherRange]))
  }

  /// The integer at an offset, which need not be aligned.
  func loadLittleEndian<Integer: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as: Integer.Type) -> Integer {
    Integer(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: Integer.self))
  }
}
