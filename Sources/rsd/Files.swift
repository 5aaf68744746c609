import ArgumentParser
import Certification
import Foundation
import ToyModels

/// Reading and writing files, with the errors that a person can act on.
enum Files {
  static func read(_ path: String) throws -> Data {
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw failure(.badData, "\(path): cannot be read; does the file exist, and may you read it?")
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

  /// Makes sure that a file can be written before hours are spent on its content.
  static func requireWritable(_ path: String) throws {
    var isFolder: ObjCBool = false
    let existed = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    if isFolder.boolValue { throw failure(.cannotWrite, "\(path): is a folder; name a file in it") }
    // The file is replaced as a whole, which the folder must allow too.
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard FileManager.default.isWritableFile(atPath: folder),
      let handle = FileHandle(forUpdatingAtPath: path) ?? created(path)
    else {
      throw failure(.cannotWrite, "\(path): cannot be written; does its folder exist, and may you write there?")
    }
    try? handle.close()
    if !existed { try? FileManager.default.removeItem(atPath: path) }
  }

  private static func created(_ path: String) -> FileHandle? {
    guard FileManager.default.createFile(atPath: path, contents: nil) else { return nil }
    return FileHandle(forUpdatingAtPath: path)
  }

  /// Replaces a file as a whole, so that an interruption leaves the old one or the new one.
  static func write(_ data: Data, to path: String) throws {
    do {
      try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw failure(.cannotWrite, "\(path): cannot be written (\(error.localizedDescription))")
    }
  }
}
