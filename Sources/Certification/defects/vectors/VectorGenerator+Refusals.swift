extension VectorGenerator {
  /// Requests with one mistake each.
  static var refusals: [VectorDraft] { refusedLaws + refusedTrees + refusedUniforms }

  /// A sound chain of two, then one change.
  private static func chain(
    _ comment: String, _ flag: VectorFlag, _ change: (inout VectorDraft) -> Void
  ) -> VectorDraft {
    let law = [0.5, 0.25, 0.25]
    var draft = VectorDraft.chain(
      comment, [flag], [0, 1], draft: [law, law], target: [law, law, law], uniforms: [0.5, 0.5, 0.5, 0.5])
    draft.result = .invalid
    change(&draft)
    return draft
  }

  private static func siblings(
    _ comment: String, for scope: VectorDraft.Scope, _ change: (inout VectorDraft) -> Void
  ) -> VectorDraft {
    let law = [0.5, 0.25, 0.25]
    var draft = VectorDraft.siblings(
      comment, [.invalidTree], for: scope, [0, 1], draft: law, target: law, after: law,
      uniforms: [0.5, 0.5, 0.5, 0.5])
    draft.result = .invalid
    change(&draft)
    return draft
  }

  private static var refusedLaws: [VectorDraft] {
    let laws: [(name: String, law: [VectorNumber])] = [
      ("has a NaN", [0.5, VectorNumber(.nan), 0.25]),
      ("is all NaN", [VectorNumber](repeating: VectorNumber(.nan), count: 3)),
      ("has an infinity", [0.5, VectorNumber(.infinity), 0.25]),
      ("has a negative infinity", [0.5, VectorNumber(-.infinity), 0.25]),
      ("has a negative value and the sum 1", [0.75, -0.25, 0.5]), ("sums to 3/4", [0.25, 0.25, 0.25]),
      ("sums to 5/4", [0.5, 0.5, 0.25]), ("sums to 1 + 1e-6", [0.5, 0.25, 0.250001]), ("is all zeros", [0, 0, 0]),
      ("has a token too few", [0.5, 0.5]), ("has a token too many", [0.5, 0.25, 0.125, 0.125]), ("is empty", []),
    ]
    return laws.flatMap { name, law in
      [
        chain("the target's law after the root \(name)", .invalidLaw) { $0.target["-1"] = law },
        chain("the target's law after the leaf \(name)", .invalidLaw) { $0.target["1"] = law },
        chain("the draft law of node 0 \(name)", .invalidLaw) { $0.nodes[0].draft = law },
      ]
    }
  }

  private static var refusedTrees: [VectorDraft] {
    [
      chain("node 1 has the parent 1, itself", .invalidTree) { $0.nodes[1].parent = 1 },
      chain("node 0 has the parent 1, which comes later", .invalidTree) {
        $0.nodes[0].parent = 1
        $0.nodes[1].parent = -1
      },
      chain("node 1 has the parent 7, which is not there", .invalidTree) { $0.nodes[1].parent = 7 },
      chain("node 0 has the parent -2", .invalidTree) { $0.nodes[0].parent = -2 },
      chain("the token 3 of 3", .invalidTree) { $0.nodes[1].token = 3 },
      chain("the token -1, as padding is written", .invalidTree) { $0.nodes[1].token = -1 },
      chain("the end token 3 of 3", .invalidTree) { $0.endToken = 3 },
      chain("the end token -1", .invalidTree) { $0.endToken = -1 },
      chain("a drafted token to which its draft gives probability 0", .invalidTree) {
        $0.nodes[0].draft = [0, 0.5, 0.5]
      },
      chain("the target has no law after the root", .invalidTree) { $0.target["-1"] = nil },
      chain("the target has no law after the leaf", .invalidTree) { $0.target["1"] = nil },
      chain("the target has a law after a node 2 that is not there", .invalidTree) {
        $0.target["2"] = [0.5, 0.25, 0.25]
      },
      siblings("siblings with the same token, drawn without replacement", for: .withoutReplacement) {
        $0.nodes[1].token = 0
      },
      siblings("siblings with different draft laws", for: .trees) { $0.nodes[1].draft = [0.25, 0.5, 0.25] },
      siblings("a repeated sibling with a child of its own", for: .withReplacement) {
        $0.nodes[1].token = 0
        $0.nodes.append(.init(parent: 1, token: 2, draft: [0.5, 0.25, 0.25]))
        $0.target["2"] = [0.5, 0.25, 0.25]
      },
      siblings("two children of the root in a chain", for: .chains) { _ in },
    ]
  }

  private static var refusedUniforms: [VectorDraft] {
    [
      chain("u = 1", .invalidUniform) { $0.uniforms[0] = 1 },
      chain("u = 1 in the place of the final token", .invalidUniform) { $0.uniforms[2] = 1 },
      chain("u = -1/4", .invalidUniform) { $0.uniforms[1] = -0.25 },
      chain("u is NaN", .invalidUniform) { $0.uniforms[1] = VectorNumber(.nan) },
      chain("no uniforms", .invalidUniform) { $0.uniforms = [] },
      chain("a uniform too few: none is left for the final token", .invalidUniform) { $0.uniforms = [0.5, 0.5] },
    ]
  }
}
