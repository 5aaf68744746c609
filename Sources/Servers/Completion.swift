import Certification
import Foundation
import JSONText
import ToyModels

/// A server's completion: the cell of the test that it falls into.
///
/// Text by default: asking for tokens changes what some servers compute, and texts are a function of the tokens, so that
/// equal laws of tokens give equal laws of texts.
package struct Completion: Hashable, Sendable, Codable {
  /// The text; absent where tokens were asked for.
  package var text: String?
  /// The tokens as the server writes them.
  package var tokens: [String]?
  /// Why it ends: "length", "stop", or what the server says; empty for nothing.
  package var finish: String

  /// The key that orders cells, the same on every machine.
  var key: String { (tokens ?? [text ?? ""]).joined(separator: "\u{0}") + "\u{0}\u{0}" + finish }

  /// The longest text that a token may have, in bytes.
  private static let mostBytes = 1024

  /// Reads the answer to a request.
  ///
  /// - Throws: ``ServerFailure`` with what is wrong, without the words "the server".
  static func completions(
    _ body: Data, count: Int, length: Int, usesTokens: Bool, redacted: (String) -> String
  ) throws(ServerFailure) -> [Completion] {
    let object = try self.object(body, redacted: redacted)
    guard let choices = object["choices"] as? [Any] else { throw wrong("answers without a list \"choices\"") }
    guard choices.count == count else {
      throw wrong(
        "answers with \(choices.count) completions where \(count) \(count == 1 ? "was" : "were") asked for"
          + (count > 1 ? "; leave --completions out if it takes no \"n\"" : ""))
    }
    if let usage = object["usage"] as? [String: Any],
      let tokens = (usage["completion_tokens"] as? NSNumber)?.doubleValue
    {
      guard tokens <= Double(count * length) else {
        throw wrong("answers with \(HTTPClient.text(tokens)) tokens where \(count * length) at most were asked for")
      }
    }
    var found = [Completion?](repeating: nil, count: count)
    for (position, choice) in choices.enumerated() {
      guard let choice = choice as? [String: Any] else { throw wrong("has a choice that is no object") }
      let index = (choice["index"] as? NSNumber)?.intValue ?? position
      guard found.indices.contains(index), found[index] == nil else {
        throw wrong("numbers its completions otherwise than from 0 to \(count - 1)")
      }
      found[index] = try completion(choice, length: length, usesTokens: usesTokens, redacted: redacted)
    }
    return found.compactMap(\.self)
  }

  private static func completion(
    _ choice: [String: Any], length: Int, usesTokens: Bool, redacted: (String) -> String
  ) throws(ServerFailure) -> Completion {
    guard let text = choice["text"] as? String else { throw wrong("has a choice without \"text\"") }
    guard text.utf8.count <= mostBytes * length else {
      throw wrong("answers with \(text.utf8.count) bytes of text to \(length) tokens")
    }
    let finish = String(redacted(choice["finish_reason"] as? String ?? "").prefix(64))
    guard usesTokens else { return Completion(text: redacted(text), tokens: nil, finish: finish) }
    let given = choice["logprobs"] as? [String: Any]
    // llama.cpp's server writes the form of chat completions.
    let content = (given?["content"] as? [[String: Any]]).map { $0.map { $0["token"] as? String } }
    guard let tokens = (given?["tokens"] as? [String]) ?? content?.compactMap(\.self),
      content == nil || content?.count == tokens.count
    else { throw wrong("has a choice without \"logprobs\".\"tokens\"; leave --tokens out to compare texts") }
    guard tokens.count <= length else {
      throw wrong("answers with \(tokens.count) tokens where \(length) at most were asked for")
    }
    guard tokens.allSatisfy({ $0.utf8.count <= mostBytes }) else {
      throw wrong("has a token of more than \(mostBytes) bytes")
    }
    return Completion(text: nil, tokens: tokens.map(redacted), finish: finish)
  }

  /// A JSON object that is safe to look into: not too deep, no key twice, no number that is none.
  static func object(_ body: Data, redacted: (String) -> String) throws(ServerFailure) -> [String: Any] {
    if let problem = problem(body) {
      // Both are cut, and of a key that is cut a part would be left: it goes first.
      let text = redacted(String(decoding: body, as: UTF8.self))
      let reason = self.problem(Data(text.utf8)) ?? problem
      throw wrong(
        "answers with what is no JSON (\(OutsideText.shown(reason))): \(OutsideText.shown(String(text.prefix(60))))")
    }
    guard let object = (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] else {
      throw wrong("answers with JSON that is no object")
    }
    return object
  }

  private static func problem(_ body: Data) -> String? {
    do {
      try JSON.check(body)
      return nil
    } catch {
      return "\(error)"
    }
  }

  private static func wrong(_ reason: String) -> ServerFailure { ServerFailure(.wrongAnswer, reason) }
}
