"""Write tiny random Llama and OPT checkpoints with golden logits, or check the ones that are there.

    python3 make_tiny.py            write tiny/ beside this script
    python3 make_tiny.py --check    make them anew elsewhere and compare: weights and configurations byte for byte,
                                    logits within 1e-5 (another processor may round its sums differently)

Each folder is what `save_pretrained` writes, with a `golden.json`. Everything follows from the names: the seed of a
folder is the CRC-32 of its name, the numbers come from NumPy's PCG64.
"""
import argparse
import filecmp
import json
import sys
import tempfile
import zlib
from pathlib import Path

import numpy
import torch
from safetensors import safe_open
from transformers import AutoModelForCausalLM, LlamaConfig, OPTConfig
from transformers.utils import logging

import golden

HERE = Path(__file__).resolve().parent
LARGEST_FOLDER, LARGEST_SUM, TOLERANCE = 60_000, 600_000, 1e-5


def llama(**changes):
    """A Llama of two layers; what a folder is about comes as changes."""
    base = dict(vocab_size=61, hidden_size=24, intermediate_size=22, num_hidden_layers=2, num_attention_heads=4,
                num_key_value_heads=2, max_position_embeddings=17, rms_norm_eps=1e-5, bos_token_id=1, eos_token_id=2,
                tie_word_embeddings=True, rope_parameters={"rope_type": "default", "rope_theta": 10000.0})
    return LlamaConfig(**base | changes)


def opt(**changes):
    """An OPT of two layers; what a folder is about comes as changes."""
    base = dict(vocab_size=61, hidden_size=20, ffn_dim=26, num_hidden_layers=2, num_attention_heads=4,
                max_position_embeddings=17, word_embed_proj_dim=20, dropout=0.0, attention_dropout=0.0,
                pad_token_id=1, bos_token_id=2, eos_token_id=2)
    return OPTConfig(**base | changes)


