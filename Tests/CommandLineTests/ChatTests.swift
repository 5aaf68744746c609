import Certification
import Foundation
import Testing

@Suite struct ChatTests {
  /// Any model whose context holds a conversation; its tokens are a tokenizer's of the test.
  private static let model = "king-james-target"

  /// A tokenizer of 45 tokens with a template, in a folder.
  private func folder(_ template: String, _ files: [String: String] = [:]) throws -> Folder {
    let special = ["<s>", "</s>", "<|im_start|>", "<|im_end|>"]
    let letters = "abcdefghijklmnopqrstuvwxyz0123456789:-".map(String.init) + ["Ġ", "Ċ", "S"]
    let vocabulary = letters.enumerated().map { "\"\($1)\":\($0 + special.count)" }.joined(separator: ",")
    let added = special.enumerated().map { place, name in
      """
      {"id":\(place),"content":"\(name)","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}
      """
    }
    let tokenizer = """
      {"version":"1.0","truncation":null,"padding":null,"added_tokens":[\(added.joined(separator: ","))],"normalizer":null,
      "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},
      "post_processor":null,
      "decoder":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true},
      "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,"end_of_word_suffix":null,
      "fuse_unk":false,"byte_fallback":false,"ignore_merges":false,"vocab":{\(vocabulary)},"merges":[]}}
      """
    var all = files
    all["tokenizer.json"] = tokenizer
    all["tokenizer_config.json"] = #"{"bos_token": {"content": "<s>"}}"#
    all["special_tokens_map.json"] = #"{"bos_token": "x", "eos_token": "</s>"}"#
    all["chat_template.json"] = #"{"chat_template": "{{ raise_exception('older') }}"}"#
    all["chat_template.jinja"] = template
    return try Folder(all)
  }

  private static let template = """
    {{- bos_token }}{{ strftime_now('%d-%m') }}{{ ':' if think is defined and think is false }}
    {%- for message in messages %}
    {{- '<|im_start|>' + message.role[:1] + message.content + (eos_token if message.role == 'assistant' else '<|im_end|>') }}
    {%- endfor %}
    {%- if add_generation_prompt %}{{ '<|im_start|>' }}{% endif %}
    """

  /// What a conversation becomes, as text.
  private func prompt(_ arguments: [String], in folder: Folder) async throws -> (text: String, error: String) {
    let model = [
      "--model", Self.model, "--tokenizer", ".", "--rule", "autoregressive", "--tokens", "1", "--json", "--chat",
    ]
    let result = try await Command.run(["generate"] + model + arguments, in: folder)
    guard result.status == 0 else { return ("\(result.status)", result.error) }
    struct Record: Decodable { let prompt: [Int] }
    let tokens = try JSONDecoder().decode(Record.self, from: result.output).prompt.map(String.init).joined(
      separator: ",")
    let text = try await Command.run(["tokenize", "--tokenizer", ".", "--decode", tokens], in: folder)
    return (text.text, result.error)
  }

  @Test func aModelsOwnTemplateIsRun() async throws {
    let folder = try folder(
      Self.template, ["m.json": #"[{"role": "user", "content": "hi"}, {"role": "assistant", "content": "yo </s>"}]"#])
    let day = ["--date", "2026-11-03"]
    let plain = try await prompt(day + ["--prompt", "a b"], in: folder)
    #expect(plain.text == "<s>03-11<|im_start|>ua b<|im_end|><|im_start|>", "\(plain.error)")
    let system = try await prompt(
      day + ["--prompt", "a", "--system", "b", "--chat-variable", "think=false"], in: folder)
    #expect(system.text == "<s>03-11:<|im_start|>sb<|im_end|><|im_start|>ua<|im_end|><|im_start|>", "\(system.error)")
    // What was said is no token, here one that the vocabulary cannot spell either.
    let several = try await prompt(day + ["--messages", "m.json", "--prompt", "and"], in: folder)
    #expect(
      several.text
        == "<s>03-11<|im_start|>uhi<|im_end|><|im_start|>ayo s</s><|im_start|>uand<|im_end|><|im_start|>",
      "\(several.error)")
    let alone = try await prompt(day + ["--messages", "m.json"], in: folder)
    #expect(alone.text == "<s>03-11<|im_start|>uhi<|im_end|><|im_start|>ayo s</s><|im_start|>", "\(alone.error)")
    let other = try self.folder(
      "{{ raise_exception('the own one') }}",
      ["other.jinja": "{% for m in messages %}{{ m.content }}{{ eos_token }}{% endfor %}"])
    let file = try await prompt(["--prompt", "a", "--chat-template", "other.jinja"], in: other)
    #expect(file.text == "a</s>", "\(file.error)")
  }

  @Test func refusalsAreOneLine() async throws {
    let template =
      "{% if messages[0].role == 'system' %}{{ raise_exception('No system here') }}{% endif %}{{ messages | foo }}"
    let folder = try folder(template, ["m.json": #"[{"role": "x", "content": ""}]"#, "empty.jinja": "x"])
    let cases: [([String], String, String)] = [
      (
        ["--prompt", "a", "--system", "s"], "65",
        "rsd: --chat: \(Self.model): the chat template refuses the conversation: No system here\n"
      ),
      (
        ["--prompt", "a"], "65",
        "rsd: --chat: \(Self.model): chat template, line 1, column 102: the filter \"foo\" is not supported"
      ),
      (["--messages", "m.json"], "65", "rsd: m.json: message 1: role must be one of system, user, assistant\n"),
      (["--messages", "none.json"], "65", "rsd: none.json: cannot be read"),
      (["--prompt", "a", "--date", "2026-02-30"], "64", "rsd: "),
      (["--prompt", "a", "--chat-variable", "x"], "64", "rsd: "),
      (
        ["--prompt", "a", "--chat-template", "empty.jinja"], "65",
        "rsd: --chat: --chat-template empty.jinja ends answers by no"
      ),
    ]
    for (arguments, status, message) in cases {
      let result = try await prompt(arguments, in: folder)
      #expect(result.text == status && result.error.hasPrefix(message), "\(result)")
      #expect(result.error.count { $0 == "\n" } == 1)
    }
    let usage = try await Command.run(["generate", "--date", "2026-02-03"], in: folder)
    #expect(usage.status == 64 && usage.error.hasPrefix("rsd: --date is for chat templates; add --chat"))
  }
}
