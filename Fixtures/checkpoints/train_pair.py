"""Train the byte-level Llama pair on the King James Version and save it as Hugging Face folders.

    python3 train_pair.py target        the target, on the text
    python3 train_pair.py sample        the target's own samples, for the draft
    python3 train_pair.py draft         the draft, on the target's laws over the text and the samples
    python3 train_pair.py export        both as BF16 folders with golden logits, beside this script

In this order; `all` does the four. Needs Debian's bible-kjv and requirements.txt. A token is a byte; a text begins
after a line feed, which is the begin token; there is no end token. The parts save their state to `--work` and resume.
"""
import argparse
import math
import os
import sys
import time
from pathlib import Path

import numpy
import torch
from torch.nn import functional
from transformers import DynamicCache, LlamaConfig, LlamaForCausalLM
from transformers.utils import logging

import acceptance
import corpus
import golden

HERE = Path(__file__).resolve().parent
SEED = 2402_14160
CONTEXT, LINE_FEED = 1024, 10
NAMES = {"target": "king-james-target", "draft": "king-james-draft"}
SHAPES = {"target": dict(hidden_size=192, intermediate_size=512, num_hidden_layers=4, num_attention_heads=6,
                         num_key_value_heads=2),
          "draft": dict(hidden_size=64, intermediate_size=176, num_hidden_layers=2, num_attention_heads=2,
                        num_key_value_heads=1)}
RATES = {"target": 4e-3, "draft": 6e-3}
STEPS = {"target": 2400, "draft": 1500}
# Most steps see short windows; the last ones whole contexts, so that late positions are trained too.
SHORT, LONG, LONG_SHARE = (16, 256), (4, CONTEXT), 0.15
WARM_UP, COOL_DOWN, SAVE_EVERY = 100, 0.4, 100
SAMPLE_ROWS, SAMPLE_LENGTH, SAMPLE_BATCHES = 256, 512, 3


def build(role):
    """A model with fresh weights."""
    torch.manual_seed(SEED)
    return LlamaForCausalLM._from_config(LlamaConfig(
        vocab_size=256, head_dim=32, max_position_embeddings=CONTEXT, rms_norm_eps=1e-5, tie_word_embeddings=True,
        bos_token_id=LINE_FEED, eos_token_id=None, pad_token_id=None, **SHAPES[role]), attn_implementation="sdpa")


def optimizers(model):
    """Muon for the layers' matrices, AdamW for the embedding and the norms."""
    named = [(p, p.ndim == 2 and "embed" not in name) for name, p in model.named_parameters()]
    return [torch.optim.Muon([p for p, matrix in named if matrix], weight_decay=0.05, adjust_lr_fn="match_rms_adamw"),
            torch.optim.AdamW([p for p, matrix in named if not matrix], betas=(0.9, 0.98), weight_decay=0.0)]


def rate(role, step, steps):
    """The learning rate: warm-up, constant, and a linear cool-down, so that a run's length can be chosen late."""
    return RATES[role] * min(1, (step + 1) / WARM_UP, (steps - step) / (COOL_DOWN * steps))


