import Checkpoints
import RealModule

/// Rotary positions: each pair (x[i], x[i + headSize/2]) of a head is turned by `position · frequency[i]`.
///
/// Frequencies and angles are rounded to Float as Hugging Face's models compute them: those are the angles that
/// checkpoints were trained with.
/// - Source: Su et al. 2021 (arXiv 2104.09864); pairs and scaling as in Hugging Face's Llama.
struct RotaryEmbedding: Sendable {
  /// Radians a position, after scaling; shape [headSize / 2].
  let frequencies: [Float]

  init(headSize: Int, base: Double, scaling: RopeScaling) {
    frequencies = (0..<headSize / 2).map { index in
      let frequency = 1 / Double.pow(base, Double(2 * index) / Double(headSize))
      return Float(Self.scaled(frequency, index, by: scaling))
    }
  }

  /// A frequency for a longer context than the one that the model was first trained on.
  private static func scaled(_ frequency: Double, _ index: Int, by scaling: RopeScaling) -> Double {
    switch scaling {
    case .none: return frequency
    case .linear(let factor): return frequency / factor
    case .factors(let factors): return frequency / Double(factors[index])
    case .llama3(let factor, let lowFrequencyFactor, let highFrequencyFactor, let originalContext):
      // Waves that the original context holds in the number of 1: kept where many, stretched where few.
      let turns = Double(originalContext) * frequency / (2 * Double.pi)
      if turns < lowFrequencyFactor { return frequency / factor }
      if turns > highFrequencyFactor { return frequency }
      let share = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor)
      return (1 - share) * frequency / factor + share * frequency
    }
  }

  /// Computes the cosines and sines of a batch's positions, once for all layers.
  ///
  /// - Parameters:
  ///   - cosines: shape [row][headSize / 2].
  ///   - sines: shape [row][headSize / 2].
  func prepare(_ position: Int, row: Int, cosines: inout Rows, sines: inout Rows) {
    for (index, frequency) in frequencies.enumerated() {
      let angle = Double(Float(position) * frequency)
      cosines.values[row * frequencies.count + index] = Float(Double.cos(angle))
      sines.values[row * frequencies.count + index] = Float(Double.sin(angle))
    }
  }
}
