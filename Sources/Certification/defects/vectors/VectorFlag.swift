/// Why a vector is there.
package enum VectorFlag: String, Hashable, Sendable, CaseIterable {
  /// A uniform on a boundary, or nearer to it than 1e-6.
  case boundary = "Boundary"
  /// Random trees.
  case ordinary = "Ordinary"
  /// u·p against q.
  case acceptanceThreshold = "AcceptanceThreshold"
  /// q = 0 at u = 0.
  case impossibleToken = "ImpossibleToken"
  /// q ≥ p.
  case certainAcceptance = "CertainAcceptance"
  /// p = q.
  case equalLaws = "EqualLaws"
  /// u against a cumulative sum.
  case cumulativeThreshold = "CumulativeThreshold"
  /// The smallest uniform.
  case zeroUniform = "ZeroUniform"
  /// The largest uniform.
  case largestUniform = "LargestUniform"
  /// Zeros after the last token that can be drawn.
  case lastPositiveToken = "LastPositiveToken"
  /// Vocabularies that fill no vector register.
  case oddVocabulary = "OddVocabulary"
  /// All mass on one token.
  case oneHotLaw = "OneHotLaw"
  /// A draft with fewer tokens than were asked for.
  case spentSupport = "SpentSupport"
  /// The law after a rejection.
  case residualUpdate = "ResidualUpdate"
  /// The draft's law without the earlier siblings.
  case proposalUpdate = "ProposalUpdate"
  /// Siblings in the order drawn.
  case drawOrder = "DrawOrder"
  /// Equal siblings.
  case repeatedSibling = "RepeatedSibling"
  /// Which uniform is used for what.
  case uniformOrder = "UniformOrder"
  /// Rows and parents.
  case treeWalk = "TreeWalk"
  /// Deep and wide trees.
  case longTree = "LongTree"
  /// The end token.
  case endToken = "EndToken"
  /// Small probabilities.
  case rareToken = "RareToken"
  /// A law that is none.
  case invalidLaw = "InvalidLaw"
  /// A tree that no draft gives.
  case invalidTree = "InvalidTree"
  /// Uniforms outside [0, 1), or too few.
  case invalidUniform = "InvalidUniform"
}

