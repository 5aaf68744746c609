"""Compare SmolLM2 here, in `transformers` and in llama.cpp: logits, and greedy texts.

    python3 parity.py GGUF [--rsd .build/release/rsd] [--llama]

GGUF is the file that `make model` fetches. Five chats with the answers that `transformers` gives greedily in float32
from the dequantised weights, 64 tokens each: logits after every token are compared, and rsd must write the same texts.
`--llama` adds llama.cpp (PyPI's llama-cpp-python), which computes with the weights as they are stored, and rounds
activations to 8 bits for it. Prints Markdown; exit status 1 where float32 is further off than 2e-3, or a text differs.
"""
import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy
import torch
from transformers import AutoTokenizer
from transformers.utils import logging

sys.path.append(str(Path(__file__).resolve().parent / "distillation"))
from teacher import load_reference  # noqa: E402

QUESTIONS = ["Name three rivers in Europe.", "Why is the sky blue?", "Write a short poem about a lighthouse.",
             "Write a Python function that reverses a list.", "What should I pack for a week of hiking?"]
CHAT = ("<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n"
        "<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n")
LENGTH, LIMIT = 64, 2e-3


def rsd_logits(options, tokens):
    """[position][vocabulary], in double."""
    raw = subprocess.run(
        [options.rsd, "logits", "--model", options.gguf, "--tokens", ",".join(map(str, tokens)), "--all", "--raw"],
        check=True, capture_output=True).stdout
    return numpy.frombuffer(raw, "<f4").reshape(len(tokens), -1).astype(numpy.float64)


def rsd_greedy(options, tokens):
    text = subprocess.run(
        [options.rsd, "generate", "--model", options.gguf, "--rule", "autoregressive", "--temperature", "0",
         "--tokens", str(LENGTH), "--ignore-end", "--json", "--prompt-tokens", ",".join(map(str, tokens))],
        check=True, capture_output=True, text=True).stdout
    return json.loads(text)["tokens"]


def differences(p, q):
    """The largest difference of a logit, mean and largest KL divergence in nats, share of equal first choices."""
    p_logs, q_logs = (x - numpy.logaddexp.reduce(x, axis=-1, keepdims=True) for x in (p, q))
    divergence = (numpy.exp(p_logs) * (p_logs - q_logs)).sum(-1)
    return numpy.abs(p - q).max(), divergence.mean(), divergence.max(), (p.argmax(-1) == q.argmax(-1)).mean()


@torch.inference_mode()
def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gguf")
    parser.add_argument("--rsd", default=".build/release/rsd")
    parser.add_argument("--llama", action="store_true")
    options = parser.parse_args()
    path = Path(options.gguf)
    tokenizer = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
    reference = load_reference(path)
    prompts = [tokenizer(CHAT.format(question)).input_ids for question in QUESTIONS]
    length = dict(max_new_tokens=LENGTH, min_new_tokens=LENGTH)
    texts = [reference.generate(torch.tensor([prompt]), do_sample=False, **length)[0].tolist() for prompt in prompts]
    logits = {"transformers, float32": [reference(torch.tensor([text])).logits[0].double().numpy() for text in texts],
              "rsd": [rsd_logits(options, text) for text in texts]}
    if options.llama:
        from llama_cpp import Llama
        model = Llama(options.gguf, n_ctx=512, logits_all=True, verbose=False)
        logits["llama.cpp, as stored"] = []
        for text in texts:
            model.reset()
            model.eval(text)
            logits["llama.cpp, as stored"].append(model.scores[:len(text)].astype(numpy.float64))
    names = list(logits)
    print(f"{sum(map(len, texts))} positions of {len(texts)} chats.\n")
    print("| | largest difference of a logit | mean KL, nats | largest KL | same first choice |")
    print("| --- | --- | --- | --- | --- |")
    worst = 0.0
    for other in names[1:]:
        for base in names[:names.index(other)]:
            largest, mean, most, same = differences(*(numpy.concatenate(logits[name]) for name in (base, other)))
            print(f"| {other} against {base} | {largest:.1e} | {mean:.1e} | {most:.1e} | {same:.2%} |")
            if other == "rsd":
                worst = largest
    written = [rsd_greedy(options, prompt) for prompt in prompts]
    same = sum(text[len(prompt):] == mine for text, prompt, mine in zip(texts, prompts, written))
    print(f"\nGreedy texts of {LENGTH} tokens that are those of transformers in float32: {same} of {len(texts)}.")
    sys.exit(0 if worst <= LIMIT and same == len(texts) else 1)


if __name__ == "__main__":
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    main()
