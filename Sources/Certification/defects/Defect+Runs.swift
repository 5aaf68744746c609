extension Defect {
  /// Random numbers that are used twice, or are the same where they should differ.
  static let randomness: [Defect] = [
    Defect(
      .randomness, .draftUniformReused, "The draw of a token and its acceptance test share their noise.",
      ["vLLM 47386", "vLLM 54282"]),
    Defect(
      .randomness, .acceptanceUniformReused, "The acceptance uniform is used again for the residual.",
      ["flashinfer PR 424", "vllm-ascend 16370"]),
    Defect(
      .randomness, .oneAcceptanceUniform, "The same uniform at every position of a round.",
      ["LLMSpeculativeSampling PR 8"]),
    Defect(
      .randomness, .noiseReusedEveryRound, "Noise is drawn once for a prompt and used again in every round.",
      ["Sequoia's code"]),
    Defect(
      .randomness, .sharedStream, "Requests share a stream of random numbers.", ["TensorRT-LLM 19487"], .independence),
    Defect(.randomness, .seedIgnored, "The seed is ignored.", ["vLLM 6038"], .replay),
  ]

  /// Contexts that keep too much or too little, rows and positions that are off.
  static let state: [Defect] = [
    Defect(
      .state, .rejectedStaysInContext, "Rejected tokens stay in the cache.", ["mlx-lm PR 1109", "llama.cpp PR 20075"]),
    Defect(.state, .contextReset, "The cache is reset instead of rolled back.", ["aprender PR 2014"]),
    Defect(
      .state, .ratioFromNextRow, "The ratio is read from the wrong row.", ["romsto/Speculative-Decoding 41668c8"]),
    Defect(.state, .residualFromNextRow, "The residual is read from the wrong row.", ["TensorRT-LLM PR 15098"]),
    Defect(.state, .siblingsVisible, "Siblings see each other: the tree's mask is wrong.", ["tree attention masks"]),
    Defect(
      .state, .draftPositionShifted, "The draft's positions are off by one: exact, and slower.", ["sglang PR 25015"]),
    Defect(.state, .rejectedEmitted, "The rejected token is left in the output.", ["speculative-decoding 3"]),
  ]

  /// End tokens and greedy decoding.
  static let ends: [Defect] = [
    Defect(.ends, .endTokenIgnored, "Tokens follow an accepted end token.", ["koboldcpp 1276", "sglang 31599"]),
    Defect(.ends, .tiesToHighest, "Greedy ties are broken otherwise than by plain greedy decoding.", ["lattice 280"]),
    Defect(.ends, .greedyFirstToken, "The first token after the prompt is the most probable one.", ["lucebox PR 374"]),
  ]

  /// Trees of several candidates.
  static let trees: [Defect] = [
    Defect(.trees, .siblingsInTokenOrder, "Siblings are verified in token order.", ["RSD ports"]),
    Defect(
      .trees, .siblingsInProbabilityOrder, "Siblings are verified in draft-probability order.", ["RSD ports"]),
    Defect(.trees, .siblingsInTargetOrder, "Siblings are verified in target-probability order.", ["RSD ports"]),
    Defect(
      .trees, .beamByProbability, "The beam is cut by log-probability instead of perturbed value.", ["RSD ports"]),
    Defect(
      .trees, .childrenPrunedByProbability, "Children are pruned by their own probability.", ["RSD ports"]),
    Defect(.trees, .childrenPrunedByTarget, "Children are pruned by their target probability.", ["RSD ports"]),
    Defect(
      .trees, .freshNoise, "Fresh Gumbels at every level: the output stays exact, the tree does not.", ["RSD ports"]),
  ]

  /// Reported as bugs, and exact.
  static let lossless: [Defect] = [
    Defect(
      .lossless, .oneHotRule, "The one-hot rule on a sampled draft.",
      ["EAGLE 329", "EAGLE 283", "EAGLE 221", "vLLM 40149"]),
    Defect(
      .lossless, .samplerMatch, "The target's own draw is emitted, and accepted where it is a child.",
      ["mlx-swift-lm 459", "mlxcel 902"]),
    Defect(
      .lossless, .repeatsMerged, "Repeats are merged and verified as drawn without replacement.",
      ["multi-candidate verifiers"]),
    Defect(
      .lossless, .freshNoise, "Fresh Gumbels at every level, for the output's law.", ["RSD ports"],
      id: "fresh-noise-output", .output),
    Defect(.lossless, .blockVerification, "A chain is verified as a block.", ["arXiv 2403.10444"]),
    Defect(.lossless, .uniformDraft, "Any proposal law, however bad: a uniform draft.", ["user reports"]),
    Defect(
      .lossless, .draftPositionShifted, "A draft that reads the wrong context, for the output's law.",
      ["sglang PR 25015"],
      id: "draft-position-shifted-output", .output),
  ]
}
