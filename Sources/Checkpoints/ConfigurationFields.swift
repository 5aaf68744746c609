import JSONText

/// The members of a JSON object in `config.json`, read one by one with their types and ranges.
package struct ConfigurationFields: Sendable {
  /// The file, for messages.
  package let file: String
  /// The path of the object, such as `rope_scaling.`; empty for the file's own.
  package let path: String
  /// The members as they stand in the file.
  package let members: [JSON.Member]
  private let values: [String: JSON]

  /// - Parameter members: names that occur once each.
  package init(_ members: [JSON.Member], file: String, path: String = "") {
    self.file = file
    self.path = path
    self.members = members
    values = Dictionary(members.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  /// A member's value; nil if it is absent or null.
  package subscript(_ name: String) -> JSON? { values[name] == .null ? nil : values[name] }

  /// Whether a member is there, be it null.
  package func has(_ name: String) -> Bool { values[name] != nil }

  /// An error about a member.
  package func fault(_ name: String, _ reason: String) -> CheckpointError {
    .configuration(file: file, reason: "\(path)\(name) \(reason)")
  }

  /// A whole number that must be there.
  package func integer(_ name: String, in range: ClosedRange<Int>) throws(CheckpointError) -> Int {
    guard let integer = try optionalInteger(name, in: range) else { throw missing(name) }
    return integer
  }

  /// A whole number, or what its absence means.
  package func integer(_ name: String, in range: ClosedRange<Int>, default value: Int) throws(CheckpointError) -> Int {
    if let integer = try optionalInteger(name, in: range) { return integer }
    return value
  }

  /// A whole number, or nil for null and absence.
  package func optionalInteger(_ name: String, in range: ClosedRange<Int>) throws(CheckpointError) -> Int? {
    guard let value = self[name] else { return nil }
    return try integer(value, of: name, in: range)
  }

  /// One whole number, or a list of them.
  package func integers(_ name: String, in range: ClosedRange<Int>) throws(CheckpointError) -> [Int]? {
    guard let value = self[name] else { return nil }
    guard case .array(let elements) = value else { return [try integer(value, of: name, in: range)] }
    var integers: [Int] = []
    for element in elements { integers.append(try integer(element, of: name, in: range)) }
    return integers
  }

  /// A number within a range, or what its absence means.
  package func number(
    _ name: String, in range: ClosedRange<Double>, default value: Double
  ) throws(CheckpointError) -> Double {
    if let number = try optionalNumber(name, in: range) { return number }
    return value
  }

  /// A number that must be there, within a range.
  package func number(_ name: String, in range: ClosedRange<Double>) throws(CheckpointError) -> Double {
    guard let number = try optionalNumber(name, in: range) else { throw missing(name) }
    return number
  }

  /// A number within a range, or nil for null and absence.
  package func optionalNumber(_ name: String, in range: ClosedRange<Double>) throws(CheckpointError) -> Double? {
    guard let value = self[name] else { return nil }
    guard case .number(let text) = value, let number = text.double, range.contains(number) else {
      throw fault(name, "is \(value.kind); it must be a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// True or false, or what their absence means.
  package func boolean(_ name: String, default value: Bool) throws(CheckpointError) -> Bool {
    switch values[name] {
    case nil: return value
    case .boolean(let boolean): return boolean
    case let other?: throw fault(name, "is \(other.kind); it must be true or false")
    }
  }

  /// A string, or nil for null and absence.
  package func string(_ name: String) throws(CheckpointError) -> String? {
    guard let value = self[name] else { return nil }
    guard case .string(let text) = value else { throw fault(name, "is \(value.kind); it must be a string") }
    return text
  }

  /// One of several strings, or what its absence means.
  package func choice(_ name: String, of supported: [String], default value: String) throws(CheckpointError) -> String {
    guard let text = try string(name) else { return value }
    guard supported.contains(text) else {
      throw fault(
        name, "is \"\(text.oneLine())\", which is not supported; supported: \(supported.joined(separator: ", "))")
    }
    return text
  }

  /// The fields of an object within this one, or nil for null and absence.
  package func object(_ name: String) throws(CheckpointError) -> ConfigurationFields? {
    guard let value = self[name] else { return nil }
    guard case .object(let members) = value else { throw fault(name, "is \(value.kind); it must be an object") }
    return ConfigurationFields(members, file: file, path: "\(path)\(name).")
  }

  /// Refuses members that nothing here reads: what is not understood may change everything.
  package func requireOnly(_ names: [String]) throws(CheckpointError) {
    for name in members.map(\.name) where !names.contains(name) {
      throw fault(name.oneLine(), "is not understood here; remove it, or ask for it to be supported")
    }
  }

  private func missing(_ name: String) -> CheckpointError { fault(name, "is missing") }

  private func integer(
    _ value: JSON, of name: String, in range: ClosedRange<Int>
  ) throws(CheckpointError) -> Int {
    guard case .number(let number) = value, let integer = number.integer, range.contains(integer) else {
      throw fault(
        name, "is \(value.kind); it must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return integer
  }
}
