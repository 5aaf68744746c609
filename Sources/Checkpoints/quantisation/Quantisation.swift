/// How blocks of weights of one row share a scale, so that a weight takes a few bits.
///
/// The names, the layouts and the order of the roundings are llama.cpp's; each type's own file describes its block.
/// - Source: `ggml-quants.c` of ggml-org/llama.cpp, and `gguf.quants` of the `gguf` package on PyPI, whose results
///   these are bit for bit.
package enum Quantisation: String, Hashable, Sendable, CaseIterable {
  /// 4 bits and a scale for 32 weights.
  case q4_0 = "Q4_0"
  /// 4 bits, a scale and a least weight for 32 weights.
  case q4_1 = "Q4_1"
  /// 5 bits and a scale for 32 weights.
  case q5_0 = "Q5_0"
  /// 5 bits, a scale and a least weight for 32 weights.
  case q5_1 = "Q5_1"
  /// 8 bits and a scale for 32 weights.
  case q8_0 = "Q8_0"
  /// 2 bits; 16 scales and least weights of 4 bits for 256 weights.
  case q2_K = "Q2_K"
  /// 3 bits; 16 scales of 6 bits for 256 weights.
  case q3_K = "Q3_K"
  /// 4 bits; 8 scales and least weights of 6 bits for 256 weights.
  case q4_K = "Q4_K"
  /// 5 bits; 8 scales and least weights of 6 bits for 256 weights.
  case q5_K = "Q5_K"
  /// 6 bits; 16 scales of 8 bits for 256 weights.
  case q6_K = "Q6_K"

  /// Weights in a block.
  package var blockLength: Int { block.length }

  /// Bytes of a block.
  package var blockBytes: Int { block.byteCount }

  var block: any QuantisedBlock.Type {
    switch self {
    case .q4_0: Q4_0.self
    case .q4_1: Q4_1.self
    case .q5_0: Q5_0.self
    case .q5_1: Q5_1.self
    case .q8_0: Q8_0.self
    case .q2_K: Q2_K.self
    case .q3_K: Q3_K.self
    case .q4_K: Q4_K.self
    case .q5_K: Q5_K.self
    case .q6_K: Q6_K.self
    }
  }
}

/// The layout of a block, and what weights its bytes stand for.
protocol QuantisedBlock {
  /// Weights in a block.
  static var length: Int { get }
  /// Bytes of a block.
  static var byteCount: Int { get }
  /// Writes the weights of a block, rounded to Float after each operation.
  static func dequantise(_ block: BlockBytes, into weights: BlockWeights)
}

/// A layout to which weights can be rounded.
protocol QuantisingBlock: QuantisedBlock {
  /// Writes the block that stands for weights, as llama.cpp's reference quantiser chooses it.
  static func quantise(_ weights: BlockWeights, into block: MutableBlockBytes)
}
