import Probability
import SpeculativeDecoding

/// Scripted uniforms with a fault in how they are compared or handed out.
package struct BoundaryChoices: Choices {
  let fault: BoundaryFault
  let uniforms: [Double]
  /// Uniforms used.
  package private(set) var used = 0
  private var acceptances = 0
  private var lastAcceptance = 0.0

  /// Uniforms in the order of their use; 0 beyond their end.
  package init(_ uniforms: [Double], fault: BoundaryFault) {
    self.fault = fault
    self.uniforms = uniforms
  }

  /// The next uniform, or another where that is the fault.
  package mutating func uniform(for purpose: UniformPurpose) -> Double {
    if fault == .acceptanceUniformReused, purpose == .residual { return lastAcceptance }
    var index = used
    if fault == .finalUniformFirst { index = purpose == .acceptance ? acceptances + 1 : 0 }
    if fault == .oneUniformForAll { index = 0 }
    if purpose == .acceptance { acceptances += 1 }
    used += 1
    let uniform = index < uniforms.count ? uniforms[index] : 0
    lastAcceptance = uniform
    return fault == .uniformOfOne ? Double(Float(uniform)) : uniform
  }

  /// Whether u·b < a, or what a fault makes of it.
  package func isBelow(_ uniform: inout Double, _ numerator: Double, over denominator: Double) -> Bool {
    switch fault {
    case .inclusiveAcceptance: uniform * denominator <= numerator
    case .impossibleAcceptedAtZero: uniform * denominator < numerator || (numerator == 0 && uniform == 0)
    case .lenientAcceptance: uniform * denominator < 1.1 * numerator
    case .ratioWithEpsilon: uniform < numerator / (denominator + 1e-6)
    default: uniform * denominator < numerator
    }
  }

  /// The token that the uniform falls into, or what a fault makes of it.
  package func index(_ uniform: inout Double, in weights: Span<Double>, total: Double) -> Int {
    var cumulative = 0.0
    var last = 0
    for index in 0..<weights.count {
      cumulative += weights[index]
      if fault == .inclusiveCumulative ? cumulative >= uniform * total : cumulative > uniform * total { return index }
      if weights[index] > 0 { last = index }
    }
    switch fault {
    case .fallsToTheLastToken: return weights.count - 1
    case .fallsBeyondTheVocabulary: return weights.count
    default: return last
    }
  }
}
