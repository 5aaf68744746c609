import Foundation
import JSONText
import SpeculativeDecoding
import ToyModels

/// The port protocol, version 1 (docs/port-protocol.md).
package enum PortProtocol {
  /// The version that a hello names.
  package static let version = "rsd-port/1"

  /// The rules that a port may declare.
  package static let rules = Rule.all.map(\.name)

  /// The steps of a sampling profile that a port may declare.
  package static let profileSteps = SamplingProfile.Step.allCases.map(\.rawValue)

  /// The operations beside the hello.
  package static let operations = ["sample", "verify"]
}

/// A port's description of itself when it starts.
package struct PortHello: Hashable, Sendable, Codable {
  /// The port's name.
  package var name: String
  /// The port's version.
  package var version: String
  /// The rules that it offers.
  package var rules: [String]
  /// The operations that it offers.
  package var ops: [String]
  /// The steps of a sampling profile that it can take, in the protocol's order; absent for none.
  package var profile: [String]?
  /// The bits of its uniforms, 24, 32 or 53; absent is 24.
  package var uniformBits: Int?

  /// A hello.
  package init(
    name: String, version: String, rules: [String], ops: [String], profile: [String]? = nil, uniformBits: Int? = nil
  ) {
    (self.name, self.version, self.rules, self.ops) = (name, version, rules, ops)
    (self.profile, self.uniformBits) = (profile, uniformBits)
  }

  /// Why it is no hello of this protocol; `nil` where it is one.
  package var problem: String? {
    if name.isEmpty || name.count > 200 { return "\"name\" has 1 to 200 characters" }
    if version.isEmpty || version.count > 200 { return "\"version\" has 1 to 200 characters" }
    if rules.isEmpty { return "\"rules\" is empty: the port offers nothing" }
    for (key, values, known) in [
      ("rules", rules, PortProtocol.rules), ("ops", ops, PortProtocol.operations),
      ("profile", profile ?? [], PortProtocol.profileSteps),
    ] {
      if let value = values.first(where: { !known.contains($0) }) {
        return "\"\(key)\" holds \"\(value.prefix(40))\", which is none of \(known.joined(separator: ", "))"
      }
      if Set(values).count < values.count { return "\"\(key)\" holds a value twice" }
    }
    if ops.isEmpty { return "\"ops\" is empty: the port answers nothing" }
    if let uniformBits, ![24, 32, 53].contains(uniformBits) { return "\"uniformBits\" is 24, 32 or 53" }
    return nil
  }

  /// A step of a profile that the port does not declare; `nil` where it can follow the profile.
  package func missingStep(of profile: SamplingProfile) -> String? {
    let declared = self.profile ?? []
    return profile.steps.map(\.rawValue).first { !declared.contains($0) }
  }
}

/// The members of every answer beside its result.
struct PortAnswer: Decodable {
  var id: Int?
  var status: String?
  var reason: String?
  var counts: [String: Int]?
  var rounds: [String: Int]?
  var secondRounds: [String: Int]?
  var sequences: [String]?
  var accepted: [Int]?
  var token: Int?
  var used: Int?

  /// An answer that was counted before.
  init(counts: [String: Int], rounds: [String: Int]?, secondRounds: [String: Int]?) {
    (self.counts, self.rounds, self.secondRounds) = (counts, rounds, secondRounds)
  }

  /// Reads a line.
  ///
  /// - Throws: ``PortFailure`` with what is wrong, without the port's log.
  init(line: [UInt8]) throws(PortFailure) {
    do throws(JSONError) {
      try JSON.check(line)
    } catch {
      throw PortFailure(.notJSON, "the answer is no JSON (\(error)): \(Self.excerpt(line))")
    }
    do {
      self = try JSONDecoder().decode(PortAnswer.self, from: Data(line))
    } catch let error as DecodingError {
      throw PortFailure(.wrongAnswer, "the answer's \(ModelDocument.explanation(of: error)): \(Self.excerpt(line))")
    } catch {
      throw PortFailure(.notJSON, "the answer cannot be read (\(error)): \(Self.excerpt(line))")
    }
  }

  /// The beginning of a line, for a person.
  static func excerpt(_ line: [UInt8]) -> String {
    let text = String(decoding: line.prefix(120), as: UTF8.self)
    return line.count > 120 ? "\(text)…" : text
  }
}

/// Number of a sequence's tokens joined by a space, in one spelling.
enum SequenceText {
  /// The tokens; `nil` for what no port should write, such as "01" or two spaces.
  static func tokens(_ text: String) -> [Token]? {
    if text.isEmpty { return [] }
    var tokens: [Token] = []
    var value = 0
    var digits = 0
    for byte in text.utf8 {
      if byte == UInt8(ascii: " ") {
        guard digits > 0 else { return nil }
        tokens.append(value)
        (value, digits) = (0, 0)
      } else {
        guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), digits == 0 || value > 0, digits < 10 else {
          return nil
        }
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
        digits += 1
      }
    }
    guard digits > 0 else { return nil }
    return tokens + [value]
  }

  static func text(_ tokens: [Token]) -> String { tokens.map(String.init).joined(separator: " ") }
}
