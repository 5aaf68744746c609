extension Defect {
  /// Wrong laws after a rejection.
  static let residual: [Defect] = [
    Defect(
      .residual, .softmaxResidual, "The residual is softmaxed instead of normalised.", ["transformers PR 28508"]),
    Defect(
      .residual, .onlyRejectedZeroed, "Only the rejected token is taken out of the target's law.",
      ["EAGLE 20", "EAGLE 50"]),
    Defect(
      .residual, .onlyRejectedZeroed, "The draft's probability is subtracted at the drafted token only.",
      ["xllm PR 2175"], id: "subtracted-at-token-only"),
    Defect(
      .residual, .residualFromTarget, "After all rejections the token is drawn from the target.",
      ["multi-candidate verifiers"]),
    Defect(
      .residual, .residualFromDraft, "After all rejections the token is drawn from the draft.",
      ["multi-candidate verifiers"]),
    Defect(.residual, .absoluteResidual, "The residual is |q − p| instead of (q − p)₊.", ["multi-candidate verifiers"]),
    Defect(
      .residual, .residualNotUpdated, "The residual is not updated between siblings.", ["multi-candidate verifiers"]),
    Defect(
      .residual, .residualMinusUnconditional,
      "The residual subtracts the draft's law with the earlier siblings still in it.", ["multi-candidate verifiers"]),
    Defect(
      .residual, .draftNotRenormalised, "The draft's law is not renormalised after a draw without replacement.",
      ["multi-candidate verifiers"]),
    Defect(
      .residual, .repeatsSkipped, "Repeats of independent siblings are skipped without updating the residual.",
      ["SpecHub's code, mode RRS"]),
    Defect(
      .residual, .repeatsSubtractedAtOnce, "A repeated sibling is counted twice when it is first rejected.",
      ["multi-candidate verifiers"]),
    Defect(
      .residual, .residualByRank, "The residual subtracts truncated candidate lists by their ranks.",
      ["llama.cpp's stochastic example"]),
    Defect(
      .residual, .blockResidual, "The block rule's residual with the token-wise criterion.", ["vllm-ascend 7807"]),
  ]
}
