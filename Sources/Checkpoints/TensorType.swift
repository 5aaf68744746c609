/// How a tensor's file stores its elements.
package enum TensorType: Hashable, Sendable {
  /// Each by itself.
  case plain(Tensor.Element)
  /// In blocks along a row.
  case quantised(Quantisation)

  /// The name that the formats give it, such as "F16" or "Q4_K".
  package var name: String {
    switch self {
    case .plain(let element): element.rawValue
    case .quantised(let quantisation): quantisation.rawValue
    }
  }

  /// Elements in a block; 1 where each stands alone.
  package var blockLength: Int {
    switch self {
    case .plain: 1
    case .quantised(let quantisation): quantisation.blockLength
    }
  }

  /// Bytes of a block.
  package var blockBytes: Int {
    switch self {
    case .plain(let element): element.size
    case .quantised(let quantisation): quantisation.blockBytes
    }
  }
}
