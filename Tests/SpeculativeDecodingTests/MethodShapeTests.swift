import SpeculativeDecoding
import Testing

@Suite struct MethodShapeTests {
  @Test(arguments: Shape.Kind.allCases.filter { $0 != .none }, 1...40)
  func shapesHaveTheBudgetAndAreAll(kind: Shape.Kind, budget: Int) throws {
    let shapes = Shape.all(kind, ofBudget: budget)
    #expect(!shapes.isEmpty)
    #expect(Set(shapes).count == shapes.count)
    for shape in shapes {
      #expect(shape.budget == budget)
      #expect(shape.kind == kind)
      for rule in Rule.all where rule.shapes == kind { try DecodingMethod(rule: rule, shape: shape).validate() }
    }
    // Against a search that knows nothing of the recursion.
    if budget <= 12, kind == .branching {
      var level: [[Int]] = [[]]
      var found: Set<[Int]> = []
      while !level.isEmpty {
        level = level.flatMap { branching in (1...(branching.last ?? budget)).map { branching + [$0] } }
          .filter { Shape.branching($0).budget <= budget }
        found.formUnion(level.filter { Shape.branching($0).budget == budget })
      }
      if budget > 1 { found.remove(Array(repeating: 1, count: budget)) }
      #expect(Set(shapes) == Set(found.map { .branching($0) }))
    }
  }

  @Test(arguments: [
    DecodingMethod.autoregressive, .speculative(depth: 3), .specInfer(branching: [3, 2, 1]),
    .specTr(width: 2, depth: 3),
    .rsdC(branching: [2, 2, 1]), .rsdS(width: 3, depth: 4),
  ])
  func limitedMethodsAreShallower(method: DecodingMethod) throws {
    for depth in -1...6 {
      let limited = method.limited(toDepth: depth)
      try limited.validate()
      #expect(limited.draftLength == max(0, min(depth, method.draftLength)))
      #expect(limited.budget <= method.budget)
      #expect(limited.draftLength == 0 ? limited == .autoregressive : limited.rule == method.rule)
    }
    #expect(method.limited(toDepth: method.draftLength) == method)
  }

  /// Shapes of library users may say any integer: they are refused, and nothing that is reckoned from them traps.
  @Test(arguments: [
    DecodingMethod.speculative(depth: .max), .specTr(width: 2, depth: .max), .specTr(width: .max, depth: .max),
    .rsdS(width: .max, depth: 1), .rsdS(width: 1 << 32, depth: 1 << 32),
    .rsdC(branching: Array(repeating: 2, count: 64)), .specInfer(branching: [.max, .max]),
    .rsdC(branching: [.max]), .rsdC(branching: Array(repeating: 1, count: 70_000)), .specInfer(branching: [65_536, 1]),
    .speculative(depth: .min), .rsdS(width: .min, depth: .max), .rsdC(branching: [3, .min]),
    .rsdC(branching: [-1, .max]),
  ])
  func shapesBeyondTheIntegersAreRefused(method: DecodingMethod) {
    #expect(throws: SpeculativeDecodingError.self) { try method.validate() }
    do { try method.validate() } catch { #expect("\(error)".count < 200) }
    #expect((0...DecodingMethod.maximumBudget + 1).contains(method.draftLength))
    let isNegative = [method.shape.text].contains { $0.contains("--") || $0.hasPrefix("-") || $0.contains("x-") }
    #expect(method.budget > DecodingMethod.maximumBudget || isNegative)
  }

  @Test func acceptanceIsCounted() {
    var diagnostics = Diagnostics()
    #expect(diagnostics.acceptance == 0 && diagnostics.levelAcceptance.isEmpty && diagnostics.acceptedTokens == 0)
    // Ten rounds of a chain of three: 4 accept nothing, 3 one token, 1 two, 2 all.
    (diagnostics.rounds, diagnostics.acceptedLengths) = (10, [4, 3, 1, 2])
    (diagnostics.tokens, diagnostics.draftedTokens) = (21, 30)
    #expect(diagnostics.acceptedTokens == 11)
    #expect(diagnostics.acceptance == Double(11) / 30)
    let levels: [Double] = [0.6, 0.5, Double(2) / 3]
    #expect(diagnostics.levelAcceptance == levels)
  }
}
