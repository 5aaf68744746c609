/// Llama and OPT on the CPU, in pure Swift: whole token trees in one forward pass, with exact rollback.
///
/// - `Checkpoint`, of the module `Checkpoints`: a model's configuration and its mapped tensors.
/// - ``TransformerModel``: the model; a `LanguageModel` for the decoder, and logits for whoever wants them.
/// - ``TransformerContext``: a sequence, with the keys and values that the model remembers of it.
///
/// The way of a token: `TokenBatch` (who sees what), then `networks/Llama.swift` or `OPT.swift`, then one file a layer
/// in `layers/`, which call the two kernels in `kernels/`.
public enum TransformerModule {}
