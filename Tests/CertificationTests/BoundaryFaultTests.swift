import Certification
import Probability
import SpeculativeDecoding
import TestSupport
import Testing

@Suite(.optimised) struct BoundaryFaultTests {
  @Test(arguments: BoundaryFault.allCases)
  func everyFaultFailsTheVectorsOfEveryRule(fault: BoundaryFault) throws {
    for rule in Rule.allThatVerify {
      let vectors = DirectedVectorFiles.valid.filter { $0.request.rule == rule }
      let failed = vectors.filter { $0.test.fails(under: fault) }
      if fault.rules.contains(rule) {
        #expect(!failed.isEmpty, "\(rule)")
      } else {
        #expect(failed.isEmpty, "\(rule): \(failed.map(\.test.tcId))")
      }
    }
  }

  /// The flag names the defect: a fault is found by the vectors that were made for it.
  @Test(arguments: [
    (BoundaryFault.inclusiveAcceptance, VectorFlag.acceptanceThreshold), (.impossibleAcceptedAtZero, .impossibleToken),
    (.inclusiveCumulative, .cumulativeThreshold), (.fallsToTheLastToken, .lastPositiveToken),
    (.finalUniformFirst, .uniformOrder), (.residualNotUpdated, .residualUpdate), (.siblingsByToken, .drawOrder),
    (.siblingsByDraftProbability, .drawOrder), (.siblingsByTargetProbability, .drawOrder),
    (.tokensAfterTheEnd, .endToken), (.proposalNotUpdated, .proposalUpdate), (.repeatsUpdateNothing, .repeatedSibling),
    (.certainOutcomesUseNoUniform, .certainAcceptance), (.bonusFromTheRoot, .treeWalk),
    (.uniformOfOne, .largestUniform), (.ratioWithEpsilon, .rareToken),
    (.fallsBeyondTheVocabulary, .lastPositiveToken),
  ])
  func faultsFailTheVectorsOfTheirFlag(fault: BoundaryFault, flag: VectorFlag) throws {
    let vectors = DirectedVectorFiles.valid.filter { $0.test.flags.contains(flag.rawValue) }
    #expect(vectors.contains { $0.test.fails(under: fault) })
  }

  /// Only vectors made for it can see a fault that needs u = 0 or the last bit.
  @Test func rareFaultsAreFoundByNoOrdinaryVector() throws {
    let ordinary = DirectedVectorFiles.valid.filter { $0.test.flags.contains(VectorFlag.ordinary.rawValue) }
    #expect(ordinary.count >= 80)
    for fault in [
      BoundaryFault.inclusiveAcceptance, .inclusiveCumulative, .impossibleAcceptedAtZero, .fallsToTheLastToken,
      .fallsBeyondTheVocabulary,
    ] {
      #expect(!ordinary.contains { $0.test.fails(under: fault) }, "\(fault)")
    }
  }
}
