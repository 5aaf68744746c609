import Probability
import SpeculativeDecoding

/// A control under test: the production decoder with one fault.
public typealias FaultSubject = DecoderSubject<FaultySteps<Double>, FaultyChoices<RandomChoices<Double, Philox4x64>>>

extension DecoderSubject
where Steps == FaultySteps<Double>, Source == FaultyChoices<RandomChoices<Double, Philox4x64>> {
  /// The production decoder with one fault.
  public static func control(_ fault: Fault) -> FaultSubject {
    FaultSubject(
      steps: { _ in FaultySteps(fault) }, choices: { FaultyChoices(RandomChoices($0), fault: fault) })
  }
}
