extension Defect {
  /// The law that the draft reports is not the one that it samples.
  static let draftLaw: [Defect] = [
    Defect(
      .draftLaw, .draftsMostProbable, "The draft takes its most probable token and reports its softmax.",
      ["transformers 30778", "transformers PR 33534", "jaymody/speculative-sampling 3"]),
    Defect(
      .draftLaw, .draftTemperature, "The draft samples under a temperature and reports raw probabilities.",
      ["transformers 47932"]),
    Defect(
      .draftLaw, .draftTopK, "The draft samples under a top-k that verification does not apply.", ["several engines"]),
    Defect(
      .draftLaw, .draftLowPrecision, "Sampled at bf16, verified at f32.", ["DeepSpec 31"], .exactLaw),
    Defect(
      .draftLaw, .draftNotMapped, "Tokens of a reduced draft vocabulary are not mapped.", ["rtp-llm PR 1311"]),
  ]

  /// The target's law is another than the one that was asked for.
  static let targetLaw: [Defect] = [
    Defect(
      .targetLaw, .targetProfileMissing, "Temperature, top-k and top-p are not applied to the target.",
      ["vLLM 9834", "vLLM 10198"]),
    Defect(.targetLaw, .minPOnBonus, "Min-p is applied to the bonus token only.", ["vLLM 42744"]),
    Defect(
      .targetLaw, .lastTokenOnly, "Of a round's accepted tokens only the last one counts for the target's law.",
      ["sglang PR 33643"]),
    Defect(
      .targetLaw, .jointTopKTopP, "Top-k and top-p are applied jointly where they are declared chained.",
      ["fastllm 738"]),
    Defect(.targetLaw, .silentlyGreedy, "Sampling is silently greedy.", ["sglang 37134", "LiteRT-LM 3017"]),
    Defect(.targetLaw, .bonusFromDraft, "The bonus token is drawn from the draft.", ["several engines"]),
    Defect(.targetLaw, .bonusMostProbable, "The bonus token is the most probable one.", ["several engines"]),
    Defect(.targetLaw, .bonusFromPreviousRow, "The bonus token is drawn from the wrong row.", ["several engines"]),
  ]
}
