extension Defect {
  /// Mistakes that show once in millions of rounds: in directed vectors, never in a sample.
  static let boundaries: [Defect] = [
    Defect(
      .inclusiveAcceptance, "u ≤ q/p: a token of probability 0 is accepted at u = 0.",
      [.issue("sgl-project/sglang", 35771)]),
    Defect(
      .inclusiveCumulative, "A uniform on a cumulative sum takes the token below it, which may have probability 0.",
      [.issue("sgl-project/sglang", 35788, pull: true)]),
    Defect(
      .fallsToTheLastToken, "Where the sum stays below u the last token is taken, whatever its probability.",
      [.issue("sgl-project/sglang", 22643, pull: true), .issue("iree-org/iree-turbine", 890, pull: true)]),
    Defect(
      .fallsBeyondTheVocabulary, "A padded lane beyond the vocabulary wins.",
      [.issue("vllm-project/vllm", 44744, pull: true), .issue("vllm-project/vllm", 50843, pull: true)]),
    Defect(
      .uniformOfOne, "A uniform of exactly 1.",
      [.issue("sgl-project/sglang", 30822, pull: true), .issue("sgl-project/sglang", 25106)]),
  ]
}
