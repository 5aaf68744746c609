import Certification
import Foundation
import Testing

@Suite struct PlanTests {
  /// N = ⌈λ*/w²⌉ with the non-centralities λ* of an independent implementation: 63.7103, 115.7679, 55.1614, 347.0664.
  @Test(arguments: [
    ("1", "0.1", "1e-6", "1e-3", 6372), ("7", "0.03", "1e-6", "1e-6", 128_631), ("15", "0.1", "1e-3", "1e-2", 5517),
    ("255", "0.1", "1e-9", "1e-6", 34_707),
  ])
  func samplesOfAnEffect(df: String, effect: String, falseFail: String, falsePass: String, samples: Int) async throws {
    let arguments = ["plan", "--df", df, "--false-fail", falseFail, "--false-pass", falsePass]
    let result = try await Command.run(arguments + ["--effect", effect], in: Folder())
    #expect(result.status == 0 && result.error == "")
    #expect(result.text == "\(samples)\n")
    // The smallest effect of these samples is the effect asked for, up to the last sample.
    let back = try await Command.run(arguments + ["--samples", "\(samples)"], in: Folder())
    let found = try #require(Double(back.text.trimmingCharacters(in: .newlines)))
    let asked = try #require(Double(effect))
    #expect(found <= asked && found > asked * (1 - 1 / Double(samples)))
  }

  @Test func jsonStatesTheWholeDesign() async throws {
    let result = try await Command.run(
      ["plan", "--df", "7", "--effect", "0.03", "--false-pass", "1e-6", "--json"], in: Folder())
    let plan = try [String: Any](json: result.output)
    #expect(plan["samples"] as? Int == 128_631 && plan["degreesOfFreedom"] as? Int == 7)
    #expect(plan["effect"] as? Double == 0.03)
    #expect(plan["falseFail"] as? Double == 1e-6 && plan["falsePass"] as? Double == 1e-6)
  }

  static let rates = "it must be 1e-100 to 0.999 (with less, the law's tails leave the doubles)"

  @Test(arguments: [
    (["--df", "7"], "give either --effect or --samples: the other is what is planned"),
    (
      ["--df", "7", "--effect", "1", "--samples", "1"],
      "give either --effect or --samples: the other is what is planned"
    ),
    (["--effect", "1"], "Missing expected argument '--df <k>'"),
    (
      ["--df", "0", "--effect", "1"],
      "--df 0 is out of range; it must be 1 to 1000000 (beyond, each tail takes a second)"
    ),
    (
      ["--df", "7", "--effect", "0"],
      "--effect 0 is out of range; it must be 1e-09 to 1000000000 (no number of samples finds less)"
    ),
    (
      ["--df", "7", "--effect", "nan"],
      "--effect nan is out of range; it must be 1e-09 to 1000000000 (no number of samples finds less)"
    ),
    (
      ["--df", "7", "--samples", "0"],
      "--samples 0 is out of range; it must be 1 to 1000000000000000 (beyond, numbers of samples leave the doubles)"
    ),
    (["--df", "7", "--effect", "1e-9"], "an effect of 1e-09 needs more than 1e15 samples"),
    (["--df", "7", "--effect", "1", "--false-fail", "0"], "--false-fail 0 is out of range; \(rates)"),
    (["--df", "7", "--effect", "1", "--false-pass", "1"], "--false-pass 1 is out of range; \(rates)"),
    (
      ["--df", "7", "--effect", "1", "--false-fail", "0.5", "--false-pass", "0.5"],
      "--false-fail and --false-pass must sum to less than 1; beyond, no sample is needed"
    ),
  ])
  func usageErrorsAreOneLineAndExit64(arguments: [String], reason: String) async throws {
    let result = try await Command.run(["plan"] + arguments, in: Folder())
    #expect(result.error == "rsd: \(reason); see `rsd plan --help`\n")
    #expect(result.status == 64)
    #expect(result.text == "")
  }
}
