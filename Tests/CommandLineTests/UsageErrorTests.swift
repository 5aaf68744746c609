import Certification
import Testing

/// Every usage error is one line on stderr that says what, where and how to mend it, and ends with 64.
@Suite struct UsageErrorTests {
  static let ownModels = ["certify", "--target", "t.json", "--draft", "d.json"]
  static let rules = "autoregressive, sd, specinfer, spectr, rsd-c, rsd-s"

  static let errors: [(arguments: [String], line: String)] = [
    (["bogus"], "Unexpected argument 'bogus'; see `rsd --help`"),
    (["certify", "--bogus"], "Unknown option '--bogus'; see `rsd certify --help`"),
    (["certify", "a", "b"], "2 unexpected arguments: 'a', 'b'; see `rsd certify --help`"),
    (["certify", "--seed"], "Missing value for '--seed <n>'; see `rsd certify --help`"),
    (
      ["certify", "--seed", "x"],
      "--seed x is no whole number; it must be 0 to 18446744073709551615 (a seed has 64 bits); see `rsd certify --help`"
    ),
    (
      ["certify", "--seed", "1", "--vary-seed"],
      "--seed and --vary-seed exclude each other; see `rsd certify --help`"
    ),
    (
      ["certify", "--suite", "x"],
      "The value 'x' is invalid for '--suite <name>'. Please provide one of 'default' and 'wide'; see `rsd certify --help`"
    ),
    (
      ["certify", "--rule", "x"],
      "The value 'x' is invalid for '--rule <rule>'. Please provide one of the following: \(rules); see `rsd certify --help`"
    ),
    (
      ["certify", "--quick", "--suite", "wide"],
      "--quick is of the default suite; leave --suite out; see `rsd certify --help`"
    ),
    (
      ["certify", "--samples", "0"],
      "--samples 0 is out of range; it must be 1 to 1000000000000 (with more, a case would take years); see `rsd certify --help`"
    ),
    (
      ["certify", "--samples", "9223372036854775807", "--list"],
      "--samples 9223372036854775807 is out of range; it must be 1 to 1000000000000 (with more, a case would take years); see `rsd certify --help`"
    ),
    (
      ["certify", "--threads", "0"],
      "--threads 0 is out of range; it must be 1 to 1024 (no machine has more cores than that to spare); see `rsd certify --help`"
    ),
    (["certify", "--output", ""], "--output needs the name of a file; see `rsd certify --help`"),
    (
      ["certify", "--target", "t.json"],
      "--target and --draft go together; add --draft; see `rsd certify --help`"
    ),
    (
      ["certify", "--draft", "d.json"],
      "--target and --draft go together; add --target; see `rsd certify --help`"
    ),
    (
      ownModels + ["--quick"],
      "--target and --draft bring their own cases; leave --suite and --quick out; see `rsd certify --help`"
    ),
    (
      ownModels + ["--width", "0"],
      "--width 0 is out of range; it must be 1 to 1024 (a tree has 65536 nodes at most, in all its levels); see `rsd certify --help`"
    ),
    (
      ownModels + ["--depth", "0"],
      "--depth 0 is out of range; it must be 1 to 1024 (no draft is accepted so far that a deeper tree would be of use); see `rsd certify --help`"
    ),
    (
      ownModels + ["--branching", "2,0"],
      "--branching 0 is out of range; it must be 1 to 1024 (a tree has 65536 nodes at most, in 64 levels); see `rsd certify --help`"
    ),
    (
      ownModels + ["--branching", "2,x"],
      "The value '2,x' is invalid for '--branching <factors>': give whole numbers, joined by commas; see `rsd certify --help`"
    ),
    (
      ownModels + ["--prompt=-1"],
      "--prompt -1 is out of range; it must be 0 to 2147483647 (tokens are numbers of 31 bits); see `rsd certify --help`"
    ),
    (
      ownModels + ["--prompt", ""],
      "The value '' is invalid for '--prompt <tokens>': give whole numbers, joined by commas; see `rsd certify --help`"
    ),
    (
      ownModels + ["--length", "0"],
      "--length 0 is out of range; it must be 1 to 4096 (a law of more tokens has more sequences than can be counted); see `rsd certify --help`"
    ),
    (
      ownModels + ["--temperature=-1"],
      "--temperature -1 is out of range; it must be 0 to 1e+308 (0 is greedy, and doubles end soon after 1e308); see `rsd certify --help`"
    ),
    (
      ownModels + ["--temperature", "nan"],
      "--temperature nan is out of range; it must be 0 to 1e+308 (0 is greedy, and doubles end soon after 1e308); see `rsd certify --help`"
    ),
    (
      ownModels + ["--top-k=-1"],
      "--top-k -1 is out of range; it must be 0 to 2147483647 (0 keeps all tokens); see `rsd certify --help`"
    ),
    (
      ownModels + ["--top-p", "0"],
      "--top-p 0 is out of range; it must be 5e-324 to 1 (1 keeps all tokens, and 0 would keep none); see `rsd certify --help`"
    ),
    (
      ownModels + ["--min-p", "2"],
      "--min-p 2 is out of range; it must be 0 to 1 (0 keeps all tokens, 1 the most probable); see `rsd certify --help`"
    ),
    (
      ownModels + ["--rule", "sd", "--rule", "rsd-c", "--width", "2"],
      "--width is no option of sd, rsd-c; see `rsd certify --help`"
    ),
    (
      ["certify", "--server", "http://127.0.0.1:1"],
      "--server is compared with speculation off: give --against with the URL of a server without it, or how this one "
        + "switches, such as --off-fields '{\"speculative.n_max\": 0}'; see `rsd certify --help`"
    ),
    (["certify", "--state", "s"], "--state is of --server; add it; see `rsd certify --help`"),
    (
      ["certify", "--timeout", "3s"], "--timeout is of --port and --server; add one of them; see `rsd certify --help`"
    ),
    (
      ["certify", "--server", "127.0.0.1:1", "--off-fields", "{}"],
      "--server: 127.0.0.1:1 is no URL of a server; give one such as http://127.0.0.1:8080; see `rsd certify --help`"
    ),
    (
      ["certify", "--server", "http://a", "--against", "http://a/v1/"],
      "--server and --against are one URL; say how it switches speculation off, such as --off-fields "
        + "'{\"speculative.n_max\": 0}'; see `rsd certify --help`"
    ),
    (
      ["certify", "--server", "http://a", "--off-fields", #"{"seed": 1}"#],
      "--off-fields: \"seed\" is the run's own; it can be left out by null at most; see `rsd certify --help`"
    ),
    (
      ["certify", "--server", "http://a", "--against", "http://b", "--top-k", "0"],
      "--top-k 0 leaves too many continuations to compare; it is 1 to 1000 with --server; see `rsd certify --help`"
    ),
    (
      ["certify", "--server", "http://a", "--against", "http://b", "--report", "r.html"],
      "--report has no page for a server's run yet; take --output; see `rsd certify --help`"
    ),
    (
      ["certify", "--server", "http://a", "--against", "http://b", "--rule", "sd"],
      "--rule has no part in a server's run; leave it out; see `rsd certify --help`"
    ),
    (
      ["prove", "--limit", "0"],
      "--limit 0 is out of range; it must be 1 to 1000000000000000 (with more, an enumeration would take years); see `rsd prove --help`"
    ),
    (
      ["prove", "--threads", "0"],
      "--threads 0 is out of range; it must be 1 to 1024 (no machine has more cores than that to spare); see `rsd prove --help`"
    ),
    (["prove", "--depth", "2"], "--depth is for your own models; add --target and --draft; see `rsd prove --help`"),
    (
      ["prove", "--corpus", "c.json", "--target", "t.json", "--draft", "d.json"],
      "--corpus brings its own models; leave --target and --draft out; see `rsd prove --help`"
    ),
    (
      ["exact", "--rule", "sd", "--target", "t.json", "--draft", "d.json", "--length", "0"],
      "--length 0 is out of range; it must be 1 to 4096 (a law of more tokens has more sequences than can be counted); see `rsd exact --help`"
    ),
    (["exact", "--rule", "sd"], "--target and --draft name the models; add both; see `rsd exact --help`"),
    (["trace"], "Missing expected argument '--rule <rule>'; see `rsd trace --help`"),
    (
      ["trace", "--rule", "autoregressive", "--depth", "2"],
      "--depth is no option of autoregressive; see `rsd trace --help`"
    ),
    (["verify"], "Missing expected argument '<certificate.json>'; see `rsd verify --help`"),
    (
      ["verify", "c.json", "--threads", "0"],
      "--threads 0 is out of range; it must be 1 to 1024 (no machine has more cores than that to spare); see `rsd verify --help`"
    ),
    (
      ["bench", "toy", "--vocabulary", "0"],
      "--vocabulary 0 is out of range; it must be 1 to 4000 (each is a table of as many rows as tokens); see `rsd bench toy --help`"
    ),
    (
      ["bench", "toy", "--threads", "1,0"],
      "--threads 0 is out of range; it must be 1 to 1024 (each is a measurement); see `rsd bench toy --help`"
    ),
    (
      ["bench", "toy", "--seconds", "inf"],
      "--seconds inf is out of range; it must be 0.001 to 3600 (in seconds, an hour at most); see `rsd bench toy --help`"
    ),
  ]

  @Test(arguments: errors)
  func oneLineAndExit64(arguments: [String], line: String) async throws {
    let result = try await Command.run(arguments, in: Folder())
    #expect(result.error == "rsd: \(line)\n")
    #expect(result.status == 64)
    #expect(result.text == "")
  }

  /// Options that only shape one's own models must not be ignored where the suite's cases run.
  @Test(arguments: [
    ["--width", "2"], ["--depth", "2"], ["--branching", "2,2"], ["--prompt", "1"], ["--end-token", "1"],
    ["--length", "4"], ["--temperature", "0.5"], ["--top-k", "2"], ["--top-p", "0.9"], ["--min-p", "0.1"],
  ])
  func optionsOfOwnModelsNeedThem(option: [String]) async throws {
    let result = try await Command.run(["certify", "--list"] + option, in: Folder())
    #expect(
      result.error
        == "rsd: \(option[0]) is for your own models; add --target and --draft; see `rsd certify --help`\n")
    #expect(result.status == 64)
  }
}
