extension Defect {
  /// Random numbers that are used twice, or are the same where they should differ.
  static let randomness: [Defect] = [
    Defect(
      .randomness, .draftUniformReused, "The draw of a token and its acceptance test share their noise.",
      [.issue("vllm-project/vllm", 47386, pull: true)]),
    Defect(
      .randomness, .recoveryNoiseReused,
      "The token after a rejection is drawn with the noise that chose the rejected one.",
      [
        .issue("vllm-project/vllm", 47386, pull: true), .issue("vllm-project/vllm", 54282, pull: true),
        .issue("local-inference-lab/vllm", 653, pull: true),
      ]),
    Defect(
      .randomness, .bonusNoiseReused, "The bonus token is drawn with the noise that chose the last accepted token.",
      [.unlinked("seeds by a position that is off by one")]),
    Defect(
      .randomness, .acceptanceUniformReused, "The acceptance uniform is used again for the residual.",
      [.issue("flashinfer-ai/flashinfer", 424, pull: true), .issue("vllm-project/vllm-ascend", 16370, pull: true)]),
    Defect(
      .randomness, .oneAcceptanceUniform, "The same uniform at every position of a round.",
      [.issue("feifeibear/LLMSpeculativeSampling", 19, pull: true)]),
    Defect(
      .randomness, .noiseReusedEveryRound, "Noise is drawn once for a prompt and used again in every round.",
      [.code("Infini-AI-Lab/Sequoia", "0ff3ff71475ca148f2dfb7545e0de5caf5c67b39", "Tree/SpecTree.py")]),
    Defect(
      .randomness, .sharedStream, "Requests share a stream of random numbers.", [.issue("NVIDIA/TensorRT-LLM", 19487)],
      .independence),
    Defect(.randomness, .seedIgnored, "The seed is ignored.", [.issue("vllm-project/vllm", 6038)], .replay),
  ]

  /// Contexts that keep too much or too little, rows and positions that are off.
  static let state: [Defect] = [
    Defect(
      .state, .rejectedStaysInContext, "Rejected tokens stay in the cache.",
      [.issue("ml-explore/mlx-lm", 1109, pull: true), .issue("ggml-org/llama.cpp", 20075, pull: true)]),
    Defect(
      .state, .rejectedStaysInDraft,
      "Rejected tokens stay in the draft's cache: exact, and slower from the second round on.",
      [.issue("ml-explore/mlx-swift-lm", 308, pull: true)]),
    Defect(
      .state, .draftNotRolledBack,
      "The draft's cache ends with what was drafted, and never gets the round's last token: exact, and slower.",
      [.issue("mlc-ai/mlc-llm", 2939, pull: true)]),
    Defect(
      .state, .contextReset, "The cache is reset instead of rolled back.", [.issue("paiml/aprender", 2014, pull: true)]),
    Defect(
      .state, .ratioFromNextRow, "The ratio is read at the wrong index: here, one row further down.",
      [.commit("romsto/Speculative-Decoding", "41668c8d34da99c20932b902cac65d22ae29ff36")]),
    Defect(
      .state, .residualFromNextRow, "The residual is read from the wrong row.",
      [
        .commit("romsto/Speculative-Decoding", "53922df6f417253868779bc45f98b06f1d3cacf4"),
        .issue("openvinotoolkit/openvino.genai", 4190), .issue("NVIDIA/TensorRT-LLM", 15098, pull: true),
      ]),
    Defect(
      .state, .siblingsVisible, "Siblings see each other: the tree's mask is wrong.",
      [.unlinked("tree attention masks")]),
    Defect(
      .state, .draftPositionShifted, "The draft's positions are off by one: exact, and slower.",
      [.issue("sgl-project/sglang", 25015, pull: true)]),
    Defect(
      .state, .rejectedEmitted, "The rejected token is left in the output.",
      [.issue("lucidrains/speculative-decoding", 3)]),
  ]

  /// End tokens and greedy decoding.
  static let ends: [Defect] = [
    Defect(
      .ends, .endTokenIgnored, "Tokens follow an accepted end token.",
      [
        .issue("LostRuins/koboldcpp", 1276), .issue("huggingface/transformers", 47912),
        .issue("sgl-project/sglang", 33758, pull: true), .unlinked("sglang 31599"),
      ]),
    Defect(
      .ends, .tiesToHighest, "Greedy ties are broken otherwise than by plain greedy decoding.",
      [.issue("ohdearquant/lattice", 280)]),
    Defect(
      .ends, .greedyFirstToken, "The first token after the prompt is the most probable one.",
      [.unlinked("lucebox PR 374")]),
  ]

  /// Trees of several candidates.
  static let trees: [Defect] = [
    Defect(.trees, .siblingsInTokenOrder, "Siblings are verified in token order.", [.unlinked("RSD ports")]),
    Defect(
      .trees, .siblingsInProbabilityOrder, "Siblings are verified in draft-probability order.", [.unlinked("RSD ports")]
    ),
    Defect(
      .trees, .siblingsInTargetOrder, "Siblings are verified in target-probability order.", [.unlinked("RSD ports")]),
    Defect(
      .trees, .beamByProbability, "The beam is cut by log-probability instead of perturbed value.",
      [.unlinked("RSD ports")]),
    Defect(
      .trees, .childrenPrunedByProbability, "Children are pruned by their own probability.", [.unlinked("RSD ports")]),
    Defect(
      .trees, .childrenPrunedByTarget, "Children are pruned by their target probability.", [.unlinked("RSD ports")]),
    Defect(
      .trees, .freshNoise, "Fresh Gumbels at every level: the output stays exact, the tree does not.",
      [.unlinked("RSD ports")]),
  ]

  /// Reported as bugs, and exact.
  static let lossless: [Defect] = [
    Defect(
      .lossless, .oneHotRule, "The one-hot rule on a sampled draft.",
      [
        .issue("SafeAILab/EAGLE", 329), .issue("SafeAILab/EAGLE", 283), .issue("SafeAILab/EAGLE", 221),
        .issue("vllm-project/vllm", 40149),
      ]),
    Defect(
      .lossless, .samplerMatch, "The target's own draw is emitted, and accepted where it is a child.",
      [
        .issue("ml-explore/mlx-swift-lm", 459, pull: true), .issue("lablup/mlxcel", 902),
        .issue("lablup/mlxcel", 992, pull: true),
      ]),
    Defect(
      .lossless, .repeatsMerged, "Repeats are merged and verified as drawn without replacement.",
      [.unlinked("multi-candidate verifiers")]),
    Defect(
      .lossless, .freshNoise, "Fresh Gumbels at every level, for the output's law.", [.unlinked("RSD ports")],
      id: "fresh-noise-output", .output),
    Defect(.lossless, .blockVerification, "A chain is verified as a block.", [.paper("2403.10444")]),
    Defect(.lossless, .uniformDraft, "Any proposal law, however bad: a uniform draft.", [.unlinked("user reports")]),
    Defect(
      .lossless, .draftPositionShifted, "A draft that reads the wrong context, for the output's law.",
      [.issue("sgl-project/sglang", 25015, pull: true)],
      id: "draft-position-shifted-output", .output),
  ]
}
