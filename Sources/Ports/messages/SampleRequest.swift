import Certification
import Foundation
import Probability
import SpeculativeDecoding
import ToyModels

/// The part of a `sample` request that is the same for all requests of a case, as text.
struct SampleMessage: Sendable {
  /// The keys of the case, without braces.
  private let body: String
  let vocabulary: Int
  let length: Int
  let endToken: Token?
  let mostEmitted: Int

  /// The message of an instance.
  ///
  /// - Throws: ``CertificationError/certificate(_:)`` where a number has no JSON form.
  init(_ instance: Instance) throws(CertificationError) {
    let body = Body(instance)
    let text = String(decoding: try StableJSON.encodeCompactly(body), as: UTF8.self)
    self.body = String(text.trimmingCharacters(in: .whitespacesAndNewlines).dropFirst().dropLast())
    vocabulary = instance.pair.target.vocabulary
    length = instance.length
    endToken = instance.endToken
    mostEmitted = instance.method.draftLength + 1
  }

  /// One request.
  func text(id: Int, count: Int, seed: UInt64, ordered: Bool = false) -> String {
    "{\"op\":\"sample\",\"id\":\(id),\"count\":\(count),\"seed\":\"\(seed)\",\(ordered ? "\"ordered\":true," : "")\(body)}"
  }

  /// The most bytes that an answer can have.
  func answerLimit(count: Int) -> Int {
    let digits = String(max(vocabulary, 1)).count + 1
    return PortConnection.plainLimit + count * (length * digits + 24)
  }

  private struct Body: Encodable {
    var method: MethodRecord
    var target: ModelDocument
    var draft: ModelDocument
    var prompt: [Token]
    var length: Int
    var profile: Profile
    var endToken: Token?

    struct Profile: Encodable {
      var temperature: Double
      var topK: Int
      var topP: Double
      var minP: Double?
    }

    enum Key: String, CodingKey {
      case target, draft, prompt, length, profile, endToken
    }

    init(_ instance: Instance) {
      method = MethodRecord(instance.method)
      target = instance.pair.target.inNumbers
      draft = instance.pair.draft.inNumbers
      prompt = instance.pair.prompt
      length = instance.length
      let given = instance.profile
      profile = Profile(
        temperature: given.temperature, topK: given.topK, topP: given.topP, minP: given.minP > 0 ? given.minP : nil)
      endToken = instance.endToken
    }

    func encode(to encoder: any Encoder) throws {
      try method.encode(to: encoder)
      var values = encoder.container(keyedBy: Key.self)
      try values.encode(target, forKey: .target)
      try values.encode(draft, forKey: .draft)
      try values.encode(prompt, forKey: .prompt)
      try values.encode(length, forKey: .length)
      try values.encode(profile, forKey: .profile)
      // Null is the protocol's word for none.
      try values.encode(endToken, forKey: .endToken)
    }
  }
}

extension ModelDocument {
  /// The same laws as JSON numbers, without a name: what a request carries.
  var inNumbers: ModelDocument {
    var document = self
    (document.name, document.source) = (nil, nil)
    document.rows = rows.mapValues { row in
      row.map { entry in
        switch entry {
        case .number: entry
        case .fraction(let value): .number(value.approximation)
        }
      }
    }
    return document
  }
}

/// A port's answer to a `sample` request, checked against it.
struct SampleAnswer: Sendable {
  /// How often each sequence occurred; a sequence may be one that the target never emits.
  var sequences: [[Token]: Int] = [:]
  /// How many tokens the first rounds emitted; `nil` where the port does not say.
  var rounds: [Int: Int]?
  /// How many tokens the second rounds emitted, 0 where there was none; `nil` where the port does not say.
  var secondRounds: [Int: Int]?
  /// The sequences in order; empty where they were not asked for or not given.
  var ordered: [[Token]] = []

  /// Checks an answer.
  ///
  /// - Throws: ``PortFailure`` of kind ``PortFailure/Kind/wrongAnswer``.
  init(_ answer: PortAnswer, to message: SampleMessage, count: Int, ordered isOrdered: Bool) throws(PortFailure) {
    func wrong(_ reason: String) -> PortFailure { PortFailure(.wrongAnswer, reason) }
    if let texts = answer.sequences {
      guard texts.count == count else { throw wrong("\(texts.count) sequences were given, \(count) asked for") }
      ordered.reserveCapacity(count)
      for text in texts {
        let tokens = try Self.sequence(text, of: message)
        ordered.append(tokens)
        sequences[tokens, default: 0] += 1
      }
    } else if let counts = answer.counts {
      var total = 0
      for (text, occurrences) in counts {
        guard occurrences >= 0, occurrences <= count else {
          throw wrong("the count of \"\(text.prefix(60))\" is \(occurrences), of \(count) decodings")
        }
        if occurrences > 0 { sequences[try Self.sequence(text, of: message)] = occurrences }
        total += occurrences
        guard total <= count else { throw wrong("the counts sum to more than the \(count) decodings asked for") }
      }
      guard total == count else { throw wrong("the counts sum to \(total), and \(count) decodings were asked for") }
    } else {
      throw wrong(isOrdered ? "\"sequences\" is missing" : "\"counts\" is missing")
    }
    rounds = try Self.lengths(answer.rounds, "rounds", least: 1, message, count: count)
    secondRounds = try Self.lengths(answer.secondRounds, "secondRounds", least: 0, message, count: count)
  }

  /// How many tokens a round of each decoding emitted, checked; `nil` where the port does not say.
  private static func lengths(
    _ stated: [String: Int]?, _ name: String, least: Int, _ message: SampleMessage, count: Int
  ) throws(PortFailure) -> [Int: Int]? {
    func wrong(_ reason: String) -> PortFailure { PortFailure(.wrongAnswer, "\"\(name)\" \(reason)") }
    guard let stated else { return nil }
    var rounds: [Int: Int] = [:]
    var total = 0
    for (text, occurrences) in stated {
      guard let emitted = Int(text), String(emitted) == text, (least...message.mostEmitted).contains(emitted) else {
        throw wrong("has the key \"\(text.prefix(20))\"; a round emits \(least) to \(message.mostEmitted) tokens")
      }
      guard (0...count).contains(occurrences) else { throw wrong("holds \(occurrences), of \(count)") }
      total += occurrences
      if occurrences > 0 { rounds[emitted] = occurrences }
    }
    guard total == count else { throw wrong("sums to \(total), and there were \(count) decodings") }
    return rounds
  }

  private static func sequence(_ text: String, of message: SampleMessage) throws(PortFailure) -> [Token] {
    func wrong(_ reason: String) -> PortFailure {
      PortFailure(.wrongAnswer, "the sequence \"\(text.prefix(60))\" \(reason)")
    }
    guard let tokens = SequenceText.tokens(text) else { throw wrong("is no tokens joined by one space") }
    guard tokens.count <= message.length else {
      throw wrong("has \(tokens.count) tokens; \(message.length) were asked for")
    }
    guard tokens.allSatisfy({ $0 < message.vocabulary }) else {
      throw wrong("holds a token outside the vocabulary of \(message.vocabulary)")
    }
    guard tokens.count == message.length || (message.endToken != nil && tokens.last == message.endToken) else {
      throw wrong("has \(tokens.count) tokens; a decoding stops after \(message.length), or at the end token")
    }
    return tokens
  }
}
