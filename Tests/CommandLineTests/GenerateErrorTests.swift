import Certification
import Foundation
import Testing

/// What `rsd generate` says of options and files that it cannot use.
@Suite struct GenerateErrorTests {
  static let requests: [(arguments: [String], status: Int32, line: String)] = [
    (["--model", "nowhere", "--rule", "autoregressive"], 65, "nowhere: does not exist"),
    (["--model", "TINY/llama-sharded", "--draft", "nowhere"], 65, "nowhere: does not exist"),
    (
      ["--model", "TINY/llama-gqa-tied", "--prompt-tokens", "1"], 64,
      "rsd-s needs a draft model of the same vocabulary; add --draft, or decode without one by --rule "
        + "autoregressive; see `rsd generate --help`"
    ),
    (
      ["--model", "TINY/llama-gqa-tied", "--compare"], 64,
      "rsd-s needs a draft model of the same vocabulary; add --draft, or decode without one by --rule "
        + "autoregressive; see `rsd generate --help`"
    ),
    (
      ["--model", "TINY/llama-gqa-tied", "--draft", "TINY/llama-f16"], 65,
      "TINY/llama-gqa-tied and TINY/llama-f16: the draft has 65 tokens, the target 61; both must have the same vocabulary"
        + "; if only the padding of their tables differs, name their tokenizer by --tokenizer"
    ),
    (
      ["--model", "TINY/llama-gqa-tied", "--rule", "autoregressive", "--prompt", "In"], 65,
      "--prompt: TINY/llama-gqa-tied has 61 tokens and no tokenizer; give one by --tokenizer, or the text as tokens by "
        + "--prompt-tokens"
    ),
    (["--prompt-tokens", "1,256"], 65, "--prompt-tokens: token 256 is out of range; the vocabulary is 0...255"),
    (
      ["--prompt", String(repeating: "a", count: 1024)], 65,
      "the prompt has 1025 tokens, and the model's context holds 1024; shorten the prompt"
    ),
    (
      ["--model", "TINY/llama-sharded", "--draft", "TINY/llama-gqa-tied", "--prompt-tokens", tokens(20)], 65,
      "the prompt has 20 tokens, and the draft's context holds 17; shorten the prompt, or decode without a draft "
        + "(autoregressive)"
    ),
    (["--draft", "nowhere"], 64, "--draft goes with a target; add --model; see `rsd generate --help`"),
    (
      ["--prompt", "a", "--prompt-tokens", "1"], 64,
      "--prompt and --prompt-tokens are two ways to say it; leave one out; see `rsd generate --help`"
    ),
    (
      ["--prompt-tokens", ""], 64,
      "The value '' is invalid for '--prompt-tokens <tokens>': give whole numbers, joined by commas; see `rsd generate "
        + "--help`"
    ),
    (
      ["--tokens", "0"], 64,
      "--tokens 0 is out of range; it must be 1 to 10000000 (no context holds more); see `rsd generate --help`"
    ),
    (
      ["--threads", "0"], 64,
      "--threads 0 is out of range; it must be 1 to 1024 (no machine has more cores than that to spare); see `rsd generate "
        + "--help`"
    ),
    (["--seed", "1", "--vary-seed"], 64, "--seed and --vary-seed exclude each other; see `rsd generate --help`"),
    (
      ["--rule", "sd", "--width", "2"], 64, "--width is no option of sd; see `rsd generate --help`"
    ),
    (
      ["--compare", "--depth", "2"], 64,
      "--depth is chosen by --compare; leave one of them out; see `rsd generate --help`"
    ),
    (
      ["--compare", "--rule", "sd"], 64,
      "--compare runs every rule; leave --rule sd out; see `rsd generate --help`"
    ),
    (["--compare", "--sweep"], 64, "--compare and --sweep are two runs; leave one out; see `rsd generate --help`"),
    (
      ["--budget", "6"], 64,
      "--budget with a number is for --compare; add it, or let --budget auto choose; see `rsd generate --help`"
    ),
    (
      ["--budget", "auto", "--width", "2"], 64,
      "--width is chosen by --budget auto; leave one of them out; see `rsd generate --help`"
    ),
    (
      ["--budget", "auto", "--rule", "autoregressive"], 64,
      "autoregressive has no shape to choose; leave --budget auto out; see `rsd generate --help`"
    ),
    (
      ["--budget", "auto", "--compare"], 64,
      "--budget auto chooses shapes, and --compare holds rules at one budget; give it a number; see `rsd generate --help`"
    ),
    (
      ["--budget", "best"], 64,
      "--budget best is neither a number nor auto; it must be 1 to 256, auto, or auto:31; see `rsd generate --help`"
    ),
    (["--texts", "6"], 64, "--texts is for --compare and --sweep; add one; see `rsd generate --help`"),
    (
      ["--prompts", "p.txt"], 64,
      "--prompts is for --compare and --sweep; add one, or --prompt; see `rsd generate --help`"
    ),
    (["--compare", "--prompts", "p.txt"], 65, "p.txt: cannot be read; does the file exist, and may you read it?"),
    (
      ["--temperature", "-1"], 64,
      "--temperature -1 is out of range; it must be 0 to 1e+308 (0 is greedy, and doubles end soon after 1e308); see "
        + "`rsd generate --help`"
    ),
  ]

  private static func tokens(_ count: Int) -> String { Array(repeating: "1", count: count).joined(separator: ",") }

  @Test(arguments: requests)
  func badInputIsOneLine(arguments: [String], status: Int32, line: String) async throws {
    let arguments = arguments.map { $0.replacingOccurrences(of: "TINY", with: GenerateTests.tiny) }
    let result = try await Command.run(["generate"] + arguments, in: Folder())
    #expect(result.error == "rsd: \(line.replacingOccurrences(of: "TINY", with: GenerateTests.tiny))\n")
    #expect(result.status == status)
    #expect(result.text == "")
  }
}
