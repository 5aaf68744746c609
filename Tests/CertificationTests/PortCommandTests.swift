import Foundation
@testable import Ports
import TestSupport
import Testing

@testable import Certification

/// The child process: what it is told, what it may do, and that it is gone afterwards.
@Suite struct PortCommandTests {
  static let most = 1 << 16

  @Test(arguments: [
    ("python3 port.py --defect x", ["python3", "port.py", "--defect", "x"]),
    ("'a b' \"c d\"e  f\\ g ''", ["a b", "c de", "f g", ""]), ("", []), ("  ", []),
  ])
  func wordsAreAShells(command: String, words: [String]) {
    #expect(PortCommand(command).words == words)
  }

  @Test func filesOfTheCommandAreHashed() throws {
    let folder = TestRun.folder.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let script = folder.appending(path: "abc")
    try Data("abc".utf8).write(to: script)
    let files = PortCommand("sh \(script.path) \(script.path) \(folder.path) missing").files()
    #expect(files.map(\.name) == ["sh", script.path])
    #expect(files[1].sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test func aLineComesBack() throws {
    let connection = try PortConnection(command: "cat")
    for number in 0..<100 {
      #expect(try connection.exchange("line \(number)", limit: Self.most, within: 20) == Array("line \(number)".utf8))
    }
    connection.close()
  }

  /// Far more than the pipes hold, both ways at once: whoever waits for the other would wait for ever.
  @Test func aLongLineDoesNotStopBothSides() throws {
    let connection = try PortConnection(command: "cat; cat >&2")
    let line = String(repeating: "0123456789", count: 400_000)
    #expect(try connection.exchange(line, limit: 1 << 23, within: 60).count == line.utf8.count)
    connection.close()
  }

  @Test(arguments: [
    ("exit 3", PortFailure.Kind.died), ("true", .died), ("kill -9 $$", .died), ("exec sleep 3600", .timedOut),
    ("trap '' TERM; while :; do sleep 1; done", .timedOut), ("yes", .flooded), ("tr '\\0' x </dev/zero", .flooded),
    ("no-such-command-at-all", .died), ("exec 1>&-; sleep 3600", .died), ("printf partial; exit 0", .died),
  ])
  func whateverAPortDoesEndsAsAFailure(command: String, kind: PortFailure.Kind) {
    #expect {
      let connection = try PortConnection(command: command)
      // The second line finds a child that has gone: a broken pipe must end nobody.
      while try connection.exchange("hello", limit: Self.most, within: 1) == Array("y".utf8) {}
    } throws: {
      ($0 as? PortFailure)?.kind == kind
    }
  }

  @Test func theEndOfTheLogIsKept() {
    #expect {
      let connection = try PortConnection(command: "seq 1 100000 >&2; echo the last words >&2; exit 1")
      _ = try connection.exchange("hello", limit: Self.most, within: 60)
    } throws: {
      guard let failure = $0 as? PortFailure else { return false }
      return failure.log.hasSuffix("the last words") && failure.log.utf8.count <= LogTail.limit
        && failure.reason.contains("ended with status 1")
    }
  }

  /// The child and what it started are one group, which is ended as a whole; nothing else is.
  @Test func onlyTheChildAndItsChildrenAreEnded() throws {
    let connection = try PortConnection(command: "sleep 3600 & echo $! $$; wait")
    let line = String(decoding: try connection.exchange("hello", limit: Self.most, within: 20), as: UTF8.self)
    let processes = try line.split(separator: " ").map { try #require(Int32($0)) }
    let bystander = try PortConnection(command: "cat")
    for process in processes { #expect(kill(process, 0) == 0) }
    _ = connection.fail(.timedOut, "test")
    for process in processes {
      // A killed grandchild is a zombie until whoever adopts it looks: it must at least be no running process. The kill
      // itself takes effect when the process is next given a processor.
      func isGone() -> Bool {
        let isZombie =
          (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)).map { $0.contains(") Z") } ?? true
        return kill(process, 0) != 0 || isZombie
      }
      for _ in 0..<600 where !isGone() { usleep(50_000) }
      #expect(isGone())
    }
    #expect(try bystander.exchange("still here", limit: Self.most, within: 20) == Array("still here".utf8))
    bystander.close()
  }

  @Test func aTailStartsWithALine() {
    var tail = LogTail()
    #expect(tail.text == "")
    tail.append(Array("first\nsecond\n".utf8)[...])
    #expect(tail.text == "first\nsecond")
    for number in 0..<10_000 { tail.append(Array("line \(number)\n".utf8)[...]) }
    #expect(tail.text.hasPrefix("line "))
    #expect(tail.text.hasSuffix("line 9999"))
    #expect(tail.text.utf8.count <= LogTail.limit)
  }
}
