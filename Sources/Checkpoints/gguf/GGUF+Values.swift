import JSONText

extension GGUF {
  /// The text of a key; nil where the file does not have it.
  ///
  /// - Throws: ``CheckpointError/configuration(file:reason:)`` where it is no string, or no UTF-8.
  package func string(_ key: String) throws(CheckpointError) -> String? {
    guard let value = self[key] else { return nil }
    guard case .string(let bytes) = value else { throw wrongType(key, value, "a string") }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw fault(key, "is no UTF-8") }
    return text
  }

  /// The bytes of a key's string, which need not be UTF-8; nil where the file does not have it.
  ///
  /// - Throws: ``CheckpointError/configuration(file:reason:)`` where it is no string.
  package func bytes(_ key: String) throws(CheckpointError) -> [UInt8]? {
    guard let value = self[key] else { return nil }
    guard case .string(let bytes) = value else { throw wrongType(key, value, "a string") }
    return bytes
  }

  /// The strings of a key, as bytes; nil where the file does not have it.
  ///
  /// - Throws: ``CheckpointError/configuration(file:reason:)`` where it is no array of strings.
  /// - Complexity: O(n) in the bytes of all strings.
  package func strings(_ key: String) throws(CheckpointError) -> [[UInt8]]? {
    guard let value = self[key] else { return nil }
    guard case .array(.string(let strings)) = value else { throw wrongType(key, value, "an array of strings") }
    return strings.map(Array.init)
  }

  /// The whole number of a key, of any integer type; nil where the file does not have it.
  ///
  /// - Throws: ``CheckpointError/configuration(file:reason:)`` where it is none, or one that `Int` does not hold.
  package func integer(_ key: String) throws(CheckpointError) -> Int? {
    guard let value = self[key] else { return nil }
    guard let integer = value.integer else { throw wrongType(key, value, "a whole number below 2^63") }
    return integer
  }

  /// The whole numbers of a key, an array of any integer type; nil where the file does not have it.
  ///
  /// - Throws: ``CheckpointError/configuration(file:reason:)`` where it is none, or `Int` does not hold them all.
  package func integers(_ key: String) throws(CheckpointError) -> [Int]? {
    guard let value = self[key] else { return nil }
    guard case .array(let array) = value, let integers = array.integers else {
      throw wrongType(key, value, "an array of whole numbers below 2^63")
    }
    return integers
  }

  /// The number of a key, of either floating-point type; nil where the file does not have it.
  ///
  /// - Throws: ``CheckpointError/configuration(file:reason:)`` where it is none.
  package func float(_ key: String) throws(CheckpointError) -> Double? {
    guard let value = self[key] else { return nil }
    guard let float = value.float else { throw wrongType(key, value, "a floating-point number") }
    return float
  }

  /// The numbers of a key, an array of either floating-point type; nil where the file does not have it.
  ///
  /// - Throws: ``CheckpointError/configuration(file:reason:)`` where it is none.
  package func floats(_ key: String) throws(CheckpointError) -> [Double]? {
    guard let value = self[key] else { return nil }
    guard case .array(let array) = value, let floats = array.floats else {
      throw wrongType(key, value, "an array of floating-point numbers")
    }
    return floats
  }

  /// Whether a key is true; nil where the file does not have it.
  ///
  /// - Throws: ``CheckpointError/configuration(file:reason:)`` where it is neither true nor false.
  package func flag(_ key: String) throws(CheckpointError) -> Bool? {
    guard let value = self[key] else { return nil }
    guard case .bool(let flag) = value else { throw wrongType(key, value, "true or false") }
    return flag
  }

  /// An error about a key's value.
  package func fault(_ key: String, _ reason: String) -> CheckpointError {
    .configuration(file: file, reason: "\(key.oneLine()) \(reason)")
  }

  private func wrongType(_ key: String, _ value: GGUFValue, _ wanted: String) -> CheckpointError {
    fault(key, "has the type \(value.typeName); it must be \(wanted)")
  }
}
