/// The numbers of a GGUF file's architecture, read one by one with their types and ranges.
struct GGUFFields: Sendable {
  let gguf: GGUF
  /// What leads to the numbers, such as `llama.`.
  let prefix: String

  /// What is wrong with a number.
  func fault(_ name: String, _ reason: String) -> TransformerError { gguf.fault(prefix + name, reason) }

  /// A whole number that must be there.
  func integer(_ name: String, in range: ClosedRange<Int>) throws(TransformerError) -> Int {
    guard let integer = try optionalInteger(name, in: range) else { throw fault(name, "is missing") }
    return integer
  }

  /// A whole number, or what its absence means.
  func integer(_ name: String, in range: ClosedRange<Int>, default value: Int) throws(TransformerError) -> Int {
    if let integer = try optionalInteger(name, in: range) { return integer }
    return value
  }

  /// A whole number, or nil for its absence.
  func optionalInteger(_ name: String, in range: ClosedRange<Int>) throws(TransformerError) -> Int? {
    guard let integer = try gguf.integer(prefix + name) else { return nil }
    guard range.contains(integer) else {
      throw fault(name, "is \(integer); it must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return integer
  }

  /// A number that must be there.
  func number(_ name: String, in range: ClosedRange<Double>) throws(TransformerError) -> Double {
    guard let number = try optionalNumber(name, in: range) else { throw fault(name, "is missing") }
    return number
  }

  /// A number, or what its absence means.
  func number(
    _ name: String, in range: ClosedRange<Double>, default value: Double
  ) throws(TransformerError) -> Double {
    if let number = try optionalNumber(name, in: range) { return number }
    return value
  }

  /// A number, or nil for its absence.
  func optionalNumber(_ name: String, in range: ClosedRange<Double>) throws(TransformerError) -> Double? {
    guard let number = try gguf.float(prefix + name) else { return nil }
    // A NaN is in no range.
    guard range.contains(number) else {
      throw fault(name, "is \(number); it must be a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// Refuses what changes a model's law and is not computed here, unless it has a value that changes nothing.
  func requireNeutral(_ name: String, _ neutral: Double...) throws(TransformerError) {
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
