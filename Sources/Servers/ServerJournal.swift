import Certification
import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A request of a run.
struct ServerRequest: Hashable, Sendable {
  var prompt: Int
  var arm: ServerArm
  /// The request's number within its arm: its seed follows from it.
  var number: Int
  /// Whether it is sent once more, to see whether the answer is the same.
  var isRepeat = false
}

/// The answers of a run in a file, a line each as they come: what is in it is not asked again.
///
/// The first line names the settings. A last line that an interruption tore is left out; anything else that is no such
/// line is refused, so that no other file is written to.
final class ServerJournal: Sendable {
  private struct Header: Codable {
    var format: String
    var fingerprint: String
    var settings: ServerSettings
  }

  private struct Line: Codable {
    var prompt: Int
    var arm: ServerArm
    var request: Int
    var again: Bool?
    var answers: [Completion]
  }

  private static let format = "rsd-server-state/1"
  private let path: String
  private let handle: Mutex<FileHandle>

  /// Opens the state of a run, or begins one.
  ///
  /// - Returns: the answers that it holds.
  /// - Throws: ``ServerFailure`` for a file that cannot be read or written, is no state, is another run's, or is in use.
  static func open(
    _ path: String, for settings: ServerSettings
  ) throws(ServerFailure) -> (journal: ServerJournal, answers: [(ServerRequest, [Completion])]) {
    func refuse(_ reason: String) -> ServerFailure { ServerFailure(.state, "\(path): \(reason)") }
    if !FileManager.default.fileExists(atPath: path) {
      guard FileManager.default.createFile(atPath: path, contents: nil) else {
        throw refuse("cannot be written; does its folder exist, and may you write there?")
      }
    }
    guard let handle = FileHandle(forUpdatingAtPath: path) else {
      throw refuse("cannot be read and written; is it a file, and may you?")
    }
    guard flock(handle.fileDescriptor, LOCK_EX | LOCK_NB) == 0 else { throw refuse("is in use by another run") }
    let header = Header(format: format, fingerprint: try settings.fingerprint(), settings: settings)
    let first = try encode(header, path)
    let data: Data
    do { data = try handle.readToEnd() ?? Data() } catch { throw refuse("cannot be read") }
    let whole = (data.lastIndex(of: 0x0A) ?? -1) + 1
    if whole == 0 {
      // A first line that an interruption tore is a part of ours.
      guard first.starts(with: data) else { throw refuse(notAState) }
    }
    var lines = data.prefix(whole).split(separator: 0x0A)
    var answers: [(ServerRequest, [Completion])] = []
    if !lines.isEmpty {
      guard let stated = try? JSONDecoder().decode(Header.self, from: lines.removeFirst()), stated.format == format
      else { throw refuse(notAState) }
      if stated.fingerprint != header.fingerprint {
        let what = settings.difference(from: stated.settings) ?? "a setting"
        throw refuse("is the state of another run: \(what) differs; give the same options, or another file")
      }
    }
    var answered: Set<ServerRequest> = []
    for (index, data) in lines.enumerated() {
      guard let line = try? JSONDecoder().decode(Line.self, from: data), let answer = answer(line, settings) else {
        throw refuse("line \(index + 2) is no answer of this run; was the file changed?")
      }
      guard answered.insert(answer.0).inserted else {
        throw refuse("line \(index + 2) answers a request for the second time; was the file changed?")
      }
      answers.append(answer)
    }
    do {
      try handle.truncate(atOffset: UInt64(whole))
      try handle.seekToEnd()
      if whole == 0 { try handle.write(contentsOf: first) }
    } catch {
      throw refuse("cannot be written (\(error.localizedDescription))")
    }
    return (ServerJournal(path, handle), answers)
  }

  private static let notAState = "is no state of a run against a server; nothing was written, give another file"

  private init(_ path: String, _ handle: sending FileHandle) {
    self.path = path
    self.handle = Mutex(handle)
  }

  /// Adds an answer; it is with the system when this returns.
  func append(_ request: ServerRequest, _ answers: [Completion]) throws(ServerFailure) {
    let line = Line(
      prompt: request.prompt, arm: request.arm, request: request.number, again: request.isRepeat ? true : nil,
      answers: answers)
    let data = try Self.encode(line, path)
    let isWritten = handle.withLock { (try? $0.write(contentsOf: data)) != nil }
    if !isWritten { throw ServerFailure(.state, "\(path): cannot be written; is the disk full?") }
  }

  private static func encode(_ value: some Encodable, _ path: String) throws(ServerFailure) -> Data {
    do {
      return try StableJSON.encodeCompactly(value)
    } catch {
      throw ServerFailure(.state, "\(path): \(error)")
    }
  }

  private static func answer(_ line: Line, _ settings: ServerSettings) -> (ServerRequest, [Completion])? {
    guard settings.prompts.indices.contains(line.prompt), (0..<settings.requests).contains(line.request),
      line.answers.count == settings.completions,
      line.answers.allSatisfy({ ($0.tokens != nil) == settings.usesTokens && ($0.text != nil) != settings.usesTokens })
    else { return nil }
    let request = ServerRequest(
      prompt: line.prompt, arm: line.arm, number: line.request, isRepeat: line.again == true)
    return (request, line.answers)
  }
}
