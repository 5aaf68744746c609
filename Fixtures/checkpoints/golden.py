"""Golden logits: what Hugging Face `transformers` computes for a checkpoint, in float32 on the weights as stored."""
import json
import math
from pathlib import Path

import torch
import transformers
from transformers import AutoModelForCausalLM

MAGIC = "rsd-golden-logits"
VERSION = 1


def load(folder):
    """The model of a folder as PyTorch runs it in float32: F16 and BF16 weights are widened, which is exact."""
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()


@torch.inference_mode()
def logits(model, tokens):
    """The logits at every position of one sequence, in one pass without a cache: [tokens][vocabulary]."""
    return model(input_ids=torch.tensor([tokens]), use_cache=False).logits[0]


def document(model, sequences):
    """The text of `golden.json`: a row of logits a line, in 9 digits, from which a float32 comes back exactly."""
    lines = ["{", f'"magic": "{MAGIC}",', f'"version": {VERSION},', f'"transformers": "{transformers.__version__}",',
             f'"torch": "{torch.__version__.split("+")[0]}",', '"cases": [']
    for index, tokens in enumerate(sequences):
        rows = logits(model, tokens)
        assert torch.isfinite(rows).all()
        lines += [f'{{"tokens": {json.dumps(tokens)},', '"logits": [']
        lines += [",\n".join("[" + ",".join(f"{x:.9g}" for x in row) + "]" for row in rows.tolist())]
        lines += ["]}" + ("," if index + 1 < len(sequences) else "")]
    return "\n".join(lines + ["]}", ""])


def write(folder, sequences):
    """Write `golden.json` beside the weights of a folder."""
    (Path(folder) / "golden.json").write_text(document(load(folder), sequences))


def difference(left, right):
    """The largest absolute difference between two documents' logits; infinite where their tokens differ."""
    left, right = json.loads(left), json.loads(right)
    if any(left[key] != right[key] for key in ("magic", "version")):
        return math.inf
    if [case["tokens"] for case in left["cases"]] != [case["tokens"] for case in right["cases"]]:
        return math.inf
    return max(abs(a - b) for x, y in zip(left["cases"], right["cases"])
               for row, other in zip(x["logits"], y["logits"], strict=True) for a, b in zip(row, other, strict=True))