def rows(text, step, steps, share=1):
    """The windows of a step, or one in `share` of them: int64 [rows][length + 1]."""
    first_long = round(steps * (1 - LONG_SHARE))
    (count, length), step, seed = (SHORT, step, 1) if step < first_long else (LONG, step - first_long, 2)
    return torch.from_numpy(corpus.batch(text, count // share, length, step, SEED + seed))


def logits(model, tokens):
    """Logits in float32 at every position; the layers in bfloat16, which costs half of float32."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        return model(input_ids=tokens, use_cache=False).logits.float()


def train(role, options, loss_of):
    """The loop that both trainings share: steps, schedule, saved states, a line of progress; returns the model."""
    model, steps, path, start = build(role), options.steps or STEPS[role], options.work / f"{role}.pt", 0
    parts = optimizers(model)
    seconds = 0.0
    if path.exists():
        state = torch.load(path, weights_only=True)
        model.load_state_dict(state["model"])
        for part, saved in zip(parts, state["optimizers"]):
            part.load_state_dict(saved)
        start, seconds = state["step"], state["seconds"]
    print(f"{role}: {sum(p.numel() for p in model.parameters()):,} parameters, steps {start} to {steps}", flush=True)
    began, figures = time.monotonic() - seconds, []
    for step in range(start, steps):
        for part in parts:
            for group in part.param_groups:
                group["lr"] = rate(role, step, steps)
        loss, figure = loss_of(model, step, steps)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for part in parts:
            part.step()
            part.zero_grad()
        figures.append(float(figure))
        if (step + 1) % SAVE_EVERY == 0 or step + 1 == steps:
            seconds = time.monotonic() - began
            print(f"step {step + 1}  {seconds:.0f} s  {numpy.mean(figures):.4f}", flush=True)
            figures = []
            torch.save(dict(model=model.state_dict(), optimizers=[part.state_dict() for part in parts], step=step + 1,
                            seconds=seconds), path.with_suffix(".new"))
            os.replace(path.with_suffix(".new"), path)
    return model


def train_target(options):
    """Cross entropy on the text; the figure is bits per byte."""
    text = corpus.training()

    def loss_of(model, step, steps):
        window = rows(text, step, steps)
        loss = functional.cross_entropy(logits(model, window[:, :-1]).flatten(0, 1), window[:, 1:].flatten())
        return loss, loss.detach() / math.log(2)

    return train("target", options, loss_of)


def trained(role, options):
    """A model from its saved state."""
    model = build(role)
    model.load_state_dict(torch.load(options.work / f"{role}.pt", weights_only=True)["model"])
    return model.eval()


@torch.inference_mode()
def sample_target(options):
    """Texts from the target at temperature 1: uint8 [SAMPLE_ROWS][SAMPLE_LENGTH + 1] a batch."""
    model = trained("target", options)
    for part in range(SAMPLE_BATCHES):
        path = options.work / f"samples-{part}.npy"
        if path.exists():
            continue
        generator = torch.Generator().manual_seed(SEED + 100 + part)
        began, cache, out = time.monotonic(), DynamicCache(), [torch.full((SAMPLE_ROWS, 1), LINE_FEED)]
        for _ in range(SAMPLE_LENGTH):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                last = model(input_ids=out[-1], cache=cache, use_cache=True).logits[:, -1].float()
            out.append(torch.multinomial(last.softmax(-1), 1, generator=generator))
        numpy.save(path, torch.cat(out, 1).numpy().astype(numpy.uint8))
        print(f"samples {part + 1} of {SAMPLE_BATCHES}  {time.monotonic() - began:.0f} s", flush=True)


def train_draft(options):
    """Towards the target's laws, half of the rows from the text and half from its samples; the figure is acceptance.

    The loss is 1 - Σmin(p, q), the share that is refused, with a little of the cross entropy, which still moves tokens
    on which the draft is far off; at first the cross entropy alone.
    """
    target, text = trained("target", options), corpus.training()
    samples = numpy.concatenate([numpy.load(path).flatten() for path in sorted(options.work.glob("samples-*.npy"))])

    def loss_of(model, step, steps):
        window = torch.cat([rows(each, step, steps, share=2) for each in (text, samples)])[:, :-1]
        with torch.no_grad():
            law = logits(target, window).softmax(-1)
        log_draft = logits(model, window).log_softmax(-1)
        cross = -(law * log_draft).sum(-1).mean()
        accepted = torch.minimum(law, log_draft.exp()).sum(-1).mean()
        return (cross if step < steps / 4 else (1 - accepted) + 0.1 * cross), accepted.detach()

    return train("draft", options, loss_of)


def export(options):
    """The folders: weights rounded to BF16, the configuration as `save_pretrained` writes it, golden logits."""
    sequences = [list(b"\n"), list(b"\nIn the beginning God created")]
    for role, name in NAMES.items():
        folder = options.output / name
        trained(role, options).to(torch.bfloat16).save_pretrained(folder)
        for path in folder.iterdir():
            path.chmod(0o644)
        golden.write(folder, sequences)
    acceptance.report(options.output / NAMES["target"], options.output / NAMES["draft"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=["target", "sample", "draft", "export", "all"])
    parser.add_argument("--work", type=Path, default=Path("pair-training"), help="where states are saved")
    parser.add_argument("--output", type=Path, default=HERE, help="where the folders go")
    parser.add_argument("--steps", type=int, help="steps of training; at least 250")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    parts = {"target": train_target, "sample": sample_target, "draft": train_draft, "export": export}
    for name, run in parts.items():
        if options.part in (name, "all"):
            run(options)


if __name__ == "__main__":
    sys.exit(main())
