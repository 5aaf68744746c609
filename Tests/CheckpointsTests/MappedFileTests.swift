import Foundation
import ModelSupport
import Testing

@testable import Checkpoints

@Suite struct MappedFileTests {
  @Test func theBytesAreTheFiles() throws {
    let folder = try CheckpointFolder(["a": Array(0...255)])
    let bytes = try MappedFile.open(folder.path("a"))
    #expect(bytes.count == 256 && bytes.copy(0..<256) == Array(0...255))
    #expect(bytes.loadLittleEndian(at: 253, as: UInt16.self) == 0xFEFD)
  }

  @Test func aLinkIsFollowed() throws {
    // The cache of huggingface_hub consists of them.
    let folder = try CheckpointFolder(["blob": [1, 2, 3]])
    try FileManager.default.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: "blob")
    #expect(try MappedFile.open(folder.path("link")).copy(0..<3) == [1, 2, 3])
  }

  @Test func theMappingOutlivesTheName() throws {
    let folder = try CheckpointFolder(["a": Array(repeating: 7, count: 10000)])
    let bytes = try MappedFile.open(folder.path("a"))
    try folder.write(Array(repeating: 8, count: 10), to: "b")
    #expect(rename(folder.path("b"), folder.path("a")) == 0)
    #expect(bytes.copy(9990..<10000) == Array(repeating: 7, count: 10))
  }

  @Test func whatCannotBeMappedIsNamed() throws {
    let folder = try CheckpointFolder(["empty": [], "file": [1]])
    #expect(mkfifo(folder.path("pipe"), 0o600) == 0)
    let faults = [
      ("nothing", "does not exist"), ("file/inside", "does not exist"), ("", "is a folder; a file is needed"),
      ("empty", "is empty; was its download cut off?"), ("pipe", "is no regular file"),
    ]
    for (name, reason) in faults {
      #expect(throws: CheckpointError.unreadable(file: folder.path(name), reason: reason)) {
        try MappedFile.open(folder.path(name))
      }
    }
    #expect(throws: CheckpointError.unreadable(file: "/dev/null", reason: "is no regular file")) {
      try MappedFile.open("/dev/null")
    }
  }

  @Test(.enabled(if: getuid() != 0, "root may read everything"))
  func whatMayNotBeReadIsNamed() throws {
    let folder = try CheckpointFolder(["secret": [1]])
    #expect(chmod(folder.path("secret"), 0) == 0)
    let reason = "may not be read; change its permissions"
    #expect(throws: CheckpointError.unreadable(file: folder.path("secret"), reason: reason)) {
      try MappedFile.open(folder.path("secret"))
    }
  }
}
