/// Bytes that somebody owns for as long as this lives: a mapped file, or memory.
///
/// Immutable, hence `Sendable`; the owner unmaps when the last reference goes.
package final class MappedBytes: @unchecked Sendable {
  package let buffer: UnsafeRawBufferPointer
  private let release: @Sendable (UnsafeRawBufferPointer) -> Void
  private let forget: @Sendable (UnsafeRawBufferPointer) -> Void

  /// - Parameter forget: gives memory back that can be read again, from the file.
  package init(
    _ buffer: UnsafeRawBufferPointer, release: @escaping @Sendable (UnsafeRawBufferPointer) -> Void = { _ in },
    forget: @escaping @Sendable (UnsafeRawBufferPointer) -> Void = { _ in }
  ) {
    self.buffer = buffer
    self.forget = forget
    self.release = release
  }

  /// A copy of bytes, such as a file that is a part of the program.
  package convenience init(copying bytes: [UInt8]) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
    memory.copyBytes(from: bytes)
    self.init(
      UnsafeRawBufferPointer(memory), release: { UnsafeMutableRawBufferPointer(mutating: $0).deallocate() })
  }

  deinit { release(buffer) }

  /// Bytes in all.
  package var count: Int { buffer.count }

  /// Gives the memory of some of the bytes back; they are read from the file again where they are needed again.
  package func giveBack(_ range: Range<Int>) { forget(UnsafeRawBufferPointer(rebasing: buffer[range])) }

  /// A copy of some of the bytes.
  package func copy(_ range: Range<Int>) -> [UInt8] { Array(buffer[range]) }

  /// Adds some of the bytes to strings, as one.
  package func append(_ range: Range<Int>, to strings: inout GGUFStrings) {
    strings.append(UnsafeRawBufferPointer(rebasing: buffer[range]))
  }

  /// Whether two ranges hold the same bytes.
  package func equals(_ range: Range<Int>, _ other: MappedBytes, _ otherRange: Range<Int>) -> Bool {
    UnsafeRawBufferPointer(rebasing: buffer[range]).elementsEqual(
      UnsafeRawBufferPointer(rebasing: other.buffer[otherRange]))
  }

  /// The integer at an offset, which need not be aligned.
  package func loadLittleEndian<Integer: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as: Integer.Type)
    -> Integer
  {
    Integer(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: Integer.self))
  }
}
