#!/usr/bin/env python3
"""A port of Hugging Face transformers' assisted generation: the engine's own `generate`, over models whose law is a table.

    rsd certify --port "python3 transformers_port.py --route draft"
    python3 transformers_port.py --self-test        # does every route draft, and is the plain law right?

A `Table` is a model class like any other to the engine: its logits are the logarithm of a row, and it knows the text only
through the engine's own cache, so that a cache that is rolled back wrongly shows in the law. Nothing of the engine is replaced,
except where a route says so. docs/certified.md has what each route does, and what was measured.
"""
import argparse
import copy
import functools
import gc
import inspect
import json
import logging
import math
import os
import sys
import traceback
import warnings
from collections import Counter
from dataclasses import dataclass
from types import SimpleNamespace

os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

import torch  # noqa: E402
import transformers  # noqa: E402
from transformers import GenerationConfig, GenerationMixin, LogitsProcessorList, PreTrainedConfig, PreTrainedModel  # noqa: E402
from transformers.generation.logits_process import LogitsProcessor  # noqa: E402
from transformers.generation.stopping_criteria import StoppingCriteria, StoppingCriteriaList  # noqa: E402
from transformers.modeling_outputs import CausalLMOutputWithPast  # noqa: E402

ROUTES = {
    "draft": "a draft model, constant schedule",
    "heuristic": "its schedule `heuristic`, which one call of generate hands to the next",
    "heuristic-transient": "its schedule `heuristic_transient`",
    "confidence": "`assistant_confidence_threshold` at its default of 0.4, up to twice the depth",
    "early-exit": "`assistant_early_exit`: the model's own first layer drafts",
    "prompt-lookup": "`prompt_lookup_num_tokens`: the text itself drafts, and the request's draft is not used",
    "universal": "`assistant_tokenizer`: a draft with two tokens more, and other ids",
    "universal-ordered": "the same, with a tokenizer whose vocabulary is listed by id",
    "universal-subset": "a draft that lacks one token of the target, and has other ids",
    "prompt-lookup-stop-string": "prompt look-up; the end token is a stop string",
    "mtp": "`use_mtp`: the engine's loop over multi-token layers, `depth` of them",
    "gemma4": "the engine's loop for Gemma 4's multi-token assistant",
    "dflash": "`speculation_type=\"dflash\"`: a block of `depth` tokens in one pass",
    "stop-string": "a draft model; the end token is a stop string",
    "stop-criterion": "a draft model; the end token is found by a criterion of the caller's",
    "processor": "a draft model; the caller's logits processor completes the law of both models, by the text's length",
    "repetition-penalty": "a draft model; the engine's repetition penalty completes the law of both models",
    "ensemble": "a draft model and `assistant_ensemble_weight` 0.9: lossy by its documentation, and must fail",
}
TIE = 4e-6  # the engine keeps all tokens that tie at the edge of top-k, the protocol the lower ids: they are this far apart
PENALTY, SHIFT = 1.5, 0.75  # what `repetition-penalty` and `processor` take from the logits and give back


# Twice as fast, and the same to the engine: it copies its configuration deeply and asks for signatures in every call.
inspect.signature = functools.lru_cache(maxsize=None)(inspect.signature)


class Configuration(GenerationConfig):
    def __deepcopy__(self, memo):
        twin = object.__new__(type(self))
        twin.__dict__ = {key: list(x) if isinstance(x, list) else x for key, x in self.__dict__.items()}
        return twin

    def to_dict(self):
        kept = {key: x for key, x in copy.deepcopy(self).__dict__.items() if key not in ("_commit_hash", "_original_object_hash", "_mask_length")}
        return kept | {"transformers_version": transformers.__version__}


# ---- Models whose law is a table --------------------------------------------------------------------------------


class TableConfig(PreTrainedConfig):
    model_type = "rsd-table"

    def __init__(self, vocab_size=2, num_hidden_layers=1, **keys):
        super().__init__(**keys)
        self.vocab_size, self.num_hidden_layers = vocab_size, num_hidden_layers
        self.hidden_size, self.num_attention_heads = 1, 1


