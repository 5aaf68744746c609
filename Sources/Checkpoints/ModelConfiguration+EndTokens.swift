import JSONText

extension ModelConfiguration {
  /// Adds the end tokens of a folder's `generation_config.json`, which `transformers` decodes by, to the configuration's.
  ///
  /// Where `config.json` names none, those of `generation_config.json` are the only ones, and the architecture's default
  /// is used only where neither names any.
  /// - Parameter namesOwn: whether `config.json` names end tokens.
  /// - Throws: ``CheckpointError/unreadable(file:reason:)``, and ``CheckpointError/configuration(file:reason:)`` for a
  ///   file that is malformed, and for tokens out of range.
  package mutating func readGenerationEnds(in folder: String, namesOwn: Bool) throws(CheckpointError) {
    let file = MappedFile.path("generation_config.json", in: folder)
    guard MappedFile.exists(file) else { return }
    let fields = try ConfigurationFields(configuration: MappedFile.open(file), file: file)
    guard let tokens = try fields.integers("eos_token_id", in: 0...(vocabularySize - 1)) else { return }
    endTokens = ((namesOwn ? endTokens : []) + tokens).uniqued
  }
}

extension ConfigurationFields {
  /// The members of a configuration file.
  package init(configuration bytes: MappedBytes, file: String) throws(CheckpointError) {
    // One byte beyond the limit is enough for the parser to refuse the file.
    try self.init(configuration: bytes.copy(0..<min(bytes.count, JSON.Limits.configuration.bytes + 1)), file: file)
  }

  /// The members of a configuration file.
  package init(configuration json: [UInt8], file: String) throws(CheckpointError) {
    let value: JSON
    do throws(JSONError) {
      value = try JSON(json, limits: .configuration)
    } catch {
      throw .configuration(file: file, reason: "\(error)")
    }
    guard case .object(let members) = value else {
      throw .configuration(file: file, reason: "is no JSON object; is it a model's?")
    }
    self.init(members, file: file)
  }
}

extension [Int] {
  /// The elements in their order, each once.
  package var uniqued: [Int] {
    var seen: Set<Int> = []
    return filter { seen.insert($0).inserted }
  }
}
