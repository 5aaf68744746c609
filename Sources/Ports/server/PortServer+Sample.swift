import Certification
import Foundation
import Probability
import SpeculativeDecoding
import ToyModels

extension PortServer {
  /// The most decodings of a request: an answer has to end some time.
  static let mostDecodings = 100_000_000

  struct SampleRequest: FlatRecord {
    struct Members: Hashable, Codable {
      var target: ModelDocument
      var draft: ModelDocument
      var prompt: [Token]
      var length: Int
      var count: Int
      var seed: String
      var profile: [String: Double]?
      var endToken: Token?
      var ordered: Bool?
    }

    var base: MethodRecord
    var own: Members
  }

  private struct CountsAnswer: Encodable {
    var id: Int
    var counts: [String: Int]?
    var sequences: [String]?
    var rounds: [String: Int]
    var secondRounds: [String: Int]
  }

  func sample(_ data: Data, id: Int) throws -> String {
    let request = try JSONDecoder().decode(SampleRequest.self, from: data)
    guard Rule.named(request.rule) != nil else {
      throw Refusal.notSupported(
        "the rule \"\(request.rule)\" is none of \(PortProtocol.rules.joined(separator: ", "))")
    }
    guard let method = request.base.method else {
      throw Refusal.invalid("the rule \(request.rule) has other shape parameters than these")
    }
    guard let seed = UInt64(request.seed), String(seed) == request.seed else {
      throw Refusal.invalid("seed \"\(request.seed)\" is no UInt64 in decimal digits")
    }
    guard (1...Self.mostDecodings).contains(request.count) else {
      throw Refusal.invalid("count \(request.count) is out of range; it is 1 to \(Self.mostDecodings)")
    }
    guard (1...10_000).contains(request.length) else {
      throw Refusal.invalid("length \(request.length) is out of range; it is 1 to 10000")
    }
    let (counts, sequences) = try decode(request, method: method, seed: seed)
    let rounds = Dictionary(uniqueKeysWithValues: counts.firstRounds.map { (String($0.key), $0.value) })
    let second = Dictionary(uniqueKeysWithValues: counts.secondRounds.map { (String($0.key), $0.value) })
    if let sequences {
      return Self.text(
        CountsAnswer(id: id, sequences: sequences.map(SequenceText.text), rounds: rounds, secondRounds: second))
    }
    let texts = Dictionary(uniqueKeysWithValues: counts.sequences.map { (SequenceText.text($0.key), $0.value) })
    return Self.text(CountsAnswer(id: id, counts: texts, rounds: rounds, secondRounds: second))
  }

  private func profile(of request: SampleRequest) throws -> SamplingProfile {
    let given = request.profile ?? [:]
    if let unknown = given.keys.filter({ !["temperature", "topK", "topP", "minP"].contains($0) }).min() {
      throw Refusal.notSupported("the profile has the key \"\(unknown)\"")
    }
    let topK = given["topK"] ?? 0
    guard let topK = Int(exactly: topK) else { throw Refusal.invalid("topK \(topK) is no whole number") }
    return try SamplingProfile(
      temperature: given["temperature"] ?? 1, topK: topK, topP: given["topP"] ?? 1, minP: given["minP"] ?? 0)
  }

  /// The stream of this port: the seed alone tells requests apart.
  private static let streamWord: UInt64 = 0x7273_642D_706F_7274

  private func decode(
    _ request: SampleRequest, method: DecodingMethod, seed: UInt64
  ) throws -> (CaseCounts, [[Token]]?) {
    let (target, draft) = (try request.target.model(), try request.draft.model())
    let profile = try profile(of: request)
    let fault = defect?.fault ?? .none
    let key = SIMD2(fault == .seedIgnored ? 0 : seed, Self.streamWord)
    let replicates = 0..<request.count
    let isOrdered = request.ordered ?? false
    if fault == .none {
      let decoder = try Decoder(
        target: target.applying(profile), draft: draft.applying(profile), method: method, endToken: request.endToken)
      return try Self.run(decoder, request, replicates, key, isOrdered)
    }
    let decoder = try fault.decoder(
      target: target, draft: draft, profile: profile, method: method, endToken: request.endToken)
    // Decodings that share a stream come in pairs.
    return try Self.run(decoder, request, replicates, key, mask: fault == .sharedStream ? ~1 : ~0, fault, isOrdered)
  }

  private static func run(
    _ decoder: Decoder<MarkovModel<Double>, MarkovModel<Double>>, _ request: SampleRequest, _ replicates: Range<Int>,
    _ key: SIMD2<UInt64>, _ isOrdered: Bool
  ) throws(SpeculativeDecodingError) -> (CaseCounts, [[Token]]?) {
    if isOrdered {
      var list = SequenceList()
      let counts = try CaseSampler.sample(
        decoder, prompt: request.prompt, length: request.length, replicates: replicates, key: key, into: &list,
        steps: { _ in StandardSteps<Double>() }, choices: { RandomChoices($0, scalar: Double.self) })
      return (counts, list.sequences)
    }
    let counts = try CaseSampler.counts(
      decoder, prompt: request.prompt, length: request.length, replicates: replicates, key: key,
      steps: { _ in StandardSteps<Double>() }, choices: { RandomChoices($0, scalar: Double.self) })
    return (counts, nil)
  }

  private static func run(
    _ decoder: FaultyDecoder<Double>, _ request: SampleRequest, _ replicates: Range<Int>, _ key: SIMD2<UInt64>,
    mask: UInt64, _ fault: Fault, _ isOrdered: Bool
  ) throws(SpeculativeDecodingError) -> (CaseCounts, [[Token]]?) {
    if isOrdered {
      var list = SequenceList()
      let counts = try CaseSampler.sample(
        decoder, prompt: request.prompt, length: request.length, replicates: replicates, key: key, mask: mask,
        into: &list, steps: { _ in FaultySteps<Double>(fault) },
        choices: { FaultyChoices(RandomChoices($0, scalar: Double.self), fault: fault) })
      return (counts, list.sequences)
    }
    let counts = try CaseSampler.counts(
      decoder, prompt: request.prompt, length: request.length, replicates: replicates, key: key, mask: mask,
      steps: { _ in FaultySteps<Double>(fault) },
      choices: { FaultyChoices(RandomChoices($0, scalar: Double.self), fault: fault) })
    return (counts, nil)
  }
}
