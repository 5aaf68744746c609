#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A file descriptor that no child inherits, closed with its last reference.
package final class Descriptor: Sendable {
  /// Its number.
  package let number: Int32

  /// Takes a descriptor over.
  package init(_ number: Int32) {
    self.number = number
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
  }

  deinit { _ = close(number) }

  /// Opens a file.
  ///
  /// - Throws: ``SystemCallError`` where it cannot be opened.
  package convenience init(path: String, _ flags: Int32) throws(SystemCallError) {
    var number = open(path, flags | O_CLOEXEC)
    while number < 0, errno == EINTR { number = open(path, flags | O_CLOEXEC) }
    guard number >= 0 else { throw SystemCallError("open", errno) }
    self.init(number)
  }

  /// A pipe, neither end of which is a standard stream, even where those are closed.
  ///
  /// - Throws: ``SystemCallError`` where no descriptors are left.
  package static func pipe() throws(SystemCallError) -> (read: Descriptor, write: Descriptor) {
    try ProcessStart.whileNoneStarts { () throws(SystemCallError) in
      var ends: [Int32] = [-1, -1]
      guard systemPipe(&ends) == 0 else { throw SystemCallError("pipe", errno) }
      let (read, write) = (Descriptor(ends[0]), Descriptor(ends[1]))
      return (try read.aboveStandardStreams(), try write.aboveStandardStreams())
    }
  }

  private func aboveStandardStreams() throws(SystemCallError) -> Descriptor {
    if number > 2 { return self }
    let copy = fcntl(number, F_DUPFD_CLOEXEC, 3)
    guard copy >= 0 else { throw SystemCallError("fcntl", errno) }
    return Descriptor(copy)
  }

  /// Reads once, and once more where a signal came between.
  ///
  /// - Returns: the number of bytes, 0 at the end, and -1 with `errno` for an error.
  package static func read(_ number: Int32, into buffer: inout [UInt8]) -> Int {
    while true {
      let count = systemRead(number, &buffer, buffer.count)
      if count >= 0 || errno != EINTR { return count }
    }
  }

  /// Reads once; see ``read(_:into:)``.
  package func read(into buffer: inout [UInt8]) -> Int { Self.read(number, into: &buffer) }
}

/// The system's calls, whose names are those of methods here.
private func systemPipe(_ ends: inout [Int32]) -> Int32 { pipe(&ends) }
private func systemRead(_ number: Int32, _ buffer: UnsafeMutablePointer<UInt8>, _ size: Int) -> Int {
  read(number, buffer, size)
}
