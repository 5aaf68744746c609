import Foundation

/// A file that is named to be written: what stands there decides how.
///
/// A regular file is replaced as a whole, by a new one beside it that takes its name, with its mode and owner: whatever
/// interrupts the program leaves the old one or the new one, and another name of the old one (a hard link) keeps it.
/// Symbolic links are followed and stay. A device, a pipe, a socket and a descriptor are written into.
struct OutputFile {
  enum Place {
    /// A descriptor of this process.
    case descriptor(Int32)
    /// A special file that is written into, such as a device or a pipe, by its path.
    case special(String)
    /// A regular file, or none yet; the status of the file that stands there.
    case regular(String, stat?)
  }

  /// As it was named.
  let path: String
  let place: Place

  /// More links than this are a circle to the system too.
  private static let mostLinks = 40

  /// Looks at what stands there.
  ///
  /// - Throws: ``FileDescriptor/Failure``: EISDIR for a folder, ELOOP for links in a circle, ENXIO for a socket, which has no
  ///   name to be opened by, or why it cannot be looked at.
  init(_ path: String) throws(FileDescriptor.Failure) {
    self.path = path
    place = try Self.place(path)
  }

  private static func place(_ path: String) throws(FileDescriptor.Failure) -> Place {
    var name = path
    for _ in 0..<mostLinks {
      if let descriptor = FileDescriptor.number(in: name) { return .descriptor(descriptor) }
      let status: stat
      do {
        status = try FileDescriptor.status(of: name, followingLinks: false)
      } catch {
        guard error.code == ENOENT else { throw error }
        // The end of a link that leads nowhere is where the file is made; a link of /proc can lead to a file without a name.
        if name != path, let end = try? FileDescriptor.status(of: path) { return Self.place(path, end) }
        if name.hasSuffix("/") { throw FileDescriptor.Failure(code: EISDIR) }
        return .regular(name, nil)
      }
      switch status.st_mode & S_IFMT {
      case S_IFSOCK: throw FileDescriptor.Failure(code: ENXIO)
      case S_IFLNK:
        // The system refuses to follow some, such as a stranger's in a folder that all may write to.
        do { _ = try FileDescriptor.status(of: name) } catch { if error.code != ENOENT { throw error } }
        let target = try FileDescriptor.target(ofLink: name)
        let folder = target.hasPrefix("/") ? nil : name.lastIndex(of: "/").map { name[...$0] }
        name = String(folder ?? "") + target
      case S_IFDIR: throw FileDescriptor.Failure(code: EISDIR)
      case S_IFREG: return Self.place(name, status)
      default: return .special(name)
      }
    }
    throw FileDescriptor.Failure(code: ELOOP)
  }

  /// A file that standard output or error is written to already is not replaced: what is there would be lost.
  private static func place(_ name: String, _ status: stat) -> Place {
    guard status.st_mode & S_IFMT == S_IFREG else { return .special(name) }
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      if let open = FileDescriptor.status(of: descriptor), open.st_dev == status.st_dev, open.st_ino == status.st_ino {
        return .descriptor(descriptor)
      }
    }
    return .regular(name, status)
  }

  /// Makes sure that it can be written as far as that can be seen without a change to anything.
  ///
  /// - Throws: ``FileDescriptor/Failure``.
  func requireWritable() throws(FileDescriptor.Failure) {
    switch place {
    case .descriptor(let descriptor):
      guard StandardStreams.wasGiven(descriptor) else { throw FileDescriptor.Failure(code: EBADF) }
      let flags = try FileDescriptor.retrying { fcntl(descriptor, F_GETFL) }
      if flags & O_ACCMODE == O_RDONLY { throw FileDescriptor.Failure(code: EBADF) }
    case .special(let name), .regular(let name, _?): try Self.requireAccess(name, W_OK)
    case .regular(let name, nil): try Self.requireAccess(Self.folder(of: name), W_OK | X_OK)
    }
  }

  private static func requireAccess(_ name: String, _ mode: Int32) throws(FileDescriptor.Failure) {
    guard faccessat(AT_FDCWD, name, mode, AT_EACCESS) == 0 else { throw .last }
  }

  static func folder(of name: String) -> String {
    guard let slash = name.lastIndex(of: "/") else { return "." }
    return slash == name.startIndex ? "/" : String(name[..<slash])
  }
}
