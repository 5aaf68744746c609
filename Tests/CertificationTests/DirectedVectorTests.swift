import Certification
import Foundation
import Probability
import SpeculativeDecoding
import TestSupport
import Testing

@Suite(.optimised) struct DirectedVectorTests {
  @Test func filesAreWhatTheGeneratorWrites() throws {
    let generated = try VectorGenerator.files()
    let names = try FileManager.default.contentsOfDirectory(atPath: DirectedVectorFiles.folder.path())
    #expect(names.sorted() == generated.map(\.name).sorted())
    for (name, file) in generated {
      #expect(try DirectedVectorFiles.data(name) == file.json, "\(name): run `rsd vectors write`")
      #expect(try VectorFile(json: file.json, name: name) == file, "\(name) does not survive its own JSON")
    }
  }

  @Test func numbersAndCommentsAreUnique() {
    let ids = DirectedVectorFiles.tests.map(\.tcId)
    #expect(ids.count >= 300 && Set(ids).count == ids.count)
    for (name, file) in DirectedVectorFiles.files {
      #expect(file.numberOfTests == file.tests.count, "\(name)")
      #expect(Set(file.tests.map(\.comment)).count == file.tests.count, "\(name)")
      #expect("\(file.algorithm).json" == name && file.tests.allSatisfy { $0.request.rule == file.algorithm })
    }
  }

  @Test func everyFlagHasANoteAndEveryNoteAVector() {
    for (name, file) in DirectedVectorFiles.files {
      #expect(Set(file.tests.flatMap(\.flags)) == Set(file.notes.keys), "\(name)")
      for test in file.tests { #expect(Set(test.flags).count == test.flags.count && !test.flags.isEmpty) }
    }
    let used = Set(DirectedVectorFiles.tests.flatMap(\.flags))
    #expect(used == Set(VectorFlag.allCases.map(\.rawValue)))
  }

  @Test func uniformsLieOnTheGridThatTheVectorNames() {
    for (test, request) in DirectedVectorFiles.valid {
      func fits(_ bits: Int) -> Bool {
        request.uniforms.allSatisfy { uniform in
          let scaled = uniform * Double(sign: .plus, exponent: bits, significand: 1)
          return scaled == scaled.rounded()
        }
      }
      let least = [24, 32, 53].first(where: fits)
      #expect(least == test.uniformBits, "tcId \(test.tcId)")
    }
    #expect(Set(DirectedVectorFiles.tests.map(\.uniformBits)) == [24, 32, 53])
  }

  @Test func marginsAreKeptOrLawsAreExactInFloat() throws {
    var boundaries = 0
    for (test, request) in DirectedVectorFiles.valid {
      let isBoundary = try VectorMargin.relative(of: request) < VectorMargin.least
      #expect(test.flags.contains(VectorFlag.boundary.rawValue) == isBoundary, "tcId \(test.tcId)")
      #expect(!isBoundary || request.isExactInFloat, "tcId \(test.tcId)")
      boundaries += isBoundary ? 1 : 0
    }
    #expect(boundaries > 100 && boundaries < DirectedVectorFiles.valid.count - 100)
  }

  @Test func marginsAreThoseOfTheDefinition() throws {
    let request = try VerificationRequest(
      rule: .speculative, nodes: [.init(parent: -1, token: 0, draft: [0.5, 0.5])],
      target: [[0.1875, 0.8125], [0.5, 0.5]], uniforms: [0.5, 0.5])
    // 1/4 against 3/16 is 1/4; the residual is token 1 alone, u = 1/2 is 1/2 from its sum.
    #expect(try VectorMargin.relative(of: request) == Rational(1, 4))
  }

  @Test func textbookAgreesInRationalsAndDoubles() {
    for (test, request) in DirectedVectorFiles.valid {
      let expected = test.expected!
      #expect(.init(TextbookVerifier<Rational>.outcome(of: request)) == expected, "tcId \(test.tcId): \(test.comment)")
      #expect(.init(TextbookVerifier<Double>.outcome(of: request)) == expected, "tcId \(test.tcId): \(test.comment)")
    }
  }

  @Test func textbookAgreesInFloatWhereUniformsFit() {
    let fitting = DirectedVectorFiles.valid.filter { $0.test.uniformBits == 24 }
    #expect(fitting.count > 600)
    for (test, request) in fitting {
      let outcome = TextbookVerifier<Float>.outcome(of: request)
      #expect(.init(outcome) == test.expected!, "tcId \(test.tcId): \(test.comment)")
    }
  }

  @Test func productionAgreesInEveryScalar() throws {
    for (test, request) in DirectedVectorFiles.valid {
      let expected = test.expected!
      #expect(try .init(request.outcome(in: Double.self)) == expected, "tcId \(test.tcId)")
      #expect(try .init(request.outcome(in: Float.self)) == expected, "tcId \(test.tcId)")
      #expect(try .init(request.outcome(in: Rational.self)) == expected, "tcId \(test.tcId)")
    }
  }

  @Test func uniformsAreLeftOverSoThatTheirUseShows() {
    for (test, request) in DirectedVectorFiles.valid {
      #expect(request.uniforms.count > test.expected!.used, "tcId \(test.tcId)")
    }
  }

  @Test func invalidRequestsAreRefused() {
    let invalid = DirectedVectorFiles.tests.filter { $0.result == .invalid }
    #expect(invalid.count >= 200)
    for test in invalid {
      #expect(throws: SpeculativeDecodingError.self, "tcId \(test.tcId): \(test.comment)") {
        try test.request.checked().outcome()
      }
    }
  }

  @Test func whatWasAskedForIsThere() {
    let valid = DirectedVectorFiles.valid
    #expect([1, 2, 17, 33].allSatisfy { size in valid.contains { $0.request.vocabularySize == size } })
    #expect(
      [24, 32, 53].allSatisfy { bits in
        valid.contains { $0.request.uniforms.contains(1 - Double(sign: .plus, exponent: -bits, significand: 1)) }
      })
    #expect(
      valid.contains { $0.request.nodes.count >= 62 } && valid.contains { $0.test.expected!.accepted.count == 64 })
    #expect(valid.contains { $0.test.expected!.token == nil } && valid.contains { $0.request.nodes.isEmpty })
  }
}
