extension Defect {
  /// Wrong laws after a rejection.
  static let residual: [Defect] = [
    Defect(
      .residual, .softmaxResidual, "The residual is softmaxed instead of normalised.",
      [.issue("huggingface/transformers", 28508, pull: true)]),
    Defect(
      .residual, .onlyRejectedZeroed, "Only the rejected token is taken out of the target's law.",
      [.issue("SafeAILab/EAGLE", 20)]),
    Defect(
      .residual, .onlyRejectedZeroed, "The draft's probability is subtracted at the drafted token only.",
      [.issue("xLLM-AI/xllm", 2175, pull: true)], id: "subtracted-at-token-only"),
    Defect(
      .residual, .residualFromTarget, "After all rejections the token is drawn from the target.",
      [.unlinked("multi-candidate verifiers")]),
    Defect(
      .residual, .residualFromDraft, "After all rejections the token is drawn from the draft.",
      [.unlinked("multi-candidate verifiers")]),
    Defect(
      .residual, .absoluteResidual, "The residual is |q − p| instead of (q − p)₊.",
      [.unlinked("multi-candidate verifiers")]),
    Defect(
      .residual, .residualNotUpdated, "The residual is not updated between siblings.",
      [.unlinked("multi-candidate verifiers")]),
    Defect(
      .residual, .residualMinusUnconditional,
      "The residual subtracts the draft's law with the earlier siblings still in it.",
      [.unlinked("multi-candidate verifiers")]),
    Defect(
      .residual, .draftNotRenormalised, "The draft's law is not renormalised after a draw without replacement.",
      [.unlinked("multi-candidate verifiers")]),
    Defect(
      .residual, .repeatsSkipped, "Repeats of independent siblings are skipped without updating the residual.",
      [
        .code(
          "MasterGodzilla/Speculative_decoding_OT", "7d592b70e954bb1fb48516a5628f9c3439645464",
          "EAGLE/eagle/model/utils.py")
      ]),
    Defect(
      .residual, .repeatsSubtractedAtOnce, "A repeated sibling is counted twice when it is first rejected.",
      [.unlinked("multi-candidate verifiers")]),
    Defect(
      .residual, .residualByRank, "The residual subtracts truncated candidate lists by their ranks.",
      [.issue("ggml-org/llama.cpp", 5625, pull: true)]),
    Defect(
      .residual, .blockResidual, "The block rule's residual with the token-wise criterion.",
      [.issue("vllm-project/vllm-ascend", 7807)]),
  ]
}
