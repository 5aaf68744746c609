import Certification
import Foundation
import Testing

/// Every message that is exchanged with this package as a port is one of its schema.
@Suite struct PortSchemaTests {
  static let folder = Command.repository.appending(path: "Schemas/port")

  static func schema(_ name: String) throws -> [String: Any] {
    try [String: Any](json: Data(contentsOf: folder.appending(path: "\(name).schema.json")))
  }

  /// What of a value a schema does not allow: types, keys, constants, enumerations, choices.
  static func problems(_ value: Any, _ schema: [String: Any], at path: String = "") -> [String] {
    var problems: [String] = []
    if let choices = schema["oneOf"] as? [[String: Any]] {
      let fitting = choices.count { Self.problems(value, $0, at: path).isEmpty }
      if fitting != 1 { problems.append("\(path) fits \(fitting) of \(choices.count) choices") }
    }
    if let type = schema["type"] as? String {
      let number = value as? NSNumber
      let fits =
        switch type {
        case "object": value is [String: Any]
        case "array": value is [Any]
        case "string": value is String
        case "null": value is NSNull
        case "boolean": value is Bool
        case "integer": number.map { $0.doubleValue == $0.doubleValue.rounded() } ?? false
        case "number": number != nil
        default: false
        }
      if !fits { problems.append("\(path) is no \(type)") }
    }
    if let constant = schema["const"] as? String, value as? String != constant { problems.append("\(path) is another") }
    if let values = schema["enum"] as? [Any] {
      let texts = values.map { "\($0)" }
      if !texts.contains("\(value)") { problems.append("\(path) is none of \(texts)") }
    }
    if let object = value as? [String: Any] {
      let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
      for key in schema["required"] as? [String] ?? [] where object[key] == nil {
        problems.append("\(path).\(key) is missing")
      }
      for (key, member) in object {
        if let property = properties[key] {
          problems += Self.problems(member, property, at: "\(path).\(key)")
        } else if let rest = schema["additionalProperties"] as? [String: Any] {
          problems += Self.problems(member, rest, at: "\(path).\(key)")
        } else if schema["additionalProperties"] as? Bool == false {
          problems.append("\(path).\(key) is not described")
        }
      }
    }
    if let list = value as? [Any], let items = schema["items"] as? [String: Any] {
      for item in list { problems += Self.problems(item, items, at: "\(path)[]") }
    }
    return problems
  }

  /// A port that writes all requests down, between the suite and this package.
  @Test func everyMessageOfARunIsDescribed() async throws {
    let folder = try Folder()
    let (requests, answers) = (folder.url.appending(path: "requests").path, folder.url.appending(path: "answers").path)
    let command = "tee '\(requests)' | '\(Command.executable.path)' port | tee '\(answers)'"
    let result = try await Command.run(
      ["certify", "--port", command, "--quick", "--rule", "rsd-s", "--rule", "sd", "--rule", "autoregressive"],
      in: folder)
    #expect(result.status == 0, "\(result.text)\(result.error)")
    let asked = try String(contentsOfFile: requests, encoding: .utf8).split(separator: "\n")
    let answered = try String(contentsOfFile: answers, encoding: .utf8).split(separator: "\n")
    var schemas: [String: [String: Any]] = [:]
    for name in [
      "hello-request", "hello-answer", "sample-request", "sample-answer", "verify-request", "verify-answer",
      "refusal-answer",
    ] {
      schemas[name] = try Self.schema(name)
    }
    var seen: Set<String> = []
    #expect(asked.count == answered.count)
    for (line, reply) in zip(asked, answered) {
      let request = try [String: Any](json: Data(line.utf8))
      let answer = try [String: Any](json: Data(reply.utf8))
      let operation = try #require(request["op"] as? String)
      let kind = answer["status"] == nil ? "\(operation)-answer" : "refusal-answer"
      for (name, message) in [("\(operation)-request", request), (kind, answer)] {
        let found = Self.problems(message, try #require(schemas[name]))
        #expect(found == [], "\(name): \(line.prefix(300)) \(reply.prefix(300))")
        seen.insert(name)
      }
    }
    #expect(seen == Set(schemas.keys))
  }

  @Test func theCheckSeesWhatIsWrong() throws {
    let answer = try Self.schema("sample-answer")
    func problems(_ object: [String: Any], _ schema: [String: Any]) -> [String] { Self.problems(object, schema) }
    #expect(problems(["id": 1, "counts": ["0": 1]], answer) == [])
    #expect(problems(["id": 1], answer) != [])
    #expect(problems(["id": 1, "counts": ["0": 1], "sequences": ["0"]], answer) != [])
    #expect(problems(["id": "1", "counts": ["0": 1]], answer) != [])
    #expect(problems(["id": 1, "counts": ["0": 0.5]], answer) != [])
    #expect(problems(["op": "hello", "protocol": "rsd-port/2"], try Self.schema("hello-request")) != [])
    #expect(
      problems(["op": "hello", "protocol": "rsd-port/1", "more": 1], try Self.schema("hello-request")) != [])
  }
}
