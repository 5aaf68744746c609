"""Print a pair's held-out figures: bits per byte of both, and acceptance Σmin(p, q) at temperature 1.

    python3 acceptance.py                 the shipped pair
    python3 acceptance.py TARGET DRAFT    another byte-level pair

On the books that no training saw (corpus.py), in consecutive windows of a whole context, in float32 on the weights as
stored. Acceptance is the mean over positions of Σmin(p, q), the probability that one draft token is accepted. The last
line says the same on the target's own samples, which is what a decoder meets.
"""
import math
import sys
from pathlib import Path

import numpy
import torch
from transformers import DynamicCache
from transformers.utils import logging

import corpus
import golden

HERE = Path(__file__).resolve().parent
SEED, ROWS, SAMPLE_LENGTH = 7, 32, 512


@torch.inference_mode()
def sums(target, draft, windows):
    """Over all positions of the windows: positions, bits of the target, bits of the draft, Σmin(p, q)."""
    totals = numpy.zeros(4)
    for window in windows:
        tokens = torch.from_numpy(window.astype(numpy.int64))
        p, q = (golden.logits(model, tokens[:-1].tolist()).double().log_softmax(-1) for model in (target, draft))
        bits = [-law.gather(1, tokens[1:, None]).sum().item() / math.log(2) for law in (p, q)]
        totals += [len(tokens) - 1, *bits, torch.minimum(p, q).exp().sum().item()]
    return totals


@torch.inference_mode()
def samples(target):
    """Texts from the target at temperature 1, after a line feed: uint8 [ROWS][SAMPLE_LENGTH + 1]."""
    generator = torch.Generator().manual_seed(SEED)
    cache, out = DynamicCache(), [torch.full((ROWS, 1), 10)]
    for _ in range(SAMPLE_LENGTH):
        last = target(input_ids=out[-1], cache=cache, use_cache=True).logits[:, -1].double()
        out.append(torch.multinomial(last.softmax(-1), 1, generator=generator))
    return torch.cat(out, 1).numpy().astype(numpy.uint8)


def report(target_folder, draft_folder):
    """Print the table; returns bits per byte of target and draft, and acceptance, on the held-out books."""
    target, draft = golden.load(target_folder), golden.load(draft_folder)
    length = min(model.config.max_position_embeddings for model in (target, draft))
    for model, role in ((target, "target"), (draft, "draft")):
        print(f"{role}: {sum(p.numel() for p in model.parameters()):,} parameters")
    print(f"{'':20} {'bytes':>7} {'target':>8} {'draft':>8} {'acceptance':>11}")

    def line(name, windows):
        totals = sums(target, draft, windows)
        count, p, q, accepted = totals
        print(f"{name:20} {count:7.0f} {p / count:8.4f} {q / count:8.4f} {accepted / count:11.4f}", flush=True)
        return totals

    totals = sum(line(name, corpus.windows(book, length)) for name, book in corpus.books().items())
    count, p, q, accepted = totals
    print(f"{'held out':20} {count:7.0f} {p / count:8.4f} {q / count:8.4f} {accepted / count:11.4f}")
    line("target's samples", samples(target))
    return p / count, q / count, accepted / count


if __name__ == "__main__":
    torch.set_num_threads(1)
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    report(*sys.argv[1:3] if len(sys.argv) > 2 else (HERE / "king-james-target", HERE / "king-james-draft"))