class Rows:
    """The logarithm of each row of M, with one row for each context, the shorter ones first."""

    def __init__(self, document, split_ties=False):
        self.vocabulary, self.order = document["vocabulary"], document["order"]
        self.first = [sum(self.vocabulary**k for k in range(length)) for length in range(self.order + 1)]
        self.logits = torch.full((self.first[-1] + self.vocabulary**self.order, self.vocabulary), math.nan)
        for key, row in document["rows"].items():
            text = [int(word) for word in key.split()]
            if len(row) != self.vocabulary or not abs(math.fsum(map(float, row)) - 1) <= 1e-9:
                raise ValueError("not a law over the vocabulary")
            logits = [math.log(float(x)) if float(x) > 0 else -math.inf for x in row]
            if split_ties:
                logits = [x - TIE * row[:token].count(row[token]) for token, x in enumerate(logits)]
            self.logits[self.index(text)] = torch.tensor(logits, dtype=torch.float64).float()

    def index(self, text):
        text = text[len(text) - self.order :] if len(text) > self.order else text
        value = 0
        for token in text:
            value = value * self.vocabulary + token
        return self.first[len(text)] + value

    def after(self, texts, start):
        """Logits after each prefix of each text (a list of lists) that is longer than `start`."""
        rows = [[self.index(text[max(0, end - self.order) : end]) for end in range(start + 1, len(text) + 1)] for text in texts]
        return self.logits[torch.tensor(rows)]


class Table(PreTrainedModel, GenerationMixin):
    """The keys of the engine's cache are the tokens of the text; there is no other memory."""

    config_class = TableConfig
    base_model_prefix = "model"
    _supports_sdpa = True

    def __init__(self, rows, early=None, compensation=None):
        layers = 1 if early is None else 2
        super().__init__(TableConfig(vocab_size=rows.vocabulary, num_hidden_layers=layers))
        self.rows, self.early, self.compensation = rows, early, compensation
        self.anchor = torch.nn.Parameter(torch.zeros(1), requires_grad=False)  # gives the model a device and a type
        self.widths = []  # how many tokens each pass was given
        self.generation_config = Configuration()

    @property
    def device(self):  # the engine asks for it some fifteen times a round, and searches all parameters for it
        return self.anchor.device

    @property
    def model(self):
        return SimpleNamespace(config=self.config)  # where early exit finds the number of layers

    def forward(self, input_ids=None, attention_mask=None, position_ids=None, cache=None, logits_to_keep=0, **_):
        early = self.early is not None and self.config.num_hidden_layers == 1
        if not early:
            self.widths.append(input_ids.shape[1])
        keys = input_ids[:, None, :, None]
        for layer in range(self.config.num_hidden_layers):
            kept, _ = cache.update(keys, keys, layer)
        texts = kept[:, 0, :, 0].tolist()
        start = len(texts[0]) - input_ids.shape[1]
        if position_ids is not None and position_ids[0].tolist() != list(range(start, len(texts[0]))):
            raise RuntimeError("the positions are not those of the cache")
        if logits_to_keep:
            start = len(texts[0]) - logits_to_keep
        logits = (self.early if early else self.rows).after(texts, start)
        if self.compensation:
            logits = self.compensation(logits, texts, start)
        return self.outputs(logits, cache, texts, start)

    def outputs(self, logits, cache, texts, start):
        return CausalLMOutputWithPast(logits=logits, cache=cache)


@dataclass
class StatedOutput(CausalLMOutputWithPast):
    shared_kv_states: dict | None = None


class StatedTable(Table):
    """A table whose hidden state is the last two tokens, for assistants that read the target's states."""

    def __init__(self, rows, **keys):
        super().__init__(rows, **keys)
        self.embedding = torch.nn.Embedding(rows.vocabulary, 1, _weight=torch.arange(rows.vocabulary).float()[:, None])

    def get_input_embeddings(self):
        return self.embedding

    def outputs(self, logits, cache, texts, start):
        states = torch.tensor([[state(text[:end]) for end in range(start + 1, len(text) + 1)] for text in texts])
        return StatedOutput(logits=logits, cache=cache, hidden_states=(states, states), shared_kv_states={})


def state(text):
    """The last two tokens, -1 where there is none."""
    return [float(x) for x in ([-1, -1] + list(text))[-2:]]


def text_of(values):
    return [int(x) for x in values if x >= 0]


# ---- The built-in multi-token assistants ------------------------------------------------------------------------
# The engine's loops over tables in the place of trained layers. Their classes' names are what the engine goes by.


class Gemma4Table(StatedTable):
    pass


class Gemma4AssistantTable(Table):
    def forward(self, inputs_embeds=None, **_):
        text = text_of([*inputs_embeds[0, 0, 1:].tolist(), inputs_embeds[0, 0, 0].item()])
        hidden = torch.tensor([[state(text)]])
        return SimpleNamespace(logits=self.rows.after([text], len(text) - 1), last_hidden_state=hidden)


