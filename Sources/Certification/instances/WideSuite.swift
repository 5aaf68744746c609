import Probability
import SpeculativeDecoding
import ToyModels

/// Larger vocabularies, deeper trees, wider beams: minutes rather than a minute.
public enum WideSuite {
  /// The suite's version.
  public static let version = "rsd-wide/2"

  /// All cases.
  ///
  /// - Throws: ``CertificationError``, if a model or profile of the suite were invalid.
  public static func suite() throws(CertificationError) -> Suite {
    do {
      let binary = try pair(vocabulary: 2, seed: 1)
      let five = try pair(vocabulary: 5, seed: 2)
      let sixteen = try pair(vocabulary: 16, seed: 3)
      var genesis = try ModelPair.genesis()
      genesis.needsTopK = false
      let topK = try SamplingProfile(temperature: 0.9, topK: 5)
      let plain = SamplingProfile.plain
      let plans: [(ModelPair, String, SamplingProfile, [Shape])] = [
        (
          binary, "plain", plain,
          [
            .chain(5), .branching([2, 2, 1, 1]), .branching([2, 2, 2, 2]), .branching([2, 1, 1, 1, 1]),
            .rectangle(width: 3, depth: 4), .rectangle(width: 2, depth: 5),
          ]
        ),
        (
          five, "plain", plain,
          [.chain(2), .branching([4, 2]), .branching([5, 1]), .rectangle(width: 4, depth: 2)]
        ),
        (sixteen, "plain", plain, [.chain(1), .branching([6]), .rectangle(width: 6, depth: 1)]),
        (
          genesis, "cool-top-k-5", topK,
          [.none, .chain(2), .branching([3, 2]), .rectangle(width: 3, depth: 2)]
        ),
      ]
      let cases = plans.flatMap { pair, name, profile, shapes in
        Rule.all.flatMap { $0.methods(shapes) }.map {
          Instance(method: $0, pair: pair, profile: profile, profileName: name)
        }
      }
      return Suite(version: version, cases: cases)
    } catch let error as ToyModelError {
      throw .model(place: "the wide suite", error)
    } catch let error as SpeculativeDecodingError {
      throw .decoding(place: "the wide suite", error)
    } catch {
      throw .certificate("the wide suite: \(error)")
    }
  }

  /// A pair with laws of small whole weights, the same for every run.
  static func pair(vocabulary: Int, seed: UInt64) throws(ToyModelError) -> ModelPair {
    var generator = SplitMix64(seed: seed)
    func rows() -> [[Token]: [Rational]] {
      var rows: [[Token]: [Rational]] = [:]
      for context in [[]] + (0..<vocabulary).map({ [$0] }) {
        let weights = (0..<vocabulary).map { _ in 2 + Int(generator.next() % 7) }
        let sum = weights.reduce(0, +)
        rows[context] = weights.map { Rational($0, sum) }
      }
      return rows
    }
    let target = try MarkovModel(vocabularySize: vocabulary, order: 1, rows: rows())
    let draft = try MarkovModel(vocabularySize: vocabulary, order: 1, rows: rows())
    return ModelPair(
      name: "v\(vocabulary)", target: ModelDocument(target), draft: ModelDocument(draft), prompt: [0])
  }
}
