import ModelSupport
import Probability
import SpeculativeDecoding
import Synchronization
import Testing

@testable import Checkpoints
@testable import Transformer

/// Laws that several threads shape: each once, each as one thread does it.
@Suite struct LawRowsTests {
  private static let width = 5000

  private static func table(rows: Int) -> LawTable<Float> {
    var random = RandomCheckpoints(seed: 51)
    var table = LawTable<Float>(vocabularySize: width)
    table.values = random.numbers(rows * width).map(abs)
    return table
  }

  @Test(arguments: [1, 2, 3, 7], [[], [0], [3, 4], [0, 2, 3, 5, 6, 7, 8, 10], Array(0..<12)])
  func eachIsShapedOnceInItsPlace(threads: Int, rows: [Int]) throws {
    let before = Self.table(rows: 12)
    var after = before
    let order = Mutex<[Float]>([])
    try after.shape(
      rows,
      by: { law in
        order.withLock { $0.append(law[0]) }
        for index in law.indices { law[index] = 1 + law[index] * Float(index) }
      }, on: WorkPool(threads: threads))
    for row in 0..<12 {
      let law = before.law(ofRow: row)
      let expected = rows.contains(row) ? law.enumerated().map { 1 + $1 * Float($0) } : law
      #expect(after.law(ofRow: row) == expected, "row \(row)")
    }
    #expect(order.withLock { $0.sorted() } == rows.map { before.law(ofRow: $0)[0] }.sorted())
  }

  /// Whichever thread comes first: the error is that of the first row, as it is on one thread.
  @Test(arguments: [1, 2, 3], [[2], [9], [4, 7], [0, 11], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]])
  func theErrorIsThatOfTheFirstRow(threads: Int, wrong: [Int]) throws {
    for _ in 0..<50 {
      var laws = Self.table(rows: 12)
      for row in wrong { laws.values[laws.row(row).lowerBound + row] = -1 }
      let before = laws
      let profile = try SamplingProfile(topP: 0.5)
      do throws(SpeculativeDecodingError) {
        try laws.shape(
          Array(0..<12), by: { law throws(SpeculativeDecodingError) in try profile.apply(to: &law) },
          on: WorkPool(threads: threads))
        Issue.record("a negative probability was let through")
      } catch {
        #expect("\(error)".contains("of token \(wrong[0]) "), "\(error)")
      }
      for row in 0..<12 where !wrong.contains(row) {
        #expect(laws.law(ofRow: row) == (try profile.applied(to: before.law(ofRow: row))))
      }
    }
  }

  @Test(arguments: [(0, 0.8, 0), (9, 1, 0.01), (0, 1, 0)])
  func aProfiledTransformerHasTheLawsOfOneThread(profile: (topK: Int, topP: Double, minP: Double)) throws {
    let profile = try SamplingProfile(topK: profile.topK, topP: profile.topP, minP: profile.minP)
    var random = RandomCheckpoints(seed: 52)
    let checkpoint = random.checkpoint(.llama(.tiny { $0.vocabularySize = 3000 }))
    let tree = random.tree(root: 3, vocabulary: 3000, size: 60, hasRepeats: true)
    func laws<Model: LanguageModel<Float>>(_ model: Model) throws -> LawTable<Float> {
      var context = model.makeContext()
      try model.begin([1, 2, 3], in: &context)
      var laws = LawTable<Float>(vocabularySize: model.vocabularySize)
      try model.evaluate(0..<tree.count, of: tree, in: &context, into: &laws)
      return laws
    }
    let plain = try laws(TransformerModel(checkpoint))
    #expect((0..<tree.count).contains { tree[$0].isRepeat } && tree.count > 8)
    for threads in [1, 2, 3] {
      let model = try TransformerModel(checkpoint, threads: threads)
      let drafted = try laws(ProfiledModel(DraftModel.transformer(model), profile: profile))
      let verified = try laws(TimedModel(ProfiledModel(TimedModel(model), profile: profile)))
      for node in 0..<tree.count {
        let law = plain.law(ofRow: node)
        let expected = tree[node].isRepeat || profile.isPlain ? law : try profile.applied(to: law)
        #expect(drafted.law(ofRow: node) == expected && verified.law(ofRow: node) == expected, "node \(node)")
      }
    }
  }
}
