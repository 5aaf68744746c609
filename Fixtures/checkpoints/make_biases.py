"""Makes gguf/biases.gguf, a random llama with some biases in each layer, and gguf/biases.json, llama.cpp's logits of it.

    python3 Fixtures/checkpoints/make_biases.py

The first layer has biases of queries, keys and values alone, as Qwen's; the second of the output projection and one of the
feed-forward. Needs gguf, numpy and llama-cpp-python 0.3.36 (`.ci/install-llama-cpp`), here with keys and values in full precision.
"""

import json
import pathlib

import gguf
import llama_cpp
import numpy

FOLDER = pathlib.Path(__file__).parent / "gguf"
VOCABULARY, HIDDEN, INNER, HEADS, KEY_HEADS, LAYERS = 24, 16, 24, 2, 1, 2
BIASES = {"attn_q": [0], "attn_k": [0], "attn_v": [0], "attn_output": [1], "ffn_down": [1]}
TOKENS = [3, 9, 20, 17, 5, 11, 1]


def write(path):
    source = numpy.random.default_rng(16)
    number = lambda *shape: source.uniform(-0.5, 0.5, shape).astype(numpy.float32)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(64)
    writer.add_embedding_length(HIDDEN)
    writer.add_feed_forward_length(INNER)
    writer.add_block_count(LAYERS)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEY_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(10_000.0)
    writer.add_rope_dimension_count(HIDDEN // HEADS)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([chr(ord("a") + i) for i in range(VOCABULARY)])
    writer.add_token_types([1] * VOCABULARY)
    writer.add_token_merges(["a b"])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(0)
    writer.add_tensor("token_embd.weight", number(VOCABULARY, HIDDEN))
    writer.add_tensor("output_norm.weight", 1 + number(HIDDEN))
    keys = KEY_HEADS * HIDDEN // HEADS
    shapes = {
        "attn_q": (HIDDEN, HIDDEN), "attn_k": (keys, HIDDEN), "attn_v": (keys, HIDDEN), "attn_output": (HIDDEN, HIDDEN),
        "ffn_gate": (INNER, HIDDEN), "ffn_up": (INNER, HIDDEN), "ffn_down": (HIDDEN, INNER)}
    for layer in range(LAYERS):
        for name in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{layer}.{name}.weight", 1 + number(HIDDEN))
        for name, shape in shapes.items():
            writer.add_tensor(f"blk.{layer}.{name}.weight", number(*shape))
            if layer in BIASES.get(name, []):
                writer.add_tensor(f"blk.{layer}.{name}.bias", 2 * number(shape[0]))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main():
    path = FOLDER / "biases.gguf"
    write(path)
    model = llama_cpp.Llama(
        str(path), n_ctx=64, n_threads=1, logits_all=True, verbose=False, type_k=llama_cpp.GGML_TYPE_F32,
        type_v=llama_cpp.GGML_TYPE_F32)
    model.eval(TOKENS)
    names = {"attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
             "attn_output": "self_attn.o_proj", "ffn_down": "mlp.down_proj"}
    biases = [f"model.layers.{layer}.{names[name]}.bias" for name, layers in BIASES.items() for layer in layers]
    logits = [[round(float(x), 5) for x in row] for row in model.scores[: len(TOKENS)]]
    golden = {"tokens": TOKENS, "biases": sorted(biases), "logits": logits}
    (FOLDER / "biases.json").write_text(json.dumps(golden) + "\n")


main()
