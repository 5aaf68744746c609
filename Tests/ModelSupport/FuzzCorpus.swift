import Foundation

/// What the fuzzers of `Tests/Fuzzing` kept.
package enum FuzzCorpus {
  /// The inputs of a fuzzer, by name.
  package static func inputs(_ name: String) throws -> [(name: String, bytes: [UInt8])] {
    let folder = CheckpointFolder.fixtures.deletingLastPathComponent().appending(path: "fuzz/\(name)")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { file in
      (file, Array(try Data(contentsOf: folder.appending(path: file))))
    }
  }
}
