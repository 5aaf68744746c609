import JSONText

extension ModelConfiguration {
  /// Reads a `config.json`, as Hugging Face's `transformers` writes it.
  ///
  /// A member that changes a model's law and is not computed here is refused by name; members that only concern
  /// training, such as dropout, are passed over.
  /// - Parameters:
  ///   - json: the file's bytes.
  ///   - file: its name, for messages.
  /// - Throws: ``CheckpointError/configuration(file:reason:)``
  public init(json: [UInt8], file: String) throws(CheckpointError) {
    try self.init(ConfigurationFields(configuration: json, file: file))
  }

  /// Reads the members of a `config.json`.
  init(_ fields: ConfigurationFields) throws(CheckpointError) {
    if fields["quantization_config"] != nil {
      throw fields.fault("quantization_config", "is not supported; take a checkpoint that is not quantized")
    }
    switch try fields.string("model_type") {
    case "llama":
      try Self.checkArchitectures(fields, prefix: "Llama")
      self = .llama(try LlamaConfiguration(fields))
    case "opt":
      try Self.checkArchitectures(fields, prefix: "OPT")
      self = .opt(try OPTConfiguration(fields))
    case let other?:
      throw fields.fault("model_type", "is \"\(other.oneLine())\", which is not supported; llama and opt are")
    case nil: throw fields.fault("model_type", "is missing; llama and opt are supported")
    }
  }

  /// A model with another head than a language model's has another law, or none.
  private static func checkArchitectures(_ fields: ConfigurationFields, prefix: String) throws(CheckpointError) {
    guard let value = fields["architectures"] else { return }
    let supported = ["\(prefix)ForCausalLM", "\(prefix)Model"]
    guard case .array(let elements) = value else {
      throw fields.fault("architectures", "is \(value.kind); it must be an array of strings")
    }
    for element in elements {
      guard case .string(let name) = element, supported.contains(name) else {
        throw fields.fault("architectures", "names \(element.kind), which is not supported; \(supported[0]) is")
      }
    }
  }
}

/// The largest numbers that a configuration may hold: far beyond any model, and small enough that no product of two
/// sizes, in bytes, overflows.
enum ConfigurationLimits {
  static let vocabulary = 1...(1 << 24)
  static let width = 1...(1 << 24)
  static let layers = 1...(1 << 12)
  static let context = 1...(1 << 24)
}

extension ConfigurationFields {
  /// The tokens that end a text: one, a list, or none for null.
  func endTokens(vocabulary: Int, default value: Int) throws(CheckpointError) -> [Int] {
    guard has("eos_token_id") else { return value < vocabulary ? [value] : [] }
    if let tokens = try integers("eos_token_id", in: 0...(vocabulary - 1)) { return tokens }
    return []
  }

  /// The token that begins a text, or nil for null.
  func beginToken(vocabulary: Int, default value: Int) throws(CheckpointError) -> Int? {
    guard has("bos_token_id") else { return value < vocabulary ? value : nil }
    return try optionalInteger("bos_token_id", in: 0...(vocabulary - 1))
  }

  /// A size that must divide another.
  func divisor(_ name: String, _ divisor: Int, of size: String, _ value: Int) throws(CheckpointError) {
    if value % divisor != 0 { throw fault(name, "is \(divisor), which does not divide \(size) \(value)") }
  }
}
