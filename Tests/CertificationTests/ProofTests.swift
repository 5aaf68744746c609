import Certification
import Foundation
import Probability
import SpeculativeDecoding
import Testing
import ToyModels

@Suite struct ProofTests {
  static let corpus = try! ProofCorpus.cases()

  @Test func corpusCoversTheCorners() {
    let cases = Self.corpus
    #expect(Set(cases.map(\.id)).count == cases.count)
    #expect(Set(cases.map(\.method.rule)) == Set(Rule.all))
    #expect(Set(cases.map(\.pair.target.vocabulary)) == [2, 3, 4])
    #expect(Set(cases.map(\.pair.target.order)) == [0, 1, 2])
    #expect(Set(cases.map(\.method.draftLength)) == [0, 1, 2, 3])
    #expect(cases.contains { $0.endToken != nil })
    #expect(Set(cases.map(\.profile)).count >= 6)
    for id in [
      "rsd-s/3x2/skewed/plain", "rsd-s/3x3/binary/plain", "rsd-c/2-2-1/four/plain", "rsd-s/2x3/disjoint/plain",
      "rsd-c/2-2/ties/plain", "spectr/2x2/one-hot/plain",
    ] {
      #expect(cases.contains { $0.id == id }, "\(id)")
    }
    // A window shorter than a round and one token more cannot see a wrong bonus token.
    for instance in cases { #expect(instance.length >= instance.method.draftLength + 2) }
  }

  /// All but the largest, which `rsd certify` proves on every run.
  @Test func corpusIsProved() async throws {
    let cases = Self.corpus.filter { $0.method.budget <= 9 }
    #expect(cases.count >= Self.corpus.count - 3)
    let proofs = try await ProofRunner(threads: 2).run(cases)
    #expect(proofs.map(\.instance) == cases)
    for proof in proofs {
      #expect(proof.verdict == .proved, "\(proof.instance.id)")
      #expect(proof.branches > 0 && proof.choices >= proof.branches && proof.sequences > 0)
    }
    let again = try await ProofRunner(threads: 7).run(Array(cases.prefix(40)))
    #expect(again.map(\.branches) == proofs.prefix(40).map(\.branches))
  }

  @Test(arguments: [
    Fault.alwaysAccepts, .residualNotUpdated, .siblingsInProbabilityOrder, .acceptanceUniformReused, .secondChance,
    .bonusMostProbable, .noiseReusedEveryRound,
  ])
  func faultsAreRefuted(fault: Fault) async throws {
    // Rounds that depend on each other are enumerated jointly: small shapes only.
    let cases = Self.corpus.filter {
      $0.pair.name == "skewed" && $0.profileName == "plain" && $0.endToken == nil && $0.method.budget <= 3
    }
    let proofs = try await ProofRunner(threads: 2, branchLimit: 200_000).run(cases, fault: fault)
    var refuted = 0
    for proof in proofs {
      guard case .refuted(let found) = proof.verdict else { continue }
      refuted += 1
      #expect(found.target != found.decoder)
      #expect(found.sequence.count == proof.instance.length)
      // A decoder without choices has a branch of weight 1 and no step.
      #expect(found.weight > .zero || found.branch.isEmpty)
      // The target's value is the product of its rows: no part of the enumeration.
      let target = try proof.instance.pair.target.exactModel()
      var context = proof.instance.pair.prompt
      var product = Rational.one
      for token in found.sequence {
        product = product * target.law(after: context)![token]
        context.append(token)
      }
      #expect(product == found.target)
    }
    #expect(refuted > 0)
    // Autoregressive decoding drafts nothing; a last token and a round's noise it has too.
    if fault == .noiseReusedEveryRound || fault == .bonusMostProbable { return }
    #expect(proofs.first { $0.instance.method == .autoregressive }?.verdict == .proved)
  }

  @Test func counterexampleShowsTheBranch() throws {
    let instance = Self.corpus.first { $0.id == "sd/1/skewed/plain" }!
    let proof = try Proof(of: instance, fault: .alwaysAccepts)
    guard case .refuted(let found) = proof.verdict else { throw ProofFailure() }
    // Token 0 is drafted with 1/10 and always accepted; the target gives it 6/10.
    #expect(found.sequence == [0, 0, 0])
    #expect(found.target == Rational(27, 125))
    #expect(found.decoder == Rational(1, 10) * Rational(6, 10) * Rational(1, 10))
    #expect(found.branch.first?.purpose == "draft")
    #expect(found.branch.first?.answer == "index 0 of (1/10, 1/5, 7/10)")
    #expect(found.branch.last?.purpose == "bonus")
  }

  @Test func limitsLeaveACaseUnfinished() throws {
    let instance = Self.corpus.first { $0.id == "rsd-c/2-2/skewed/plain" }!
    let proof = try Proof(of: instance, limits: EnumerationLimits(branches: 50))
    guard case .unfinished(let reason) = proof.verdict else { throw ProofFailure() }
    #expect(reason.contains("more than 50 branches"))
    #expect(ProofReport(corpus: "c", selection: "s", proofs: [proof]).verdict == .inconclusive)
  }

  @Test func inexactModelsAndPowersAreRefused() throws {
    let document = try ModelDocument(json: Data(#"{"vocabulary":2,"order":0,"rows":{"":[0.25,0.75]}}"#.utf8))
    let pair = ModelPair(name: "doubles", target: document, draft: document, prompt: [])
    let instance = Instance(method: .rsdC(branching: [2]), pair: pair)
    #expect(throws: CertificationError.self) { try Proof(of: instance) }
    #expect(try Proof(of: instance, takingDoubles: true).verdict == .proved)
    var warm = Self.corpus[1]
    warm.profile = try SamplingProfile(temperature: 1.5)
    do {
      _ = try Proof(of: warm)
      Issue.record("temperature 1.5 has no exact law")
    } catch {
      #expect("\(error)".contains("use 0 or 1/n"))
    }
  }

  @Test func corpusFilesNameTheirCases() throws {
    let model = #"{"vocabulary":2,"order":0,"rows":{"":["1/3","2/3"]}}"#
    func text(_ shape: String) -> Data {
      Data(#"{"cases":[{"id":"mine",\#(shape),"target":\#(model),"draft":\#(model),"prompt":[0]}]}"#.utf8)
    }
    let cases = try ProofCorpus.cases(json: text(#""rule":"rsd-s","width":2,"depth":1"#))
    #expect(cases.map(\.id) == ["mine"])
    #expect(try Proof(of: cases[0]).verdict == .proved)
    for (shape, word) in [
      (#""rule":"rsd-x","width":2,"depth":1"#, "case mine: rule \"rsd-x\""), (#""rule":"sd""#, "case mine"),
      (#""rule":"sd","depth":1,"lenght":3"#, "unknown key"),
      (#""rule":"sd","depth":1,"length":0"#, "case mine: length 0"),
      (#""rule":"sd","depth":1,"profile":{"temperature":-1,"topK":0,"topP":1,"minP":0}"#, "case mine: temperature"),
    ] {
      do {
        _ = try ProofCorpus.cases(json: text(shape))
        Issue.record("\(shape) was read")
      } catch {
        #expect("\(error)".contains(word), "\(error)")
      }
    }
  }

  struct ProofFailure: Error {}
}

@Suite struct ExactLawTests {
  static func decoder(_ method: DecodingMethod) throws -> Decoder<MarkovModel<Rational>, MarkovModel<Rational>> {
    let target = try MarkovModel.categorical([Rational(1, 10), Rational(4, 10), Rational(5, 10)])
    let draft = try MarkovModel.categorical([Rational(8, 10), Rational(1, 10), Rational(1, 10)])
    return try Decoder(target: target, draft: draft, method: method)
  }

  @Test func oneRoundByHand() throws {
    let exact = try ExactLaw(of: Self.decoder(.speculative(depth: 1)), after: [])
    #expect(exact.isLossless)
    // Acceptance Σ min(p, q) = 3/10; then a bonus token. Residual (0, 3/7, 4/7).
    #expect(exact.acceptedLength == [Rational(7, 10), Rational(3, 10)])
    #expect(exact.blockEfficiency == Rational(13, 10))
    #expect(exact.law[[1]] == Rational(3, 10))
    #expect(exact.law[[2]] == Rational(4, 10))
    #expect(exact.law[[0, 2]] == Rational(1, 20))
    #expect(exact.law.values.reduce(.zero, +) == .one)
  }

  @Test func severalRounds() throws {
    let exact = try ExactLaw(of: Self.decoder(.rsdS(width: 2, depth: 2)), after: [], length: 3)
    #expect(exact.isLossless && exact.law.count == 27)
    #expect(exact.law[[0, 1, 2]] == Rational(1, 50))
  }

  @Test func jsonIsThePromisedOne() throws {
    let data = try StableJSON.encode(try ExactLaw(of: Self.decoder(.rsdC(branching: [2])), after: []))
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(Set(object.keys) == ["lossless", "law", "blockEfficiency", "acceptedLength"])
    #expect(object["lossless"] as? Bool == true)
    #expect((object["law"] as? [String: String])?["0 1"] == "1/25")
  }
}
