#!/usr/bin/env python3
"""The finding of docs/certified.md about llama-cpp-python, by hand: a small random llama, its own `generate`, no table.

    python3 llama_cpp_findings.py

Prints what the engine did and what it should have, and exits with 1 if the finding is gone.
"""
import os
import sys
import tempfile

import gguf
import llama_cpp
import numpy as np
from llama_cpp.llama_speculative import LlamaPromptLookupDecoding

SIZE, WIDTH = 24, 32  # tokens, and the width of the model
PROMPT, LENGTH = [1, 2, 3, 1, 2, 3, 1, 2], 12


def write(path):
    random = np.random.default_rng(1)
    writer = gguf.GGUFWriter(path, "llama")
    for name, value in (("context_length", 256), ("embedding_length", WIDTH), ("block_count", 1), ("feed_forward_length", WIDTH),
                        ("head_count", 1), ("head_count_kv", 1), ("vocab_size", SIZE), ("rope_dimension_count", WIDTH)):
        getattr(writer, "add_" + name)(value)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_tokenizer_model("no_vocab")
    for name in ("token_embd", "output"):
        writer.add_tensor(f"{name}.weight", random.normal(0, 0.5, (SIZE, WIDTH)).astype(np.float32))
    for name in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"):
        writer.add_tensor(f"{name}.weight", np.ones(WIDTH, np.float32))
    for name in ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"):
        writer.add_tensor(f"blk.0.{name}.weight", random.normal(0, 0.3, (WIDTH, WIDTH)).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def decode(path, draft_model, with_processor):
    """Greedy decoding: the tokens, and for each of them how many tokens the text had and how many the processor was shown."""
    model = llama_cpp.Llama(path, n_ctx=256, n_threads=1, n_threads_batch=1, logits_all=True, draft_model=draft_model, verbose=False)
    tokens, shown = [], []

    def cycle(ids, scores):
        """After 1 comes 2, after 2 comes 3, after 3 comes 1."""
        shown.append((len(PROMPT) + len(tokens), len(ids)))
        forced = np.full_like(scores, -np.inf)
        forced[int(ids[-1]) % 3 + 1] = 0.0
        return forced

    keys = {"logits_processor": llama_cpp.LogitsProcessorList([cycle])} if with_processor else {}
    for token in model.generate(list(PROMPT), temp=0.0, repeat_penalty=1.0, **keys):
        tokens.append(int(token))
        if len(tokens) == LENGTH:
            break
    model.close()
    return tokens, shown


def processor_sees_the_draft():
    """A logits processor is shown all that was evaluated, drafted tokens included, whichever position is sampled."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "random.gguf")
        write(path)
        draft = LlamaPromptLookupDecoding(max_ngram_size=2, num_pred_tokens=2)
        plain, assisted = (decode(path, model, with_processor=False)[0] for model in (None, draft))
        alone, _ = decode(path, None, with_processor=True)
        drafted, shown = decode(path, draft, with_processor=True)
    print(f"  no processor, alone    {plain}\n  no processor, drafted  {assisted}")
    print(f"  processor, alone       {alone}\n  processor, drafted     {drafted}")
    longer = [(text, seen) for text, seen in shown if seen > text]
    print(f"  in {len(longer)} of {len(shown)} calls the text had fewer tokens than the processor was shown: {longer[:4]} …")
    return plain == assisted and alone != drafted and bool(longer)


if __name__ == "__main__":
    print(f"processor_sees_the_draft: {processor_sees_the_draft.__doc__}")
    shown = processor_sees_the_draft()
    print("  the engine does this" if shown else "  not seen: the engine has changed")
    sys.exit(0 if shown else 1)
