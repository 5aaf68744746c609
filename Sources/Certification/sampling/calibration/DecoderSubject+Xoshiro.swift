import Probability
import SpeculativeDecoding

extension DecoderSubject {
  /// The production decoder over the second family of generators, a xoshiro256++ for each replicate.
  ///
  /// Its state follows from (seed, case, replicate) through SplitMix64 alone: no word of Philox is used, so that a fault
  /// of Philox or of its counters parts the two families.
  package static let xoshiro = DecoderSubject(
    steps: { _ in StandardSteps<Double>() },
    choices: { philox in
      var seed: UInt64 = 0
      for word in [philox.key.x, philox.key.y, philox.replicate] {
        var mixer = SplitMix64(seed: seed ^ word)
        seed = mixer.next()
      }
      return RandomChoices<Double, Xoshiro256PlusPlus>(Xoshiro256PlusPlus(seed: seed))
    })
}
