import Certification
import Probability
import SpeculativeDecoding
import Testing

/// One way to be wrong at a boundary; most are reported defects of engines.
enum VectorFault: String, CaseIterable {
  case none
  case inclusiveAcceptance, impossibleAcceptedAtZero, lenientAcceptance, ratioWithEpsilon
  case inclusiveCumulative, fallsToTheLastID, uniformsInSinglePrecision
  case finalUniformFirst, acceptanceUniformReused, certainOutcomesUseNoUniform, oneUniformForAll
  case residualNotUpdated, onlyTheRejectedTokenRemoved, absoluteResidual, residualIsTheDraft
  case proposalNotUpdated, siblingsByID, siblingsByDraftProbability, siblingsByTargetProbability
  case repeatsUpdateNothing, bonusFromTheRoot, bonusFromTheDraft, tokensAfterTheEnd

  /// The rules whose vectors must fail.
  var rules: [VerificationRule] {
    switch self {
    case .none: []
    case .proposalNotUpdated: [.rsdC, .rsdS]
    case .siblingsByID, .siblingsByDraftProbability, .siblingsByTargetProbability: [.rsdC, .rsdS, .specInfer]
    case .repeatsUpdateNothing: [.specInfer]
    default: VerificationRule.allCases
    }
  }
}

/// Scripted uniforms with a fault in how they are compared or handed out.
struct FaultyScript: Choices {
  let fault: VectorFault
  let uniforms: [Double]
  var used = 0
  private var acceptances = 0
  private var lastAcceptance = 0.0

  init(_ uniforms: [Double], fault: VectorFault) {
    self.fault = fault
    self.uniforms = uniforms
  }

  mutating func uniform(for purpose: UniformPurpose) -> Double {
    if fault == .acceptanceUniformReused, purpose == .residual { return lastAcceptance }
    var index = used
    if fault == .finalUniformFirst { index = purpose == .acceptance ? acceptances + 1 : 0 }
    if fault == .oneUniformForAll { index = 0 }
    if purpose == .acceptance { acceptances += 1 }
    used += 1
    let uniform = index < uniforms.count ? uniforms[index] : 0
    lastAcceptance = uniform
    return fault == .uniformsInSinglePrecision ? Double(Float(uniform)) : uniform
  }

  func isBelow(_ uniform: inout Double, _ numerator: Double, over denominator: Double) -> Bool {
    switch fault {
    case .inclusiveAcceptance: uniform * denominator <= numerator
    case .impossibleAcceptedAtZero: uniform * denominator < numerator || (numerator == 0 && uniform == 0)
    case .lenientAcceptance: uniform * denominator < 1.1 * numerator
    case .ratioWithEpsilon: uniform < numerator / (denominator + 1e-6)
    default: uniform * denominator < numerator
    }
  }

  func index(_ uniform: inout Double, in weights: Span<Double>, total: Double) -> Int {
    var cumulative = 0.0
    var last = 0
    for index in 0..<weights.count {
      cumulative += weights[index]
      if fault == .inclusiveCumulative ? cumulative >= uniform * total : cumulative > uniform * total { return index }
      if weights[index] > 0 { last = index }
    }
    return fault == .fallsToTheLastID ? weights.count - 1 : last
  }
}

/// The steps of production with a fault in one of them.
struct FaultyVectorSteps: RoundSteps {
  typealias Scalar = Double
  let fault: VectorFault

  func willVerify(_ workspace: inout Workspace<Double>) {
    for node in 0..<workspace.tree.count {
      let children = workspace.tree.children(of: node)
      let tokens = Dictionary(uniqueKeysWithValues: children.map { ($0, Int(workspace.tree[$0].token)) })
      let key: (Int) -> Double
      switch fault {
      case .siblingsByID: key = { Double(tokens[$0]!) }
      case .siblingsByDraftProbability: key = { [laws = workspace.draftLaws] in -laws.law(ofRow: node)[tokens[$0]!] }
      case .siblingsByTargetProbability: key = { [laws = workspace.targetLaws] in -laws.law(ofRow: node)[tokens[$0]!] }
      default: return
      }
      workspace.tree.reorderChildren(of: node, to: children.sorted { (key($0), $0) < (key($1), $1) })
    }
  }

  func accepts<Source: Choices>(
    _ child: Int, in workspace: inout Workspace<Double>, using choices: inout Source
  ) -> Bool where Source.Scalar == Double {
    if fault == .certainOutcomesUseNoUniform {
      let token = Int(workspace.tree[child].token)
      let (target, draft) = (
        workspace.residual[token] / workspace.residualMass, workspace.proposal[token] / workspace.proposalMass
      )
      if target >= draft { return true }
      if target == 0 { return false }
    }
    return RecursiveRejection.accepts(child, in: &workspace, using: &choices)
  }

