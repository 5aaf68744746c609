import Probability
import SpeculativeDecoding

/// The production decoder over the second family of generators.
public typealias XoshiroSubject = DecoderSubject<StandardSteps<Double>, RandomChoices<Double, Xoshiro256PlusPlus>>

extension DecoderSubject
where Steps == StandardSteps<Double>, Source == RandomChoices<Double, Xoshiro256PlusPlus> {
  /// The production decoder, a xoshiro256++ for each replicate.
  ///
  /// Its state follows from (seed, case, replicate) through SplitMix64 alone: no word of Philox is used, so that a fault
  /// of Philox or of its counters parts the two families.
  public static var xoshiro: XoshiroSubject {
    XoshiroSubject(
      steps: { _ in StandardSteps() },
      choices: { philox in
        var seed: UInt64 = 0
        for word in [philox.key.x, philox.key.y, philox.replicate] {
          var mixer = SplitMix64(seed: seed ^ word)
          seed = mixer.next()
        }
        return RandomChoices(Xoshiro256PlusPlus(seed: seed))
      })
  }
}
