import ArgumentParser
import Foundation

/// Results of one run in several files: each is written whatever became of the others, and what cannot be is kept elsewhere.
struct ResultFiles {
  /// How the command ends where one could not be written where it was to be.
  private(set) var failure: ExitCode?

  /// Writes a file, if one was asked for.
  ///
  /// - Parameter kept: whether it cannot be made again but by the whole run: then it is kept in the folder for temporary
  ///   files.
  /// - Returns: where it is.
  mutating func write(_ data: Data, to path: String?, kept: Bool = false) -> String? {
    guard let path else { return nil }
    do {
      try Files.write(data, to: path)
      return path
    } catch {
      failure = error as? ExitCode ?? ExitStatus.cannotWrite.code
    }
    guard kept, let other = OutputFile.keep(data) else { return nil }
    StandardError.line("what was to be in \(path) is in \(other)")
    return other
  }

  /// Ends the command where a file could not be written.
  func requireAll() throws { if let failure { throw failure } }
}
