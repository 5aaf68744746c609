/// To which precision a model's matrices are rounded when it is loaded.
///
/// Embeddings, projections and the head are rounded; norms, biases and the table of positions stay as they are, as
/// llama.cpp's quantiser leaves them. So a model at a lower precision can draft for itself.
public enum WeightPrecision: String, Hashable, Sendable, CaseIterable {
  /// As stored: F32, F16, BF16 and blocks of Q8_0, Q4_0 and Q4_1 are held as such, other blocks as F32 numbers.
  case stored
  /// F32, which is exact.
  case float32 = "f32"
  /// BF16, rounded to nearest even.
  case bfloat16 = "bf16"
  /// Q8_0 blocks, as llama.cpp's reference quantiser makes them.
  case q8_0
  /// Q4_0 blocks, as llama.cpp's reference quantiser makes them.
  case q4_0

  /// The blocks of weights that are rounded together; nil where each is rounded alone.
  package var quantisation: Quantisation? {
    switch self {
    case .stored, .float32, .bfloat16: nil
    case .q8_0: .q8_0
    case .q4_0: .q4_0
    }
  }
}
