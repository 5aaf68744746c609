"""Distil a small draft for SmolLM2-135M-Instruct: two layers, the target's tokenizer.

    python3 distil.py sample GGUF     the target's texts at temperature 1, with its laws: 40 parts of 30,000 tokens
    python3 distil.py train GGUF      the draft, on the samples
    python3 distil.py export GGUF     the draft as a Q8_0 GGUF, with the target's tokenizer
    python3 distil.py report GGUF     its figures on held-out texts, from the exported file

GGUF is the file that `make model` fetches. All state is in `--work` (distillation-work); `sample` goes on where it was
interrupted, and several may run side by side (`--first 1 --stride 2`).
"""
import argparse
import glob
import math
import os
import random
import time
from pathlib import Path

import gguf
import numpy
import torch
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM
from transformers.utils import logging

import prompts
from teacher import END, NEVER, Teacher

VOCABULARY, WIDTH, LAYERS, INNER, HEAD = 49_152, 256, 2, 704, 64
KEPT, EACH = 64, 4              # probabilities kept of a law; texts a prompt
BATCH, RATE = 16, 2.5e-3
FREQUENT, NEAR, RANDOM = 4000, 12, 1500   # words of a step's softmax: always, of each law, and by chance
HELD = 1                        # the part that training does not see
FILE = Path(__file__).resolve().parent.parent / "smollm2-draft.gguf"


# Samples

@torch.inference_mode()
def sample(teacher, tokenizer, part):
    """One part: EACH texts of up to 160 tokens for each of 64 prompts; every fourth part, of up to 320 for 32."""
    count, length = (64, 160) if part % 4 else (32, 320)
    generator = random.Random(1000 + part)
    torch.manual_seed(1000 + part)
    ids = [tokenizer(prompts.prompt(generator)).input_ids for _ in range(count)]
    longest = max(map(len, ids))
    places = torch.arange(longest + length)
    tokens = torch.tensor([[0] * (longest - len(x)) + x for x in ids])
    padding = torch.tensor([longest - len(x) for x in ids])
    hidden = torch.where(places[None] < padding[:, None], NEVER, 0.0).to(teacher.dtype)
    cache = teacher.cache(count, len(places))
    positions = (places[None, :longest] - padding[:, None]).clamp(min=0)
    bias = teacher.causal(longest)[None, None] + hidden[:, None, None, :longest]
    states = teacher.states(tokens, positions, bias, cache)[:, -1]

    def repeat(x):
        return x.repeat_interleave(EACH, 0)

    cache = [x.view(x.shape[0], count, -1, *x.shape[2:]).repeat_interleave(EACH, 1).flatten(1, 2) for x in cache]
    states, padding, hidden = repeat(states), repeat(padding), repeat(hidden)
    alive, texts, top, logs = torch.arange(count * EACH), *([[] for _ in range(count * EACH)] for _ in range(3))
    for step in range(length):
        logits = teacher.logits(states)
        total = torch.logsumexp(logits, -1, keepdim=True)
        values, kept = logits.topk(KEPT)
        mass = (values - total).exp().double().cumsum(-1)
        uniform = torch.rand(len(alive), 1, dtype=torch.double)
        chosen = kept.gather(1, (uniform >= mass).sum(-1, keepdim=True).clamp(max=KEPT - 1))
        beyond = (uniform[:, 0] >= mass[:, -1]).nonzero()[:, 0]
        if len(beyond):
            rest = (logits[beyond] - total[beyond]).exp().scatter(1, kept[beyond], 0)
            chosen[beyond] = torch.multinomial(rest, 1)
        kept16, logs16 = kept.numpy().astype(numpy.uint16), (values - total).half().numpy()
        for row, text in enumerate(alive.tolist()):
            if not texts[text] or texts[text][-1] != END:
                texts[text].append(int(chosen[row]))
                top[text].append(kept16[row])
                logs[text].append(logs16[row])
        going = torch.tensor([texts[text][-1] != END for text in alive.tolist()]).nonzero()[:, 0]
        if len(going) == 0:
            break
        if len(going) <= len(alive) * 4 // 5:
            rows = (going[:, None] * teacher.groups + torch.arange(teacher.groups)).flatten()
            cache = [x.index_select(1, rows) for x in cache]
            alive, chosen, padding, hidden = alive[going], chosen[going], padding[going], hidden[going]
        place = longest + step
        bias = hidden.masked_fill(places[None] > place, NEVER).repeat_interleave(teacher.groups, 0)[:, None]
        states = teacher.states(chosen, (place - padding)[:, None], bias, cache, place)[:, 0]
    return dict(prompt=numpy.concatenate(ids).astype(numpy.uint16), prompt_count=numpy.array([len(x) for x in ids]),
                out=numpy.concatenate(texts).astype(numpy.uint16), out_count=numpy.array([len(x) for x in texts]),
                top=numpy.concatenate(top), logp=numpy.concatenate(logs))


