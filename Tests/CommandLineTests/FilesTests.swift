import Certification
import Foundation
import Testing

/// What is read: pipes and standard input as well as files, and byte order marks.
@Suite struct FilesTests {
  static let mark = "printf '\\357\\273\\277'"

  @Test func modelsAndCertificatesComeThroughPipes() async throws {
    let folder = try Folder()
    let models = Certificates.models
    let certify = "\"$RSD\" certify --rule sd --depth 1 --samples 1000"
    let result = try await Shell.run(
      """
      mkfifo t d; cat '\(models)/target.json' >t & cat '\(models)/draft.json' >d &
      \(certify) --target t --draft d -o pipe.json >pipe.txt; echo $?
      \(Shell.certify) -o file.json >file.txt; echo $?
      cat '\(models)/target.json' | \(certify) --target /dev/stdin --draft '\(models)/draft.json' -o stdin.json >out.txt; echo $?
      cat file.json | "$RSD" verify /dev/stdin >1.txt; echo $?; "$RSD" verify /dev/stdin <file.json >2.txt; echo $?
      (head -c 100; sleep 0.2; cat) <file.json | "$RSD" verify - >3.txt; echo $?; "$RSD" verify file.json >4.txt; echo $?
      cat file.json | "$RSD" report /dev/stdin -o /dev/stdout 3>&1 | grep -c '<html'
      cat '\(Command.repository.path)/Fixtures/tokenizers/gpt2.json' | "$RSD" tokenize --tokenizer /dev/stdin --text hi --json >5.txt
      "$RSD" tokenize --tokenizer '\(Command.repository.path)/Fixtures/tokenizers/gpt2.json' --text hi --json >6.txt
      """, in: folder)
    #expect(result.text == "2\n2\n2\n2\n2\n2\n2\n1\n")
    #expect(result.error == "")
    #expect(try folder.data("pipe.json") == folder.data("file.json"))
    #expect(try folder.data("stdin.json") == folder.data("file.json"))
    for name in ["1.txt", "2.txt", "3.txt"] { #expect(try folder.data(name) == folder.data("4.txt")) }
    #expect(try folder.data("5.txt") == folder.data("6.txt") && !folder.data("6.txt").isEmpty)
  }

  @Test func aByteOrderMarkIsLeftOutWithAWord() async throws {
    let folder = try Folder(["p.txt": "In the beginning", "model.json": BadDataTests.good])
    let result = try await Shell.run(
      """
      for f in p.txt model.json; do (\(Self.mark); cat $f) >bom-$f; done
      "$RSD" generate --tokens 5 --json --prompt-file bom-p.txt | grep -A 4 '"prompt"' >1.txt
      "$RSD" generate --tokens 5 --json --prompt-file p.txt | grep -A 4 '"prompt"' >2.txt
      "$RSD" tokenize --model king-james-target --file bom-p.txt >3.txt
      "$RSD" tokenize --model king-james-target --file p.txt >4.txt
      "$RSD" trace --rule sd --target bom-model.json --draft model.json >5.txt
      "$RSD" trace --rule sd --target model.json --draft model.json >6.txt
      """, in: folder)
    let line = "begins with a byte order mark, which is left out"
    #expect(
      result.error
        == "rsd: bom-p.txt: \(line)\nrsd: bom-p.txt: \(line)\nrsd: bom-model.json: \(line)\n")
    for (with, without) in [("1.txt", "2.txt"), ("3.txt", "4.txt"), ("5.txt", "6.txt")] {
      #expect(try folder.data(with) == folder.data(without) && !folder.data(with).isEmpty)
    }
  }

  @Test func otherEncodingsAreNamed() async throws {
    let folder = try Folder()
    try folder.write(Data([0xFF, 0xFE, 0x61, 0x00]), to: "utf16.txt")
    try folder.write(Data([0x63, 0x61, 0x66, 0xE9]), to: "latin1.txt")
    let cases = [
      ("utf16.txt", "is UTF-16, by its first two bytes; save it as UTF-8"),
      ("latin1.txt", "is not UTF-8; write the prompt in UTF-8"),
    ]
    for (file, reason) in cases {
      let result = try await Command.run(["generate", "--prompt-file", file], in: folder)
      #expect(result.error == "rsd: \(file): \(reason)\n")
      #expect(result.status == 65 && result.text == "")
    }
  }
}
