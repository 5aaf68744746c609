"""A random Llama of SmolLM2-135M's sizes (134.5 M parameters), to measure memory and speed with; it says nothing.

    python3 Fixtures/checkpoints/make_large.py FOLDER [F32|BF16|F16]
    python3 Fixtures/checkpoints/make_large.py FOLDER F32 --small [VOCABULARY]

The second makes a model of two small layers over as large a vocabulary, to measure what the vocabulary costs.
"""
import json
import math
import struct
import sys
from pathlib import Path

import numpy as np

VOCABULARY, HIDDEN, INNER, LAYERS, HEADS, KEY_VALUE_HEADS, HEAD_SIZE = 49152, 576, 1536, 30, 9, 3, 64
if "--small" in sys.argv:
    HIDDEN, INNER, LAYERS, HEADS, KEY_VALUE_HEADS, HEAD_SIZE = 16, 32, 2, 2, 1, 8
    VOCABULARY = int(sys.argv[5]) if len(sys.argv) > 5 else VOCABULARY
# Logits of a small model are nearly equal unless its weights are larger.
SCALE = 0.6 if "--small" in sys.argv else 0.04
NAMES = {"F32": "float32", "BF16": "bfloat16", "F16": "float16"}


def tensors():
    """Names and shapes, in the order of the file."""
    yield "model.embed_tokens.weight", (VOCABULARY, HIDDEN)
    for layer in range(LAYERS):
        prefix = f"model.layers.{layer}."
        yield prefix + "input_layernorm.weight", (HIDDEN,)
        yield prefix + "self_attn.q_proj.weight", (HEADS * HEAD_SIZE, HIDDEN)
        yield prefix + "self_attn.k_proj.weight", (KEY_VALUE_HEADS * HEAD_SIZE, HIDDEN)
        yield prefix + "self_attn.v_proj.weight", (KEY_VALUE_HEADS * HEAD_SIZE, HIDDEN)
        yield prefix + "self_attn.o_proj.weight", (HIDDEN, HEADS * HEAD_SIZE)
        yield prefix + "post_attention_layernorm.weight", (HIDDEN,)
        yield prefix + "mlp.gate_proj.weight", (INNER, HIDDEN)
        yield prefix + "mlp.up_proj.weight", (INNER, HIDDEN)
        yield prefix + "mlp.down_proj.weight", (HIDDEN, INNER)
    yield "model.norm.weight", (HIDDEN,)


def encode(values, element):
    """The bytes of float32 values as an element type; BF16 is cut, not rounded."""
    if element == "BF16":
        return (values.view(np.uint32) >> 16).astype("<u2").tobytes()
    return values.astype({"F32": "<f4", "F16": "<f2"}[element]).tobytes()


def main():
    folder, element = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "BF16"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps({
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": VOCABULARY, "hidden_size": HIDDEN,
        "intermediate_size": INNER, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS,
        "num_key_value_heads": KEY_VALUE_HEADS, "head_dim": HEAD_SIZE, "max_position_embeddings": 8192,
        "rms_norm_eps": 1e-5, "rope_theta": 100000.0, "tie_word_embeddings": True, "hidden_act": "silu",
        "attention_bias": False, "mlp_bias": False, "bos_token_id": 1, "eos_token_id": 2, "torch_dtype": NAMES[element],
    }, indent=2))
    header, end = {}, 0
    for name, shape in tensors():
        start, end = end, end + math.prod(shape) * (4 if element == "F32" else 2)
        header[name] = {"dtype": element, "shape": shape, "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    generator = np.random.default_rng(0)
    with open(folder / "model.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _, shape in tensors():
            is_norm = len(shape) == 1
            values = generator.standard_normal(shape, np.float32) * np.float32(SCALE)
            values = np.ones(shape, np.float32) if is_norm else values
            file.write(encode(values, element))


if __name__ == "__main__":
    main()
