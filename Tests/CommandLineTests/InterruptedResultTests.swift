import Foundation
import TestSupport
import Testing

@testable import Certification
@testable import rsd

/// What a command says that was interrupted, and how it ends.
@Suite struct InterruptedResultTests {
  /// Interrupts a command that has computed for some seconds; on a busy machine they take longer.
  private func interrupted(
    _ arguments: [String], after seconds: Double, in folder: Folder
  ) async throws -> Command.Result {
    let process = Command.process(arguments, in: folder)
    let (output, error) = (try folder.stream(), try folder.stream())
    process.standardOutput = .file(output)
    process.standardError = .file(error)
    let sent = process
    let status = try await Command.end(of: process) {
      while sent.isRunning, Self.processorSeconds(of: sent.processIdentifier) < seconds {
        Thread.sleep(forTimeInterval: 0.02)
      }
      sent.interrupt()
    }
    defer { withExtendedLifetime(folder) {} }
    return Command.Result(
      status: status, output: try Data(contentsOf: output),
      error: String(decoding: try Data(contentsOf: error), as: UTF8.self))
  }

  /// User and system time of a process, the fields 14 and 15 of its status, in hundredths.
  private static func processorSeconds(of process: Int32) -> Double {
    guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
      let fields = status.split(separator: ")").last?.split(separator: " "), fields.count > 12
    else { return 0 }
    return ((Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0)) / 100
  }

  @Test(.long, .enabled(if: FileManager.default.fileExists(atPath: "/proc/self/stat")), .timeLimit(.minutes(30)))
  func aReplayIsNoBadData() async throws {
    let folder = try Folder()
    try folder.write(try await Certificates.whole.value, to: "c.json")
    let result = try await interrupted(["verify", "--replay", "--threads", "1", "c.json"], after: 3, in: folder)
    #expect(result.error == "rsd: c.json: interrupted before all counts were compared\n")
    #expect(result.status == 130 && result.text == "")
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/stat")), .timeLimit(.minutes(30)))
  func defectsThatWereNotRunAreCounted() async throws {
    let folder = try Folder()
    let result = try await interrupted(["defects", "run", "--threads", "1"], after: 1.5, in: folder)
    let (defects, variants) = (Defect.all.filter { !$0.isLossless }.count, Defect.all.filter(\.isLossless).count)
    #expect(result.status == 130)
    let line = try #require(result.text.split(separator: "\n").last)
    let found = try #require(
      line.wholeMatch(of: /(\d+) of (\d+) defects killed, (\d+) of (\d+) lossless variants pass; (\d+) were not run/))
    #expect(Int(found.2) == defects && Int(found.4) == variants)
    let unrun = try #require(Int(found.5))
    #expect(unrun > 0 && unrun + (Int(found.1) ?? 0) + (Int(found.3) ?? 0) == defects + variants)
    #expect(result.error == "rsd: interrupted: \(unrun) of \(defects + variants) were not run\n")
  }

  /// The last line with some of the runs done.
  @Test func theSummaryCountsWhatWasNotRun() {
    let (killed, variant) = (Defect.all.first { !$0.isLossless }, Defect.all.first(where: \.isLossless))
    let unrun = [killed, killed, variant].compactMap(\.self)
    #expect(
      KillTable.summary([], unrun: unrun, uncovered: 0)
        == "0 of 2 defects killed, 0 of 1 lossless variants pass; 3 were not run")
    #expect(KillTable.summary([], uncovered: 1) == "0 of 1 defects killed, 0 of 0 lossless variants pass")
  }

  /// Cases whose laws were still being evaluated are no cases of the certificate, but they are of the run.
  @Test func casesThatWereNotRunAreCounted() throws {
    let certificate = Certificate(
      suite: .init(version: "custom", selection: "custom"), seed: 1, errorBudget: ErrorBudget(cases: 12), cases: [])
    let text = CertifyTable.summary(certificate, plans: [], unrun: 6, path: nil)
    #expect(text.contains("inconclusive: 0 of 6 cases pass, 0 fail, 6 inconclusive\n"))
    #expect(text.contains("Interrupted: 6 of 6 cases were not run to their end."))
  }
}
