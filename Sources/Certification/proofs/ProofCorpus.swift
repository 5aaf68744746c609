import Probability
import SpeculativeDecoding
import ToyModels

/// The theorems that `rsd prove` proves: every rule on the corners of small models.
public enum ProofCorpus {
  /// The corpus's version: it changes with any case.
  public static let version = "rsd-proofs/2"

  /// The shapes of each kind, to depth 3; a rule takes those of its own.
  static let shapes: [Shape] = [
    .none, .chain(1), .chain(2), .chain(3), .branching([2]), .branching([3]), .branching([2, 2]), .branching([3, 1]),
    .branching([2, 1, 1]), .rectangle(width: 2, depth: 1), .rectangle(width: 3, depth: 1),
    .rectangle(width: 2, depth: 2), .rectangle(width: 3, depth: 2), .rectangle(width: 2, depth: 3),
  ]

  /// The cases of one generic pair: what a quick certification proves.
  ///
  /// - Throws: ``CertificationError``, if a model or profile of the corpus were invalid.
  public static func quick() throws(CertificationError) -> [Instance] {
    try cases().filter { $0.pair.name == "skewed" && $0.profileName == "plain" && $0.endToken == nil }
  }

  /// All cases of the rules, those of this package unless others are named.
  ///
  /// - Throws: ``CertificationError``, if a model or profile of the corpus were invalid.
  public static func cases(of rules: [Rule] = Rule.all) throws(CertificationError) -> [Instance] {
    let methods = rules.flatMap { $0.methods(shapes) }
    do {
      let pairs = try ModelPair.corners()
      var cases = pairs.flatMap { pair in methods.map { Instance(method: $0, pair: pair) } }
      let skewed = pairs[0]
      let profiles = [
        ("greedy", try SamplingProfile(temperature: 0)), ("half", try SamplingProfile(temperature: 0.5)),
        ("top-k", try SamplingProfile(topK: 2)), ("top-p", try SamplingProfile(topP: 0.65)),
        ("chain", try SamplingProfile(temperature: 0.5, topK: 2, topP: 0.95, minP: 0.1)),
      ]
      for (name, profile) in profiles {
        cases += methods.map { Instance(method: $0, pair: skewed, profile: profile, profileName: name) }
      }
      cases += methods.map { Instance(method: $0, pair: skewed, endToken: 1) }
      let (two, four) = (try ModelPair.binary(), try ModelPair.four())
      // Larger trees, of the rules whose enumeration allows them.
      let large = [
        Instance(method: .rsdS(width: 3, depth: 3), pair: two),
        Instance(method: .rsdC(branching: [2, 2, 2]), pair: two),
        Instance(method: .rsdC(branching: [2, 2, 1]), pair: four),
        Instance(method: .rsdS(width: 2, depth: 2), pair: four),
        Instance(method: .rsdC(branching: [4]), pair: four), Instance(method: .specInfer(branching: [4]), pair: four),
        Instance(method: .specTr(width: 4, depth: 1), pair: four),
      ]
      return cases + large.filter { rules.contains($0.method.rule) }
    } catch let error as ToyModelError {
      throw .model(place: "the proof corpus", error)
    } catch let error as SpeculativeDecodingError {
      throw .decoding(place: "the proof corpus", error)
    } catch {
      throw .certificate("the proof corpus: \(error)")
    }
  }
}

extension ModelPair {
  /// The corners of the proof corpus: generic, zeros, equal, disjoint, one-hot, ties, and orders 0 to 2.
  ///
  /// - Throws: ``ToyModelError``, if a table here were no model.
  static func corners() throws(ToyModelError) -> [ModelPair] {
    [
      try pair("skewed", target: [[6, 3, 1], [1, 1, 2], [2, 5, 3]], draft: [[1, 2, 7], [3, 3, 2], [1, 1, 1]]),
      try zeros(),
      try pair("equal", target: [[6, 3, 1], [1, 1, 2], [2, 5, 3]], draft: [[6, 3, 1], [1, 1, 2], [2, 5, 3]]),
      try pair("disjoint", target: [[0, 1, 2], [0, 0, 1], [1, 0, 0]], draft: [[1, 0, 0], [2, 1, 0], [0, 3, 1]]),
      try oneHot(),
      try pair("ties", target: [[1, 1, 1], [1, 1, 2], [1, 0, 1]], draft: [[1, 1, 1], [2, 1, 1], [0, 1, 1]]),
      try binary(), try contextual(), try categorical("order-0", target: [1, 4, 5], draft: [8, 1, 1]),
    ]
  }

  /// Four tokens and no context: large trees from one state.
  static func four() throws(ToyModelError) -> ModelPair {
    try categorical("four", target: [4, 1, 3, 2], draft: [1, 3, 2, 2])
  }
}
