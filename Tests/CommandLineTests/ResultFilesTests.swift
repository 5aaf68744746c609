import Certification
import Foundation
import Testing

/// What a command writes, by way of the shell: devices, pipes and descriptors.
@Suite struct ResultFilesTests {
  @Test func devicesAreWrittenInto() async throws {
    let folder = try Folder(["old": "old"])
    let result = try await Shell.run(
      Shell.devices + "ln -s full link; TMPDIR=$PWD; export TMPDIR\n"
        + "for f in null full link; do \(Shell.certify) -o $f >$f.txt; echo $?; done\n"
        + "\(Shell.certify) --report null --junit full >both.txt; echo $?\n"
        + "for f in null full; do test -c $f && echo device; done; test -h link && echo link", in: folder)
    #expect(result.text == "2\n73\n73\n73\ndevice\ndevice\nlink\n")
    let lines = result.error.split(separator: "\n")
    #expect(lines.count == 5)
    for (line, path) in zip([lines[0], lines[2], lines[4]], ["full", "link", "full"]) {
      #expect(line == "rsd: \(path): cannot be written (No space left on device); make room, or name a file elsewhere")
    }
  }

  /// A certificate takes hours: it is kept, the table is printed, and only the status is another.
  @Test func whatCannotBeWrittenIsKept() async throws {
    let folder = try Folder()
    let result = try await Shell.run(
      Shell.devices
        + "TMPDIR=$PWD \(Shell.certify) -o full; echo $?; \"$RSD\" verify rsd-*.json; echo $?; ls -l rsd-*.json",
      in: folder)
    #expect(result.text.contains("inconclusive: 0 of 1 cases pass"))
    #expect(result.text.contains("\n73\ninconclusive: verdicts of 1 cases computed again, all agree\n"))
    #expect(result.text.contains("-rw-------"))
    let lines = result.error.split(separator: "\n")
    #expect(lines.count == 2 && lines[1].contains(/^rsd: what was to be in full is in .*\/rsd-\d+-0\.json$/))
  }

  @Test func pipesAreWrittenInto() async throws {
    let folder = try Folder()
    let result = try await Shell.run(
      "mkfifo pipe; cat pipe >from.json & \(Shell.certify) -o pipe >out.txt; echo $?; wait; test -p pipe && echo pipe",
      in: folder)
    #expect(result.text == "2\npipe\n" && result.error == "")
    #expect(try [String: Any](json: folder.data("from.json"))["verdict"] as? String == "inconclusive")
  }

  @Test func aPipeWithoutAReaderIsWaitedFor() async throws {
    let folder = try Folder()
    let result = try await Shell.run(
      "mkfifo pipe; (while ! grep -q waiting err.txt; do sleep 0.05; done; cat pipe >from.json) &\n"
        + "touch err.txt; \(Shell.certify) -o pipe >out.txt 2>err.txt; echo $?; wait; cat err.txt", in: folder)
    #expect(result.text == "2\nrsd: pipe: a pipe that nobody reads; waiting for a reader\n")
    #expect(try [String: Any](json: folder.data("from.json"))["verdict"] as? String == "inconclusive")
  }

  @Test func descriptorsAreWrittenInto() async throws {
    let folder = try Folder()
    let result = try await Shell.run(
      """
      \(Shell.certify) -o /dev/fd/3 3>three.json >out.txt; echo $?
      \(Shell.certify) --json -o /dev/stdout >twice.txt; echo $?
      \(Shell.certify) --json -o same.txt >same.txt; echo $?
      echo first >added.txt; \(Shell.certify) -o /dev/stdout >>added.txt; echo $?
      \(Shell.certify) -o /dev/fd/4; echo $?
      \(Shell.certify) -o /dev/fd/0 </dev/null; echo $?
      """, in: folder)
    #expect(result.text == "2\n2\n2\n2\n73\n73\n")
    let line = "cannot be written (Bad file descriptor); it is not open for writing"
    #expect(result.error == "rsd: /dev/fd/4: \(line)\nrsd: /dev/fd/0: \(line)\n")
    let certificate = try folder.data("three.json")
    #expect(try [String: Any](json: certificate)["verdict"] as? String == "inconclusive")
    #expect(try folder.data("twice.txt") == certificate + certificate)
    #expect(try folder.data("same.txt") == certificate + certificate)
    let added = try folder.data("added.txt")
    #expect(added.starts(with: Data("first\n".utf8)) && added.range(of: certificate) != nil)
  }
}
