#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files as memory: a page is read when it is touched, and may be dropped again without being written anywhere.
///
/// A file that another program shortens while it is mapped ends this one with SIGBUS at the next touch of a page that
/// is gone: no check can prevent it. Whoever replaces a checkpoint should write a new file and rename it over the old
/// one, as `transformers` and every download tool do; the mapping then keeps the old one.
package enum MappedFile {
  /// Maps a file, read-only; symbolic links are followed.
  ///
  /// - Throws: ``CheckpointError/unreadable(file:reason:)`` if there is none, it may not be read, is empty, or is
  ///   no regular file.
  package static func open(_ path: String) throws(CheckpointError) -> MappedBytes {
    // Opening a pipe would wait for its writer.
    let descriptor = openDescriptor(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw unreadable(path, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw unreadable(path, errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .unreadable(file: path, reason: "is a folder; a file is needed")
    default: throw .unreadable(file: path, reason: "is no regular file")
    }
    let size = Int(status.st_size)
    guard size > 0 else { throw .unreadable(file: path, reason: "is empty; was its download cut off?") }
    guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
      throw unreadable(path, errno)
    }
    return MappedBytes(
      UnsafeRawBufferPointer(start: start, count: size),
      release: { munmap(UnsafeMutableRawPointer(mutating: $0.baseAddress), $0.count) }, forget: forget)
  }

  /// Maps a file, or reads a pipe or a device into memory, to its end or to `most` bytes: a shell's `<(…)` is a pipe.
  ///
  /// - Throws: ``CheckpointError/unreadable(file:reason:)``, as ``open(_:)`` does.
  package static func openOrRead(_ path: String, most: Int) throws(CheckpointError) -> MappedBytes {
    var status = stat()
    guard stat(path, &status) == 0, [S_IFIFO, S_IFCHR].contains(status.st_mode & S_IFMT) else { return try open(path) }
    let descriptor = openDescriptor(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw unreadable(path, errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count < most {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw unreadable(path, errno) }
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    guard !bytes.isEmpty else { throw .unreadable(file: path, reason: "is empty") }
    return MappedBytes(copying: bytes)
  }

  /// Takes the whole pages among bytes out of this process's memory; the system may keep the file's contents.
  private static func forget(_ bytes: UnsafeRawBufferPointer) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let first = (Int(bitPattern: bytes.baseAddress) + page - 1) / page * page
    let end = (Int(bitPattern: bytes.baseAddress) + bytes.count) / page * page
    // Nothing depends on it: where it fails, the pages stay.
    if first < end { _ = madvise(UnsafeMutableRawPointer(bitPattern: first), end - first, Int32(MADV_DONTNEED)) }
  }

  /// The path of a file in a folder, whose own path may end with a slash.
  package static func path(_ name: String, in folder: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }

  /// Whether something of that name exists, whether or not it can be read.
  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether there is a folder of that name.
  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func openDescriptor(_ path: String, _ flags: Int32) -> Int32 {
    while true {
      #if canImport(Glibc)
        let descriptor = Glibc.open(path, flags)
      #elseif canImport(Musl)
        let descriptor = Musl.open(path, flags)
      #else
        let descriptor = Darwin.open(path, flags)
      #endif
      if descriptor >= 0 || errno != EINTR { return descriptor }
    }
  }

  private static func unreadable(_ path: String, _ code: Int32) -> CheckpointError {
    let reason =
      switch code {
      case ENOENT, ENOTDIR: "does not exist"
      case EACCES, EPERM: "may not be read; change its permissions"
      default: "cannot be read: \(String(cString: strerror(code)))"
      }
    return .unreadable(file: path, reason: reason)
  }
}
