import JSONText

/// A fault of a model's files, or of what was asked of them; each says how to mend it.
public enum CheckpointError: Error, Hashable, Sendable {
  /// A file cannot be opened, mapped or read.
  case unreadable(file: String, reason: String)
  /// `config.json` is malformed, or names what is not supported.
  case configuration(file: String, reason: String)
  /// A weights file is malformed; `tensor` is nil where the fault is the file's.
  case malformed(file: String, tensor: String?, reason: String)
  /// A model of this configuration, or the index of a folder, needs a tensor that no file holds.
  case missingTensor(file: String, tensor: String)
  /// A file holds a tensor that the architecture has no place for.
  case unknownTensor(file: String, tensor: String)
  /// A tensor has another shape than the configuration says.
  case wrongShape(file: String, tensor: String, shape: [Int], expected: [Int])
  /// A model is to be computed by fewer than one thread.
  case noThreads(Int)
}

extension CheckpointError: CustomStringConvertible {
  /// One line: what, where, and how to mend it.
  public var description: String {
    switch self {
    case .unreadable(let file, let reason), .configuration(let file, let reason), .malformed(let file, nil, let reason):
      "\(Self.place(file)): \(reason)"
    case .malformed(let file, let tensor?, let reason): "\(Self.place(file, tensor)): \(reason)"
    case .missingTensor(let file, let tensor):
      "\(Self.place(file, tensor)) is missing, and the model needs it; get the checkpoint anew"
    case .unknownTensor(let file, let tensor):
      "\(Self.place(file, tensor)) is unknown; this architecture has no place for it"
    case .wrongShape(let file, let tensor, let shape, let expected):
      "\(Self.place(file, tensor)) has the shape \(shape.shapeText); the configuration asks for \(expected.shapeText)"
    case .noThreads(let count): "\(count) threads compute nothing; there must be at least 1"
    }
  }

  /// Names come from files and may hold anything; paths may be long.
  private static func place(_ file: String, _ tensor: String? = nil) -> String {
    let file = file.oneLine(limit: 4096)
    guard let tensor else { return file }
    return "\(file): tensor \(tensor.isEmpty ? "\"\"" : tensor.oneLine())"
  }
}
