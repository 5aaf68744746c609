extension Checkpoint {
  /// Opens a Hugging Face folder, or a GGUF file.
  ///
  /// A folder holds `config.json`, and `model.safetensors` or `model.safetensors.index.json` with the files that it names;
  /// the former is read where both are there, as `transformers` does.
  ///
  /// The files are mapped, so that this takes no memory for the weights; all is checked but the weights' values.
  /// - Throws: ``CheckpointError``, whatever is missing, unknown, malformed or not supported.
  /// - Complexity: O(n log n) in the number of tensors.
  public static func open(_ path: String) throws(CheckpointError) -> Checkpoint {
    if MappedFile.isFolder(path) { return try open(folder: path) }
    let bytes = try MappedFile.open(path)
    guard path.hasSuffix(".gguf") || bytes.copy(0..<min(4, bytes.count)) == Array("GGUF".utf8) else {
      throw .unreadable(
        file: path, reason: "is no GGUF file; give one, or the folder that holds config.json and model.safetensors")
    }
    return try Checkpoint(GGUF(bytes, file: path))
  }

  private static func open(folder: String) throws(CheckpointError) -> Checkpoint {
    let configuration = try ModelConfiguration(folder: folder)
    var checkpoint = try Checkpoint(configuration: configuration, place: folder, checking: tensors(in: folder))
    let file = try MappedFile.open(MappedFile.path("config.json", in: folder))
    checkpoint.configurationFile = file.copy(0..<file.count)
    return checkpoint
  }

  /// All tensors of a folder's safetensors files.
  static func tensors(in folder: String) throws(CheckpointError) -> [Tensor] {
    let single = MappedFile.path("model.safetensors", in: folder)
    let index = MappedFile.path("model.safetensors.index.json", in: folder)
    if MappedFile.exists(single) { return try Safetensors(MappedFile.open(single), file: single).tensors }
    if MappedFile.exists(index) { return try SafetensorsIndex(file: index).tensors(in: folder) }
    throw .unreadable(file: folder, reason: missingWeights(in: folder))
  }

  /// A checkpoint from memory, such as a part of the program; the bytes are copied once.
  ///
  /// - Parameters:
  ///   - configuration: the bytes of a `config.json`.
  ///   - weights: the bytes of a safetensors file with all tensors.
  ///   - place: what messages call it.
  /// - Throws: ``CheckpointError``, as ``open(_:)`` does.
  public static func open(
    configuration: [UInt8], weights: [UInt8], place: String
  ) throws(CheckpointError) -> Checkpoint {
    let file = "\(place)/model.safetensors"
    var checkpoint = try Checkpoint(
      configuration: ModelConfiguration(json: configuration, file: "\(place)/config.json"), place: place,
      checking: Safetensors(MappedBytes(copying: weights), file: file).tensors)
    checkpoint.configurationFile = configuration
    return checkpoint
  }

  private static func missingWeights(in folder: String) -> String {
    let advice = "holds neither model.safetensors nor model.safetensors.index.json"
    for name in ["pytorch_model.bin", "pytorch_model.bin.index.json"]
    where MappedFile.exists(MappedFile.path(name, in: folder)) {
      return advice + ", but \(name), which is not read; convert it: python3 -c \"from transformers import "
        + "AutoModelForCausalLM as M; M.from_pretrained('FOLDER').save_pretrained('FOLDER')\""
    }
    return advice + "; weights of other names are not read"
  }
}

extension ModelConfiguration {
  /// Reads the `config.json` of a folder, and the end tokens of its `generation_config.json`.
  ///
  /// - Throws: ``CheckpointError/unreadable(file:reason:)`` and ``CheckpointError/configuration(file:reason:)``.
  public init(folder: String) throws(CheckpointError) {
    let file = MappedFile.path("config.json", in: folder)
    let fields = try ConfigurationFields(configuration: MappedFile.open(file), file: file)
    try self.init(fields)
    try readGenerationEnds(in: folder, namesOwn: fields.has("eos_token_id"))
  }
}
