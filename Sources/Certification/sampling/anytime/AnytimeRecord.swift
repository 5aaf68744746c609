import SpeculativeDecoding

/// The verdict of an anytime-valid run on one case.
package enum AnytimeVerdict: String, Hashable, Sendable, Codable {
  /// The evidence against the target's law reached m/α, or a sequence of probability 0 was emitted.
  case refused
  /// The law's total variation from the target's is bounded by ε.
  case certified
  /// Neither, within the limit of decodings; never counted as a pass.
  case inconclusive

  /// The same verdict as one of a fixed design.
  package var caseVerdict: CaseVerdict {
    switch self {
    case .refused: .fail
    case .certified: .pass
    case .inconclusive: .inconclusive
    }
  }
}

/// The result of one look at a case's counts.
package struct AnytimeLook: Hashable, Sendable {
  /// Decodings so far.
  package var samples: Int
  /// ln e of the counts against the target's law; infinite after a sequence of probability 0.
  package var logEvidence: Double
  /// A bound on the total variation between the decoder's law and the target's, 0 to 1.
  package var totalVariationBound: Double
}

/// One case of an anytime-valid run, as of its last look.
package struct AnytimeRecord: Hashable, Sendable, Codable {
  /// "rule/shape/pair/profile".
  package var id: String
  /// Decodings that were counted: those of the last look; 0 before the first.
  package var samples: Int
  /// The ε that the bound was to reach.
  package var epsilon: Double
  /// The c of the four priors c·θ whose e-processes are averaged.
  package var concentrations: [Double]
  /// Every look, the last one included.
  package var looks: [AnytimeLook]
  /// How often each sequence was emitted; tokens joined by a space.
  package var counts: [String: Int]
  /// Decodings that emitted a sequence of probability 0: one refuses the decoder.
  package var impossible: Int
  /// Target evaluations of all decodings.
  package var targetEvaluations: Int
  /// Tokens that those evaluations yielded, uncut.
  package var tokens: Int
  /// The verdict.
  package var verdict: AnytimeVerdict

  /// ln e at the last look; 0 before the first, infinite after a sequence of probability 0.
  package var logEvidence: Double { looks.last?.logEvidence ?? 0 }
  /// The bound on the total variation at the last look; 1 before the first.
  package var totalVariationBound: Double { looks.last?.totalVariationBound ?? 1 }
}

/// JSON has no infinity: infinite evidence is written by leaving it out.
extension AnytimeLook: Codable {
  private enum CodingKeys: CodingKey { case samples, logEvidence, totalVariationBound }

  /// Reads a look; without `logEvidence` it is infinite.
  package init(from decoder: any Swift.Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    samples = try values.decode(Int.self, forKey: .samples)
    logEvidence = try values.decodeIfPresent(Double.self, forKey: .logEvidence) ?? .infinity
    totalVariationBound = try values.decode(Double.self, forKey: .totalVariationBound)
  }

  /// Writes a look, without `logEvidence` where that is infinite.
  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(samples, forKey: .samples)
    try values.encodeIfPresent(logEvidence.isFinite ? logEvidence : nil, forKey: .logEvidence)
    try values.encode(totalVariationBound, forKey: .totalVariationBound)
  }
}
