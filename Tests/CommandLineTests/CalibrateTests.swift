import Certification
import Foundation
import Testing

@Suite struct CalibrateTests {
  static let small = ["calibrate", "--cases", "rsd-s/2x2/contextual/plain", "--seeds", "3", "--samples", "10000"]

  /// Three seeds can show nothing: the run says so, and ends with 2.
  @Test func fewSeedsAreInconclusive() async throws {
    let result = try await Command.run(Self.small, in: Folder())
    #expect(result.status == 2 && result.error == "")
    #expect(result.text.contains("inconclusive: 10 of 10 checks pass; 3 of 3 seeds, 60,000 decodings, seed 1\n"))
    #expect(result.text.contains("so few seeds tell nothing: take more --seeds."))
  }

  @Test func jsonDependsOnTheSeedAlone() async throws {
    let one = try await Command.run(Self.small + ["--json", "--threads", "1"], in: Folder())
    let two = try await Command.run(Self.small + ["--json", "--threads", "2"], in: Folder())
    let other = try await Command.run(Self.small + ["--json", "--seed", "2"], in: Folder())
    #expect(one.output == two.output && one.output != other.output)
    let report = try [String: Any](json: one.output)
    #expect(report["verdict"] as? String == "inconclusive")
    #expect((report["entries"] as? [Any])?.count == 2 && (report["checks"] as? [Any])?.count == 10)
  }

  @Test(arguments: [
    (
      ["--seeds", "0"],
      "--seeds 0 is out of range; it must be 1 to 1000000 (each is a p-value for every case); see `rsd calibrate --help`",
      Int32(64)
    ),
    (
      ["--samples", "0"],
      "--samples 0 is out of range; it must be 1 to 1000000000 (with more, a p-value would take days); see `rsd calibrate "
        + "--help`",
      Int32(64)
    ),
    (
      ["--threads", "0"],
      "--threads 0 is out of range; it must be 1 to 1024 (no machine has more cores than that to spare); see `rsd calibrate "
        + "--help`", Int32(64)
    ),
    (
      ["--cases", "rsd-s/2x2/contextual/plain", "--samples", "1000"],
      "case rsd-s/2x2/contextual/plain: 1000 decodings fill a single cell with 1000; take more", Int32(65)
    ),
  ])
  func errorsAreOneLine(arguments: [String], line: String, status: Int32) async throws {
    let result = try await Command.run(["calibrate"] + arguments, in: Folder())
    #expect(result.error == "rsd: \(line)\n")
    #expect(result.status == status)
  }
}
