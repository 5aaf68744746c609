#!/usr/bin/env python3
"""A port of llama-cpp-python with a draft model: its own `generate`, over a llama whose law is a table.

    rsd certify --port "python3 llama_cpp_port.py --route prompt-lookup"

The table becomes a GGUF file: one layer whose attention and feed-forward write nothing, an embedding that is one-hot, and a head that
holds the logarithm of each row. Its law is compared with the table by llama.cpp's own logits before anything is sampled. Tables of order
0 and 1 only. docs/certified.md has what was measured.
"""
import argparse
import json
import math
import os
import random
import sys
import tempfile
from collections import Counter

import gguf
import llama_cpp
import numpy as np
from llama_cpp.llama_speculative import LlamaDraftModel, LlamaPromptLookupDecoding

ROUTES = {
    "prompt-lookup": "`LlamaPromptLookupDecoding`: the text drafts, and the request's draft is not used",
    "draft": "a `LlamaDraftModel` of the caller's, which draws from the request's draft",
    "none": "no draft model",
    "processor": "as draft; a logits processor gives the law, from the last token of the text that the engine shows it",
}
WIDTH, SMALL = 32, -1e4


def row_of(document, context):
    return document["rows"]["" if document["order"] == 0 else context]


def logits_of(document):
    """[context, token]; a context that never stands alone is a row of its own."""
    return np.array([[math.log(x) if x > 0 else SMALL for x in row_of(document, str(token))]
                     for token in range(document["vocabulary"])], dtype=np.float32)


def write(path, logits):
    size = logits.shape[0]
    writer = gguf.GGUFWriter(path, "llama")
    for name, value in (("context_length", 256), ("embedding_length", WIDTH), ("block_count", 1), ("feed_forward_length", WIDTH),
                        ("head_count", 1), ("head_count_kv", 1), ("vocab_size", size), ("rope_dimension_count", WIDTH)):
        getattr(writer, "add_" + name)(value)
    writer.add_layer_norm_rms_eps(1e-12)
    writer.add_tokenizer_model("no_vocab")
    embedding, head = np.zeros((size, WIDTH), np.float32), np.zeros((size, WIDTH), np.float32)
    for token in range(size):
        embedding[token, token] = 1.0
        head[:, token] = logits[token] / math.sqrt(WIDTH)  # the norm makes the one a root of the width
    writer.add_tensor("token_embd.weight", embedding)
    writer.add_tensor("output.weight", head)
    writer.add_tensor("output_norm.weight", np.ones(WIDTH, np.float32))
    for name in ("attn_norm", "ffn_norm"):
        writer.add_tensor(f"blk.0.{name}.weight", np.ones(WIDTH, np.float32))
    for name in ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"):
        writer.add_tensor(f"blk.0.{name}.weight", np.zeros((WIDTH, WIDTH), np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


class Sampled(LlamaDraftModel):
    def __init__(self, document, depth, vocabulary):
        self.document, self.depth, self.vocabulary = document, depth, range(vocabulary)
        self.random = random.Random()

    def __call__(self, input_ids, /, **_):
        text = [int(input_ids[-1])]
        for _ in range(self.depth):
            text.append(self.random.choices(self.vocabulary, row_of(self.document, str(text[-1])))[0])
        return np.array(text[1:], dtype=np.intc)


class NotSupported(Exception):
    pass


class Counted(LlamaDraftModel):
    """Counts what is drafted."""

    def __init__(self, inner):
        self.inner, self.drafted = inner, 0

    def __call__(self, input_ids, /, **keys):
        tokens = self.inner(input_ids, **keys)
        self.drafted += len(tokens)
        return tokens


class Case:
    def __init__(self, request, route):
        self.prompt, self.length, self.end = request["prompt"], request["length"], request.get("endToken")
        target, draft, depth = request["target"], request["draft"], request.get("depth") or 1
        if max(target["order"], draft["order"]) > 1:
            raise NotSupported("the model's weights hold one token of context")
        if not self.prompt:
            raise NotSupported("the engine needs a prompt")
        profile = request.get("profile") or {}
        temperature, top_p = profile.get("temperature", 1), profile.get("topP", 1)
        if profile.get("minP") or top_p < 1 and temperature != 1:
            raise NotSupported("the engine takes the temperature last")
        size = target["vocabulary"]
        self.keys = {"temp": float(temperature), "top_k": profile.get("topK", 0), "top_p": float(top_p), "min_p": 0.0, "repeat_penalty": 1.0}
        self.draft = None
        if request["rule"] == "sd" and route != "none":
            self.sampled = Sampled(draft, depth, size)
            lookup = LlamaPromptLookupDecoding(max_ngram_size=2, num_pred_tokens=depth)
            self.draft = Counted(lookup if route == "prompt-lookup" else self.sampled)
        logits = logits_of(target)
        shown = logits
        if route == "processor":
            shown = np.zeros_like(logits)
            self.keys["logits_processor"] = [lambda ids, scores: logits[int(ids[-1])]]
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "table.gguf")
            write(path, shown)
            self.model = llama_cpp.Llama(path, n_ctx=256, n_threads=1, n_threads_batch=1, draft_model=self.draft, logits_all=True,
                                         verbose=False)
        for token in range(size):
            self.model.reset()
            self.model.eval([token])
            seen = self.model.scores[0, :size].astype(np.float64)
            law, seen = (np.exp(x - x.max()) / np.exp(x - x.max()).sum() for x in (shown[token].astype(np.float64), seen))
            if abs(law - seen).max() > 1e-5:
                raise RuntimeError(f"llama.cpp's own law after {token} is {seen}, not {law}")
        self.model.reset()

    def one(self, seed):
        self.model.set_seed(seed)
        tokens = []
        for token in self.model.generate(list(self.prompt), **self.keys):
            tokens.append(int(token))
            if len(tokens) == self.length or token == self.end:
                return tokens


def sample(case, request):
    seeds = random.Random(int(request["seed"]))
    if case.draft is not None:
        case.sampled.random.seed(seeds.getrandbits(64))
    texts = [" ".join(map(str, case.one(seeds.getrandbits(32) % (2**32 - 1)))) for _ in range(request["count"])]
    if case.draft is not None:
        print(f"{case.draft.drafted} drafted in {request['count']} decodings", file=sys.stderr, flush=True)
    case.model.close()
    return {"sequences": texts} if request.get("ordered") else {"counts": Counter(texts)}


def answer(request, route):
    if request["op"] == "hello":
        return {"name": f"llama-cpp-python, {route}", "version": llama_cpp.__version__, "rules": ["autoregressive", "sd"], "ops": ["sample"],
                "profile": ["temperature", "top-k", "top-p"], "uniformBits": 24}
    identity = {"id": request["id"]}
    try:
        if request["op"] != "sample" or request["rule"] not in ("autoregressive", "sd"):
            raise NotSupported("the engine verifies one sequence, with its own uniforms")
        case = Case(request, route)
    except NotSupported as reason:
        return identity | {"status": "notSupported", "reason": str(reason)}
    return identity | sample(case, request)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__.split("\n")[0],
                                     epilog="\n".join(f"  {name:14} {what}" for name, what in ROUTES.items()))
    parser.add_argument("--route", default="prompt-lookup", choices=ROUTES, metavar="ROUTE")
    route = parser.parse_args().route
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line), route)), flush=True)
