/// Certifies that a decoder's output has exactly the target's law, and writes down how that was shown.
///
/// - ``ModelPair`` and ``DefaultSuite``: what is decoded, a covering of rules, shapes, pairs and profiles.
/// - ``CasePlan``: the exact law of a case, its cells, its number of samples and its power, before any data.
/// - ``DecoderSubject`` and ``ShardedRun``: the decoder under test, sampled on any number of threads.
/// - ``Certificate``: the counts, and the verdict that anyone can compute from them again.
/// - ``Fault`` and ``FaultySteps``: decoders that are wrong in one known way, which the suite must refuse.
///
/// The sources are Apache-2.0. This module links GSL (GPL-3.0) through `Statistics`: binaries that contain it
/// are distributed under GPL-3.0 as a combined work.
public enum CertificationModule {
  /// The version of the package, as certificates state it.
  public static let packageVersion = "0.1.0"
}
