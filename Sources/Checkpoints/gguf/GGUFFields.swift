/// The numbers of a GGUF file's architecture, read one by one with their types and ranges.
package struct GGUFFields: Sendable {
  package let gguf: GGUF
  /// The prefix of the numbers' keys, such as `llama.`.
  package let prefix: String

  /// An error about a number.
  package func fault(_ name: String, _ reason: String) -> CheckpointError { gguf.fault(prefix + name, reason) }

  /// A whole number that must be there.
  package func integer(_ name: String, in range: ClosedRange<Int>) throws(CheckpointError) -> Int {
    guard let integer = try optionalInteger(name, in: range) else { throw fault(name, "is missing") }
    return integer
  }

  /// A whole number, or what its absence means.
  package func integer(_ name: String, in range: ClosedRange<Int>, default value: Int) throws(CheckpointError) -> Int {
    if let integer = try optionalInteger(name, in: range) { return integer }
    return value
  }

  /// A whole number, or nil for its absence.
  package func optionalInteger(_ name: String, in range: ClosedRange<Int>) throws(CheckpointError) -> Int? {
    guard let integer = try gguf.integer(prefix + name) else { return nil }
    guard range.contains(integer) else {
      throw fault(name, "is \(integer); it must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return integer
  }

  /// A number that must be there.
  package func number(_ name: String, in range: ClosedRange<Double>) throws(CheckpointError) -> Double {
    guard let number = try optionalNumber(name, in: range) else { throw fault(name, "is missing") }
    return number
  }

  /// A number, or what its absence means.
  package func number(
    _ name: String, in range: ClosedRange<Double>, default value: Double
  ) throws(CheckpointError) -> Double {
    if let number = try optionalNumber(name, in: range) { return number }
    return value
  }

  /// A number, or nil for its absence.
  package func optionalNumber(_ name: String, in range: ClosedRange<Double>) throws(CheckpointError) -> Double? {
    guard let number = try gguf.float(prefix + name) else { return nil }
    // A NaN is in no range.
    guard range.contains(number) else {
      throw fault(name, "is \(number); it must be a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// Refuses what changes a model's law and is not computed here, unless it has a value that changes nothing.
  package func requireNeutral(_ name: String, _ neutral: Double...) throws(CheckpointError) {
    guard let value = gguf[prefix + name] else { return }
    let number: Double?
    switch value {
    case .bool(let flag): number = flag ? 1 : 0
    default: number = value.integer.map(Double.init) ?? value.float
    }
    if let number, neutral.contains(number) { return }
    throw fault(name, "is \(number.map { "\($0)" } ?? "of type \(value.typeName)"), which is not supported")
  }
}
