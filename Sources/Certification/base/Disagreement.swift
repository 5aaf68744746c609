import Foundation

/// A statement of a certificate that does not follow from its inputs and counts.
public struct Disagreement: Hashable, Sendable, Codable {
  /// The case; empty where it concerns the whole.
  public var id: String
  /// The key, such as "pValue", "proofs.length" or "counts[0 1]".
  public var key: String
  /// The certificate's statement.
  public var stated: String
  /// The statement that follows.
  public var computed: String

  /// A disagreement.
  package init(id: String = "", key: String, stated: String, computed: String) {
    (self.id, self.key, self.stated, self.computed) = (id, key, stated, computed)
  }
}

extension Disagreement {
  /// The differences of two values of one type, as their JSON shows them; numbers agree within 1e-9 of the larger.
  ///
  /// Elements that have a name ("id" or "defect") are compared by their names, prompts and others by their places. Of a histogram
  /// the first difference stands for all.
  /// - Throws: ``CertificationError/certificate(_:)`` where a number has no JSON form.
  package static func between<Value: Encodable>(
    _ stated: Value, _ computed: Value
  ) throws(CertificationError) -> [Disagreement] {
    func tree(_ value: Value) throws(CertificationError) -> Any {
      let data = try StableJSON.encode(value)
      do { return try JSONSerialization.jsonObject(with: data) } catch { throw .certificate("\(error)") }
    }
    var comparison = JSONComparison()
    comparison.compare(try tree(stated), try tree(computed), id: "", key: "")
    return comparison.found
  }

  /// Whether two numbers are the same but for the rounding of another machine.
  package static func isClose(_ left: Double, _ right: Double) -> Bool {
    left == right || abs(left - right) <= 1e-9 * max(abs(left), abs(right))
  }
}

/// Collects the differences of two JSON trees.
private struct JSONComparison {
  var found: [Disagreement] = []

  mutating func compare(_ stated: Any?, _ computed: Any?, id: String, key: String) {
    switch (stated, computed) {
    case (let stated as [String: Any], let computed as [String: Any]):
      compare(stated, computed, id: id, key: key)
    case (let stated as [Any], let computed as [Any]):
      compare(stated, computed, id: id, key: key)
    case (let stated as NSNumber, let computed as NSNumber):
      // Two whole numbers are counts, or doubles that no rounding parts: they are equal, or they differ.
      let (left, right) = (stated.doubleValue, computed.doubleValue)
      let areWhole = left.rounded() == left && right.rounded() == right
      // Near 0 the last bits of a logarithm, which another machine's functions give otherwise, are all of it.
      let isClose = key.hasSuffix("logEvidence") ? abs(left - right) <= 1e-9 : false
      let isSame = areWhole ? stated == computed : isClose || Disagreement.isClose(left, right)
      if !isSame { add(stated, computed, id, key) }
    case (let stated as String, let computed as String):
      if stated != computed { add(stated, computed, id, key) }
    case (nil, nil), (is NSNull, nil), (nil, is NSNull), (is NSNull, is NSNull): break
    default: add(stated, computed, id, key)
    }
  }

  /// The keys of objects from outcomes to numbers.
  private static let histograms: Set = ["counts", "rounds", "secondRounds", "pairsOfRequests", "law", "acceptance"]

  private mutating func compare(_ stated: [String: Any], _ computed: [String: Any], id: String, key: String) {
    let keys = Set(stated.keys).union(computed.keys).sorted()
    if let last = key.split(separator: ".").last, Self.histograms.contains(String(last)) {
      let count = found.count
      for name in keys where found.count == count {
        compare(stated[name] ?? 0, computed[name] ?? 0, id: id, key: "\(key)[\(name)]")
      }
      return
    }
    for name in keys {
      compare(stated[name], computed[name], id: id, key: key.isEmpty ? name : "\(key).\(name)")
    }
  }

  private mutating func compare(_ stated: [Any], _ computed: [Any], id: String, key: String) {
    guard let names = Self.names(stated), let others = Self.names(computed) else {
      if stated.count != computed.count {
        found.append(
          Disagreement(id: id, key: "\(key).count", stated: "\(stated.count)", computed: "\(computed.count)"))
      }
      for (index, pair) in zip(stated, computed).enumerated() {
        compare(pair.0, pair.1, id: id, key: "\(key)[\(index)]")
      }
      return
    }
    if names != others { addOrder(names, others, key) }
    let byName = Dictionary(zip(others, computed), uniquingKeysWith: { first, _ in first })
    // Cases and prompts are a certificate's matter: their keys stand alone.
    let prefix = key == "cases" || key == "prompts" ? "" : key.hasSuffix(".cases") ? String(key.dropLast(6)) : key
    for (name, element) in zip(names, stated) {
      if let other = byName[name] { compare(element, other, id: name, key: prefix) }
    }
  }

  private static func names(_ elements: [Any]) -> [String]? {
    let names = elements.enumerated().compactMap { index, element in
      (element as? [String: Any]).flatMap { object in
        (object["id"] ?? object["defect"]) as? String ?? (object["prompt"] is String ? "prompt \(index + 1)" : nil)
      }
    }
    return names.count == elements.count ? names : nil
  }

  private mutating func addOrder(_ stated: [String], _ computed: [String], _ key: String) {
    if let missing = computed.first(where: { !stated.contains($0) }) {
      found.append(Disagreement(id: missing, key: key, stated: "absent", computed: "present"))
    } else if let surplus = stated.first(where: { !computed.contains($0) }) {
      found.append(Disagreement(id: surplus, key: key, stated: "present", computed: "absent"))
    } else {
      found.append(
        Disagreement(
          key: key, stated: "\(stated.count) in another order", computed: "\(computed.count), in order"))
    }
  }

  private mutating func add(_ stated: Any?, _ computed: Any?, _ id: String, _ key: String) {
    func text(_ value: Any?) -> String {
      switch value {
      case nil, is NSNull: "absent"
      case let value as String: value.isEmpty ? "\"\"" : value
      case let value as NSNumber: "\(value)"
      case let value as [Any]: "\(value.count) elements"
      default: "present"
      }
    }
    found.append(Disagreement(id: id, key: key, stated: text(stated), computed: text(computed)))
  }
}
