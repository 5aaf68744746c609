"""Has llama.cpp cut the strings by each of its pre-tokenizers that are known here.

    python3 Fixtures/tokenizers/make_llamacpp.py [NAME ...]

`llamacpp-NAME.txt` holds the FNV-1a hash of the tokens of each of `strings.json`, in full for every 40th, by the vocabulary of
`uncut.gguf` with NAME as its `tokenizer.ggml.pre`. Names that cut alike have one file, and are compared here. Needs gguf and
llama-cpp-python 0.3.36 (`.ci/install-llama-cpp`), of whose llama.cpp only the vocabulary is loaded.
"""

import json
import pathlib
import sys
import tempfile

import gguf
import llama_cpp

HERE = pathlib.Path(__file__).parent
NAMES = {
    "gpt-2": [], "smollm": ["starcoder"], "llama-bpe": [], "qwen2": ["stablelm2"],
    "dbrx": ["smaug-bpe", "chatglm-bpe"], "tekken": [], "gpt-4o": ["llama4", "kanana2", "minimax-m2"],
    "deepseek-llm": [], "deepseek-coder": [], "deepseek-v3": ["hunyuan-dense", "joyai-llm"],
}


def fnv(tokens):
    value = 0x811C9DC5
    for token in tokens:
        for byte in token.to_bytes(4, "little"):
            value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def golden(index, ids):
    full = " " + " ".join(map(str, ids)) if index % 40 == 0 and len(ids) < 60 else ""
    return f"{fnv(ids):08x}{full}\n"


def write(path, pre):
    """`uncut.gguf` with another pre-tokenizer."""
    fields = gguf.GGUFReader(HERE / "uncut.gguf").fields
    value = lambda name: fields[f"tokenizer.ggml.{name}"].contents()
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_tokenizer_model(value("model"))
    writer.add_tokenizer_pre(pre)
    writer.add_token_list(value("tokens"))
    writer.add_token_types(value("token_type"))
    writer.add_token_merges(value("merges"))
    writer.add_bos_token_id(value("bos_token_id"))
    writer.add_eos_token_id(value("eos_token_id"))
    writer.add_add_bos_token(False)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def tokenized(pre, texts):
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/{pre}.gguf"
        write(path, pre)
        model = llama_cpp.Llama(path, vocab_only=True, verbose=False)
        # An empty text is no token; the binding takes the count of 0 for a fault.
        return [model.tokenize(text.encode(), add_bos=False, special=True) if text else [] for text in texts]


def main():
    texts = json.loads((HERE / "strings.json").read_text())
    for name in sys.argv[1:] or NAMES:
        tokens = tokenized(name, texts)
        for other in NAMES[name]:
            assert tokenized(other, texts) == tokens, f"{other} does not cut as {name}"
        (HERE / f"llamacpp-{name}.txt").write_text("".join(golden(i, ids) for i, ids in enumerate(tokens)))
        print(f"{name}: {len(tokens)} strings", *[f"and the same by {other}" for other in NAMES[name]], flush=True)


main()
