import ArgumentParser
import Certification
import Foundation

extension Certify {
  func validate() throws {
    if output?.isEmpty == true { throw ValidationError("--output needs the name of a file") }
    if junit?.isEmpty == true { throw ValidationError("--junit needs the name of a file") }
    if junit != nil, list || anytime.untilCertified {
      throw ValidationError("--junit is of a run's certificate; leave --list and --until-certified out")
    }
    if report?.isEmpty == true { throw ValidationError("--report needs the name of a file") }
    if report != nil, list || anytime.untilCertified {
      throw ValidationError("--report is of a planned run's certificate; leave --list and --until-certified out")
    }
    if seed != nil, varySeed { throw ValidationError("--seed and --vary-seed exclude each other") }
    if server.isGiven { return try requireServerOptions() }
    if !ports.isGiven, let option = ports.given.first {
      throw ValidationError("\(option) is of --port and --server; add one of them")
    }
    if quick, suite != .default { throw ValidationError("--quick is of the default suite; leave --suite out") }
    if anytime.untilCertified, samples != nil || list {
      throw ValidationError("--until-certified plans no number of decodings; leave --samples and --list out")
    }
    if !anytime.untilCertified, !ports.isGiven, anytime.epsilon != nil || anytime.limit != nil {
      throw ValidationError("--epsilon and --limit are of --until-certified and --port; add one of them")
    }
    if ports.isGiven { try requirePortOptions() }
    if transformers.isGiven {
      if quick || suite != .default || cases != nil || anytime.untilCertified || list {
        throw ValidationError(
          "--model brings its own cases; leave --suite, --quick, --cases, --list and --until-certified out")
      }
      return try transformers.requireUse(of: models, shape: shape, length: window.length, by: rules)
    }
    if models.isGiven, quick || suite != .default {
      throw ValidationError("--target and --draft bring their own cases; leave --suite and --quick out")
    }
    try models.requireUse(of: shape, profile, length: window.length, by: rules)
  }

  /// Refuses what has no part in a port's run.
  private func requirePortOptions() throws {
    if transformers.isGiven { throw ValidationError("--port and --model exclude each other") }
    let others = [
      samples.map { _ in "--samples" }, threads.map { _ in "--threads (see --workers)" },
      suite != .default ? "--suite" : nil, anytime.untilCertified ? "--until-certified" : nil,
      noProofs ? "--no-proofs" : nil, noDefects ? "--no-defects" : nil, noTransformers ? "--no-transformers" : nil,
    ]
    if let option = others.compactMap(\.self).first {
      throw ValidationError("\(option) has no part in a port's run; leave it out")
    }
  }

  /// Refuses what has no part in a server's run.
  private func requireServerOptions() throws {
    if ports.isGiven { throw ValidationError("--server and --port exclude each other") }
    if report != nil { throw ValidationError("--report has no page for a server's run yet; take --output") }
    let others = [
      quick ? "--quick" : nil, suite != .default ? "--suite" : nil, cases.map { _ in "--cases" },
      rule.isEmpty ? nil : "--rule", threads.map { _ in "--threads (see --workers)" },
      anytime.untilCertified ? "--until-certified" : nil, anytime.epsilon.map { _ in "--epsilon (see --distance)" },
      anytime.limit.map { _ in "--limit (see --samples)" }, noProofs ? "--no-proofs" : nil,
      noDefects ? "--no-defects" : nil, noTransformers ? "--no-transformers" : nil, transformers.besideText,
      models.target.map { _ in "--target" }, models.draft.map { _ in "--draft" },
      models.prompt.map { _ in "--prompt (see --text)" }, models.endToken.map { _ in "--end-token" },
    ]
    if let option = (others.compactMap(\.self) + shape.given).first {
      throw ValidationError("\(option) has no part in a server's run; leave it out")
    }
    if let topK = profile.topK, topK < 1 {
      throw ValidationError("--top-k \(topK) leaves too many continuations to compare; it is 1 to 1000 with --server")
    }
    if let state = server.state, [output, junit].contains(state) {
      throw ValidationError("--state and --output are two files; give them two names")
    }
  }
}
