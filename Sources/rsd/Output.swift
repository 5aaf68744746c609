import Foundation
import Synchronization

/// Standard output, line by line: a reader at the other end of a pipe sees each row as soon as it is known.
enum Output {
  private static let failures = Atomic(0)

  /// Whether something could not be written.
  static var hasFailed: Bool { failures.load(ordering: .relaxed) > 0 }

  static func line(_ text: String) { write(Data("\(text)\n".utf8)) }

  /// Goes on after a failure: the certificate is still to be written.
  static func write(_ data: Data) {
    do {
      try FileHandle.standardOutput.write(contentsOf: data)
    } catch {
      failures.wrappingAdd(1, ordering: .relaxed)
    }
  }
}
