import Certification
import Probability
import Servers
import SpeculativeDecoding

/// The table of limits: every number of the command line, each a row.
///
/// A run within the limits ends by itself, by Ctrl-C, or by a line that says what is too large together with what.
extension NumberLimit {
  // Trees.
  static let width = NumberLimit(
    "--width", .whole(1...1024), why: "a tree has \(DecodingMethod.maximumBudget) nodes at most, in all its levels")
  static let depth = NumberLimit(
    "--depth", .whole(1...1024), why: "no draft is accepted so far that a deeper tree would be of use")
  static let branching = NumberLimit(
    "--branching", .whole(1...1024), most: 64,
    why: "a tree has \(DecodingMethod.maximumBudget) nodes at most, in 64 levels")
  static let budget = NumberLimit("--budget", .whole(1...256), why: "beyond, a pilot has too many shapes to try")
  static let lookupOrder = NumberLimit(
    "--lookup-order", .whole(PromptLookup<Float>.orders), why: "an n-gram so long is met once")

  // Sampling profiles.
  static let temperature = NumberLimit(
    "--temperature", .real(0...1e308), why: "0 is greedy, and doubles end soon after 1e308")
  static let topK = NumberLimit("--top-k", .whole(0...Int(Int32.max)), why: "0 keeps all tokens")
  static let topP = NumberLimit(
    "--top-p", .real(Double.leastNonzeroMagnitude...1), why: "1 keeps all tokens, and 0 would keep none")
  static let minP = NumberLimit("--min-p", .real(0...1), why: "0 keeps all tokens, 1 the most probable")

  // Tokens.
  static let promptOfModels = NumberLimit("--prompt", token, most: mostTokens, why: whyToken)
  static let promptTokens = NumberLimit("--prompt-tokens", token, most: mostTokens, why: whyToken)
  static let decode = NumberLimit("--decode", token, most: mostTokens, why: whyToken)
  static let tokensOfLogits = NumberLimit("--tokens", token, most: mostTokens, why: whyToken)
  static let endToken = NumberLimit("--end-token", token, why: whyToken)
  private static let token = Range.whole(0...Int(Int32.max))
  private static let mostTokens = 10_000_000
  private static let whyToken = "tokens are numbers of 31 bits"

  // How much is decoded.
  static let tokens = NumberLimit("--tokens", .whole(1...10_000_000), why: "no context holds more")
  static let tokensOfBenchmark = NumberLimit("--tokens", .whole(1...100_000), why: "figures settle long before")
  static let texts = NumberLimit("--texts", .whole(1...100_000), why: "figures settle long before")
  static let length = NumberLimit(
    "--length", .whole(1...4096), why: "a law of more tokens has more sequences than can be counted")
  static let samples = NumberLimit(
    "--samples", .whole(1...1_000_000_000_000), why: "with more, a case would take years")
  static let samplesOfPlan = NumberLimit(
    "--samples", .whole(1...1_000_000_000_000_000), why: "beyond, numbers of samples leave the doubles")
  static let samplesOfCalibration = NumberLimit(
    "--samples", .whole(1...1_000_000_000), why: "with more, a p-value would take days")
  static let seeds = NumberLimit("--seeds", .whole(1...1_000_000), why: "each is a p-value for every case")
  static let evaluated = NumberLimit("--evaluated", .whole(0...1_000_000_000_000), why: "samples end there too")
  static let branches = NumberLimit(
    "--limit", .whole(1...1_000_000_000_000_000), why: "with more, an enumeration would take years")
  static let decodings = NumberLimit(
    "--limit", .whole(AnytimeDesign.firstLook...AnytimeDesign.largestLimit),
    why: "the first look is after \(AnytimeDesign.firstLook), and with more a case would take years")
  static let top = NumberLimit("--top", .whole(1...1_000_000), why: "no vocabulary is larger")

  // Random numbers.
  static let seed = NumberLimit("--seed", .seed, why: "a seed has 64 bits")
  static let replicate = NumberLimit("--replicate", .seed, why: "a decoding's number has 64 bits")

  // Statistics.
  static let effect = NumberLimit("--effect", .real(1e-9...1e9), why: "no number of samples finds less")
  static let degreesOfFreedom = NumberLimit("--df", .whole(1...1_000_000), why: "beyond, each tail takes a second")
  static let falseFail = NumberLimit("--false-fail", rate, why: whyRate)
  static let falsePass = NumberLimit("--false-pass", rate, why: whyRate)
  static let epsilon = NumberLimit("--epsilon", .real(1e-6...0.999), why: "less takes more decodings than --limit has")
  static let distance = NumberLimit(
    "--distance", .real(1e-6...1), why: "less takes more completions than can be asked for")
  private static let rate = Range.real(1e-100...0.999)
  private static let whyRate = "with less, the law's tails leave the doubles"

  // The machine and its time.
  static let threads = NumberLimit("--threads", .whole(1...1024), why: "no machine has more cores than that to spare")
  static let threadCounts = NumberLimit("--threads", .whole(1...1024), most: 64, why: "each is a measurement")
  static let vocabularies = NumberLimit(
    "--vocabulary", .whole(1...4000), most: 64, why: "each is a table of as many rows as tokens")
  static let seconds = NumberLimit("--seconds", .real(0.001...3600), why: "in seconds, an hour at most")

  // Ports and servers.
  static let workers = NumberLimit("--workers", .whole(1...256), why: "more would wait for each other")
  static let timeout = NumberLimit("--timeout", span, why: whySpan)
  static let time = NumberLimit("--budget", span, why: whySpan)
  private static let span = Range.real(0.001...1e9)
  private static let whySpan = "in seconds, 30 years at most; 500ms, 90s, 10min and 2h are times, too"
  static let draftLength = NumberLimit(
    "--draft-length", .whole(1...ServerSettings.mostTokens), why: "longer completions have too few in common")
  static let completions = NumberLimit("--completions", .whole(1...256), why: "no server takes more a request")
  static let rateOfRequests = NumberLimit("--rate", .real(1e-6...1e6), why: "in requests a second")
  static let retries = NumberLimit("--retries", .whole(0...100), why: "a server that fails so often is not there")

  /// All rows.
  static let all: [NumberLimit] = [
    width, depth, branching, budget, lookupOrder, temperature, topK, topP, minP, promptOfModels, promptTokens, decode,
    tokensOfLogits, endToken, tokens, tokensOfBenchmark, texts, length, samples, samplesOfPlan, samplesOfCalibration,
    seeds, evaluated, branches, decodings, top, seed, replicate, effect, degreesOfFreedom, falseFail, falsePass,
    epsilon, distance, threads, threadCounts, vocabularies, seconds, workers, timeout, time, draftLength, completions,
    rateOfRequests, retries,
  ]
}
