import Probability
@testable import SpeculativeDecoding
import Testing
import ToyModels

/// The slow description of RSD-S: leaves in Plackett–Luce order, prefixes by first appearance.
///
/// It shares no code with the race: it lists the leaves of the product law, draws them without replacement, and reads
/// the beams off the order.
enum PlackettLuceBeam {
  static func treeLaw(
    of model: MarkovModel<Rational>, after prompt: [Token], width: Int, depth: Int
  ) throws -> [DraftedTree: Rational] {
    let leaves = try SequenceLaw(of: model, after: prompt, length: depth)
    var law: [DraftedTree: Rational] = [:]
    func draw(_ beams: [[[Token]]], _ left: [(leaf: [Token], mass: Rational)], _ weight: Rational) {
      if left.isEmpty || beams.allSatisfy({ $0.count == width }) {
        law[tree(beams), default: .zero] += weight
        return
      }
      let total = left.reduce(Rational.zero) { $0 + $1.mass }
      for (index, next) in left.enumerated() {
        var beams = beams
        for length in 1...depth {
          let prefix = Array(next.leaf.prefix(length))
          if beams[length - 1].count < width, !beams[length - 1].contains(prefix) {
            beams[length - 1].append(prefix)
          }
        }
        var rest = left
        rest.remove(at: index)
        draw(beams, rest, weight * (next.mass / total))
      }
    }
    draw(
      Array(repeating: [], count: depth), zip(leaves.sequences, leaves.probabilities).map { ($0, $1) }, .one)
    return law
  }

  private static func tree(_ beams: [[[Token]]]) -> DraftedTree {
    var tree = DraftedTree(tokens: [], parents: [])
    var indices: [[Token]: Int] = [[]: 0]
    for prefix in beams.joined() {
      indices[prefix] = indices.count
      tree.tokens.append(prefix.last!)
      tree.parents.append(indices[Array(prefix.dropLast())]!)
    }
    return tree
  }
}

@Suite struct StochasticBeamTests {
  @Test(arguments: [
    ("binary", 1, 3), ("binary", 2, 2), ("binary", 3, 2), ("binary", 2, 3), ("skewed", 2, 1),
    ("skewed", 3, 1),
    ("skewed", 2, 2), ("zeros", 2, 2), ("zeros", 3, 2), ("zeros", 9, 2),
  ])
  func raceIsThePlackettLuceBeam(pair: String, width: Int, depth: Int) throws {
    let models = ExactPairs.all.first { $0.0 == pair }!.1
    let decoder = try ExactDecoder(
      target: models.target, draft: models.draft, method: .rsdS(width: width, depth: depth))
    let race = try decoder.draftTreeLaw(after: [0])
    #expect(race.values.reduce(.zero, +) == .one)
    #expect(try race == PlackettLuceBeam.treeLaw(of: models.draft, after: [0], width: width, depth: depth))
  }
}
