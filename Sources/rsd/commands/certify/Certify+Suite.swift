import ArgumentParser
import Certification
import CertificationTransformers
import Foundation
import SpeculativeDecoding

/// Which cases are run, with which seed.
extension Certify {
  /// The run that the options describe; its seed is the suite's own.
  func chooseRun() throws -> CertificationRun {
    var options = CertificationRun.Options(threads: threads ?? Machine.processorCount, samples: samples)
    (options.proves, options.runsDefects) = (!noProofs, !noDefects)
    options.transformers = noTransformers ? nil : .embedded
    guard models.isGiven else {
      let selection = SuiteSelection(suite, isQuick: quick, rules: rule.isEmpty ? nil : rules, pattern: cases)
      return try CertificationRun(selection, options)
    }
    var suite = try models.suite(rules: rules, shape: shape, profile: try profile.profile(), length: window.length)
    if let cases {
      suite.cases.removeAll { fnmatch(cases, $0.id, 0) != 0 }
      guard !suite.cases.isEmpty else { throw CertificationError.noCases(cases) }
    }
    return CertificationRun(of: suite, selection: cases.map { "custom; \($0)" } ?? "custom", options)
  }

  /// The seed that is asked for; `nil` for the suite's own.
  func chooseSeed() -> UInt64? {
    guard varySeed else { return seed }
    let seed = SystemSeed.take()
    StandardError.line("--vary-seed took --seed \(seed)")
    return seed
  }
}

extension SuiteSelection.Base: ExpressibleByArgument {}