class DFlashTable(Table):
    """One pass for the block: each token is drafted from the draft's law after the text that the target has seen."""

    def __init__(self, rows, depth):
        super().__init__(rows)
        self.config.target_layer_ids, self.config.block_size, self.config.mask_token_id = [0], depth + 1, 0

    def forward(self, noise_embeds=None, context_hidden_states=None, position_ids=None, cache=None, **_):
        seen, block = context_hidden_states.shape[1], noise_embeds.shape[1]
        if position_ids.shape[1] != seen + block:
            raise RuntimeError("the positions are not those of the context and the block")
        cache.update(position_ids[:, None, :, None], position_ids[:, None, :, None], 0)
        text = text_of([*context_hidden_states[0, -1].tolist(), noise_embeds[0, 0, 0].item()])
        return SimpleNamespace(last_hidden_state=self.rows.after([text], len(text) - 1).expand(1, block, -1))


class Identity(torch.nn.Linear):
    def __init__(self, size):
        super().__init__(size, size, bias=False)

    def forward(self, logits):
        return logits


class DFlashTarget(StatedTable):
    def __init__(self, rows):
        super().__init__(rows)
        self.head = Identity(rows.vocabulary)

    def get_output_embeddings(self):
        return self.head


def mtp_model(rows, depth):
    from transformers.modeling_layers import MtpModel

    class MtpTable(MtpModel):
        """The engine's loop (`MtpModel.forward`); a layer's state is the text that it has seen."""

        def __init__(self):
            torch.nn.Module.__init__(self)
            self.layers = [None] * depth
            self.loss_type = "ForCausalLM"

        def forward_layer(self, layer, states, positions, mtp_cache, input_ids=None, **_):
            # One token a layer and a position: the states of the layer before, and the token that follows each.
            mtp_cache.update(input_ids[:, None, :, None], input_ids[:, None, :, None], layer)
            pairs = zip(states[0].tolist(), input_ids[0].tolist())
            return torch.tensor([[state(text_of(before) + [token]) for before, token in pairs]])

        def _project_to_logits(self, states):
            return torch.stack([rows.after([text], len(text) - 1)[0] for text in map(text_of, states[0].tolist())], 1)

    return MtpTable()


# ---- A draft with another vocabulary ----------------------------------------------------------------------------


class Translated(Table):
    """A draft over `words`, in whose place in the list its ids stand: embeddings and a head, which the engine cuts.

    The tokens that the target does not know have half the mass; the engine takes them out.
    """

    def __init__(self, rows, words, known):
        super().__init__(rows)
        self.config.vocab_size, size = len(words), len(words)
        self.embedding = torch.nn.Embedding(size, 1, _weight=torch.arange(size).float()[:, None])
        self.head = torch.nn.Linear(size, size, bias=False)
        self.head.weight = torch.nn.Parameter(torch.eye(size), requires_grad=False)
        self.meaning = [known.get(word, 0) for word in words]
        self.unknown = [i for i, word in enumerate(words) if word not in known]

    def get_input_embeddings(self):
        return self.embedding

    def set_input_embeddings(self, value):
        self.embedding = value

    def get_output_embeddings(self):
        return self.head

    def set_output_embeddings(self, value):
        self.head = value

    def forward(self, input_ids=None, attention_mask=None, position_ids=None, cache=None, logits_to_keep=0, **_):
        ids = self.embedding(input_ids)[:, :, 0].long()
        kept, _ = cache.update(ids[:, None, :, None], ids[:, None, :, None], 0)
        texts = [[self.meaning[i] for i in text] for text in kept[:, 0, :, 0].tolist()]
        logits = self.rows.after(texts, len(texts[0]) - (logits_to_keep or ids.shape[1]))
        hidden = logits[:, :, self.meaning].clamp(min=-1e9)  # finite: the head multiplies by 0
        if self.unknown:
            hidden[:, :, self.unknown] = -math.log(len(self.unknown))
        return CausalLMOutputWithPast(logits=self.head(hidden), cache=cache)


def tokenizer(words, ordered=False):
    from tokenizers import Tokenizer, models, pre_tokenizers

    backend = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token=words[0]))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=backend)
    if ordered:
        vocabulary = fast.get_vocab()
        listed = dict(sorted(vocabulary.items(), key=lambda item: item[1]))
        fast.get_vocab = lambda: dict(listed)
    return fast


