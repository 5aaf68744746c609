import Certification
import ChildProcesses
import Foundation
import Testing

@testable import rsd

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct TerminalTests {
  /// What the command writes to a terminal of its own.
  static func onTerminal(
    _ arguments: [String], columns: Int = 200, environment: [String: String] = [:]
  ) async throws -> String {
    let (master, slave) = try pseudoTerminal(columns: columns)
    let folder = try Folder()
    let process = Command.process(
      arguments, in: folder, environment: ["TERM": "xterm", "LC_ALL": "C.UTF-8"].merging(environment) { $1 })
    let terminal = FileHandle(fileDescriptor: slave.number, closeOnDealloc: false)
    process.standardOutput = .handle(terminal)
    process.standardError = .handle(terminal)
    // Read while it runs, for a terminal's buffer is small, and up to a mark that is written after the end: where the
    // last writer has gone, some systems drop what was not read.
    let mark = Data("\u{0}".utf8)
    async let output = Command.blocking {
      var text = Data()
      var buffer = [UInt8](repeating: 0, count: 4096)
      while !text.suffix(1).elementsEqual(mark), case let count = master.read(into: &buffer), count > 0 {
        text += buffer[..<count]
      }
      return String(decoding: text.dropLast(), as: UTF8.self)
    }
    // Its failure is thrown when the reader has ended.
    let status: Result<Int32, any Error>
    do { status = .success(try await Command.end(of: process)) } catch { status = .failure(error) }
    try terminal.write(contentsOf: mark)
    let text = await output
    withExtendedLifetime((folder, slave)) {}
    _ = try status.get()
    return text.replacingOccurrences(of: "\r\n", with: "\n")
  }

  private static func pseudoTerminal(columns: Int) throws -> (master: Descriptor, slave: Descriptor) {
    try ProcessStart.whileNoneStarts {
      var (master, slave) = (Int32(-1), Int32(-1))
      var size = winsize(ws_row: 24, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
      let status = openpty(&master, &slave, nil, nil, &size)
      try #require(status == 0)
      return (Descriptor(master), Descriptor(slave))
    }
  }

  static let inconclusive = ["certify", "--cases", "rsd-c/*", "--samples", "4096"]
  static let yellow = "\u{1B}[33minconclusive\u{1B}[0m"

  @Test func aTerminalHasColours() async throws {
    #expect(try await Self.onTerminal(Self.inconclusive).contains(Self.yellow))
    // The standard says that an empty value counts for nothing.
    #expect(try await Self.onTerminal(Self.inconclusive, environment: ["NO_COLOR": ""]).contains(Self.yellow))
  }

  /// A run that is long enough for its progress to be shown.
  static let long = ["certify", "--quick", "--samples", "200000", "--no-proofs", "--no-transformers"]

  @Test func progressIsDrawnInBlocks() async throws {
    let text = try await Self.onTerminal(Self.long, columns: 80)
    #expect(text.contains(/\r\u{1B}\[K[█░]{24} \d+ %/))
  }

  /// No escape at all; where the locale alone lacks UTF-8, a bar in ASCII that blanks take away.
  @Test(arguments: [
    ["TERM": "dumb"], ["TERM": ""], ["LC_ALL": "C"], ["LC_ALL": "POSIX"], ["LC_ALL": "en_US.ISO-8859-1"],
  ])
  func noEscapesAndBlocksWhereTheyAreNotShown(environment: [String: String]) async throws {
    let text = try await Self.onTerminal(Self.long, columns: 80, environment: environment)
    #expect(text.contains(/(certified|inconclusive): \d+ of \d+ cases pass/))
    #expect(!text.contains("\u{1B}") && !text.contains("█") && !text.contains("░"))
    #expect(text.contains(/\r[#.]{24} \d+ %/) == (environment["TERM"] == nil))
  }

  @Test(arguments: [
    ([:], false), (["LANG": "C"], false), (["LANG": "C.UTF-8"], true), (["LANG": "en_US.utf8"], true),
    (["LANG": "de_DE.UTF-8@euro"], true), (["LANG": "de_DE@euro"], false), (["LANG": "de_DE"], false),
    (["LANG": "POSIX"], false), (["LC_CTYPE": "UTF-8"], true), (["LANG": "ja_JP.eucJP"], false),
    (["LC_ALL": "C", "LC_CTYPE": "C.UTF-8", "LANG": "C.UTF-8"], false),
    (["LC_ALL": "", "LC_CTYPE": "C.UTF-8", "LANG": "C"], true), (["LC_CTYPE": "C", "LANG": "C.UTF-8"], false),
    (["LC_ALL": "", "LC_CTYPE": "", "LANG": "C.UTF-8"], true), (["LC_MESSAGES": "C.UTF-8"], false),
  ])
  func theLocaleSaysWhichCharactersThereAre(environment: [String: String], expected: Bool) {
    #expect(Terminal.isUTF8(environment) == expected)
  }

  @Test(arguments: [["NO_COLOR": "1"], ["NO_COLOR": "0"], ["TERM": "dumb"]])
  func noColourWhereItIsNotWanted(environment: [String: String]) async throws {
    let text = try await Self.onTerminal(Self.inconclusive, environment: environment)
    #expect(text.contains(/inconclusive: 0 of \d+ cases pass/))
    #expect(text.matches(of: /\u{1B}\[[0-9;]*m/).isEmpty)
  }

  @Test(arguments: [
    ["certify", "--quick", "--samples", "4096"], ["certify", "--quick", "--list"], ["trace", "--rule", "rsd-s"],
    ["bench", "toy", "--seconds", "0.001", "--threads", "1"],
  ])
  func noEscapesInAPipe(arguments: [String]) async throws {
    let result = try await Command.run(arguments, in: Folder(), environment: ["TERM": "xterm"])
    #expect(result.error == "")
    #expect(result.text.count { $0 == "\n" } >= 10)
    #expect(!result.text.contains("\u{1B}"))
    #expect(!result.text.contains("\r"))
  }

  /// The columns of a row stand under their titles, and nothing wraps.
  @Test func eightyColumnsAreEnough() async throws {
    for arguments in [
      ["certify", "--quick", "--samples", "40000"], ["certify", "--quick", "--list"],
      ["bench", "toy", "--seconds", "0.001", "--threads", "1"],
    ] {
      let text = try await Self.onTerminal(arguments, columns: 80, environment: ["NO_COLOR": "1"])
      // A progress line that was taken away again left no trace on the screen.
      let lines = text.split(separator: "\n").map { $0.split(separator: "\u{1B}[K").last ?? $0 }
      #expect(lines.count > 10)
      for line in lines { #expect(line.count <= 80, "\(line)") }
    }
    let wide = try await Self.onTerminal(Self.inconclusive, columns: 200, environment: ["NO_COLOR": "1"])
    #expect(wide.contains("tokens/round"))
    let narrow = try await Self.onTerminal(Self.inconclusive, columns: 80, environment: ["NO_COLOR": "1"])
    #expect(!narrow.contains("tokens/round"))
    #expect(narrow.contains("rsd-c/3-1/anti-correlated/top-k  4,096"))
  }

  @Test func verdictsStandUnderTheirTitle() async throws {
    let result = try await Command.run(Self.inconclusive, in: Folder(), environment: ["COLUMNS": "200"])
    let lines = result.text.split(separator: "\n").map(Array.init)
    let column = try #require(String(lines[0]).range(of: "verdict")).lowerBound
    let offset = String(lines[0]).distance(from: String(lines[0]).startIndex, to: column)
    #expect(lines[1].starts(with: "rsd-c"))
    for line in lines.dropFirst().prefix(while: { $0.starts(with: "rsd-c") }) {
      #expect(String(line[offset...]) == "inconclusive")
      #expect(line[offset - 1] == " ")
    }
  }
}
