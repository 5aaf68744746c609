import Foundation

/// A shell around `rsd`, for the streams and files that a shell makes; the program is "$RSD" in a script.
enum Shell {
  /// Runs a script in a folder.
  static func run(_ script: String, in folder: Folder) async throws -> Command.Result {
    let process = Command.tool(
      "/bin/sh",
      ["-c", "RSD=$1; export RSD; cd \"$2\" || exit 99\n\(script)", "sh", Command.executable.path, folder.url.path])
    let (output, error) = (try folder.stream(), try folder.stream())
    process.standardOutput = .file(output)
    process.standardError = .file(error)
    let status = try await Command.end(of: process)
    defer { withExtendedLifetime(folder) {} }
    return Command.Result(
      status: status, output: try Data(contentsOf: output),
      error: String(decoding: try Data(contentsOf: error), as: UTF8.self))
  }

  /// The beginning of a script that makes devices `null` and `full`: root would destroy the real ones, were they replaced.
  static let devices = """
    if [ "$(id -u)" = 0 ]; then mknod -m 666 null c 1 3 && mknod -m 666 full c 1 7 || exit 98
    else ln -s /dev/null null; ln -s /dev/full full; fi

    """

  /// A certification of a moment; inconclusive.
  static let certify = """
    "$RSD" certify --target '\(Certificates.models)/target.json' --draft '\(Certificates.models)/draft.json' --rule sd \
    --depth 1 --samples 1000
    """
}
