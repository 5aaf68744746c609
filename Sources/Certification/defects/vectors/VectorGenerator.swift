import Probability
import SpeculativeDecoding
import Synchronization

/// Makes the directed vectors: scripted rounds whose outcome the production decoder computes.
///
///     for (name, file) in try VectorGenerator.files() { write(file.json, to: name) }
///
/// A vector is made only if `Double`, `Float` and ``Rational`` agree on its outcome. One that lies nearer to a boundary
/// than ``VectorMargin/least`` has laws that are exact in `Float`, and is flagged.
package enum VectorGenerator {
  /// The version of the set; it changes with the vectors, not with the package.
  package static let version = "1.0"

  /// The rules that have vectors; a rule's place is in the numbers of its vectors, which were published.
  static let rules: [Rule] = {
    let first: [Rule] = [.rsdC, .rsdS, .speculative, .specInfer]
    return first + Rule.allThatVerify.filter { !first.contains($0) }
  }()

  /// The files by name: one for each rule.
  ///
  /// - Throws: ``CertificationError/vectors(place:_:)`` where a vector contradicts itself.
  package static func files() throws(CertificationError) -> [(name: String, file: VectorFile)] {
    var files: [(name: String, file: VectorFile)] = []
    for rule in rules { files.append(("\(rule.name).json", try file(of: rule))) }
    return files
  }

  /// The file of one rule; each is made once.
  ///
  /// - Throws: ``CertificationError/vectors(place:_:)`` where a vector contradicts itself.
  package static func file(of rule: Rule) throws(CertificationError) -> VectorFile {
    if let file = made.withLock({ $0[rule] }) { return file }
    let index = rules.firstIndex(of: rule) ?? 0
    let file = try file(of: rule, firstID: 1000 * (index + 1) + 1)
    made.withLock { $0[rule] = file }
    return file
  }

  private static let made = Mutex<[Rule: VectorFile]>([:])

  /// The valid vectors of all files; they are made once.
  static let validVectors: Result<[DirectedVector], CertificationError> = Result { () throws(CertificationError) in
    try files().flatMap(\.file.tests).filter { $0.result == .valid }
  }

  static var topics: [VectorTopic] {
    [
      VectorTopic(name: "acceptance on and beside its threshold", drafts: acceptanceThresholds),
      VectorTopic(name: "tokens that are never or always accepted", drafts: certainties),
      VectorTopic(name: "the final token on and beside a cumulative sum", drafts: cumulativeThresholds),
      VectorTopic(name: "the ends of the vocabulary", drafts: vocabularyEnds),
      VectorTopic(name: "one-hot laws", drafts: oneHotLaws),
      VectorTopic(name: "siblings", drafts: siblings + siblingOrders),
      VectorTopic(name: "repeated siblings", drafts: repeats),
      VectorTopic(name: "chains and trees", drafts: walks + longTrees),
      VectorTopic(name: "the end token", drafts: endTokens),
      VectorTopic(name: "small probabilities", drafts: rareTokens),
    ]
  }

  private static func file(of rule: Rule, firstID: Int) throws(CertificationError) -> VectorFile {
    var groups: [VectorFile.Group] = []
    var id = firstID
    let random = VectorTopic(name: "random rounds", drafts: try randomRounds(of: rule))
    for topic in topics + [random, VectorTopic(name: "requests to refuse", drafts: refusals)] {
      var tests: [DirectedVector] = []
      for draft in topic.drafts where draft.scope.contains(rule) {
        tests.append(try vector(draft, rule: rule, id: id))
        id += 1
      }
      if tests.isEmpty { continue }
      groups.append(
        .init(type: "VerifyTest", topic: topic.name, source: .init(name: "rsd", version: version), tests: tests))
    }
    let tests = groups.flatMap(\.tests)
    let used = Set(tests.flatMap(\.flags))
    let notes = VectorFlag.allCases.filter { used.contains($0.rawValue) }.map { ($0.rawValue, $0.note) }
    return VectorFile(
      algorithm: rule.name, schema: VectorFile.schemaName, numberOfTests: tests.count,
      notes: Dictionary(uniqueKeysWithValues: notes), testGroups: groups)
  }

  private static func vector(
    _ draft: VectorDraft, rule: Rule, id: Int
  ) throws(CertificationError) -> DirectedVector {
    let place = "\(rule.name), \"\(draft.comment)\""
    let grid = UniformGrid(holding: draft.uniforms.map(\.value).filter(\.isFinite))
    guard let grid else { throw .vectors(place: place, "its uniforms need more than 53 bits") }
    var vector = DirectedVector(
      tcId: id, comment: draft.comment, flags: draft.flags.map(\.rawValue), uniformBits: grid.rawValue,
      request: draft.request(of: rule), expected: nil, result: draft.result)
    if draft.result == .invalid {
      guard (try? vector.request.checked().outcome()) == nil else {
        throw .vectors(place: place, "the decoder does not refuse it")
      }
      return vector
    }
    do {
      let request = try vector.request.checked()
      let outcome = try request.outcome(in: Rational.self)
      guard try request.outcome(in: Double.self) == outcome, try request.outcome(in: Float.self) == outcome else {
        throw CertificationError.vectors(place: place, "Float, Double and Rational disagree")
      }
      if try VectorMargin.relative(of: request) < VectorMargin.least {
        guard request.isExactInFloat else {
          throw CertificationError.vectors(place: place, "it tests a boundary with laws that are not exact in Float")
        }
        vector.flags.append(VectorFlag.boundary.rawValue)
      }
      vector.expected = .init(outcome)
    } catch let error as CertificationError {
      throw error
    } catch {
      throw .vectors(place: place, "\(error)")
    }
    return vector
  }
}

/// A comment's way to say where a uniform stands.
extension UniformGrid {
  var name: String { "2^-\(rawValue)" }
}
