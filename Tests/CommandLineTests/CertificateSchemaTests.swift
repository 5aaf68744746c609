import Certification
import Foundation
import TestSupport
import Testing

/// The schema and the certificates that are written name the same keys, both ways.
@Suite(.optimised) struct CertificateSchemaTests {
  /// A JSON Schema as far as these schemas use it: references, types, keys, lists, enumerations.
  struct Schemas {
    let files: [String: [String: Any]]

    init() throws {
      var files: [String: [String: Any]] = [:]
      for name in ["certificate.schema.json", "model.schema.json", "server-certificate.schema.json"] {
        let url = Command.repository.appending(path: "Schemas/\(name)")
        files[name] = try [String: Any](json: Data(contentsOf: url))
      }
      self.files = files
    }

    func resolved(_ schema: [String: Any], in file: String) throws -> (schema: [String: Any], file: String) {
      guard let reference = schema["$ref"] as? String else { return (schema, file) }
      guard reference.hasPrefix("#/$defs/") else { return (try #require(files[reference]), reference) }
      let definitions = try #require(files[file]?["$defs"] as? [String: [String: Any]])
      return (try #require(definitions[String(reference.dropFirst(8))]), file)
    }

    /// What of a value the schema does not describe; `used` collects the properties that occur.
    func problems(_ value: Any, _ given: [String: Any], in file: String, at path: String, used: inout Set<String>)
      throws
      -> [String]
    {
      let (schema, file) = try resolved(given, in: file)
      if let choices = schema["oneOf"] as? [[String: Any]] {
        var tried = try choices.map { choice in
          var own: Set<String> = []
          let problems = try self.problems(value, choice, in: file, at: path, used: &own)
          return (problems: problems, used: own)
        }
        tried.sort { $0.problems.count < $1.problems.count }
        used.formUnion(tried[0].used)
        return tried[0].problems + (tried[1].problems.isEmpty ? ["\(path) is two things"] : [])
      }
      var problems: [String] = []
      if let type = schema["type"] as? String, !Self.isOf(type, value) { problems.append("\(path) is no \(type)") }
      if let values = schema["enum"] as? [String], !values.contains(value as? String ?? "") {
        problems.append("\(path) is none of \(values)")
      }
      if let object = value as? [String: Any] {
        let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
        for key in schema["required"] as? [String] ?? [] where object[key] == nil {
          problems.append("\(path).\(key) is missing")
        }
        for (key, member) in object {
          if let property = properties[key] {
            used.insert("\(file)#\(path).\(key)")
            problems += try self.problems(member, property, in: file, at: "\(path).\(key)", used: &used)
          } else if let rest = schema["additionalProperties"] as? [String: Any] {
            problems += try self.problems(member, rest, in: file, at: "\(path)[]", used: &used)
          } else {
            problems.append("\(path).\(key) is not described")
          }
        }
      }
      if let list = value as? [Any], let items = schema["items"] as? [String: Any] {
        for item in list { problems += try self.problems(item, items, in: file, at: "\(path)[]", used: &used) }
      }
      return problems
    }

    /// All properties that the schema describes, by their places.
    func properties(_ given: [String: Any], in file: String, at path: String) throws -> Set<String> {
      let (schema, file) = try resolved(given, in: file)
      var found: Set<String> = []
      for (key, property) in schema["properties"] as? [String: [String: Any]] ?? [:] {
        found.insert("\(file)#\(path).\(key)")
        found.formUnion(try properties(property, in: file, at: "\(path).\(key)"))
      }
      for choice in schema["oneOf"] as? [[String: Any]] ?? [] {
        found.formUnion(try properties(choice, in: file, at: path))
      }
      if let items = schema["items"] as? [String: Any] {
        found.formUnion(try properties(items, in: file, at: "\(path)[]"))
      }
      return found
    }

    private static func isOf(_ type: String, _ value: Any) -> Bool {
      switch type {
      case "object": value is [String: Any]
      case "array": value is [Any]
      case "string": value is String
      case "integer": (value as? NSNumber).map { $0.doubleValue == $0.doubleValue.rounded() } ?? false
      case "number": value is NSNumber
      case "boolean": value is Bool
      default: false
      }
    }
  }

  @Test(.long) func everyKeyIsDescribedAndEveryDescribedKeyOccurs() async throws {
    let schemas = try Schemas()
    let file = "certificate.schema.json"
    let root = try #require(schemas.files[file])
    var used: Set<String> = []
    for task in [
      Certificates.quick, Certificates.whole, Certificates.inconclusive, Certificates.ownModels,
      Certificates.transformers, Certificates.gguf, Certificates.promptLookup, Certificates.port,
      Certificates.wrongPort, Certificates.dependentPort, Certificates.brokenPort,
    ] {
      let certificate = try [String: Any](json: await task.value)
      #expect(try schemas.problems(certificate, root, in: file, at: "", used: &used) == [])
    }
    // Proofs and rounding, as the commands that find them write them: proved, refuted and unfinished.
    var certificate = try [String: Any](json: await Certificates.ownModels.value)
    certificate["rounding"] = try JSONSerialization.jsonObject(with: await json(["rounding", "--json"]))
    for options in [[], ["--fault", "always-accepts"], ["--limit", "1"]] {
      let proofs = try await json(["prove", "--cases", "sd/1/skewed/plain", "--json"] + options)
      certificate["proofs"] = try JSONSerialization.jsonObject(with: proofs)
      #expect(try schemas.problems(certificate, root, in: file, at: "", used: &used) == [])
    }
    #expect(try schemas.properties(root, in: file, at: "").subtracting(used) == [])
  }

  private func json(_ arguments: [String]) async throws -> Data {
    let result = try await Command.run(arguments, in: Folder())
    #expect(result.error == "")
    return result.output
  }

  @Test func nothingElseIsAllowed() throws {
    let schemas = try Schemas()
    for (name, schema) in schemas.files {
      #expect(schema["additionalProperties"] as? Bool == false, "\(name)")
      for (key, definition) in schema["$defs"] as? [String: [String: Any]] ?? [:] where definition["properties"] != nil
      {
        #expect(definition["additionalProperties"] as? Bool == false, "\(name): \(key)")
      }
    }
  }

  @Test(arguments: ["target", "draft"])
  func exampleModelsAreDescribed(name: String) throws {
    let schemas = try Schemas()
    let model = try [String: Any](json: Data(contentsOf: URL(filePath: "\(Certificates.models)/\(name).json")))
    var used: Set<String> = []
    let file = "model.schema.json"
    let root = try #require(schemas.files[file])
    #expect(try schemas.problems(model, root, in: file, at: "", used: &used) == [])
    #expect(try schemas.properties(root, in: file, at: "").subtracting(used) == [])
  }

  /// The check can fail: a key too many, a key too few, a value of another kind.
  @Test func theCheckSeesWhatIsWrong() async throws {
    let schemas = try Schemas()
    let root = try #require(schemas.files["certificate.schema.json"])
    var certificate = try [String: Any](json: await Certificates.ownModels.value)
    var cases = try #require(certificate["cases"] as? [[String: Any]])
    cases[0]["extra"] = 1
    cases[1]["tokens"] = nil
    cases[2]["verdict"] = "certified"
    cases[3]["samples"] = "many"
    certificate["cases"] = cases
    var used: Set<String> = []
    let problems = try schemas.problems(certificate, root, in: "certificate.schema.json", at: "", used: &used)
    #expect(
      problems.sorted() == [
        ".cases[].extra is not described", ".cases[].samples is no integer", ".cases[].tokens is missing",
        ".cases[].verdict is none of [\"pass\", \"fail\", \"inconclusive\"]",
      ])
  }
}
