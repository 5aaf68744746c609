import Foundation
import ToyModels

extension VectorFile {
  /// The file name of the schema.
  package static let schemaName = "verify-vectors.schema.json"

  /// The file as JSON: equal files are equal bytes.
  package var json: Data {
    VectorText.object([
      ("algorithm", .text(algorithm)), ("schema", .text(schema)), ("numberOfTests", .integer(numberOfTests)),
      ("notes", .object(notes.sorted { $0.key < $1.key }.map { ($0.key, Self.text(of: $0.value)) })),
      ("testGroups", .array(testGroups.map(Self.text(of:)))),
    ]).json
  }

  private static func text(of note: VectorNote) -> VectorText {
    .object([
      ("bugType", .text(note.bugType)), ("description", .text(note.description)), ("effect", .text(note.effect)),
      ("references", .array(note.references.map(VectorText.text))),
    ])
  }

  private static func text(of group: Group) -> VectorText {
    .object([
      ("type", .text(group.type)), ("topic", .text(group.topic)),
      ("source", .object([("name", .text(group.source.name)), ("version", .text(group.source.version))])),
      ("tests", .array(group.tests.map(text(of:)))),
    ])
  }

  private static func text(of test: DirectedVector) -> VectorText {
    var pairs: [(key: String, value: VectorText)] = [
      ("tcId", .integer(test.tcId)), ("comment", .text(test.comment)),
      ("flags", .array(test.flags.map(VectorText.text))), ("uniformBits", .integer(test.uniformBits)),
      ("request", text(of: test.request)),
    ]
    if let expected = test.expected {
      pairs.append(
        (
          "expected",
          .object([
            ("accepted", .array(expected.accepted.map(VectorText.integer))),
            ("token", expected.token.map(VectorText.integer) ?? .word("null")), ("used", .integer(expected.used)),
          ])
        ))
    }
    return .object(pairs + [("result", .text(test.result.rawValue))])
  }

  private static func text(of request: VectorRequest) -> VectorText {
    func law(_ law: [VectorNumber]) -> VectorText { .array(law.map(VectorText.number)) }
    let keys = request.target.keys.sorted { (Int($0) ?? .max, $0) < (Int($1) ?? .max, $1) }
    var pairs: [(key: String, value: VectorText)] = [
      ("rule", .text(request.rule)),
      (
        "nodes",
        .array(
          request.nodes.map {
            .object([("parent", .integer($0.parent)), ("token", .integer($0.token)), ("draft", law($0.draft))])
          })
      ),
      ("target", .object(keys.map { ($0, law(request.target[$0] ?? [])) })), ("uniforms", law(request.uniforms)),
    ]
    if let endToken = request.endToken { pairs.append(("endToken", .integer(endToken))) }
    return .object(pairs)
  }
}

extension VectorFile {
  /// Reads a file and refuses what the format does not know.
  ///
  /// - Parameter name: what the file is called in errors.
  /// - Throws: ``CertificationError/vectors(place:_:)`` with the file, the tcId where there is one, and what is wrong.
  package init(json: Data, name: String) throws(CertificationError) {
    do {
      self = try StableJSON.decode(json)
    } catch .certificate(let reason) {
      if let (id, cause) = Self.malformedTest(in: json) { throw .vectors(place: "\(name): tcId \(id)", cause) }
      throw .vectors(place: name, reason)
    }
    try check(name: name)
  }

  /// The first vector that cannot be read by itself, and why.
  private static func malformedTest(in json: Data) -> (id: String, reason: String)? {
    guard let file = try? JSONSerialization.jsonObject(with: json) as? [String: Any] else { return nil }
    let groups = (file["testGroups"] as? [Any] ?? []).compactMap { $0 as? [String: Any] }
    for test in groups.flatMap({ $0["tests"] as? [Any] ?? [] }) {
      guard JSONSerialization.isValidJSONObject(test), let data = try? JSONSerialization.data(withJSONObject: test)
      else { continue }
      do {
        let _: DirectedVector = try StableJSON.decode(data)
      } catch .certificate(let reason) {
        return ((test as? [String: Any])?["tcId"].map { "\($0)" } ?? "missing", reason)
      } catch {
        continue
      }
    }
    return nil
  }

  private func check(name: String) throws(CertificationError) {
    guard numberOfTests == tests.count else {
      throw .vectors(place: name, "numberOfTests is \(numberOfTests), but there are \(tests.count) tests")
    }
    var ids: Set<Int> = []
    for test in tests {
      let place = "\(name): tcId \(test.tcId)"
      guard ids.insert(test.tcId).inserted else { throw .vectors(place: place, "the tcId occurs twice") }
      guard test.request.rule == algorithm || test.result == .invalid else {
        throw .vectors(place: place, "the rule is \(test.request.rule), but the file's algorithm is \(algorithm)")
      }
      if let flag = test.flags.first(where: { notes[$0] == nil }) {
        throw .vectors(place: place, "the flag \(flag) has no note")
      }
      guard (test.expected != nil) == (test.result == .valid) else {
        throw .vectors(place: place, "\"expected\" belongs to valid tests, and only to them")
      }
    }
  }
}
