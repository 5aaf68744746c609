extension Defect {
  /// A profile whose steps come in another order, twice, not at all, or cut elsewhere.
  static let profile: [Defect] = [
    Defect(
      .targetLaw, .jointTopKTopP,
      "Verification applies top-k and top-p jointly where sampling chains them, or the reverse.",
      [.issue("ztxz16/fastllm", 738), .issue("sgl-project/sglang", 36173, pull: true)]),
    Defect(
      .targetLaw, .jointTopKTopP, "Top-k is applied after top-p.",
      [.issue("vllm-project/vllm", 1885, pull: true), .issue("ml-explore/mlx-lm", 388, pull: true)],
      id: "top-k-after-top-p"),
    Defect(
      .targetLaw, .temperatureAfterTopP, "The temperature is applied after top-k and top-p.",
      [
        .issue("fishaudio/fish-speech", 1150, pull: true), .issue("huggingface/transformers", 8686, pull: true),
        .issue("sgl-project/sglang-jax", 1563, pull: true), .issue("lablup/mlxcel", 1379),
      ]),
    Defect(
      .targetLaw, .temperatureAfterMinP, "The temperature is applied last, after top-k, top-p and min-p.",
      [
        .issue("ggml-org/llama.cpp", 4091), .issue("timtoole02/Camelid", 534, pull: true),
        .issue("ml-explore/mlx-examples", 1330, pull: true),
      ]),
    Defect(
      .targetLaw, .topPAfterMinP, "Top-p is applied after min-p.",
      [.issue("PrimeIntellect-ai/prime-rl", 922, pull: true)]),
    Defect(
      .targetLaw, .temperatureTwice, "The temperature is applied twice.",
      [.issue("RL-Align/RL-Kernel", 81), .issue("Adibvafa/CodonTransformer", 20, pull: true)]),
    Defect(.targetLaw, .topPIgnored, "Top-p is not applied.", [.issue("paiml/aprender", 2317, pull: true)]),
    Defect(.targetLaw, .minPIgnored, "Min-p is not applied.", [.issue("vllm-project/vllm", 12678)]),
    Defect(
      .targetLaw, .topPExclusive, "Top-p leaves out the token whose sum reaches it.",
      [
        .issue("fishaudio/fish-speech", 1171, pull: true), .issue("Biohub/esm", 360, pull: true),
        .issue("rasbt/reasoning-from-scratch", 164),
      ]),
    Defect(
      .targetLaw, .topKKeepsTies, "Top-k keeps every token that ties with the last one.",
      [.issue("vllm-project/vllm", 50979, pull: true), .issue("flashinfer-ai/flashinfer", 3774, pull: true)]),
  ]
}
