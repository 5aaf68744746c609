"""Time a model's passes here and in llama.cpp, in turn, on the same weights.

    python3 Benchmarks/peer_llama.py [MODEL] [--precisions f32,bf16,q8_0,stored] [--threads 1,2] [--rounds 5]
                                    [--seconds 0.3] [--rsd .build/release/rsd] [--json FILE] [--markdown FILE]

MODEL is a GGUF file, Models/SmolLM2-135M-Instruct.Q4_1.gguf by default (`make model`). For each precision llama.cpp
(PyPI's llama-cpp-python, built on this machine) gets a GGUF file whose matrices are rounded to it, written beside
MODEL; `rsd bench model` rounds MODEL itself, by the same rules, with fast arithmetic. Each round times every pass in
llama.cpp, then here, then the next precision; a ratio is the median of those of the rounds, llama.cpp's milliseconds
over ours. Verification asks for the logits of all new tokens on a cache of 128, and takes them back; in llama.cpp they
are a chain, here a tree. Keys and values are F16 in llama.cpp, its default, and F32 here.

Prints Markdown; `--json` writes all figures of all rounds. Requires: numpy, gguf, llama-cpp-python.
"""
import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

import gguf
import llama_cpp
import numpy

CACHED = 128
VERIFIED = [1, 2, 4, 8, 12, 16, 24, 32]
TYPES = {"f32": gguf.GGMLQuantizationType.F32, "bf16": gguf.GGMLQuantizationType.BF16,
         "q8_0": gguf.GGMLQuantizationType.Q8_0}
FILE_TYPES = {"f32": gguf.LlamaFileType.ALL_F32, "bf16": gguf.LlamaFileType.MOSTLY_BF16,
              "q8_0": gguf.LlamaFileType.MOSTLY_Q8_0}
LABELS = {"f32": "F32", "bf16": "BF16", "q8_0": "Q8_0", "stored": "as stored"}


