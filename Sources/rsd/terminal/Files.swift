import ArgumentParser
import Certification
import Foundation
import ToyModels

/// Reading and writing files, with the errors that a person can act on.
enum Files {
  /// The bytes of a text file, a pipe or standard input (`-`), without a byte order mark.
  static func read(_ path: String) throws -> Data {
    let shown = path == "-" ? "standard input" : path
    let data: Data
    do {
      data = try bytes(path == "-" ? "/dev/stdin" : path)
    } catch {
      throw failure(.badData, "\(shown): cannot be read\(advice(reading: error))")
    }
    if data.starts(with: [0xFF, 0xFE]) || data.starts(with: [0xFE, 0xFF]) {
      throw failure(.badData, "\(shown): is UTF-16, by its first two bytes; save it as UTF-8")
    }
    guard data.starts(with: [0xEF, 0xBB, 0xBF]) else { return data }
    StandardError.line("\(shown): begins with a byte order mark, which is left out")
    return Data(data.dropFirst(3))
  }

  /// A file as text.
  ///
  /// - Parameter use: what to do where it is none.
  static func text(_ path: String, _ use: String = "") throws -> String {
    let data = try read(path)
    if let text = String(validating: data, as: UTF8.self) { return text }
    throw failure(.badData, "\(path == "-" ? "standard input" : path): is not UTF-8\(use)")
  }

  private static func bytes(_ path: String) throws(FileDescriptor.Failure) -> Data {
    if let descriptor = FileDescriptor.number(in: path) { return try FileDescriptor.readToEnd(descriptor) }
    let descriptor = try FileDescriptor.opened(path, O_RDONLY | O_NOCTTY)
    defer { close(descriptor) }
    return try FileDescriptor.readToEnd(descriptor)
  }

  private static func advice(reading error: FileDescriptor.Failure) -> String {
    switch error.code {
    case ENOENT, ENOTDIR, EACCES, EPERM: "; does the file exist, and may you read it?"
    case EISDIR: "; it is a folder"
    case EBADF: "; was it closed?"
    case EFBIG: "; it has more than \(FileDescriptor.mostBytes >> 20) MiB"
    default: " (\(error))"
    }
  }

  static func model(_ path: String) throws -> ModelDocument {
    let document: ModelDocument
    do {
      document = try ModelDocument(json: read(path))
      _ = try document.model()
    } catch let error as ToyModelError {
      throw failure(.badData, "\(path): \(error)")
    }
    return document
  }

  /// Makes sure that a file can be written before hours are spent on its content, and changes nothing.
  ///
  /// From here on a failure of standard output leaves the work to be finished.
  static func requireWritable(_ path: String) throws {
    do {
      try OutputFile(path).requireWritable()
    } catch {
      throw failure(.cannotWrite, line(of: error, path))
    }
    Output.atFailure(.goesOn)
  }

  /// Writes a file: as ``OutputFile`` says.
  static func write(_ data: Data, to path: String) throws {
    do {
      try OutputFile(path).write(data)
    } catch {
      throw failure(.cannotWrite, line(of: error, path))
    }
  }

  private static func line(of error: FileDescriptor.Failure, _ path: String) -> String {
    if error.code == EISDIR { return "\(path): is a folder; name a file in it" }
    return "\(path): cannot be written (\(error)); \(advice(writing: error.code))"
  }

  private static func advice(writing code: Int32) -> String {
    switch code {
    case ENOENT, ENOTDIR: "does its folder exist?"
    case EACCES, EPERM: "may you write there?"
    case ENOSPC, EDQUOT: "make room, or name a file elsewhere"
    case EBADF: "it is not open for writing"
    default: "name another file"
    }
  }
}
