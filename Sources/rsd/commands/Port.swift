import ArgumentParser
import Certification
import ChildProcesses
import Foundation
import Ports

struct Port: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Answer the port protocol on stdin and stdout, by this package's decoder.",
    discussion: """
      What a porter compares with, and with --defect what a porter's mistake looks like: the suite must refuse it. \
      docs/port-protocol.md describes the messages, JSON Lines.

      Exit status: 0 at the end of the input, 65 where a defect is unknown.
      """)

  @Option(help: ArgumentHelp("Decode with this known defect (rsd defects).", valueName: "name"))
  var defect: String?

  func run() async throws {
    // Whoever started the port asks it to end by a signal, and hears of it from nobody else.
    Interruption.leave()
    var known: Defect?
    if let defect {
      guard let found = Defect.named(defect) else {
        throw failure(.badData, "no known defect is called \"\(defect)\"; `rsd defects` lists them")
      }
      known = found
    }
    let server = PortServer(defect: known)
    // A request is one line of bounded length, so that a stream without line feeds cannot fill the memory.
    var reader = LineReader(descriptor: STDIN_FILENO)
    while let line = reader.next() {
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
      Output.line(server.answer(line))
      if Output.hasFailed { return }
    }
    if reader.isTooLong { throw failure(.badData, "a request has more than \(LineReader.limit) bytes") }
    if let reason = reader.failure { throw failure(.badData, "standard input cannot be read: \(reason)") }
  }
}

/// Lines of bounded length from a descriptor.
struct LineReader {
  /// The most bytes of a line.
  static let limit = 1 << 28
  private let descriptor: Int32
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  private var pending = Data()
  /// Whether the last line had more than ``limit`` bytes.
  private(set) var isTooLong = false
  /// The system's words for what ended the reading, where that was no end of the input.
  private(set) var failure: String?

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// The next line, without its line feed; `nil` at the end, and after a failure.
  mutating func next() -> Data? {
    var searched = pending.startIndex
    while true {
      if let end = pending[searched...].firstIndex(of: 0x0A) {
        let line = Data(pending[..<end])
        pending = Data(pending[(end + 1)...])
        return line
      }
      searched = pending.endIndex
      guard pending.count <= Self.limit else {
        isTooLong = true
        return nil
      }
      let count = Descriptor.read(descriptor, into: &buffer)
      if count < 0 {
        failure = String(cString: strerror(errno))
        return nil
      }
      if count == 0 {
        defer { pending = Data() }
        return pending.isEmpty ? nil : pending
      }
      pending.append(contentsOf: buffer[..<count])
      if searched < pending.startIndex { searched = pending.startIndex }
    }
  }
}
