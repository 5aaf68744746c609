"""Write gguf/: tiny Llamas as GGUF, and random blocks of each quantisation with the weights that they stand for.

    python3 make_gguf.py            write gguf/ beside this script
    python3 make_gguf.py --check    make it anew elsewhere and compare, byte for byte

The Llamas are those of tiny/, so that their golden logits hold for both. All bytes are written, and all blocks are
dequantised and quantised, by the `gguf` package of PyPI. Everything follows from seeds.
"""
import argparse
import filecmp
import json
import math
import sys
import tempfile
from pathlib import Path

import gguf
import numpy
import torch
from gguf import GGMLQuantizationType as Type
from gguf.quants import dequantize, quantize
from safetensors.torch import load_file

HERE = Path(__file__).resolve().parent
LLAMAS = ["llama-gqa-untied", "llama-mha-biases", "llama-rope-linear", "llama-rope-llama3", "llama-bf16"]
PARTS = {
    "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output", "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
}
# Where the F16 numbers of a block stand, and how many blocks are written.
BLOCKS = {
    Type.Q4_0: [0], Type.Q4_1: [0, 2], Type.Q5_0: [0], Type.Q5_1: [0, 2], Type.Q8_0: [0], Type.Q2_K: [80, 82],
    Type.Q3_K: [108], Type.Q4_K: [0, 2], Type.Q5_K: [0, 2], Type.Q6_K: [208],
}
SCALES = [0.0, -0.0, 1.0, -1.0, 2**-24, -(2**-24), 1023 * 2**-24, 2**-14, 65504.0, -65504.0, 0.1, -0.0123]


def name(tensor):
    """The name that llama.cpp's converter gives a tensor."""
    fixed = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight",
             "lm_head.weight": "output.weight"}
    if tensor in fixed:
        return fixed[tensor]
    _, _, layer, *part, kind = tensor.split(".")
    return f"blk.{layer}.{PARTS['.'.join(part)]}.{kind}"


def pairs(rows, heads):
    """The rows of a projection in the order of the converter: the two of a rotated pair side by side."""
    return rows.reshape(heads, 2, rows.shape[0] // heads // 2, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)


def llama(folder, file):
    """Convert a folder as llama.cpp's converter does: matrices as stored, vectors as F32."""
    config = json.loads((folder / "config.json").read_text())
    rope = config.get("rope_parameters") or (config.get("rope_scaling") or {}) | {"rope_theta": config["rope_theta"]}
    heads, key_heads = config["num_attention_heads"], config["num_key_value_heads"]
    size = config.get("head_dim") or config["hidden_size"] // heads
    writer = gguf.GGUFWriter(file, "llama")
    writer.add_name(folder.name)
    writer.add_license("apache-2.0")
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(key_heads)
    writer.add_key_length(size)
    writer.add_value_length(size)
    writer.add_rope_dimension_count(size)
    writer.add_rope_freq_base(rope["rope_theta"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_vocab_size(config["vocab_size"])
    writer.add_bos_token_id(config["bos_token_id"])
    ends = config["eos_token_id"]
    ends = ends if isinstance(ends, list) else [ends]
    writer.add_eos_token_id(ends[0])
    if len(ends) > 1:
        writer.add_eot_token_id(ends[1])
    kind = rope.get("rope_type", rope.get("type", "default"))
    if kind == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(rope["factor"])
    if kind == "llama3":
        writer.add_tensor("rope_freqs.weight", factors(rope, size))
    tensors = {}
    for shard in sorted(folder.glob("*.safetensors")):
        tensors |= load_file(shard)
    for key, tensor in sorted(tensors.items()):
        rows = tensor.float() if tensor.dim() == 1 else tensor
        if ".q_proj." in key or ".k_proj." in key:
            rows = pairs(rows, heads if ".q_proj." in key else key_heads)
        if rows.dtype == torch.bfloat16:
            data = rows.contiguous().view(torch.uint8).numpy()
            writer.add_tensor(name(key), data, raw_dtype=Type.BF16)
        else:
            writer.add_tensor(name(key), rows.contiguous().numpy())
    finish(writer)


def factors(rope, size):
    """What each frequency is divided by, as the converter computes it."""
    low, high = rope["low_freq_factor"], rope["high_freq_factor"]
    context = rope["original_max_position_embeddings"]
    values = []
    for index in range(0, size, 2):
        wave = 2 * math.pi * rope["rope_theta"] ** (index / size)
        if wave < context / high:
            values.append(1.0)
        elif wave > context / low:
            values.append(rope["factor"])
        else:
            smooth = (context / wave - low) / (high - low)
            values.append(1 / ((1 - smooth) / rope["factor"] + smooth))
    return numpy.array(values, dtype=numpy.float32)


def blocks(file):
    """Random blocks under every pair of scales, and weights with their quantised forms."""
    random = numpy.random.Generator(numpy.random.PCG64(6))
    writer = gguf.GGUFWriter(file, "blocks")
    for kind, places in BLOCKS.items():
        _, size = gguf.GGML_QUANT_SIZES[kind]
        rows = random.integers(0, 256, (len(SCALES), size), dtype=numpy.uint8)
        # Bytes that are all zeros and all ones, under usual scales.
        rows = numpy.concatenate([rows, numpy.zeros((1, size), numpy.uint8), numpy.full((1, size), 255, numpy.uint8)])
        for number, place in enumerate(places):
            scales = numpy.roll(numpy.array(SCALES + [0.5, -0.25], dtype=numpy.float16), 5 * number)
            rows[:, place:place + 2] = scales.view(numpy.uint8).reshape(-1, 2)
        writer.add_tensor(kind.name, rows, raw_dtype=kind)
        writer.add_tensor(f"{kind.name}.floats", dequantize(rows, kind))
    weights = numpy.concatenate([
        random.standard_normal((16, 64)) * 10.0 ** random.integers(-6, 5, (16, 1)),
        random.integers(-8, 9, (4, 64)) / 4, numpy.zeros((1, 64)), numpy.full((1, 64), -3.25),
        numpy.linspace(-127, 127, 64)[None], numpy.linspace(1, -8, 64)[None],
    ]).astype(numpy.float32)
    weights[20, 7] = -0.0
    weights[20, 0] = -0.0
    writer.add_tensor("weights", weights)
    for kind in [Type.Q8_0, Type.Q4_0, Type.BF16]:
        rows = quantize(weights, kind)
        writer.add_tensor(f"weights.{kind.name}", rows, raw_dtype=kind)
        writer.add_tensor(f"weights.{kind.name}.floats", dequantize(rows, kind))
    finish(writer)


def finish(writer):
    """Write all that was added."""
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def make(folder):
    """Write all files."""
    folder.mkdir(exist_ok=True)
    for name in LLAMAS:
        llama(HERE / "tiny" / name, folder / f"{name}.gguf")
    blocks(folder / "blocks.gguf")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with what is there")
    if not parser.parse_args().check:
        return make(HERE / "gguf")
    with tempfile.TemporaryDirectory() as scratch:
        make(Path(scratch))
        names = sorted(path.name for path in Path(scratch).iterdir())
        same, different, missing = filecmp.cmpfiles(scratch, HERE / "gguf", names, shallow=False)
    for file in different + missing:
        print(f"gguf/{file} differs", file=sys.stderr)
    print(f"{len(same)} of {len(names)} files are the same")
    return 1 if different or missing else 0


if __name__ == "__main__":
    sys.exit(main())