def sample_parts(options):
    teacher, tokenizer = Teacher(options.gguf), load_tokenizer(options.gguf)
    for part in range(options.first, options.parts, options.stride):
        path = options.work / f"part{part:04d}.npz"
        if path.exists():
            continue
        began = time.time()
        arrays = sample(teacher, tokenizer, part)
        temporary = options.work / f"new{options.first}.npz"
        numpy.savez(temporary, **arrays)
        os.replace(temporary, path)
        count = len(arrays["out"])
        print(f"part {part}: {count} tokens, {count / (time.time() - began):.0f} a second", flush=True)


def load_tokenizer(path):
    return AutoTokenizer.from_pretrained(Path(path).parent, gguf_file=Path(path).name)


def load_part(path):
    """Texts as (prompt, text, kept tokens [n][KEPT], their log-probabilities)."""
    with numpy.load(path) as arrays:
        a = {name: arrays[name] for name in arrays.files}
    starts = {name: numpy.concatenate([[0], a[name].cumsum()]) for name in ("prompt_count", "out_count")}
    texts = []
    for index in range(len(a["out_count"])):
        p, o = starts["prompt_count"][index // EACH:][:2], starts["out_count"][index:][:2]
        texts.append((a["prompt"][slice(*p)], *(a[name][slice(*o)] for name in ("out", "top", "logp"))))
    return texts


def batch(texts):
    """Tokens [text][n], where the states are whose next token is the target's, and what was drawn and kept there."""
    length = max(len(x[0]) + len(x[1]) for x in texts)
    tokens, places = torch.zeros(len(texts), length, dtype=torch.long), []
    for row, (prompt, text, *_) in enumerate(texts):
        whole = numpy.concatenate([prompt, text]).astype(numpy.int64)
        tokens[row, :len(whole)] = torch.from_numpy(whole)
        places.append(torch.arange(len(text)) + row * length + len(prompt) - 1)
    drawn, kept, logs = (torch.from_numpy(numpy.concatenate([x[k] for x in texts]).astype(t))
                         for k, t in ((1, numpy.int64), (2, numpy.int64), (3, numpy.float32)))
    return tokens, torch.cat(places), drawn, kept, logs.exp()


# The draft

def build():
    return LlamaForCausalLM(LlamaConfig(
        vocab_size=VOCABULARY, hidden_size=WIDTH, intermediate_size=INNER, num_hidden_layers=LAYERS,
        num_attention_heads=WIDTH // HEAD, num_key_value_heads=WIDTH // HEAD, head_dim=HEAD,
        max_position_embeddings=8192, rope_theta=100_000.0, rms_norm_eps=1e-5, tie_word_embeddings=True,
        bos_token_id=1, eos_token_id=END)).float()


@torch.inference_mode()
def teacher_states(teacher, texts):
    tokens, places, *_ = batch(texts)
    n = tokens.shape[1]
    states = teacher.states(tokens, torch.arange(n).expand(len(texts), -1), teacher.causal(n))
    return states.reshape(-1, teacher.width)[places]


def start(draft, teacher, texts):
    """Sets the embedding to the target's, projected to where its states and its words weigh most.

    With C the mean of h hᵀ over the target's last states and f its words' frequencies, the best approximation of
    rank WIDTH to the logits E h is by the eigenvectors of C^½ Eᵀ diag(f) E C^½. Of the target's law such a head
    keeps an acceptance of 0.70 at width 256, where the plain singular vectors of E keep 0.13. Returns f.
    """
    states = torch.cat([teacher_states(teacher, [text]) for text in texts]).float()
    table = teacher.embedding.float()
    values, vectors = torch.linalg.eigh(states.T @ states / len(states))
    root = vectors @ torch.diag(values.clamp(min=0).sqrt()) @ vectors.T
    frequencies = torch.stack([torch.softmax(states[i:i + 512] @ table.T, -1).sum(0)
                               for i in range(0, len(states), 512)]).sum(0) / len(states)
    weighted = root @ (table.T @ (frequencies.clamp(min=1e-6)[:, None] * table)) @ root
    with torch.no_grad():
        draft.model.embed_tokens.weight.copy_(table @ (root @ torch.linalg.eigh(weighted)[1][:, -WIDTH:]))
        # Random layers would else give logits of the size of sure ones.
        draft.model.norm.weight.fill_(0.2)
    return frequencies


def draft_states(draft, tokens, places):
    return draft.model(input_ids=tokens, use_cache=False).last_hidden_state.reshape(-1, WIDTH)[places]


def loss(draft, texts, always, generator):
    """Cross-entropy and acceptance of a batch under a softmax over some words, in place of all 49,152.

    The words: those in `always`, the likeliest of each law, and some by chance that stand for the rest. Probability
    that is not among the kept is represented by the drawn token, where it is none of them: in expectation exactly.
    """
    tokens, places, drawn, kept, p = batch(texts)
    states = draft_states(draft, tokens, places)
    among = torch.zeros(VOCABULARY, dtype=torch.bool)
    for words in (always, kept[:, :NEAR].reshape(-1), drawn):
        among[words] = True
    words = among.nonzero()[:, 0]
    others = torch.randint(0, VOCABULARY, (RANDOM,), generator=generator)
    others = others[~among[others]].unique()
    index = torch.full((VOCABULARY,), -1, dtype=torch.long)
    index[words] = torch.arange(len(words))
    logits = states @ draft.lm_head.weight[torch.cat([words, others])].T
    correction = torch.zeros(logits.shape[1])
    correction[len(words):] = math.log((VOCABULARY - len(words)) / len(others))
    total = torch.logsumexp(logits + correction, -1, keepdim=True)
    place = index[kept]
    p = p * (place >= 0)
    logs = logits.gather(1, place.clamp(min=0)) - total
    is_beyond = ~((kept == drawn[:, None]) & (place >= 0)).any(-1)
    own = logits.gather(1, index[drawn][:, None])[:, 0] - total[:, 0]
    entropy = (-(p * logs).sum(-1) - is_beyond * own).mean()
    return entropy, torch.minimum(p, logs.exp()).sum(-1).mean()


@torch.inference_mode()
def acceptance(draft, teacher, texts):
    """Mean of Σmin(p, q) over all words, in float32, and the draft's cross-entropy in nats."""
    accepted = entropy = count = 0.0
    for first in range(0, len(texts), 8):
        some = texts[first:first + 8]
        tokens, places, *_ = batch(some)
        states, own = draft_states(draft, tokens, places), teacher_states(teacher, some)
        for i in range(0, len(states), 256):
            logs = torch.log_softmax(states[i:i + 256] @ draft.lm_head.weight.T, -1)
            p = torch.softmax(teacher.logits(own[i:i + 256]), -1)
            accepted += torch.minimum(p, logs.exp()).sum().item()
            entropy -= (p * logs).sum().item()
        count += len(states)
    return accepted / count, entropy / count


def held_out(work):
    """64 texts of 64 prompts, of the part that training does not see."""
    return load_part(work / f"part{HELD:04d}.npz")[::EACH][:64]


def train(options):
    torch.manual_seed(5)
    teacher, draft = Teacher(options.gguf), build()
    texts = []
    for path in sorted(glob.glob(f"{options.work}/part*.npz")):
        if not path.endswith(f"part{HELD:04d}.npz"):
            texts += load_part(path)
    frequencies = start(draft, teacher, texts[:240:EACH])
    always, held = frequencies.topk(FREQUENT)[1], held_out(options.work)
    table = draft.model.embed_tokens.weight
    matrices = [p for p in draft.parameters() if p.ndim == 2 and p is not table]
    norms = [p for p in draft.parameters() if p.ndim == 1]
    groups = [dict(params=matrices, scale=1.0, weight_decay=0.05), dict(params=norms, scale=1.0, weight_decay=0.0),
              dict(params=[table], scale=0.3, weight_decay=0.0)]
    optimizer = torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.98))
    order, orders, generator = [], numpy.random.default_rng(0), torch.Generator().manual_seed(3)
    count = sum(p.numel() for p in draft.parameters())
    print(f"{sum(len(x[1]) for x in texts)} tokens, {count} parameters", flush=True)
    for step in range(options.steps):
        done = step / options.steps
        # Constant, then a cosine; first cross-entropy, then acceptance too, which is what counts.
        cooled = 1 if done < 0.4 else 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (done - 0.4) / 0.6))
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1, (step + 1) / 60) * cooled * group["scale"]
        if len(order) < BATCH:
            order = list(orders.permutation(len(texts)))
        some, order = [texts[i] for i in order[:BATCH]], order[BATCH:]
        entropy, accepted = loss(draft, some, always, generator)
        optimizer.zero_grad()
        (entropy + min(1, max(0, (done - 0.3) / 0.4)) * 4 * (1 - accepted)).backward()
        torch.nn.utils.clip_grad_norm_(draft.parameters(), 1.0)
        optimizer.step()
        if (step + 1) % 50 == 0:
            print(f"{step + 1}: loss {entropy:.3f}, acceptance {accepted:.4f} of the batch", flush=True)
        if (step + 1) % 250 == 0 or step + 1 == options.steps:
            print("  held out: acceptance %.4f, loss %.3f" % acceptance(draft, teacher, held), flush=True)
            torch.save(draft.state_dict(), options.work / "draft.pt")


