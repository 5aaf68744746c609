extension Defect {
  /// The law that the draft reports is not the one that it samples.
  static let draftLaw: [Defect] = [
    Defect(
      .draftLaw, .draftsMostProbable, "The draft takes its most probable token and reports its softmax.",
      [
        .issue("huggingface/transformers", 30778, pull: true), .issue("huggingface/transformers", 33534, pull: true),
        .issue("jaymody/speculative-sampling", 3), .issue("alibaba/rtp-llm", 1311, pull: true),
      ]),
    Defect(
      .draftLaw, .draftTemperature, "The draft samples under a temperature and reports raw probabilities.",
      [.issue("huggingface/transformers", 47932)]),
    Defect(
      .draftLaw, .draftTopK, "The draft samples under a top-k and reports its whole law.",
      [.issue("huggingface/transformers", 47932)]),
    Defect(
      .draftLaw, .draftLowPrecision, "Sampled at bf16, verified at f32.", [.issue("deepseek-ai/DeepSpec", 31)],
      .exactLaw),
    Defect(
      .draftLaw, .draftNotMapped,
      "A reduced draft vocabulary is mapped for the tokens and not for their probabilities, or the reverse.",
      [.issue("alibaba/rtp-llm", 1311, pull: true)]),
  ]

  /// The target's law is another than the one that was asked for.
  static let targetLaw: [Defect] = [
    Defect(
      .targetLaw, .targetProfileMissing, "Temperature, top-k and top-p are not applied to the target.",
      [.issue("vllm-project/vllm", 9834), .issue("vllm-project/vllm", 10198, pull: true)]),
    Defect(.targetLaw, .minPOnBonus, "Min-p is applied to the bonus token only.", [.issue("vllm-project/vllm", 42744)]),
    Defect(
      .targetLaw, .lastTokenOnly, "Of a round's accepted tokens only the last one counts for the target's law.",
      [.issue("sgl-project/sglang", 33643, pull: true)]),
    Defect(
      .targetLaw, .silentlyGreedy, "Sampling is silently greedy.",
      [.issue("sgl-project/sglang", 37134, pull: true), .issue("google-ai-edge/LiteRT-LM", 3017)]),
    Defect(.targetLaw, .bonusFromDraft, "The bonus token is drawn from the draft.", [.unlinked("several engines")]),
    Defect(.targetLaw, .bonusMostProbable, "The bonus token is the most probable one.", [.unlinked("several engines")]),
    Defect(
      .targetLaw, .bonusFromPreviousRow, "The bonus token is drawn from the wrong row.",
      [.issue("SafeAILab/EAGLE", 47, pull: true)]),
  ]
}
