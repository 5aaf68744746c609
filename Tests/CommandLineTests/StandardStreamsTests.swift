import Certification
import Foundation
import Testing

@Suite(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
struct StandardStreamsTests {
  static let tokenize = "tokenize --model king-james-target"
  static let lost = "rsd: standard output cannot be written; is the disk full, or was it closed?\n"

  /// A full or closed stderr changes no status.
  @Test(arguments: [
    ("inspect none", 65), ("nonsense", 64), ("generate --tokens 5", 0), ("generate --tokens 5 --json", 0),
    ("certify --port cat --quick --budget 5s", 65), ("certify -o no/c.json", 73), ("--help", 0), ("prove --vary", 64),
    ("defects show nothing", 65), ("certify --quick --samples 1000 --vary-seed --no-proofs", 2),
  ])
  func standardErrorChangesNoStatus(arguments: String, status: Int) async throws {
    let result = try await Shell.run(
      "\"$RSD\" \(arguments) >a 2>/dev/full; echo $?; \"$RSD\" \(arguments) >b 2>&-; echo $?; wc -c <a; wc -c <b",
      in: Folder())
    #expect(result.text.hasPrefix("\(status)\n\(status)\n"), "\(result.text)")
    #expect(result.error == "")
  }

  @Test(arguments: [
    "--help", "--version", "help certify", "certify --list", "generate --tokens 5", "generate --tokens 5 --json",
    "defects", "plan --effect 0.1 --df 3", "\(tokenize) --text a", "--generate-completion-script bash",
    "certify --quick --samples 1000 --no-proofs --no-transformers",
  ])
  func standardOutputThatFailsIs73(arguments: String) async throws {
    let result = try await Shell.run(
      "\"$RSD\" \(arguments) >/dev/full; echo $?; \"$RSD\" \(arguments) >&-; echo $?", in: Folder())
    #expect(result.text == "73\n73\n")
    #expect(result.error == Self.lost + Self.lost)
  }

  /// Standard input that is closed, a folder, or ends in the middle of something.
  @Test(arguments: [
    ("\(tokenize) --file -", "standard input: "), ("generate --prompt-file -", "standard input: "),
    ("verify /dev/stdin", "/dev/stdin: "), ("verify -", "standard input: "),
    ("certify --target /dev/stdin --draft /dev/stdin", "/dev/stdin: "), ("prove --corpus /dev/stdin", "/dev/stdin: "),
  ])
  func standardInputThatFailsIsBadData(arguments: String, place: String) async throws {
    let result = try await Shell.run(
      "\"$RSD\" \(arguments) <&-; echo $?; \"$RSD\" \(arguments) </; echo $?", in: Folder())
    #expect(result.text == "65\n65\n")
    #expect(
      result.error
        == "rsd: \(place)cannot be read; was it closed?\nrsd: \(place)cannot be read; it is a folder\n")
  }

  /// It takes folders, too.
  @Test func vectorsFromAClosedStreamAreBadData() async throws {
    let result = try await Shell.run("\"$RSD\" vectors check /dev/stdin <&-; echo $?", in: Folder())
    #expect(result.text == "65\n" && result.error == "rsd: /dev/stdin: cannot be read; was it closed?\n")
  }

  @Test func aPortWithoutInputEnds() async throws {
    let result = try await Shell.run("\"$RSD\" port </; echo $?; \"$RSD\" port <&-; echo $?", in: Folder())
    #expect(result.text == "65\n65\n")
    #expect(result.error.split(separator: "\n").allSatisfy { $0.hasPrefix("rsd: standard input cannot be read: ") })
  }

  /// Closed streams must not be the next files that are opened: messages would be written into them.
  @Test func noFileComesInTheirPlace() async throws {
    let folder = try Folder()
    let result = try await Shell.run(
      "\(Shell.certify) -o c.json <&- >&- 2>&-; echo $?; \(Shell.certify) -o d.json >out.txt", in: folder)
    #expect(result.text == "73\n")
    #expect(try folder.data("c.json") == folder.data("d.json"))
  }

  /// A reader that goes away ends the program as it ends others, or with 73 where SIGPIPE is ignored; files come first.
  @Test(arguments: [("", 141), ("trap '' PIPE;", 73)])
  func aReaderThatGoesAway(trap: String, status: Int) async throws {
    let folder = try Folder()
    let script = """
      \(trap) (while ! test -e closed; do sleep 0.02; done; \(Shell.certify); echo $? >a
      \(Shell.certify) -o c.json; echo $? >b; "$RSD" --help; echo $? >c) | (exec <&-; touch closed)
      cat a b c
      """
    let result = try await Shell.run(script, in: folder)
    #expect(result.text == "\(status)\n\(status)\n\(status)\n")
    #expect(try [String: Any](json: folder.data("c.json"))["verdict"] as? String == "inconclusive")
  }

  /// What is limited is the size of a file, not the life of the program.
  @Test func aLimitOfFilesIsAnErrorOfWriting() async throws {
    let folder = try Folder()
    let result = try await Shell.run(
      "ulimit -f 1; TMPDIR=$PWD; export TMPDIR; \"$RSD\" certify --quick --samples 1000 --no-proofs -o c.json | wc -l; "
        + "ls c.json", in: folder)
    #expect(result.error.contains("rsd: c.json: cannot be written (File too large); name another file\n"))
    #expect(result.text.trimmingCharacters(in: .whitespacesAndNewlines) != "0")
    #expect(!folder.exists("c.json"))
  }
}
