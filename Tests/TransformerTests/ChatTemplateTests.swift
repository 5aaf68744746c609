import Foundation
import Testing

@testable import Transformer

@Suite struct ChatTemplateTests {
  private struct Case: Decodable {
    struct Message: Decodable { let role: ChatTemplate.Message.Role, content: String }
    let name, template, text: String, messages: [Message]
  }

  @Test func promptsAreTransformers() throws {
    let cases = try JSONDecoder().decode([Case].self, from: TokenizerFixtures.data("chat.json"))
    #expect(cases.count == 36)
    for example in cases {
      let template = try #require(ChatTemplate(recognizing: example.template), "\(example.name)")
      let messages = example.messages.map { ChatTemplate.Message($0.role, $0.content) }
      let text = template.prompt(messages, begin: "<s>", end: "</s>").map(\.text).joined()
      #expect(Array(text.utf8) == Array(example.text.utf8), "\(example.name)")
      // What is content is the messages', not a character of the template.
      let parts = template.prompt(messages, begin: "<s>", end: "</s>")
      let contents = parts.filter(\.isContent).map(\.text)
      #expect(contents.count == messages.count)
      #expect(contents.allSatisfy { content in messages.contains { $0.content.contains(content) || content.isEmpty } })
    }
  }

  @Test func whatIsNotKnownIsNotGuessed() throws {
    let known = try JSONDecoder().decode([Case].self, from: TokenizerFixtures.data("chat.json")).map(\.template)
    for template in Set(known) {
      for change in [
        template + "x", "x" + template, template.replacing("content", with: "text"), String(template.dropLast(3)),
        template.replacing("assistant", with: "model"), template.replacing("<|", with: "<||"),
      ] where change != template {
        #expect(ChatTemplate(recognizing: change) == nil, "\(change)")
      }
    }
    #expect(ChatTemplate(recognizing: "") == nil)
    // A default message that is none: it ends the string and goes on.
    let system = try #require(known.first { $0.contains("SmolLM") })
    for text in ["' + bos_token + '", "{{ x }}", "a\\tb"] {
      let change = system.replacing("You are a helpful AI assistant named SmolLM, trained by Hugging Face", with: text)
      #expect(ChatTemplate(recognizing: change) == nil)
    }
  }
}
