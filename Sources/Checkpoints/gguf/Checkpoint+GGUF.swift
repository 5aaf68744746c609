import JSONText

extension Checkpoint {
  /// The model of a GGUF file of the llama architecture; its tensors stay mapped.
  ///
  /// The table has Hugging Face's names and order of rows: the two orders differ in the projections of queries and keys,
  /// where llama.cpp's converter puts the two rows of a rotated pair side by side.
  /// - Throws: ``CheckpointError``, for another architecture, a number out of range, or a tensor that is missing,
  ///   unknown, of another shape, or of a type that is not read.
  /// - Complexity: O(n) in the number of tensors.
  package init(_ gguf: GGUF) throws(CheckpointError) {
    let configuration = try LlamaConfiguration(checking: gguf)
    var table: [String: Tensor] = [:]
    var known: Set = [GGUF.frequencyFactorsName]
    for expected in ModelConfiguration.llama(configuration).expectedTensors {
      let name = GGUF.name(ofLlama: expected.name)
      guard let entry = gguf.tensor(name) else { throw .missingTensor(file: gguf.file, tensor: name) }
      var tensor = try gguf.tensor(entry, named: name, shape: expected.shape)
      if name.contains(".attn_q.") || name.contains(".attn_k.") {
        tensor.rowOrder = .pairs(headSize: configuration.headSize)
      }
      table[expected.name] = tensor
      known.insert(name)
    }
    if let other = gguf.tensors.first(where: { !known.contains($0.name) }) {
      throw .unknownTensor(file: gguf.file, tensor: other.name)
    }
    self.init(configuration: .llama(configuration), place: gguf.file, tensors: table)
    self.gguf = gguf
  }
}

extension LlamaConfiguration {
  /// The numbers of a GGUF file, once it is known to hold a whole Llama.
  fileprivate init(checking gguf: GGUF) throws(CheckpointError) {
    let key = "general.architecture"
    guard let architecture = try gguf.string(key) else { throw gguf.fault(key, "is missing; llama is supported") }
    guard architecture == "llama" else {
      throw gguf.fault(key, "is \"\(architecture.oneLine())\", which is not supported; llama is")
    }
    if let type = try gguf.string("general.type"), type != "model" {
      throw gguf.fault("general.type", "is \"\(type.oneLine())\"; a model is needed")
    }
    if let parts = try gguf.integer("split.count"), parts > 1 {
      throw gguf.fault(
        "split.count", "is \(parts): the file is a part of a model; join them by llama-gguf-split --merge")
    }
    try self.init(gguf)
  }
}

extension GGUF {
  /// The tensor of what each frequency of the rotation is divided by.
  static let frequencyFactorsName = "rope_freqs.weight"

  /// The format's name of a Llama's tensor.
  static func name(ofLlama name: String) -> String {
    switch name {
    case "model.embed_tokens.weight": return "token_embd.weight"
    case "model.norm.weight": return "output_norm.weight"
    case "lm_head.weight": return "output.weight"
    default: break
    }
    // model.layers.0.self_attn.q_proj.weight: a layer, a part, and which of its tensors.
    let words = name.split(separator: ".")
    let part = words[3..<words.count - 1].joined(separator: ".")
    return "blk.\(words[2]).\(layerParts[part] ?? part).\(words[words.count - 1])"
  }

  private static let layerParts = [
    "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output", "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
  ]

  /// A tensor of the file, of a shape.
  func tensor(_ entry: TensorEntry, named name: String, shape: [Int]) throws(CheckpointError) -> Tensor {
    guard entry.shape == shape else {
      throw .wrongShape(file: file, tensor: name, shape: entry.shape, expected: shape)
    }
    guard let type = entry.type.tensorType else {
      let read = GGMLType.allCases.filter { $0.tensorType != nil }.map(\.name)
      throw .malformed(
        file: file, tensor: name,
        reason: "its type \(entry.type.name) is not read; \(read.dropLast().joined(separator: ", ")) and "
          + "\(read[read.count - 1]) are, so convert the model: llama-quantize --allow-requantize IN OUT q8_0")
    }
    return Tensor(name: name, shape: shape, type: type, file: file, bytes: bytes, range: entry.range)
  }
}

extension GGMLType {
  /// How its elements are read; nil for types that are not.
  package var tensorType: TensorType? {
    if let element = Tensor.Element(rawValue: name) { return .plain(element) }
    return Quantisation(rawValue: name).map(TensorType.quantised)
  }
}
