extension Defect {
  /// Drafted tokens that are accepted too often, too rarely, or for the wrong reason.
  static let acceptance: [Defect] = [
    Defect(
      .acceptance, .alwaysAccepts, "Drafted tokens are always accepted.",
      [.issue("huggingface/transformers", 28508, pull: true)]),
    Defect(
      .acceptance, .alwaysAccepts, "The test r < a / a + 1e-6 is always true, by precedence.",
      [.unlinked("a tree verifier of SpecInfer's code")], id: "always-true-by-precedence"),
    Defect(
      .acceptance, .zeroUniform, "The acceptance uniform is fixed at 0.", [.issue("vllm-project/vllm-ascend", 13730)]),
    Defect(
      .acceptance, .secondChance, "A token is accepted where the target draws the same one, or the ratio test passes.",
      [.issue("alibaba/rtp-llm", 1295, pull: true)]),
    Defect(
      .acceptance, .ratioAgainstLargest,
      "The ratio is taken against the target's largest probability instead of the draft's.",
      [.issue("1bit-MONSTER/1bit-MONSTER", 637)]),
    Defect(
      .acceptance, .firstTokenUnverified, "The first drafted token is committed unverified.",
      [.issue("ohdearquant/lattice", 243)]),
    Defect(
      .acceptance, .draftsMostProbable, "min(1, q/p) on siblings that are a deterministic top-k.",
      [.issue("warpfront/hipfire", 483, pull: true), .issue("apple/ml-recurrent-drafter", 6)],
      id: "ratio-on-deterministic-siblings"),
    Defect(
      .acceptance, .thresholdAcceptance, "Accepted if and only if q ≥ p, else the most probable token.",
      [.unlinked("a published kernel reference")]),
    Defect(
      .acceptance, .typicalAcceptance,
      "Typical acceptance: accepted if q exceeds a threshold that falls with the entropy, else the most probable token.",
      [.paper("2401.10774"), .issue("vllm-project/vllm", 5131, pull: true)]),
    sureAccepted(.sureAccepted800, "0.8"), sureAccepted(.sureAccepted900, "0.9"),
    sureAccepted(.sureAccepted970, "0.97"), sureAccepted(.sureAccepted995, "0.995"),
    unlikelyRejected(.unlikelyRejected100, "0.1"), unlikelyRejected(.unlikelyRejected030, "0.03"),
    unlikelyRejected(.unlikelyRejected005, "0.005"),
    Defect(.acceptance, .lenientTenth, "A ratio of 1.1 q/p.", [.unlinked("lenient thresholds in several engines")]),
    Defect(
      .acceptance, .lenientHundredth, "A ratio of 1.01 q/p.", [.unlinked("lenient thresholds in several engines")]),
    Defect(
      .acceptance, .lenientThousandth, "A ratio of 1.001 q/p.", [.unlinked("lenient thresholds in several engines")]),
    Defect(
      .acceptance, .ownDrawEach, "Each candidate is compared with a target draw of its own.",
      [
        .code("FasterDecoding/Medusa", "e2a5d20c048a9b0a4092e6933c34313687422518", "medusa/model/utils.py"),
        .issue("foundation-model-stack/fms-extras", 12),
      ]),
    Defect(
      .acceptance, .ratioAgainstUnconditional,
      "The ratio is taken against the draft's law with the earlier siblings still in it.",
      [.unlinked("multi-candidate verifiers")]),
  ]

  /// A threshold above which nothing is tested.
  private static func sureAccepted(_ fault: Fault, _ threshold: String) -> Defect {
    Defect(
      .acceptance, fault, "A drafted token of target probability \(threshold) or more is accepted without a test.",
      [
        .issue("sgl-project/sglang", 7702, pull: true), .issue("sgl-project/sglang", 8068, pull: true),
        .issue("NVIDIA/TensorRT-LLM", 3865, pull: true),
      ])
  }

  /// A threshold below which nothing is tested.
  private static func unlikelyRejected(_ fault: Fault, _ threshold: String) -> Defect {
    Defect(
      .acceptance, fault, "A drafted token of target probability \(threshold) or less is rejected without a test.",
      [.issue("vllm-project/vllm", 5131, pull: true)])
  }
}
