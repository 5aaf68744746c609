import Probability
import SpeculativeDecoding
import Statistics
import ToyModels

/// A test of something other than the output's law: accepted lengths, draft trees, independence, replay.
///
/// The output's law is exact under some defects; these are what they change.
package struct ObservableCase: Sendable {
  /// "observable/rule/shape/pair".
  package var id: String
  /// Models, method and prompt; `nil` where each directed vector states its own.
  package var instance: Instance?
  /// The observable.
  package var observable: Observable
  /// Decodings, or pairs of decodings for independence.
  package var samples: Int
  /// The nominal significance.
  package var share: Double
  /// The exact law of the observable; empty where there is none to compare with.
  package var law: [String: Rational]

  /// A case; its exact law is enumerated.
  ///
  /// - Parameter samples: decodings; by default as many as every cell needs for an expected count of 1000.
  /// - Throws: ``CertificationError`` where the case cannot be enumerated or planned.
  package init(
    _ observable: Observable, on instance: Instance, samples: Int? = nil, share: Double
  ) throws(CertificationError) {
    self.observable = observable
    self.instance = instance
    self.share = share
    id = ([observable.rawValue, instance.method.id, instance.pair.name])
      .filter { !$0.isEmpty }.joined(separator: "/")
    do {
      switch observable {
      case .exactLaw: law = try instance.law(of: .output, under: .none)
      case .output, .acceptedLength, .secondLength, .draftTree: law = try instance.law(of: observable, under: .none)
      default: law = [:]
      }
    } catch {
      throw .decoding(place: instance.id, error)
    }
    if observable == .exactLaw {
      self.samples = 0
      return
    }
    do {
      let smallest =
        law.isEmpty
        ? Self.defaultSamples
        : try CellPlan.minimumSamples(
          probabilities: law.values.filter { $0 > .zero }.map(\.approximation).sorted(),
          pooledMassAtMost: CellPlan.maximumPooledMass, expectedAtLeast: CellPlan.minimumExpected)
      self.samples = max(samples ?? smallest, smallest)
    } catch {
      throw .statistics(place: id, error)
    }
  }

  /// The directed vectors of every rule, each a case of its own with one right outcome.
  ///
  /// - Parameter share: not spent: an outcome is right or wrong.
  /// - Throws: ``CertificationError/vectors(place:_:)``, if a vector contradicted itself.
  package static func directedVectors(share: Double) throws(CertificationError) -> ObservableCase {
    let vectors = try DirectedVector.generated()
    return ObservableCase(
      id: "vector/all-rules", instance: nil, observable: .vector, samples: vectors.count, share: share, law: [:])
  }

  private init(
    id: String, instance: Instance?, observable: Observable, samples: Int, share: Double, law: [String: Rational]
  ) {
    (self.id, self.instance, self.observable) = (id, instance, observable)
    (self.samples, self.share, self.law) = (samples, share, law)
  }

  private func independencePower(against fault: Fault) throws(CertificationError) -> Double {
    guard fault == .sharedStream else { return share }
    let outcomes = try exactLaw(of: .output, under: .none, limits: EnumerationLimits()).count
    do {
      return try PowerDesign.power(
        effect: Double(outcomes - 1).squareRoot(), samples: samples,
        degreesOfFreedom: (outcomes - 1) * (outcomes - 1), falseFail: share)
    } catch {
      throw .statistics(place: id, error)
    }
  }

  /// Whether a fault's exact law is another than the target's: a proof, that no sample is needed for.
  func differs(
    under fault: Fault, limits: EnumerationLimits = EnumerationLimits()
  ) throws(CertificationError) -> Bool {
    try exactLaw(of: .output, under: fault, limits: limits) != law
  }

  private func exactLaw(
    of observable: Observable, under fault: Fault, limits: EnumerationLimits
  ) throws(CertificationError) -> [String: Rational] {
    guard let instance else { return [:] }
    do {
      return try instance.law(of: observable, under: fault, limits: limits)
    } catch {
      throw .decoding(place: id, error)
    }
  }

  /// Pairs of decodings of an independence test, and decodings of a replay.
  static let defaultSamples = 100_000

  /// The case's word in the key of its random streams.
  var streamWord: UInt64 {
    id.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }

  /// The probability that the test refuses a fault, from the fault's exact law.
  ///
  /// A shared stream makes the two decodings of a pair equal: over K outcomes Cohen's w is √(K − 1), whatever their law. An
  /// ignored seed makes two runs equal, which is compared and not sampled. A directed vector is right or wrong.
  /// - Throws: ``CertificationError`` where the fault cannot be enumerated.
  package func predictedPower(
    against fault: Fault, limits: EnumerationLimits = EnumerationLimits()
  ) throws(CertificationError) -> Double {
    switch observable {
    case .independence: return try independencePower(against: fault)
    case .replay: return fault == .seedIgnored ? 1 : 0
    case .exactLaw: return try differs(under: fault, limits: limits) ? 1 : 0
    case .vector: return try DirectedVector.generated().contains { $0.fails(under: fault) } ? 1 : 0
    default: break
    }
    let faulty = try exactLaw(of: observable, under: fault, limits: limits)
    do {
      return try LawTest(law, samples: samples, share: share).power(against: faulty)
    } catch {
      throw .statistics(place: id, error)
    }
  }

  /// The probability that the test refuses a defect; 0 for a defect at a boundary, but on the directed vectors.
  ///
  /// - Throws: ``CertificationError`` where the defect's fault cannot be enumerated.
  package func predictedPower(
    against defect: Defect, limits: EnumerationLimits = EnumerationLimits()
  ) throws(CertificationError) -> Double {
    guard let boundary = defect.boundary else { return try predictedPower(against: defect.fault, limits: limits) }
    guard observable == .vector else { return 0 }
    return try DirectedVector.generated().contains { $0.fails(under: boundary) } ? 1 : 0
  }
}
