import Foundation

extension OutputFile {
  /// Writes the whole content.
  ///
  /// - Throws: ``FileDescriptor/Failure``; a regular file is then as it was, unless its folder let no other take its place.
  func write(_ data: Data) throws(FileDescriptor.Failure) {
    switch place {
    case .descriptor(let descriptor): try FileDescriptor.write(data, to: descriptor)
    case .special(let name): try Self.write(data, into: try Self.openedSpecial(name), length: nil)
    case .regular(let name, let status):
      do {
        try Self.replace(name, status, with: data)
      } catch {
        // Where the folder is someone else's, or the file alone is mounted, the file itself can still be written.
        guard status != nil, ![ENOSPC, EDQUOT, EFBIG, EIO].contains(error.code) else { throw error }
        try Self.write(data, into: try FileDescriptor.opened(name, O_WRONLY), length: data.count)
      }
    }
  }

  /// Writes and closes; a regular file is cut to its new length after, not before.
  private static func write(_ data: Data, into descriptor: Int32, length: Int?) throws(FileDescriptor.Failure) {
    do {
      try FileDescriptor.write(data, to: descriptor)
      if let length { _ = try FileDescriptor.retrying { ftruncate(descriptor, off_t(length)) } }
    } catch {
      close(descriptor)
      throw error
    }
    // Some file systems say only here that the disk is full. An interrupted close has closed.
    guard close(descriptor) == 0 || errno == EINTR else { throw .last }
  }

  /// Opens what is written into; a pipe waits for its reader, as in a shell, and says so.
  private static func openedSpecial(_ name: String) throws(FileDescriptor.Failure) -> Int32 {
    var attempts = 0
    while true {
      do {
        let descriptor = try FileDescriptor.opened(name, O_WRONLY | O_NOCTTY | O_NONBLOCK)
        let flags = try FileDescriptor.retrying { fcntl(descriptor, F_GETFL) }
        _ = try FileDescriptor.retrying { fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK) }
        return descriptor
      } catch {
        let isPipe = (try? FileDescriptor.status(of: name)).map { $0.st_mode & S_IFMT == S_IFIFO } ?? false
        guard error.code == ENXIO, isPipe, !Interruption.isRequested else { throw error }
      }
      attempts += 1
      if attempts == 20 { StandardError.line("\(name): a pipe that nobody reads; waiting for a reader") }
      usleep(50_000)
    }
  }

  /// Puts a new file with the content, mode and owner in the place of the old.
  private static func replace(
    _ name: String, _ old: stat?, with data: Data
  ) throws(FileDescriptor.Failure) {
    // What is not there yet gets the mode that the user's mask leaves, and what is private is so from its first byte.
    let (descriptor, temporary) = try openedNew(in: folder(of: name), ".rsd", mode: old == nil ? 0o666 : 0o600)
    do throws(FileDescriptor.Failure) {
      do throws(FileDescriptor.Failure) {
        if let old { try adopt(old, descriptor) }
      } catch {
        close(descriptor)
        throw error
      }
      try write(data, into: descriptor, length: nil)
      _ = try FileDescriptor.retrying { rename(temporary, name) }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Gives a new file the owner and the mode of an old one.
  private static func adopt(_ old: stat, _ descriptor: Int32) throws(FileDescriptor.Failure) {
    let own = FileDescriptor.status(of: descriptor)
    if own?.st_uid != old.st_uid || own?.st_gid != old.st_gid {
      _ = try FileDescriptor.retrying { fchown(descriptor, old.st_uid, old.st_gid) }
    }
    _ = try FileDescriptor.retrying { fchmod(descriptor, old.st_mode & 0o7777) }
  }

  /// Keeps what could not be written where it was to be, in the folder for temporary files, for its owner alone.
  ///
  /// - Returns: where it is; `nil` where it cannot be written there either.
  static func keep(_ data: Data) -> String? {
    let folder = FileManager.default.temporaryDirectory.path
    guard let (descriptor, name) = try? openedNew(in: folder, "rsd", ".json", mode: 0o600) else { return nil }
    do {
      try write(data, into: descriptor, length: nil)
      return name
    } catch {
      unlink(name)
      return nil
    }
  }

  /// A file that was not there, with a short name: the other's may be as long as names can be.
  private static func openedNew(
    in folder: String, _ prefix: String, _ suffix: String = "", mode: mode_t
  ) throws(FileDescriptor.Failure) -> (descriptor: Int32, name: String) {
    var number = 0
    while true {
      let name = "\(folder)/\(prefix)-\(getpid())-\(number)\(suffix)"
      do {
        return (try FileDescriptor.opened(name, O_WRONLY | O_CREAT | O_EXCL, mode: mode), name)
      } catch {
        guard error.code == EEXIST, number < 1000 else { throw error }
        number += 1
      }
    }
  }
}
