import ChildProcesses
import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a run of the tests has beside it: one temporary folder, and a guard that outlives the run.
///
/// The guard waits for the end of the run, however that comes, kills what the run started and left, and removes the
/// folder. Should the guard be killed too, the next run removes the folder.
package enum TestRun {
  /// A temporary folder of this run's own, for all that a test writes.
  package static let folder: URL = {
    do {
      let folder = try begin()
      watchParent()
      return folder
    } catch {
      fatalError("the tests have no temporary folder or no guard: \(error)")
    }
  }()

  /// What every child has in its environment: by it the guard knows the children, and theirs.
  package static var mark: [String: String] { [markName: folder.path, "TMPDIR": folder.path] }

  private static let markName = "RSD_TEST_RUN"
  private static let prefix = "rsd-tests-"
  nonisolated(unsafe) private static var kept: [Descriptor] = []

  private static func begin() throws -> URL {
    let parent = FileManager.default.temporaryDirectory
    let folder = parent.appending(path: "\(prefix)\(getpid())-\(UUID().uuidString.prefix(8))")
    for name in (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? [] where name.hasPrefix(prefix) {
      removeIfAbandoned(parent.appending(path: name))
    }
    // A lock on the folder says that its run goes on; numbers of processes come again, and differ between containers.
    // Another run may find the folder before it is locked, and remove it: then once more.
    while true {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      guard let lock = try? Descriptor(path: folder.path, O_RDONLY | O_DIRECTORY) else { continue }
      if flock(lock.number, LOCK_EX | LOCK_NB) == 0, FileManager.default.fileExists(atPath: folder.path) {
        kept = [lock, try startGuard(of: folder)]
        return folder
      }
    }
  }

  private static func removeIfAbandoned(_ folder: URL) {
    guard let lock = try? Descriptor(path: folder.path, O_RDONLY | O_DIRECTORY),
      flock(lock.number, LOCK_EX | LOCK_NB) == 0
    else { return }
    try? FileManager.default.removeItem(at: folder)
  }

  /// Starts the guard, whose input ends with this process.
  private static func startGuard(of folder: URL) throws -> Descriptor {
    let (input, null) = (try Descriptor.pipe(), try Descriptor(path: "/dev/null", O_RDWR))
    let start = ProcessStart(
      path: "/bin/sh", arguments: ["-c", script, "rsd-tests-guard", "\(markName)=\(folder.path)", folder.path],
      environment: ProcessInfo.processInfo.environment, folder: "/")
    _ = try start.start(input: input.read.number, output: null.number, error: null.number)
    return input.write
  }

  /// A child that is just being started, or starts another, may be missed once.
  ///
  /// Where there is no /proc, children of a run that was killed end by themselves.
  private static let script = """
    trap '' HUP INT QUIT TERM
    while read -r line; do :; done
    quiet=0 rounds=0
    while [ $quiet -lt 3 ] && [ $rounds -lt 100 ] && [ -d /proc/self ]; do
      quiet=$((quiet + 1)) rounds=$((rounds + 1))
      for file in $(grep -lszxF -e "$1" /proc/[0-9]*/environ); do
        quiet=0 process=${file#/proc/}
        kill -KILL "${process%/environ}"
      done
      sleep 0.05
    done
    rm -rf -- "$2"
    """

  /// A runner whose `swift test` was killed would go on for minutes, unseen.
  private static func watchParent() {
    let parent = getppid()
    Thread.detachNewThread {
      while getppid() == parent { Thread.sleep(forTimeInterval: 0.5) }
      _exit(1)
    }
  }
}