def older(config):
    """The spelling of older configurations, which most published Llamas have.

    What is usual is left out, `rope_theta` and `rope_scaling` stand apart, `dtype` is `torch_dtype`.
    """
    for key, usual in (("head_dim", config["hidden_size"] // config["num_attention_heads"]),
                       ("num_key_value_heads", config["num_attention_heads"])):
        if config[key] == usual:
            del config[key]
    rope = config.pop("rope_parameters")
    config["rope_theta"] = rope.pop("rope_theta")
    kind = rope.pop("rope_type")
    config["rope_scaling"] = None if kind == "default" else {"type": kind} | rope
    config["torch_dtype"] = config.pop("dtype")
    return dict(sorted(config.items()))


# A folder's name: its configuration, how weights are stored, and changes to what save_pretrained writes.
FOLDERS = {
    # Grouped queries, the embedding as the head: SmolLM's and Llama 3.2's form.
    "llama-gqa-tied": dict(config=llama()),
    # A head of its own; head_dim is not hidden / heads, so q_proj is not square; one key head for all.
    "llama-gqa-untied": dict(config=llama(
        vocab_size=63, hidden_size=18, head_dim=8, num_attention_heads=3, num_key_value_heads=1, intermediate_size=24,
        tie_word_embeddings=False)),
    # As many key heads as query heads; biases on all projections.
    "llama-mha-biases": dict(config=llama(
        num_key_value_heads=4, intermediate_size=13, attention_bias=True, mlp_bias=True)),
    # Linear scaling, in the older spelling of the configuration.
    "llama-rope-linear": dict(config=llama(
        hidden_size=16, num_attention_heads=2, num_key_value_heads=1,
        rope_parameters={"rope_type": "linear", "rope_theta": 5000.0, "factor": 2.5}), rewrite=older),
    # Llama 3's scaling: of the 4 frequencies one is kept, two are interpolated, one divided.
    "llama-rope-llama3": dict(config=llama(
        hidden_size=16, num_attention_heads=2, num_key_value_heads=1, rope_parameters={
        "rope_type": "llama3", "rope_theta": 20.0, "factor": 8.0, "low_freq_factor": 0.4, "high_freq_factor": 1.5,
        "original_max_position_embeddings": 12})),
    # Half precision; the older spelling without scaling; three layers; a longer context.
    "llama-f16": dict(config=llama(
        vocab_size=65, num_hidden_layers=3, max_position_embeddings=20,
        rope_parameters={"rope_type": "default", "rope_theta": 500000.0}), dtype=torch.float16, rewrite=older),
    # BF16, and several end tokens.
    "llama-bf16": dict(config=llama(
        vocab_size=73, hidden_size=32, intermediate_size=16, eos_token_id=[2, 5]), dtype=torch.bfloat16),
    # Several files with an index, and the longest context.
    "llama-sharded": dict(config=llama(
        hidden_size=16, num_attention_heads=2, num_key_value_heads=1, intermediate_size=24,
        max_position_embeddings=28), shard="8KB"),
    # As OPT-125M and most others: norms first, a final norm, the embedding as the head.
    "opt-125m-style": dict(config=opt()),
    # As OPT-350M: norms after, no final norm, embeddings of another length than the hidden state.
    "opt-350m-style": dict(config=opt(word_embed_proj_dim=12, do_layer_norm_before=False)),
    # No biases, norms without parameters, a head of its own.
    "opt-plain-untied": dict(config=opt(
        enable_bias=False, layer_norm_elementwise_affine=False, tie_word_embeddings=False)),
    # Norms first without a final one, projections, a head of its own; half precision.
    "opt-projected-f16": dict(config=opt(
        vocab_size=91, hidden_size=24, word_embed_proj_dim=10, _remove_final_layer_norm=True,
        tie_word_embeddings=False, max_position_embeddings=16), dtype=torch.float16),
}


def fill(model, generator):
    """Random weights under which every part matters: attention that prefers, logits that spread by 1 to 3."""
    normed = not getattr(model.config, "_remove_final_layer_norm", False)
    for name, tensor in sorted(model.named_parameters()):
        noise = torch.from_numpy(generator.standard_normal(tuple(tensor.shape), dtype=numpy.float32))
        if "norm" in name and name.endswith("weight"):
            value = 1 + 0.2 * noise
        elif name.endswith("bias"):
            value = 0.3 * noise
        elif "embed_positions" in name:
            value = 0.5 * noise
        elif "embed_tokens" in name or "lm_head" in name:
            value = (2 if normed else 0.6) * noise / tensor.shape[1] ** 0.5
        elif "q_proj" in name or "k_proj" in name:
            value = 1.6 * noise / tensor.shape[1] ** 0.5
        else:
            value = 1.2 * noise / tensor.shape[1] ** 0.5
        with torch.no_grad():
            tensor.copy_(value)


def sequences(config, generator):
    """Token sequences of the lengths 1, 2, 5 and the context limit; the first and the last id occur."""
    size, limit = config.vocab_size, config.max_position_embeddings
    full = generator.integers(0, size, limit).tolist()
    full[0], full[1] = size - 1, 0
    return [[int(generator.integers(0, size))], [0, size - 1], generator.integers(0, size, 5).tolist(), full]


def make(name, folder, config, dtype=torch.float32, shard="1MB", rewrite=None):
    """Write one folder."""
    generator = numpy.random.Generator(numpy.random.PCG64(zlib.crc32(name.encode())))
    model = AutoModelForCausalLM.from_config(config)
    fill(model, generator)
    model.to(dtype).save_pretrained(folder, max_shard_size=shard)
    if rewrite:
        path = folder / "config.json"
        path.write_text(json.dumps(rewrite(json.loads(path.read_text())), indent=2) + "\n")
    for path in folder.iterdir():
        path.chmod(0o644)
    golden.write(folder, sequences(config, generator))


def describe(folder):
    """A line about one folder: its size, its tensors, the spread of its logits."""
    tensors = 0
    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, "numpy") as file:
            tensors += len(file.keys())
    rows = [row for case in json.loads((folder / "golden.json").read_text())["cases"] for row in case["logits"]]
    spread = float(numpy.mean([numpy.std(row) for row in rows]))
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(f"{folder.name:20} {size:7,} bytes  {tensors:2} tensors  {len(rows)} rows of logits, spread {spread:.2f}")
    assert 1 <= spread <= 3 and size <= LARGEST_FOLDER, folder.name
    return size


def compare(made, kept):
    """What differs between a folder made now and the one that is kept: a list of lines."""
    names = sorted({path.name for path in made.iterdir()} | {path.name for path in kept.glob("*")})
    faults = []
    for name in names:
        if not (made / name).exists() or not (kept / name).exists():
            faults.append(f"{kept / name}: only on one side")
        elif name == "golden.json":
            gap = golden.difference((made / name).read_text(), (kept / name).read_text())
            if not gap <= TOLERANCE:
                faults.append(f"{kept / name}: logits differ by {gap:.3g}")
        elif not filecmp.cmp(made / name, kept / name, shallow=False):
            faults.append(f"{kept / name}: differs")
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the folders there; exit 1 if any differs")
    check = parser.parse_args().check
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) if check else HERE / "tiny"
        faults, size = [], 0
        for name, parts in FOLDERS.items():
            folder = root / name
            folder.mkdir(parents=True, exist_ok=True)
            for path in folder.iterdir():
                path.unlink()
            make(name, folder, **parts)
            size += describe(folder)
            if check:
                faults += compare(folder, HERE / "tiny" / name)
    print(f"{size:,} bytes in all")
    assert size <= LARGEST_SUM
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
