import Foundation
import Testing

@testable import Checkpoints
@testable import Tokenizers

@Suite struct ChatTemplateTests {
  private static let names = ["bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"]
  private static let moment =
    ChatTemplate.Moment(year: 2026, month: 11, day: 3, hour: 9, minute: 5, second: 7) ?? .epoch

  private struct Message: Decodable {
    let role: ChatTemplate.Message.Role, content: String
    var message: ChatTemplate.Message { .init(role, content) }
  }

  private struct Template: Decodable { let name, template: String }

  private func text(_ parts: [PromptPart]) -> String { parts.map(\.text).joined() }

  /// Equal to the scalar: Swift's == would take normal forms for the same.
  private func same(_ left: String?, _ right: String?) -> Bool {
    left.map { Array($0.unicodeScalars) } == right.map { Array($0.unicodeScalars) }
  }

  // 14 templates on 8 conversations, with and without a generation prompt.
  @Test func textsAreTransformers() throws {
    struct Case: Decodable {
      let name: String, messages: [Message], asks: Bool, settings: [String: Bool], text: String?
    }
    let templates = try JSONDecoder().decode([Template].self, from: TokenizerFixtures.data("templates.json"))
    let cases = try JSONDecoder().decode([Case].self, from: TokenizerFixtures.data("template-texts.json"))
    #expect(cases.count == templates.count * 20)
    for template in templates {
      let program = try ChatTemplate(template.template)
      for example in cases where example.name == template.name {
        let messages = example.messages.map(\.message)
        let settings = example.settings.mapValues { ChatTemplate.Setting.boolean($0) }
        let parts = try? program.prompt(
          messages, names: Self.names, settings: settings, at: Self.moment, asksAnswer: example.asks)
        #expect(same(parts.map(text), example.text), "\(template.name)")
        // Content is what the messages say; it is marked wherever a template puts it.
        for part in parts ?? [] where part.isContent {
          #expect(messages.contains { $0.content.contains(part.text) }, "\(template.name): \(part.text)")
        }
      }
    }
  }

  // The programs behind names, and those of models that they stand for.
  @Test func namedTemplatesWriteWhatTheirModelsDo() throws {
    struct Case: Decodable { let name, template, text: String, messages: [Message] }
    let cases = try JSONDecoder().decode([Case].self, from: TokenizerFixtures.data("chat.json"))
    #expect(cases.count == 36)
    for example in cases {
      var programs = [example.template]
      programs += ChatTemplate.named.filter { $0.name == example.name }.map(\.source)
      for program in programs {
        let parts = try ChatTemplate(program).prompt(
          example.messages.map(\.message), names: Self.names, at: Self.moment)
        #expect(same(text(parts), example.text), "\(example.name)")
      }
    }
  }

  @Test func contentIsMarkedWhateverIsDoneToIt() throws {
    let template = try ChatTemplate(
      """
      {% set c = messages[0].content %}<{{ c | trim | upper }}|{{ c[::-1] }}|{{ c.split(' ') | join('-') }}|{{ c | tojson }}\
      |{{ '%s!' % c }}|{{ [c] }}|{{ '{}?'.format(c) }}|{{ c.replace('a', 'x') }}|{{ c ~ 1 }}>
      """)
    let parts = try template.prompt([.init(.user, "ab c")], names: [:], at: Self.moment)
    #expect(text(parts) == "<AB C|c ba|ab-c|\"ab c\"|ab c!|['ab c']|ab c?|xb c|ab c1>")
    let written = parts.filter { !$0.isContent }.map(\.text).joined()
    #expect(written == "<||-|\"\"|!|['']|?|x|1>")
  }

  @Test func theEndOfAnAnswerIsFound() throws {
    let tokenizer = try TokenizerFixtures.tokenizer("llama3.json")
    let cases: [(String, Int?)] = [
      ("{% for m in messages %}{{ m.role + m.content }}<|im_end|>\n{% endfor %}", 601),
      ("{% for m in messages %}{{ m.content }} {{ eos_token }}{% endfor %}", 602),
      ("{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}", nil),
      ("{{ raise_exception('no') if messages | length > 1 }}", nil),
    ]
    for (program, end) in cases {
      let found = try ChatTemplate(program).answerEnd(
        of: [.init(.user, "x")], names: ["eos_token": "<|endoftext|>"], at: Self.moment, tokenizer)
      #expect(found == end, "\(program)")
    }
  }

  @Test func conversationsAreRead() throws {
    let json = #"[{"role": "system", "content": "S"}, {"content": "é\n", "role": "user"}]"#
    #expect(
      try ChatTemplate.Message.list(json: Array(json.utf8), file: "f") == [.init(.system, "S"), .init(.user, "é\n")])
    for (json, reason) in [
      ("[]", "is no conversation; write a list such as"), ("{}", "is no conversation; write a list such as"),
      ("[1]", "message 1 is 1; it must be an object"), ("[", "line 1, column 2: the file ends inside the list"),
      (#"[{"role": "user"}]"#, "message 1: content is missing"),
      (#"[{"role": "wizard", "content": "x"}]"#, "message 1: role must be one of system, user, assistant"),
      (#"[{"role": "user", "content": ["x"]}]"#, "message 1: content is an array; it must be a string"),
      (#"[{"role": "user", "content": "x", "tool_calls": []}]"#, "message 1: tool_calls is not understood here"),
    ] {
      let error = #expect(throws: CheckpointError.self) {
        try ChatTemplate.Message.list(json: Array(json.utf8), file: "f")
      }
      #expect("\(error.map { "\($0)" } ?? "")".hasPrefix("f: \(reason)"), "\(json)")
    }
  }
}