def letters(size):
    """A tokenizer of one letter a token, which joins them without a space, as stop strings need it."""
    from tokenizers import Tokenizer, decoders, models

    backend = Tokenizer(models.BPE({chr(97 + i): i for i in range(max(size, 6))}, []))  # the engine tries "abcdef"
    backend.decoder = decoders.Fuse()
    return transformers.PreTrainedTokenizerFast(tokenizer_object=backend)


# ---- Processors and criteria ------------------------------------------------------------------------------------


def pattern(length, size):
    return torch.tensor([SHIFT * ((token * 7 + length * 3) % 5) for token in range(size)])


class Completes(LogitsProcessor):
    """Adds what `without_pattern` took: the law is right only if each position is processed once, with its own text."""

    def __call__(self, input_ids, scores):
        return scores + pattern(input_ids.shape[1], scores.shape[1])


def without_pattern(logits, texts, start):
    return logits - torch.stack([pattern(end, logits.shape[2]) for end in range(start + 1, len(texts[0]) + 1)])


def without_penalty(logits, texts, start):
    for row, text in zip(logits, texts):
        for end in range(start + 1, len(text) + 1):
            for token in set(text[:end]):
                row[end - start - 1, token] /= PENALTY
    return logits


class EndsWith(StoppingCriteria):
    def __init__(self, token):
        self.token = token

    def __call__(self, input_ids, scores, **_):
        return input_ids[:, -1] == self.token


class Rounds(transformers.generation.BaseStreamer):
    """What each round of the engine emitted, which it streams: the prompt first."""

    def __init__(self):
        self.sizes = []

    def put(self, value):
        self.sizes.append(value.numel())

    def end(self):
        pass


# ---- A request --------------------------------------------------------------------------------------------------


class NotSupported(Exception):
    pass


