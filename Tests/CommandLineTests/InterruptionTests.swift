import Certification
import ChildProcesses
import Foundation
import Synchronization
import Testing

@testable import rsd

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ctrl-C and SIGTERM end every command, wherever it is; a second one ends the process.
@Suite struct InterruptionTests {
  /// Work that takes many minutes, or waits for ever; where neither can be had, work that says whether it was ended.
  private struct Work: Sendable {
    var arguments: [String]
    /// Whether its first line waits for a reader that never reads.
    var blocksOutput = false
  }

  private static func work(_ words: [String], _ folder: Folder) throws -> Work? {
    let pair = ["--target", "\(Certificates.models)/target.json", "--draft", "\(Certificates.models)/draft.json"]
    func reading(_ arguments: String...) throws -> Work {
      // A file that nobody writes to.
      try #require(mkfifo(folder.url.appending(path: "fifo").path, 0o600) == 0)
      return Work(arguments: words + arguments)
    }
    func printing(_ arguments: String...) -> Work { Work(arguments: words + arguments, blocksOutput: true) }
    func computing(_ arguments: [String]) -> Work { Work(arguments: words + arguments) }
    switch words.joined(separator: " ") {
    case "certify": return computing(["--suite", "wide"])
    case "verify", "report", "vectors check": return try reading("fifo")
    case "prove", "exact":
      return computing(pair + ["--rule", "rsd-s", "--width", "3", "--depth", "6", "--limit", "1000000000000"])
    case "defects list": return printing()
    case "defects show": return printing("residual-from-target")
    case "inspect": return printing("king-james-target")
    case "logits": return printing("--model", "king-james-draft", "--tokens", "1,2", "--json")
    case "vectors write": return printing("--output", ".")
    case "trace": return printing("--rule", "sd")
    case "plan": return printing("--df", "7", "--effect", "0.03")
    case "defects run", "defects matrix": return computing(["--threads", "1"])
    case "witness": return computing(["residual-from-target", "--seconds", "3600"])
    case "calibrate": return computing(["--seeds", "1000000"])
    case "generate": return computing(["--compare", "--texts", "100000"])
    case "tokenize": return try reading("--model", "king-james-target", "--file", "fifo")
    case "port": return computing([])
    // Its work takes half a second.
    case "rounding": return printing()
    case "bench toy", "bench proof": return computing(["--seconds", "3600"])
    case "bench model": return computing(["--model", "king-james-draft", "--seconds", "3600"])
    case "bench round": return computing(["--texts", "100000"])
    case "bench tokenizer": return try reading("--model", "king-james-target", "--file", "fifo")
    default: return nil
    }
  }

  /// How long a command may take to end on a machine that does much else.
  private static let patience = 60.0

  /// Runs a command, sends it signals a while after its start, and waits for it; `nil` where it does not end.
  private func status(
    _ work: Work, in folder: Folder, signals: [Int32], after seconds: Double = 0.8
  ) async throws -> Int32? {
    let process = Command.process(work.arguments, in: folder)
    process.standardOutput = .file(try folder.stream())
    process.standardError = .file(try folder.stream())
    let wasKilled = Mutex(false)
    let pipes = Mutex<[Descriptor]>([])
    let status = try await Command.end(of: process) {
      Thread.sleep(forTimeInterval: seconds)
      for number in signals {
        process.signal(number)
        Thread.sleep(forTimeInterval: 0.1)
      }
      let deadline = ContinuousClock.now + .seconds(Self.patience)
      while process.isRunning, ContinuousClock.now < deadline { Thread.sleep(forTimeInterval: 0.02) }
      if process.isRunning {
        wasKilled.withLock { $0 = true }
        process.kill()
      }
    } preparing: {
      // Neither is ever closed, nor read from.
      let (input, output) = (try Descriptor.pipe(), try Descriptor.pipe())
      pipes.withLock { $0 = [input.read, input.write, output.read, output.write] }
      process.standardInput = .handle(FileHandle(fileDescriptor: input.read.number, closeOnDealloc: false))
      guard work.blocksOutput else { return }
      process.standardOutput = .handle(FileHandle(fileDescriptor: output.write.number, closeOnDealloc: false))
      Self.fill(output.write.number)
    }
    pipes.withLock { $0 = [] }
    return wasKilled.withLock { $0 } ? nil : status
  }

  /// Leaves no room in a pipe.
  private static func fill(_ descriptor: Int32) {
    let flags = fcntl(descriptor, F_GETFL)
    _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
    let bytes = [UInt8](repeating: 0x20, count: 4096)
    while write(descriptor, bytes, bytes.count) > 0 {}
    while write(descriptor, bytes, 1) > 0 {}
    _ = fcntl(descriptor, F_SETFL, flags)
  }

  /// Each command of the program: one that is new has to say what work of it takes long.
  ///
  /// A command that did not heed the signal would end with status 0, or not within a minute: the work that ends by itself
  /// is that of minutes.
  @Test(.timeLimit(.minutes(30)), arguments: CommandTree.leaves, [SIGINT, SIGTERM])
  func oneSignalEndsEveryCommand(leaf: CommandTree.Leaf, signal: Int32) async throws {
    let folder = try Folder()
    let work = try #require(try Self.work(leaf.words, folder), "what work of \(leaf.words) takes long?")
    let status = try await status(work, in: folder, signals: [signal])
    // 65 of a replay; a port is ended by the signal itself, as whoever started it expects.
    let ended = leaf.words == ["port"] ? 128 + signal : 130
    #expect(status.map { [2, 65, ended].contains($0) } == true, "\(work.arguments): \(status ?? -1)")
  }

  /// A second signal ends what cannot be asked: a certification whose rows nobody reads.
  @Test(.timeLimit(.minutes(30)), arguments: [[SIGINT, SIGINT], [SIGTERM, SIGINT], [SIGINT, SIGTERM]])
  func twoSignalsEndTheProcess(signals: [Int32]) async throws {
    let work = Work(arguments: ["certify", "--rule", "sd"], blocksOutput: true)
    let status = try await status(work, in: Folder(), signals: signals, after: 2)
    #expect(status == 130)
  }

  /// What was begun under a shell that holds signals back hears them all the same.
  @Test(.timeLimit(.minutes(30)), arguments: ["trap '' INT TERM", "trap '' INT"])
  func ignoredSignalsAreTakenOver(trap: String) async throws {
    let folder = try Folder()
    let process = Command.tool(
      "/bin/sh", ["-c", "\(trap); exec '\(Command.executable.path)' calibrate --seeds 1000000"])
    process.standardOutput = .file(try folder.stream())
    process.standardError = .file(try folder.stream())
    let status = try await Command.end(of: process) {
      // A shell that has not become the program yet ignores the first of them.
      for _ in 0..<600 where process.isRunning {
        process.interrupt()
        Thread.sleep(forTimeInterval: 0.1)
      }
      process.kill()
    }
    #expect([2, 130].contains(status))
  }
}
