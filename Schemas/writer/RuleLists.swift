import SpeculativeDecoding

/// The lists of rules inside a schema, each marked by a `$comment` that says how it derives from ``Rule``.
///
///     "$comment": "Rule.all of shape chain; make schemas", "enum": ["sd"]
package enum RuleLists {
  /// A marker that names no list of rules, or stands before none.
  package struct UnknownList: Error, CustomStringConvertible {
    /// The marker, or the text around it.
    package let description: String
  }

  /// The schema with every marked list made from the rules as they are now; all else stays as it is.
  ///
  /// - Throws: ``UnknownList`` for a marker that cannot be followed.
  package static func rewritten(_ schema: String) throws -> String {
    let marker =
      #/
      ("\$comment":\s"Rule\.([A-Za-z]+)(?:\sof\sshape\s([a-z]+))?;\smake\sschemas",\s*
      "(?:enum|examples)":\s)
      \[[^\]]*\]
      /#
    guard schema.matches(of: marker).count == schema.matches(of: /make schemas/).count else {
      throw UnknownList(description: "a \"$comment\" with \"make schemas\" stands before no \"enum\" or \"examples\"")
    }
    return try schema.replacing(marker) { match in
      let rules = try rules(named: match.2, ofShape: match.3)
      return "\(match.1)[\(rules.map { "\"\($0)\"" }.joined(separator: ", "))]"
    }
  }

  private static func rules(named name: Substring, ofShape shape: Substring?) throws -> [Rule] {
    let rules =
      switch name {
      case "all": Rule.all
      case "allThatDraft": Rule.allThatDraft
      case "allThatVerify": Rule.allThatVerify
      default: throw UnknownList(description: "Rule.\(name) is no list of rules")
      }
    guard let shape else { return rules }
    guard let kind = Shape.Kind(rawValue: String(shape)) else {
      throw UnknownList(description: "\(shape) is no kind of shapes")
    }
    return rules.filter { $0.shapes == kind }
  }
}
