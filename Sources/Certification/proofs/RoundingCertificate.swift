import BigInt
import Probability
import SpeculativeDecoding
import ToyModels

/// How far rounding moves the law of a round: the total variation between what the compiled arithmetic realises and
/// the target.
///
/// The round is enumerated in `Float` or `Double`; every law on the way is the float that the program computes, every
/// branch has its exact weight. What the round emits, completed by the ideal target to draft length + 1 tokens, is
/// compared with the target: the exact value of its rows, divided by their exact sum.
package struct RoundingCertificate: Hashable, Sendable, Codable {
  /// The kind of a uniform.
  package enum Uniforms: Hashable, Sendable {
    /// A real number: what is left is the rounding of the laws.
    case ideal
    /// A multiple of 2^-bits, compared by the production code.
    case bits(Int)
  }

  /// The rule's name in the port protocol.
  package var rule: String
  /// The shape, such as "2-2" or "2x2".
  package var shape: String
  /// The pair of models.
  package var pair: String
  /// "Float" or "Double".
  package var scalar: String
  /// 0 for ideal uniforms, else their bits.
  package var uniformBits: Int
  /// Paths through the decoder's choices.
  package var branches: Int
  /// The total variation: an upper end, at most 2⁻²⁵⁰ above the exact value before it is rounded to a double.
  package var totalVariation: Double
  /// The bound on the total variation, for any models (``RoundingBound``).
  package var bound: Double

  /// Whether the total variation keeps to its bound.
  package var isWithinBound: Bool { totalVariation <= bound }
}

extension RoundingCertificate {
  /// Bits after the binary point of the sums: far beyond any double.
  private static var fractionBits: Int { 320 }

  /// Enumerates the first round of a method on a pair.
  ///
  /// - Throws: ``CertificationError`` where the pair makes no decoder, or the enumeration exceeds its limits.
  package init<Scalar: ProbabilityScalar>(
    of method: DecodingMethod, on pair: ModelPair, in scalar: Scalar.Type, uniforms: Uniforms,
    limits: EnumerationLimits = EnumerationLimits()
  ) throws(CertificationError) {
    let place = "rounding of \(method.rule) \(method.shape) on \(pair.name)"
    let decoder: Decoder<MarkovModel<Scalar>, MarkovModel<Scalar>>
    let ideal: MarkovModel<Rational>
    do {
      let target = try pair.target.exactModel(takingDoubles: true).converted(to: scalar)
      let draft = try pair.draft.exactModel(takingDoubles: true).converted(to: scalar)
      ideal = try target.exactlyNormalised()
      do { decoder = try Decoder(target: target, draft: draft, method: method) } catch {
        throw CertificationError.decoding(place: place, error)
      }
    } catch let error as CertificationError {
      throw error
    } catch {
      throw .certificate("\(place): \(error)")
    }
    do {
      let realised =
        switch uniforms {
        case .ideal: try Self.emitted(by: decoder, after: pair.prompt, EnumeratedChoices<Scalar>(), limits)
        case .bits(let bits):
          try Self.emitted(by: decoder, after: pair.prompt, QuantisedChoices<Scalar>(bits: bits), limits)
        }
      rule = method.rule.name
      shape = method.shape.text
      self.pair = pair.name
      self.scalar = "\(Scalar.self)"
      branches = realised.branches
      totalVariation = try Self.distance(
        realised.law, to: ideal, after: pair.prompt, length: method.draftLength + 1, terms: realised.branches)
      switch uniforms {
      case .ideal:
        uniformBits = 0
        bound = RoundingBound.totalVariation(
          of: method, vocabulary: ideal.vocabularySize, unitRoundoff: Scalar.unitRoundoff)
      case .bits(let bits):
        uniformBits = bits
        bound = RoundingBound.totalVariation(
          of: method, vocabulary: ideal.vocabularySize, unitRoundoff: Scalar.unitRoundoff, uniformBits: bits)
      }
    } catch {
      throw .decoding(place: place, error)
    }
  }

  private static func emitted<Scalar: ProbabilityScalar, Source: BranchingChoices<Scalar>>(
    by decoder: Decoder<MarkovModel<Scalar>, MarkovModel<Scalar>>, after prompt: [Token], _ source: Source,
    _ limits: EnumerationLimits
  ) throws(SpeculativeDecodingError) -> (law: [[Token]: BigInt], branches: Int) {
    var session = decoder.makeSession()
    var choices = source
    var law: [[Token]: BigInt] = [:]
    repeat {
      guard choices.branches < limits.branches else { throw .enumerationLimit(branches: limits.branches) }
      if choices.branches & 0xFFF == 0, !limits.shouldContinue(choices.branches) { throw .interrupted }
      try decoder.begin(prompt, in: &session)
      try decoder.round(&session, using: &choices)
      // Sums of fractions would drag every denominator along; rounded down to 320 bits they stay short, and the
      // error of each term is counted below.
      law[Array(session.workspace.emitted), default: 0] += fixed(choices.weight)
    } while choices.advance()
    return (law, choices.branches)
  }

  private static func fixed(_ value: Rational) -> BigInt { (value.numerator << fractionBits) / value.denominator }

  private static func distance(
    _ law: [[Token]: BigInt], to ideal: MarkovModel<Rational>, after prompt: [Token], length: Int, terms: Int
  ) throws(SpeculativeDecodingError) -> Double {
    var completed: [[Token]: BigInt] = [:]
    var terms = terms
    for (emitted, weight) in law {
      guard emitted.count < length else {
        completed[emitted, default: 0] += weight
        continue
      }
      let rest = try SequenceLaw(of: ideal, after: prompt + emitted, length: length - emitted.count)
      for (tokens, probability) in zip(rest.sequences, rest.probabilities) {
        completed[emitted + tokens, default: 0] += weight * probability.numerator / probability.denominator
        terms += 1
      }
    }
    let target = try SequenceLaw(of: ideal, after: prompt, length: length).table
    var sum = BigInt(0)
    for sequence in Set(completed.keys).union(target.keys) {
      sum += BigInt((completed[sequence, default: 0] - fixed(target[sequence, default: .zero])).magnitude)
      terms += 1
    }
    // Each term was rounded down by less than one unit of the last bit.
    return Rational(sum + BigInt(terms), over: BigInt(1) << (fractionBits + 1)).approximation.nextUp
  }
}
