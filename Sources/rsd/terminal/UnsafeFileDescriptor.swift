import Foundation

/// Descriptors by the system's own calls, each begun again where a signal interrupts it: Foundation's end the program by
/// a trap where a stream fails.
enum FileDescriptor {
  /// Why a call of the system failed, in its words.
  struct Failure: Error, CustomStringConvertible {
    let code: Int32

    /// The failure of the call before.
    static var last: Failure { Failure(code: errno) }

    var description: String { String(cString: strerror(code)) }
  }

  /// The most bytes that are read where no file's length says how many there are.
  static let mostBytes = 1 << 30

  /// Runs a call until no signal interrupts it.
  static func retrying<Value: SignedInteger>(_ call: () -> Value) throws(Failure) -> Value {
    while true {
      let value = call()
      if value >= 0 { return value }
      guard errno == EINTR else { throw .last }
    }
  }

  /// Opens a file, for this process and not for its children.
  static func opened(_ path: String, _ flags: Int32, mode: mode_t = 0) throws(Failure) -> Int32 {
    try retrying { open(path, flags | O_CLOEXEC, mode) }
  }

  /// Writes all bytes, and waits where the other side of a pipe that does not block is slow.
  static func write(_ data: Data, to descriptor: Int32) throws(Failure) {
    var written = 0
    while written < data.count {
      do {
        written += try retrying {
          data.withUnsafeBytes { bytes in
            Foundation.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
          }
        }
      } catch {
        guard error.code == EAGAIN else { throw error }
        try wait(for: POLLOUT, of: descriptor)
      }
    }
  }

  /// Reads to the end.
  ///
  /// - Throws: ``Failure``, EFBIG for more than ``mostBytes``.
  static func readToEnd(_ descriptor: Int32) throws(Failure) -> Data {
    var data = Data()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      do {
        let count = try retrying { buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) } }
        if count == 0 { return data }
        data.append(contentsOf: buffer[..<count])
      } catch {
        guard error.code == EAGAIN else { throw error }
        try wait(for: POLLIN, of: descriptor)
      }
      if data.count > mostBytes { throw Failure(code: EFBIG) }
    }
  }

  private static func wait(for event: Int32, of descriptor: Int32) throws(Failure) {
    var entry = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    _ = try retrying { poll(&entry, 1, -1) }
  }

  /// The status of the file that a path leads to, or of a link itself where links are not followed.
  static func status(of path: String, followingLinks: Bool = true) throws(Failure) -> stat {
    var status = stat()
    guard (followingLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { throw .last }
    return status
  }

  /// The status of the file that a descriptor is open on; `nil` where the descriptor is closed.
  static func status(of descriptor: Int32) -> stat? {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? status : nil
  }

  /// Where a symbolic link leads.
  static func target(ofLink path: String) throws(Failure) -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let length = buffer.count - 1
    _ = try retrying { readlink(path, &buffer, length) }
    return buffer.withUnsafeBufferPointer { bytes in bytes.baseAddress.map { String(cString: $0) } ?? "" }
  }

  /// The descriptor of this process that a path names, such as /dev/fd/3; it need not be open.
  ///
  /// It is used itself: where it is a socket it cannot be opened by its name, and a file's place in it is its own.
  static func number(in path: String) -> Int32? {
    switch path {
    case "/dev/stdin": return STDIN_FILENO
    case "/dev/stdout": return STDOUT_FILENO
    case "/dev/stderr": return STDERR_FILENO
    default: break
    }
    guard path.hasPrefix("/") else { return nil }
    let names = path.split(separator: "/").filter { $0 != "." }
    let own = ["self", "thread-self", "\(getpid())"]
    guard let last = names.last.flatMap({ Int32($0) }), last >= 0, String(last) == names[names.count - 1] else {
      return nil
    }
    if names.count == 3, names[..<2] == ["dev", "fd"] { return last }
    return names.count == 4 && names[0] == "proc" && own.contains(String(names[1])) && names[2] == "fd" ? last : nil
  }
}