class Case:
    def __init__(self, request, route):
        self.prompt, self.length = request["prompt"], request["length"]
        if not self.prompt:
            raise NotSupported("the engine needs a prompt of one token or more")
        self.rule, self.route = request["rule"], route if request["rule"] == "sd" else "plain"
        if self.rule not in ("sd", "autoregressive"):
            raise NotSupported("assisted generation verifies one sequence")
        self.depth = request.get("depth") or 1
        end = request.get("endToken")
        profile = request.get("profile") or {}
        cuts = profile.get("temperature", 1) == 0 or profile.get("topK", 0) > 0 or profile.get("topP", 1) < 1
        target, draft = Rows(request["target"], cuts), Rows(request["draft"], cuts)
        self.keys = self.sampling(profile) | {"use_cache": True}
        if end is not None and not (self.route.startswith("stop-") or self.route.endswith("-stop-string")):
            self.keys |= {"eos_token_id": end, "pad_token_id": end}
        self.call, self.reset = {}, lambda: None
        self.words = [f"t{token}" for token in range(target.vocabulary)]
        self.model, self.assistant = Table(target), None
        self.end = end
        getattr(self, "prepare_" + self.route.replace("-", "_"))(target, draft)
        if self.assistant is not None:
            self.call["assistant_model"] = self.assistant
        # A round may emit depth + 1, however short the sequences that are asked for: then they are cut here.
        self.limit = self.length if self.rule != "sd" else max(self.length, self.depth + 1)
        self.config = Configuration(max_new_tokens=self.limit, **self.keys)
        self.drafted = self.accepted = 0

    def sampling(self, profile):
        if set(profile) - {"temperature", "topK", "topP", "minP"}:
            raise NotSupported("a step of the profile is unknown")
        temperature, top_k = profile.get("temperature", 1), profile.get("topK", 0)
        if temperature == 0:
            return {"do_sample": False}
        keys = {"do_sample": True, "temperature": float(temperature), "top_k": top_k, "top_p": float(profile.get("topP", 1))}
        return keys | ({"min_p": float(profile["minP"])} if profile.get("minP") else {})

    def prepare_plain(self, target, draft):
        pass

    def prepare_draft(self, target, draft, schedule="constant", threshold=0.0, tokens=None):
        self.assistant = self.assistant or Table(draft)
        tokens = tokens or self.depth

        def reset():
            configuration = self.assistant.generation_config
            configuration.num_assistant_tokens = tokens
            configuration.num_assistant_tokens_schedule = schedule
            configuration.assistant_confidence_threshold = threshold

        self.reset = reset  # once a request: the engine keeps the schedule's state in the assistant

    def prepare_heuristic(self, target, draft):
        self.prepare_draft(target, draft, schedule="heuristic")

    def prepare_heuristic_transient(self, target, draft):
        self.prepare_draft(target, draft, schedule="heuristic_transient")

    def prepare_confidence(self, target, draft):
        self.prepare_draft(target, draft, threshold=0.4, tokens=2 * self.depth)

    def prepare_early_exit(self, target, draft):
        self.model = Table(target, early=draft)
        self.keys["assistant_early_exit"] = 1
        self.assistant = self.model
        self.prepare_draft(target, draft)
        self.assistant = None

        def reset():
            configuration = self.model.generation_config
            configuration.num_assistant_tokens, configuration.num_assistant_tokens_schedule = self.depth, "constant"
            configuration.assistant_confidence_threshold = 0.0

        self.reset = reset

    def prepare_prompt_lookup(self, target, draft):
        self.keys["prompt_lookup_num_tokens"] = self.depth

    def prepare_prompt_lookup_stop_string(self, target, draft):
        self.prepare_prompt_lookup(target, draft)
        self.stop_string(target)

    def prepare_universal(self, target, draft, extra=("x0", "x1"), ordered=False):
        words = [*extra[:1], *reversed(self.words), *extra[1:]] if extra else list(reversed(self.words))[:-1]
        self.assistant = Translated(draft, words, {word: token for token, word in enumerate(self.words)})
        self.prepare_draft(target, draft)
        self.call["tokenizer"], self.call["assistant_tokenizer"] = tokenizer(self.words), tokenizer(words, ordered)

    def prepare_universal_ordered(self, target, draft):
        self.prepare_universal(target, draft, ordered=True)

    def prepare_universal_subset(self, target, draft):
        self.prepare_universal(target, draft, extra=())

    def prepare_mtp(self, target, draft):
        from transformers.modeling_layers import MtpModel

        self.model = StatedTable(target)
        self.model.config.num_mtp_layers = self.depth
        self.model.config.get_mtp_config = lambda: TableConfig(num_hidden_layers=self.depth)
        self.model.get_decoder = lambda: SimpleNamespace(layers=[torch.nn.Linear(1, 1)])
        layers = mtp_model(draft, self.depth)
        MtpModel.from_pretrained = classmethod(lambda cls, *_, **__: layers)  # in the place of reading a checkpoint
        self.keys["use_mtp"] = True

    def prepare_gemma4(self, target, draft):
        self.model, self.assistant = Gemma4Table(target), Gemma4AssistantTable(draft)
        self.prepare_draft(target, draft)

    def prepare_dflash(self, target, draft):
        self.model, self.assistant = DFlashTarget(target), DFlashTable(draft, self.depth)
        self.keys["speculation_type"] = "dflash"

    def prepare_stop_string(self, target, draft):
        self.prepare_draft(target, draft)
        self.stop_string(target)

    def stop_string(self, target):
        if self.end is not None:
            self.call["tokenizer"] = letters(target.vocabulary)
            self.keys["stop_strings"] = [chr(97 + self.end)]

    def prepare_stop_criterion(self, target, draft):
        self.prepare_draft(target, draft)
        if self.end is not None:
            self.call["stopping_criteria"] = StoppingCriteriaList([EndsWith(self.end)])

    def prepare_processor(self, target, draft):
        self.model, self.assistant = (Table(rows, compensation=without_pattern) for rows in (target, draft))
        self.prepare_draft(target, draft)
        self.call["logits_processor"] = LogitsProcessorList([Completes()])

    def prepare_repetition_penalty(self, target, draft):
        self.model, self.assistant = (Table(rows, compensation=without_penalty) for rows in (target, draft))
        self.prepare_draft(target, draft)
        self.keys["repetition_penalty"] = PENALTY

    def prepare_ensemble(self, target, draft):
        self.prepare_draft(target, draft)
        self.keys["assistant_ensemble_weight"] = 0.9

    def one(self):
        """One decoding by the engine: its tokens, and what its first round emitted."""
        rounds = Rounds()
        prompt = torch.tensor([self.prompt])
        self.model.widths.clear()
        output = self.model.generate(prompt, generation_config=self.config, streamer=rounds, **self.call)
        tokens = output[0, len(self.prompt) :].tolist()
        self.drafted += sum(self.model.widths) - len(self.model.widths) - len(self.prompt) + 1
        self.accepted += sum(rounds.sizes[1:]) - len(rounds.sizes[1:])
        return tokens[: self.length], rounds.sizes[1]

    def many(self, count):
        """Plain sampling, a thousand at a time: (tokens, None) each."""
        answers = []
        while len(answers) < count:
            prompts = torch.tensor([self.prompt] * min(1000, count - len(answers)))
            for row in self.model.generate(prompts, generation_config=self.config)[:, len(self.prompt) :].tolist():
                ended = row.index(self.end) + 1 if self.end in row else len(row)
                answers.append((row[:ended], None))
        return answers


