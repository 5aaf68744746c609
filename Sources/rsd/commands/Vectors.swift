import ArgumentParser
import Certification
import Foundation

struct Vectors: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the directed vectors, or run them through the decoder.",
    discussion: """
      A directed vector is one round whose draft tree, laws and uniforms are given, with the tokens that must come of \
      it: boundaries that no sample reaches. Ports vendor the files; docs/vectors.md says how.
      """,
    subcommands: [Write.self, Check.self])

  static let folder = "Fixtures/vectors/v1"

  struct Write: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write one JSON file for each rule.",
      discussion: """
        Equal versions write equal bytes. Exit status: 0 written, 73 where a file cannot be written.
        """)

    @Option(help: ArgumentHelp("The folder to write to; it must exist.", valueName: "dir"))
    var output = Vectors.folder

    @Flag(help: "Print what was written as JSON.")
    var json = false

    struct Written: Codable {
      var file: String
      var vectors: Int
      var bytes: Int
    }

    func run() async throws {
      let files = try await explainingErrors { try VectorGenerator.files() }
      var written: [Written] = []
      for (name, file) in files {
        let path = "\(output)/\(name)"
        let data = file.json
        try Files.write(data, to: path)
        written.append(Written(file: path, vectors: file.numberOfTests, bytes: data.count))
      }
      if json {
        Output.write(try StableJSON.encode(written))
      } else {
        for file in written { Output.line("\(file.file): \(file.vectors) vectors, \(file.bytes) bytes") }
      }
    }
  }

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run every vector through the decoder, in double precision and where laws are exact in single.",
      discussion: """
        Prints the vectors that come out otherwise, ten at most. Exit status: 0 where all agree, 1 where one differs, \
        65 where a file is no file of vectors.
        """)

    @Argument(help: ArgumentHelp("Files of vectors, or folders of them.", valueName: "files"))
    var paths = [Vectors.folder]

    @Flag(help: "Print the result as JSON, with every difference.")
    var json = false

    func run() async throws {
      let check = try await explainingErrors {
        var check = VectorCheck()
        var owners: [Int: String] = [:]
        for path in try paths.flatMap(Self.files) {
          let file = try VectorFile(json: Files.read(path), name: path)
          for test in file.tests {
            if let owner = owners.updateValue(path, forKey: test.tcId) {
              throw CertificationError.vectors(place: "\(path): tcId \(test.tcId)", "the tcId occurs in \(owner) too")
            }
          }
          check.run(file, name: path)
        }
        return check
      }
      if json {
        Output.write(try StableJSON.encode(check))
      } else {
        for found in check.differences.prefix(10) {
          let place = "\(found.file): tcId \(found.tcId) in \(found.scalar)"
          Output.line("\(place): expected \(found.expected); got \(found.got)")
        }
        if check.differences.count > 10 { Output.line("… and \(check.differences.count - 10) more") }
        let size = "\(check.vectors) vectors in \(check.files) files, \(check.inFloat) of them in single precision too"
        Output.line(
          check.differences.isEmpty
            ? "\(Terminal.colored("AGREES", .green)): \(size)"
            : "\(Terminal.colored("DIFFERS", .red)): \(Set(check.differences.map(\.tcId)).count) of \(size)")
      }
      if !check.differences.isEmpty { throw ExitStatus.failed.code }
    }

    private static func files(in path: String) throws -> [String] {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
        return [path]
      }
      let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
      let files = names.filter { $0.hasSuffix(".json") }.sorted().map { "\(path)/\($0)" }
      if files.isEmpty { throw failure(.badData, "\(path): the folder has no .json files") }
      return files
    }
  }
}