def rounded_file(model, precision):
    """The model with its matrices at a precision, as a file beside it."""
    if precision == "stored":
        return model
    path = model.with_name(f"{model.stem}.{precision}.gguf")
    if path.exists():
        return path
    reader = gguf.GGUFReader(model)
    architecture = reader.fields["general.architecture"].contents()
    unfinished = path.with_suffix(".part")
    writer = gguf.GGUFWriter(unfinished, architecture)
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name in ("general.architecture", "general.file_type"):
            continue
        kind = field.types[0]
        writer.add_key_value(field.name, field.contents(), kind,
                             field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None)
    writer.add_file_type(FILE_TYPES[precision])
    for tensor in reader.tensors:
        weights = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        kind = TYPES[precision] if len(tensor.shape) > 1 else gguf.GGMLQuantizationType.F32
        writer.add_tensor(tensor.name, gguf.quants.quantize(weights, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    unfinished.rename(path)
    return path


class LlamaCpp:
    """A model in llama.cpp, and its passes."""

    def __init__(self, path, threads):
        parameters = llama_cpp.llama_model_default_params()
        parameters.n_gpu_layers = 0
        self.model = llama_cpp.llama_model_load_from_file(str(path).encode(), parameters)
        if not self.model:
            raise SystemExit(f"peer_llama: {path} cannot be loaded")
        context = llama_cpp.llama_context_default_params()
        context.n_ctx, context.n_batch, context.n_ubatch = 512, 512, 512
        context.n_threads = context.n_threads_batch = threads
        self.context = llama_cpp.llama_init_from_model(self.model, context)
        self.vocabulary = llama_cpp.llama_vocab_n_tokens(llama_cpp.llama_model_get_vocab(self.model))
        self.batch = llama_cpp.llama_batch_init(512, 0, 1)
        self.memory = llama_cpp.llama_get_memory(self.context)

    def close(self):
        llama_cpp.llama_batch_free(self.batch)
        llama_cpp.llama_free(self.context)
        llama_cpp.llama_model_free(self.model)

    def evaluate(self, tokens, first, logits):
        batch = self.batch
        batch.n_tokens = len(tokens)
        for index, token in enumerate(tokens):
            batch.token[index] = token
            batch.pos[index] = first + index
            batch.n_seq_id[index] = 1
            batch.seq_id[index][0] = 0
            batch.logits[index] = logits
        if llama_cpp.llama_decode(self.context, batch) != 0:
            raise SystemExit("peer_llama: llama_decode failed")

    def best(self):
        pointer = llama_cpp.llama_get_logits_ith(self.context, -1)
        return int(numpy.ctypeslib.as_array(pointer, shape=(self.vocabulary,)).argmax())

    def truncate(self, count):
        llama_cpp.llama_memory_seq_rm(self.memory, 0, count, -1)

    def median(self, seconds, prepare, run):
        times = []
        prepare()
        run()
        while len(times) < 3 or sum(times) < seconds:
            prepare()
            start = time.perf_counter()
            run()
            times.append(time.perf_counter() - start)
        return 1000 * statistics.median(times)

    def passes(self, seconds):
        """Milliseconds of each pass: {(kind, new tokens): milliseconds}."""
        text = [(7 * index + 3) % self.vocabulary for index in range(CACHED)]
        figures = {}
        self.truncate(0)
        self.evaluate(text, 0, False)
        state = {"token": 1, "length": CACHED}

        def keep_short():
            if state["length"] >= CACHED + 32:
                self.truncate(CACHED)
                state["length"] = CACHED

        def step():
            self.evaluate([state["token"]], state["length"], True)
            state["token"] = self.best()
            state["length"] += 1

        figures["decoding", 1] = self.median(seconds, keep_short, step)
        for count in VERIFIED:
            tokens = [(11 * node + 5) % self.vocabulary for node in range(count)]
            figures["verification", count] = self.median(
                seconds, lambda: self.truncate(CACHED), lambda: self.evaluate(tokens, CACHED, True))
        figures["prompt", CACHED] = self.median(
            seconds, lambda: self.truncate(0), lambda: self.evaluate(text, 0, False))
        return figures


def own_passes(options, precision, threads):
    text = subprocess.run(
        [options.rsd, "bench", "model", "--model", options.model, "--precision", precision, "--arithmetic", "fast",
         "--threads", str(threads), "--seconds", str(options.seconds), "--json"],
        check=True, capture_output=True, text=True).stdout
    figures = json.loads(text)
    return ({(figure["kind"], figure["newTokens"]): figure["milliseconds"] for figure in figures},
            {(figure["kind"], figure["newTokens"]): figure for figure in figures})


def names(numbers):
    return [name for name in numbers.split(",") if name]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", default="Models/SmolLM2-135M-Instruct.Q4_1.gguf")
    parser.add_argument("--precisions", type=names, default=["f32", "bf16", "q8_0", "stored"])
    parser.add_argument("--threads", type=lambda text: [int(name) for name in names(text)], default=[1, 2])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.3)
    parser.add_argument("--rsd", default=".build/release/rsd")
    parser.add_argument("--json")
    parser.add_argument("--markdown")
    options = parser.parse_args()
    if not Path(options.model).exists():
        raise SystemExit(f"peer_llama: there is no {options.model}; run make model")
    llama_cpp.llama_log_set(SILENT, None)
    files = {precision: rounded_file(Path(options.model), precision) for precision in options.precisions}
    records = []
    for turn in range(options.rounds):
        for precision in options.precisions:
            for threads in options.threads:
                if sys.stderr.isatty():
                    print(f"\rround {turn + 1} of {options.rounds}: {precision}, {threads} threads   ", end="",
                          file=sys.stderr)
                peer = LlamaCpp(files[precision], threads)
                theirs = peer.passes(options.seconds)
                peer.close()
                ours, details = own_passes(options, precision, threads)
                for key, milliseconds in theirs.items():
                    records.append({
                        "round": turn, "precision": precision, "threads": threads, "kind": key[0], "newTokens": key[1],
                        "llamaCppMilliseconds": milliseconds, "milliseconds": ours[key],
                        "gigabytesPerSecond": details[key]["gigabytesPerSecond"],
                        "memoryLimit": details[key]["memoryLimit"]})
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    if options.json:
        Path(options.json).write_text(json.dumps(records, indent=1) + "\n")
    table = markdown(options, records)
    if options.markdown:
        Path(options.markdown).write_text(table)
    print(table, end="")


def markdown(options, records):
    """The medians over rounds; a ratio is the median of the rounds' ratios."""
    lines = [f"llama-cpp-python {llama_cpp.__version__}, {options.rounds} rounds of {options.seconds} s a figure.", ""]
    heads = [f"{LABELS[precision]}, {threads}" for precision in options.precisions for threads in options.threads]
    lines.append("| Pass | New tokens | " + " | ".join(heads) + " |")
    lines.append("| --- | --- |" + " --- |" * len(heads))
    for kind, count in dict.fromkeys((record["kind"], record["newTokens"]) for record in records):
        cells = []
        for precision in options.precisions:
            for threads in options.threads:
                rows = [record for record in records if (record["kind"], record["newTokens"], record["precision"],
                                                         record["threads"]) == (kind, count, precision, threads)]
                ratios = [row["llamaCppMilliseconds"] / row["milliseconds"] for row in rows]
                cells.append(
                    f"{statistics.median(row['llamaCppMilliseconds'] for row in rows):.2f} / "
                    f"{statistics.median(row['milliseconds'] for row in rows):.2f} = "
                    f"**{statistics.median(ratios):.2f}** ({min(ratios):.2f}–{max(ratios):.2f})")
        lines.append(f"| {kind} | {count} | " + " | ".join(cells) + " |")
    lines.append("")
    shares = [record for record in records if record["kind"] == "decoding"]
    for precision in options.precisions:
        for threads in options.threads:
            rows = [row for row in shares if (row["precision"], row["threads"]) == (precision, threads)]
            share = statistics.median(row["gigabytesPerSecond"] / row["memoryLimit"] for row in rows)
            rate = statistics.median(row["gigabytesPerSecond"] for row in rows)
            lines.append(f"- {LABELS[precision]}, {threads} threads: decoding reads {rate:.1f} GB/s, {share:.0%} of the limit.")
    return "\n".join(lines) + "\n"


@llama_cpp.llama_log_callback
def SILENT(level, text, data):
    """llama.cpp's log, which nobody reads here."""


if __name__ == "__main__":
    main()
