"""SmolLM2 from its GGUF as a fast teacher: bfloat16, one cache that is never copied, several texts a prompt.

Against `transformers` a step of 256 texts takes less than half the time (three quarters of it went into copying caches
and into attention of one query), with the same logits: `python3 teacher.py GGUF` compares them in float32.
"""
import sys
from pathlib import Path

import gguf
import torch
from torch.nn import functional

END, CONTEXT = 2, 2048
NEVER = -1e9


class Teacher:
    """A Llama with its matrices transposed; vectors are rows."""

    def __init__(self, path, dtype=torch.bfloat16):
        reader = gguf.GGUFReader(path)
        fields = {k: v.contents() for k, v in reader.fields.items() if k.startswith("llama.")}
        self.layers, self.width = fields["llama.block_count"], fields["llama.embedding_length"]
        self.heads, self.groups = fields["llama.attention.head_count"], fields["llama.attention.head_count_kv"]
        self.size, self.epsilon = self.width // self.heads, fields["llama.attention.layer_norm_rms_epsilon"]
        self.dtype = dtype
        tensors = {t.name: torch.from_numpy(gguf.quants.dequantize(t.data, t.tensor_type).copy())
                   for t in reader.tensors}

        def matrix(name, heads=None):
            weights = tensors[name + ".weight"]
            if heads:  # the format has the two rows of a rotated pair side by side
                weights = weights.view(heads, self.size // 2, 2, -1).transpose(1, 2).reshape(weights.shape)
            return weights

        self.embedding = tensors["token_embd.weight"].to(dtype)
        self.head = self.embedding.T.contiguous()
        self.norm = tensors["output_norm.weight"].to(dtype)
        self.blocks = []
        for layer in range(self.layers):
            p = f"blk.{layer}."
            parts = {
                "attention": [matrix(p + "attn_q", self.heads), matrix(p + "attn_k", self.groups),
                              matrix(p + "attn_v")],
                "output": [matrix(p + "attn_output")],
                "gate_up": [matrix(p + "ffn_gate"), matrix(p + "ffn_up")],
                "down": [matrix(p + "ffn_down")]}
            block = {name: torch.cat(part).to(dtype).T.contiguous() for name, part in parts.items()}
            for name in ("attn_norm", "ffn_norm"):
                block[name] = tensors[p + name + ".weight"].to(dtype)
            self.blocks.append(block)
        frequencies = fields["llama.rope.freq_base"] ** (-torch.arange(0, self.size, 2).float() / self.size)
        angles = torch.arange(CONTEXT).float()[:, None] * frequencies
        self.cos, self.sin = (torch.cat([f(angles)] * 2, 1).to(dtype) for f in (torch.cos, torch.sin))

    def normed(self, x, weight):
        return functional.rms_norm(x, (self.width,), weight, self.epsilon)

    @staticmethod
    def turned(x, cos, sin):
        first, second = x.chunk(2, -1)
        return x * cos + torch.cat([-second, first], -1) * sin

    def cache(self, texts, length):
        """Keys [layer][text, group][size][place] and values [layer][text, group][place][size]."""
        shape = (self.layers, texts * self.groups)
        return [torch.zeros(*shape, self.size, length, dtype=self.dtype),
                torch.zeros(*shape, length, self.size, dtype=self.dtype)]

    def states(self, tokens, positions, bias, cache=None, place=0):
        """The last layer's normed states of tokens [text][n], which stand at `place` and following of the cache.

        `bias` is added to scores: for n > 1, where the cache must be empty, broadcast to [text][head][n][n]; else
        [text, group][1][place in the cache].
        """
        texts, n = tokens.shape
        x = self.embedding[tokens]
        cos, sin = self.cos[positions][:, None], self.sin[positions][:, None]
        for layer, block in enumerate(self.blocks):
            mixed = self.normed(x, block["attn_norm"]).view(-1, self.width) @ block["attention"]
            mixed = mixed.view(texts, n, -1, self.size)
            q, k, v = (part.transpose(1, 2) for part in mixed.split([self.heads, self.groups, self.groups], 2))
            q, k = self.turned(q, cos, sin), self.turned(k, cos, sin)
            if cache:
                keys, values = cache[0][layer], cache[1][layer]
                keys[:, :, place:place + n] = k.reshape(-1, n, self.size).transpose(1, 2)
                values[:, place:place + n] = v.reshape(-1, n, self.size)
            if n > 1:
                seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=bias, enable_gqa=True)
                seen = seen.transpose(1, 2).reshape(texts * n, -1)
            else:
                q = q.reshape(texts * self.groups, self.heads // self.groups, self.size) * self.size ** -0.5
                seen = torch.bmm(torch.softmax(torch.baddbmm(bias, q, keys), -1), values).reshape(texts, -1)
            x = x + (seen @ block["output"]).view(texts, n, -1)
            gate, up = (self.normed(x, block["ffn_norm"]).view(-1, self.width) @ block["gate_up"]).chunk(2, -1)
            x = x + ((functional.silu(gate) * up) @ block["down"]).view(texts, n, -1)
        return self.normed(x, self.norm)

    def causal(self, n):
        """The bias under which a token sees itself and what is before it."""
        return torch.zeros(n, n).masked_fill(~torch.ones(n, n).tril().bool(), NEVER).to(self.dtype)

    def logits(self, states):
        return (states @ self.head).float()


def load_reference(path):
    """The same weights in `transformers`, float32."""
    from transformers import AutoModelForCausalLM, GgufConfig
    path = Path(path)
    return AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, dtype=torch.float32,
                                                quantization_config=GgufConfig(dequantize=True)).eval()


@torch.inference_mode()
def compare(path):
    """The largest difference of logits from `transformers`, over a text at once and token by token."""
    teacher, reference = Teacher(path, torch.float32), load_reference(path)
    tokens = torch.randint(0, len(teacher.embedding), (2, 24), generator=torch.Generator().manual_seed(1))
    expected = reference(tokens).logits
    positions, places = torch.arange(24).expand(2, -1), torch.arange(24)
    cache = teacher.cache(2, 24)
    worst = (teacher.logits(teacher.states(tokens, positions, teacher.causal(24))) - expected).abs().max()
    teacher.states(tokens[:, :20], positions[:, :20], teacher.causal(20), cache)
    for place in range(20, 24):
        bias = torch.where(places <= place, 0.0, NEVER).expand(2 * teacher.groups, 1, -1)
        one = slice(place, place + 1)
        logits = teacher.logits(teacher.states(tokens[:, one], positions[:, one], bias, cache, place))
        worst = max(worst, (logits[:, 0] - expected[:, place]).abs().max())
    return float(worst)


if __name__ == "__main__":
    print(f"largest difference of a logit: {compare(sys.argv[1]):.1e}")
