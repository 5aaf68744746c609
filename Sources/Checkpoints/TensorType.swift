/// How a tensor's file stores its elements.
public enum TensorType: Hashable, Sendable {
  /// Each by itself.
  case plain(Tensor.Element)
  /// In blocks along a row.
  case quantised(Quantisation)

  /// The name that the formats give it, such as "F16" or "Q4_K".
  public var name: String {
    switch self {
    case .plain(let element): element.rawValue
    case .quantised(let quantisation): quantisation.rawValue
    }
  }

  /// Elements in a block; 1 where each stands alone.
  public var blockLength: Int {
    switch self {
    case .plain: 1
    case .quantised(let quantisation): quantisation.blockLength
    }
  }

  /// Bytes of a block.
  public var blockBytes: Int {
    switch self {
    case .plain(let element): element.size
    case .quantised(let quantisation): quantisation.blockBytes
    }
  }
}