# The file

NAMES = {"self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
         "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
         "mlp.down_proj": "ffn_down", "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm"}


def export(options):
    """Writes the draft: matrices as Q8_0, norms as F32, the tokenizer's metadata copied from the target's file."""
    weights = torch.load(options.work / "draft.pt", weights_only=True)
    writer = gguf.GGUFWriter(options.output, "llama")
    writer.add_name("SmolLM2 draft")
    writer.add_description("A two-layer draft for SmolLM2-135M-Instruct, distilled from its samples")
    writer.add_license("apache-2.0")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_context_length(8192)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(WIDTH // HEAD)
    writer.add_head_count_kv(WIDTH // HEAD)
    writer.add_rope_dimension_count(HEAD)
    writer.add_rope_freq_base(100_000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(VOCABULARY)
    for name, field in gguf.GGUFReader(options.gguf).fields.items():
        if name.startswith("tokenizer."):
            main, sub = field.types[0], field.types[-1] if len(field.types) > 1 else None
            writer.add_key_value(name, field.contents(), main, sub)

    def add(name, tensor, heads=None):
        values = tensor.float()
        if heads:
            values = values.view(heads, 2, HEAD // 2, -1).transpose(1, 2).reshape(values.shape)
        values = values.numpy()
        if values.ndim == 1:
            writer.add_tensor(name, values)
        else:
            kind = gguf.GGMLQuantizationType.Q8_0
            writer.add_tensor(name, gguf.quants.quantize(values, kind), raw_dtype=kind)

    add("token_embd.weight", weights["model.embed_tokens.weight"])
    add("output_norm.weight", weights["model.norm.weight"])
    for layer in range(LAYERS):
        for theirs, ours in NAMES.items():
            turned = WIDTH // HEAD if ours in ("attn_q", "attn_k") else None
            add(f"blk.{layer}.{ours}.weight", weights[f"model.layers.{layer}.{theirs}.weight"], turned)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    print(f"{options.output}: {os.path.getsize(options.output):,} bytes")


def report(options):
    """Acceptance of the exported file, from its dequantised weights, on the held-out texts."""
    teacher, path = Teacher(options.gguf), Path(options.output)
    from teacher import load_reference
    accepted, entropy = acceptance(load_reference(path), teacher, held_out(options.work))
    print(f"held out: acceptance {accepted:.4f}, cross-entropy {entropy:.3f} nats")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=["sample", "train", "export", "report"])
    parser.add_argument("gguf", help="the target, as `make model` fetches it")
    parser.add_argument("--work", type=Path, default=Path("distillation-work"))
    parser.add_argument("--output", default=str(FILE), help="the draft's file")
    parser.add_argument("--parts", type=int, default=40)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--stride", type=int, default=1)
    parser.add_argument("--steps", type=int, default=1500)
    options = parser.parse_args()
    options.work.mkdir(exist_ok=True)
    torch.set_num_threads(1)
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    {"sample": sample_parts, "train": train, "export": export, "report": report}[options.part](options)