extension VectorFlag {
  /// The flag's description in the files.
  package var note: VectorNote {
    switch self {
    case .boundary:
      note(
        "EDGE_CASE", "A uniform lies on a boundary or within a relative 1e-6 of it. The laws are exact in Float32.",
        "Rounding, or a comparison that is not strict, decides otherwise.")
    case .ordinary:
      note(
        "BASIC", "A random tree with random laws; every uniform keeps a relative margin of 1e-6.",
        "The rule itself is wrong.", "https://arxiv.org/abs/2402.14160")
    case .acceptanceThreshold:
      note(
        "ACCEPTANCE", "A token is accepted if and only if u·p < q, strictly.",
        "The output's law is off by one step of the uniform, or by a factor in the ratio.",
        "https://github.com/sgl-project/sglang/issues/35771", "https://github.com/alibaba/rtp-llm/pull/1295")
    case .impossibleToken:
      note(
        "ACCEPTANCE", "The target gives a drafted token probability 0: it is rejected at every u, at 0 too.",
        "A token that the target excludes is emitted.", "https://github.com/sgl-project/sglang/issues/35771")
    case .certainAcceptance:
      note(
        "ACCEPTANCE", "The target gives a drafted token at least the draft's probability: accepted at every u.",
        "Tokens are rejected for nothing, and the residual is drawn from where it has no mass.")
    case .equalLaws:
      note(
        "RESIDUAL", "Draft and target agree, so that everything is accepted and the residual would have mass 0.",
        "0/0: NaN, the end of the text, or a token of probability 0.", "https://github.com/duoan/TorchCode/issues/16")
    case .cumulativeThreshold:
      note(
        "SAMPLING", "The final token is the first, in id order, whose cumulative probability exceeds u.",
        "Tokens are drawn from their neighbours' shares.", "https://github.com/sgl-project/sglang/pull/35788")
    case .zeroUniform:
      note(
        "EDGE_CASE", "u = 0, which generators give once in 2^24 draws or 2^53.",
        "A token of probability 0 is drawn or accepted; a logarithm is infinite.",
        "https://github.com/sgl-project/sglang/issues/35771")
    case .largestUniform:
      note(
        "EDGE_CASE", "The largest u below 1 that 24, 32 or 53 bits hold.",
        "No cumulative sum exceeds u; or u rounds to 1, and what is certain is rejected.",
        "https://github.com/sgl-project/sglang/issues/25106", "https://github.com/sgl-project/sglang/pull/30822")
    case .lastPositiveToken:
      note(
        "SAMPLING",
        "The last tokens have probability 0; where the cumulative sum falls short, the last positive one is drawn.",
        "A token of probability 0, or beyond the vocabulary, is emitted.",
        "https://github.com/vllm-project/vllm/pull/44744", "https://github.com/iree-org/iree-turbine/pull/890")
    case .oddVocabulary:
      note(
        "SAMPLING", "The vocabulary has 1, 2, 17, 33 or 129 tokens: no multiple of a register's width.",
        "The tail of the vocabulary is left out, or padding wins.", "https://github.com/vllm-project/vllm/pull/44744")
    case .oneHotLaw:
      note(
        "EDGE_CASE", "All mass of a law on one token, as temperature 0 gives it.",
        "0/0 in a ratio or a residual; greedy decoding is not greedy.", "https://arxiv.org/abs/2402.14160")
    case .spentSupport:
      note(
        "EDGE_CASE", "The draft can give fewer siblings than were asked for; all it can give are there.",
        "After the last sibling the draft's law is divided by 0.", "https://arxiv.org/abs/2402.14160")
    case .residualUpdate:
      note(
        "RESIDUAL", "After each rejection the law to be met becomes Norm[(q - p)+] with the p of that sibling.",
        "The token after a rejection has another law than the target's.",
        "https://github.com/huggingface/transformers/pull/28508", "https://github.com/SafeAILab/EAGLE/issues/20",
        "https://github.com/xLLM-AI/xllm/pull/2175")
    case .proposalUpdate:
      note(
        "ACCEPTANCE",
        "Without replacement, the next sibling's p is the draft's law without the earlier ones, "
          + "renormalised; with replacement it stays.",
        "Later siblings are accepted too often or too rarely.", "https://github.com/SafeAILab/EAGLE/issues/20",
        "https://arxiv.org/abs/2402.14160")
    case .drawOrder:
      note(
        "TREE", "Siblings are verified in the order drawn, which is neither that of their ids nor of a probability.",
        "The output's law is biased towards the tokens that are tried first.", "https://arxiv.org/abs/2402.14160")
    case .repeatedSibling:
      note(
        "TREE", "Independent draws repeat a token; the repeat is tested and rejected like any other sibling.",
        "Skipped or merged repeats leave the residual, or the uniforms, one step behind.",
        "https://arxiv.org/abs/2305.09781")
    case .uniformOrder:
      note(
        "RANDOMNESS", "One uniform for each sibling tested, in order, then one for the final token.",
        "A uniform that is used twice ties acceptance to the token drawn after it.",
        "https://github.com/flashinfer-ai/flashinfer/pull/424")
    case .treeWalk:
      note(
        "TREE", "Each node has laws of its own; nodes stand in any order in which parents precede children.",
        "A ratio, residual or bonus is read from another node's row.", "https://arxiv.org/abs/2305.09781")
    case .longTree:
      note(
        "TREE", "Chains of up to 64 tokens, 16 siblings, full binary trees.",
        "Buffers are too short; errors add up along the path.")
    case .endToken:
      note(
        "END", "An accepted end token ends the round: no token follows and no uniform is used.",
        "Text goes on after its end.", "https://github.com/LostRuins/koboldcpp/issues/1276",
        "https://github.com/huggingface/transformers/issues/47912", "https://github.com/sgl-project/sglang/pull/33758")
    case .rareToken:
      note(
        "NUMERICS", "Probabilities down to 2^-40, or residuals of mass 2^-20.",
        "Logarithms, epsilons and single-precision sums lose what is small.",
        "https://github.com/vllm-project/vllm/pull/45996")
    case .invalidLaw:
      note(
        "INPUT", "A law with NaN, an infinite or negative value, a wrong sum or length: refused.",
        "A token is drawn from what is no law; NaN accepts nothing or everything.",
        "https://github.com/vllm-project/vllm/pull/21876")
    case .invalidTree:
      note(
        "INPUT",
        "A node before its parent, a token outside the vocabulary or the draft's support, siblings that "
          + "the rule cannot draw: refused.",
        "Memory is read out of bounds; the output's law is not the target's.",
        "https://github.com/flashinfer-ai/flashinfer/issues/879")
    case .invalidUniform:
      note(
        "INPUT", "A uniform outside [0, 1), or fewer than the round uses: refused.",
        "A token of probability 0 is drawn at u = 1.", "https://github.com/sgl-project/sglang/issues/25106")
    }
  }

  private func note(
    _ bugType: String, _ description: String, _ effect: String, _ references: String...
  ) -> VectorNote {
    VectorNote(bugType: bugType, description: description, effect: effect, references: references)
  }
}
