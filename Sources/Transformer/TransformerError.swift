/// What is wrong with a checkpoint, or with what a transformer was asked for; each says how to mend it.
public enum TransformerError: Error, Hashable, Sendable {
  /// A file cannot be opened, mapped or read.
  case unreadable(file: String, reason: String)
  /// `config.json` is malformed, or names what is not supported.
  case configuration(file: String, reason: String)
  /// A weights file is malformed; `tensor` is nil where the fault is the file's.
  case malformed(file: String, tensor: String?, reason: String)
  /// The architecture needs a tensor that no file holds.
  case missingTensor(file: String, tensor: String)
  /// A file holds a tensor that the architecture has no place for.
  case unknownTensor(file: String, tensor: String)
  /// A tensor has another shape than the configuration says.
  case wrongShape(file: String, tensor: String, shape: [Int], expected: [Int])
  /// Fewer than one thread.
  case noThreads(Int)
}

extension TransformerError: CustomStringConvertible {
  /// One line: what, where, and how to mend it.
  public var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file): \(reason)"
    case .configuration(let file, let reason): "\(file): \(reason)"
    case .malformed(let file, let tensor?, let reason): "\(file): tensor \(tensor): \(reason)"
    case .malformed(let file, nil, let reason): "\(file): \(reason)"
    case .missingTensor(let file, let tensor):
      "\(file): tensor \(tensor) is missing; the model's configuration asks for it"
    case .unknownTensor(let file, let tensor):
      "\(file): tensor \(tensor) is unknown; this architecture has no place for it"
    case .wrongShape(let file, let tensor, let shape, let expected):
      "\(file): tensor \(tensor) has the shape \(shape); the configuration asks for \(expected)"
    case .noThreads(let count): "\(count) threads compute nothing; there must be at least 1"
    }
  }
}
