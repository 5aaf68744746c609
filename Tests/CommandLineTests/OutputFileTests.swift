import Certification
import Foundation
import Testing

@testable import rsd

@Suite struct OutputFileTests {
  #if canImport(Glibc)
    private static let stream = Int32(SOCK_STREAM.rawValue)
  #else
    private static let stream = SOCK_STREAM
  #endif

  private let old = Data("old".utf8), new = Data("new and longer".utf8)

  private func path(_ name: String, _ folder: Folder) -> String { folder.url.appending(path: name).path }

  private func attributes(_ name: String, _ folder: Folder) throws -> [FileAttributeKey: Any] {
    try FileManager.default.attributesOfItem(atPath: path(name, folder))
  }

  private func names(_ folder: Folder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
  }

  /// The errno of what is thrown.
  private func code(_ body: () throws -> Void) -> Int32? {
    do {
      try body()
      return nil
    } catch {
      return (error as? FileDescriptor.Failure)?.code
    }
  }

  @Test(arguments: [0o600, 0o640, 0o755, 0o444])
  func aFileIsReplacedWithItsMode(mode: Int) throws {
    let folder = try Folder(["a": "old"])
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path("a", folder))
    try FileManager.default.linkItem(atPath: path("a", folder), toPath: path("b", folder))
    try OutputFile(path("a", folder)).write(new)
    #expect(try folder.data("a") == new)
    #expect(try attributes("a", folder)[.posixPermissions] as? Int == mode)
    // The file as it was keeps its other name, and no temporary one is left.
    #expect(try folder.data("b") == old)
    #expect(try names(folder) == ["a", "b"])
  }

  @Test(.enabled(if: geteuid() == 0, "only root gives files away"))
  func aFileKeepsItsOwner() throws {
    let folder = try Folder(["a": "old"])
    try #require(chown(path("a", folder), 65534, 65533) == 0)
    try #require(chmod(path("a", folder), 0o4640) == 0)
    try OutputFile(path("a", folder)).write(new)
    let found = try attributes("a", folder)
    #expect(found[.ownerAccountID] as? Int == 65534 && found[.groupOwnerAccountID] as? Int == 65533)
    #expect(found[.posixPermissions] as? Int == 0o4640)
  }

  @Test func aNewFileHasTheModeOfTheMask() throws {
    let folder = try Folder()
    try OutputFile(path("a", folder)).write(new)
    let mask = umask(0)
    umask(mask)
    #expect(try attributes("a", folder)[.posixPermissions] as? Int == Int(0o666 & ~mask))
    #expect(try folder.data("a") == new)
  }

  @Test func linksAreFollowedAndStay() throws {
    let folder = try Folder(["file": "old"])
    let manager = FileManager.default
    try manager.createDirectory(atPath: path("sub", folder), withIntermediateDirectories: false)
    try manager.createSymbolicLink(atPath: path("sub/first", folder), withDestinationPath: "../second")
    try manager.createSymbolicLink(atPath: path("second", folder), withDestinationPath: "file")
    try manager.createSymbolicLink(atPath: path("dangling", folder), withDestinationPath: "sub/made")
    try manager.createSymbolicLink(atPath: path("circle", folder), withDestinationPath: "circle")
    try manager.createSymbolicLink(atPath: path("lost", folder), withDestinationPath: "nowhere/made")
    try manager.createSymbolicLink(atPath: path("folder", folder), withDestinationPath: "sub")
    for name in ["sub/first", "dangling", "folder/beside"] { try OutputFile(path(name, folder)).write(new) }
    #expect(try folder.data("file") == new && folder.data("sub/made") == new && folder.data("sub/beside") == new)
    for (name, target) in [("sub/first", "../second"), ("second", "file"), ("dangling", "sub/made")] {
      #expect(try manager.destinationOfSymbolicLink(atPath: path(name, folder)) == target)
    }
    #expect(code { _ = try OutputFile(path("circle", folder)) } == ELOOP)
    #expect(code { try OutputFile(path("lost", folder)).requireWritable() } == ENOENT)
    #expect(code { try OutputFile(path("lost", folder)).write(new) } == ENOENT)
  }

  @Test func whatCannotBeWrittenIsKnownBefore() throws {
    let folder = try Folder(["file": "old"])
    let listener = socket(AF_UNIX, Self.stream, 0)
    defer { close(listener) }
    for (name, expected) in [(".", EISDIR), ("no/a", ENOENT), ("file/a", ENOTDIR)] {
      #expect(code { try OutputFile(path(name, folder)).requireWritable() } == expected, "\(name)")
    }
    // A path of Foundation's has no slash at its end.
    #expect(code { try OutputFile(path("none", folder) + "/").requireWritable() } == EISDIR)
    #expect(code { try OutputFile(path(String(repeating: "a", count: 256), folder)).requireWritable() } == ENAMETOOLONG)
    #expect(code { try OutputFile("/dev/fd/999").requireWritable() } == EBADF)
    // As long as a name can be: that of the temporary file must not be longer.
    try OutputFile(path(String(repeating: "a", count: 255), folder)).write(new)
  }

  /// Neither makes a file, nor touches one, nor waits for a reader.
  @Test func aLookChangesNothing() throws {
    let folder = try Folder(["file": "old"])
    try #require(mkfifo(path("pipe", folder), 0o600) == 0)
    for name in ["file", "new", "pipe"] { try OutputFile(path(name, folder)).requireWritable() }
    #expect(try names(folder) == ["file", "pipe"])
    #expect(try folder.data("file") == old)
  }

  @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
  func aFileInAForeignFolderIsWrittenInPlace() throws {
    let folder = try Folder()
    try FileManager.default.createDirectory(atPath: path("sub", folder), withIntermediateDirectories: false)
    try folder.write("old and longer than what is new", to: "sub/file")
    try folder.write("old", to: "sub/closed")
    try #require(chmod(path("sub/closed", folder), 0o400) == 0 && chmod(path("sub", folder), 0o500) == 0)
    defer { chmod(path("sub", folder), 0o700) }
    let file = try OutputFile(path("sub/file", folder))
    try file.requireWritable()
    try file.write(new)
    #expect(try folder.data("sub/file") == new)
    for name in ["sub/closed", "sub/new"] {
      #expect(code { try OutputFile(path(name, folder)).requireWritable() } == EACCES)
    }
  }

  /// Where nobody can make a file: the name of this process, in a folder of the kernel's.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/comm")))
  func aFolderThatTakesNoFileIsNoObstacle() async throws {
    let result = try await Shell.run("\(Shell.certify) -o /proc/self/comm", in: Folder())
    #expect(result.status == 2 && result.error == "")
  }
}