  func reject(_ child: Int, in workspace: inout Workspace<Double>) {
    let token = Int(workspace.tree[child].token)
    switch fault {
    case .residualNotUpdated: return
    case .repeatsUpdateNothing where workspace.tree[child].isRepeat: return
    case .onlyTheRejectedTokenRemoved:
      workspace.residual[token] = 0
      workspace.residualMass = workspace.residual.reduce(0, +)
    case .absoluteResidual:
      for index in workspace.residual.indices {
        workspace.residual[index] = abs(
          workspace.residual[index] / workspace.residualMass - workspace.proposal[index] / workspace.proposalMass)
      }
      workspace.residualMass = workspace.residual.reduce(0, +)
    case .residualIsTheDraft:
      workspace.residual = workspace.proposal
      workspace.residualMass = workspace.proposalMass
    default: RecursiveRejection.reject(child, in: &workspace)
    }
  }

  func exclude(_ token: Token, in workspace: inout Workspace<Double>) {
    if fault != .proposalNotUpdated { workspace.exclude(token) }
  }

  func finalToken<Source: Choices>(
    after node: Int, purpose: UniformPurpose, in workspace: inout Workspace<Double>, using choices: inout Source
  ) -> Token where Source.Scalar == Double {
    if purpose == .bonus, node > 0 {
      if fault == .bonusFromTheRoot { workspace.residual = workspace.targetLaws.law(ofRow: 0) }
      if fault == .bonusFromTheDraft {
        workspace.residual = workspace.draftLaws.law(ofRow: Int(workspace.tree[node].parent))
      }
    }
    return choices.index(for: purpose, in: workspace.residual.span, total: workspace.residualMass)
  }
}

@Suite struct VectorFaultTests {
  static func fails(_ test: DirectedVector, _ request: VerificationRequest, with fault: VectorFault) throws -> Bool {
    var request = request
    if fault == .tokensAfterTheEnd {
      request = try VerificationRequest(
        rule: request.rule, nodes: request.nodes, target: request.target, uniforms: request.uniforms)
    }
    var steps = FaultyVectorSteps(fault: fault)
    var choices = FaultyScript(request.uniforms, fault: fault)
    let (accepted, token) = try request.run(steps: &steps, using: &choices)
    return .init(.init(accepted: accepted, token: token, used: choices.used)) != test.expected!
  }

  @Test(arguments: VectorFault.allCases)
  func everyFaultFailsTheVectorsOfEveryRule(fault: VectorFault) throws {
    for rule in VerificationRule.allCases {
      let vectors = DirectedVectorFiles.valid.filter { $0.request.rule == rule }
      let failed = try vectors.filter { try Self.fails($0.test, $0.request, with: fault) }
      if fault.rules.contains(rule) {
        #expect(!failed.isEmpty, "\(rule.rawValue)")
      } else {
        #expect(failed.isEmpty, "\(rule.rawValue): \(failed.map(\.test.tcId))")
      }
    }
  }

  /// The flag names the defect: a fault is found by the vectors that were made for it.
  @Test(arguments: [
    (VectorFault.inclusiveAcceptance, VectorFlag.acceptanceThreshold), (.impossibleAcceptedAtZero, .impossibleToken),
    (.inclusiveCumulative, .cumulativeThreshold), (.fallsToTheLastID, .lastPositiveToken),
    (.finalUniformFirst, .uniformOrder), (.residualNotUpdated, .residualUpdate), (.siblingsByID, .drawOrder),
    (.siblingsByDraftProbability, .drawOrder), (.siblingsByTargetProbability, .drawOrder),
    (.tokensAfterTheEnd, .endToken), (.proposalNotUpdated, .proposalUpdate), (.repeatsUpdateNothing, .repeatedSibling),
    (.certainOutcomesUseNoUniform, .certainAcceptance), (.bonusFromTheRoot, .treeWalk),
    (.uniformsInSinglePrecision, .largestUniform), (.ratioWithEpsilon, .rareToken),
  ])
  func faultsFailTheVectorsOfTheirFlag(fault: VectorFault, flag: VectorFlag) throws {
    let vectors = DirectedVectorFiles.valid.filter { $0.test.flags.contains(flag.rawValue) }
    #expect(try vectors.contains { try Self.fails($0.test, $0.request, with: fault) })
  }

  /// Only vectors made for it can see a fault that needs u = 0 or the last bit.
  @Test func rareFaultsAreFoundByNoOrdinaryVector() throws {
    let ordinary = DirectedVectorFiles.valid.filter { $0.test.flags.contains(VectorFlag.ordinary.rawValue) }
    #expect(ordinary.count >= 80)
    for fault in [VectorFault.inclusiveAcceptance, .impossibleAcceptedAtZero, .fallsToTheLastID] {
      #expect(try !ordinary.contains { try Self.fails($0.test, $0.request, with: fault) }, "\(fault)")
    }
  }
}
