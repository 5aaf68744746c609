/// A model's configuration and its tensors by name.
///
/// Names are those that `transformers` gives the tensors of a model with a language model's head, with the prefix
/// `model.`, also where a file lacks it or has others.
public struct Checkpoint: Sendable {
  /// The model's configuration, from `config.json` or the GGUF file's metadata.
  public let configuration: ModelConfiguration
  /// Where it came from, for messages.
  public let place: String
  /// The bytes of `config.json`; empty where the checkpoint is a GGUF file, or was made from tensors.
  public internal(set) var configurationFile: [UInt8] = []
  /// The GGUF file that it is, with its metadata; nil where it is none.
  package internal(set) var gguf: GGUF?
  let tensors: [String: Tensor]

  /// A checkpoint of tensors that were read already.
  package init(configuration: ModelConfiguration, place: String, tensors: [String: Tensor]) {
    self.configuration = configuration
    self.place = place
    self.tensors = tensors
  }

  /// The names of all tensors, sorted.
  public var tensorNames: [String] { tensors.keys.sorted() }

  /// Bytes of all tensors in their files.
  public var byteCount: Int { tensors.values.reduce(0) { $0 + $1.range.count } }

  /// Whether there is a tensor of a name.
  package func hasTensor(_ name: String) -> Bool { tensors[name] != nil }

  /// The tensor of a name, of a shape.
  ///
  /// - Throws: ``CheckpointError/missingTensor(file:tensor:)`` and ``CheckpointError/wrongShape(file:tensor:shape:expected:)``.
  package func tensor(_ name: String, shape: [Int]) throws(CheckpointError) -> Tensor {
    guard let tensor = tensors[name] else { throw .missingTensor(file: place, tensor: name) }
    guard tensor.shape == shape else {
      throw .wrongShape(file: tensor.file, tensor: name, shape: tensor.shape, expected: shape)
    }
    return tensor
  }
}