# Routes whose first round is the rule's round of this depth. In the others it is another (a schedule's state from the call
# before, a draft that stops early, a first pass without a draft, a block drafted at once), and is left out.
FIRST_ROUND = {"draft", "heuristic-transient", "early-exit", "universal-ordered", "processor", "repetition-penalty"}
statistics = Counter()


def sample(case, request, options):
    torch.manual_seed(int(request["seed"]) % 2**64)
    case.reset()
    with torch.inference_mode():
        decodings = case.many(request["count"]) if case.rule == "autoregressive" else [case.one() for _ in range(request["count"])]
    statistics.update(decodings=request["count"], drafted=case.drafted, accepted=case.accepted)
    answer = {}
    if case.rule == "sd" and options.rounds and options.route in FIRST_ROUND:
        answer["rounds"] = Counter(str(first) for _, first in decodings)
    texts = [" ".join(map(str, tokens)) for tokens, _ in decodings]
    return answer | ({"sequences": texts} if request.get("ordered") else {"counts": Counter(texts)})


def answer(request, options):
    if request["op"] == "hello":
        return {
            "name": f"transformers, {options.route}",
            "version": transformers.__version__,
            "rules": ["autoregressive", "sd"],
            "ops": ["sample"],
            "profile": ["temperature", "top-k", "top-p", "min-p"],
            "uniformBits": 24,
        }
    identity = {"id": request["id"]}
    try:
        if request["op"] != "sample":
            raise NotSupported("the engine has no round with scripted uniforms")
        case = Case(request, options.route)
    except NotSupported as reason:
        return identity | {"status": "notSupported", "reason": str(reason)}
    except ValueError as reason:
        return identity | {"status": "invalid", "reason": repr(reason)}
    return identity | sample(case, request, options)  # what the engine raises ends the port, with its trace on stderr


def self_test(options):
    """Every route: does the engine draft, and does it accept some and refuse some?"""
    law = {"vocabulary": 3, "order": 1, "rows": {"": [0.5, 0.3, 0.2], "0": [0.6, 0.3, 0.1], "1": [0.2, 0.5, 0.3], "2": [0.3, 0.3, 0.4]}}
    other = {"vocabulary": 3, "order": 1, "rows": {"": [0.3, 0.3, 0.4], "0": [0.2, 0.3, 0.5], "1": [0.6, 0.2, 0.2], "2": [0.1, 0.5, 0.4]}}
    request = {"op": "sample", "id": 1, "rule": "sd", "depth": 2, "target": law, "draft": other, "prompt": [0], "length": 4}
    request |= {"count": 100, "seed": "1", "profile": {"temperature": 1.0, "topK": 0, "topP": 1.0}, "endToken": None}
    failures = 0
    for route in [options.route] if options.route != "all" else ROUTES:
        options.route = route
        statistics.clear()
        try:
            first, again, other_seed = (answer(request | {"seed": seed}, options) for seed in "112")
            good = first == again and first != other_seed and 0 < statistics["accepted"] < statistics["drafted"]
            result = f"{statistics['drafted']} drafted, {statistics['accepted']} accepted" + ("" if good else ": WRONG")
        except Exception as error:  # an engine may raise anything
            good, result = False, f"{type(error).__name__}: {error}"
        failures += not good
        print(f"{route:20} {result}", flush=True)
    return 1 if failures else 0


def leave(status):
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # torch's own exit writes a page of leaks to stderr, over what the engine said


def main():
    parser = argparse.ArgumentParser(formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__.split("\n")[0],
                                     epilog="\n".join(f"  {name:20} {what}" for name, what in ROUTES.items()))
    parser.add_argument("--route", default="draft", choices=[*ROUTES, "all"], metavar="ROUTE")
    parser.add_argument("--no-rounds", dest="rounds", action="store_false", help="leave accepted lengths out")
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    gc.freeze()
    if options.self_test:
        leave(self_test(options))
    for line in sys.stdin:
        try:
            print(json.dumps(answer(json.loads(line), options)), flush=True)
        except Exception:
            traceback.print_exc()
            leave(1)
        print(f"{options.route}: {dict(statistics)}", file=sys.stderr, flush=True)
    leave(0)


if __name__ == "__main__":
    main()
