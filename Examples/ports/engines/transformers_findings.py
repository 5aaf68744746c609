#!/usr/bin/env python3
"""Each finding of docs/certified.md about transformers, by hand: small random models of the engine's own classes, no table.

    python3 transformers_findings.py            # all of them; or name some

Every check prints what the engine did and what it should have, and exits with 1 if a finding is gone.
"""
import itertools
import logging
import os
import sys
import warnings

os.environ["TRANSFORMERS_VERBOSITY"] = "error"
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

import torch  # noqa: E402
from tokenizers import Tokenizer, decoders, models, pre_tokenizers  # noqa: E402
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast  # noqa: E402
from transformers.generation import candidate_generator, stopping_criteria  # noqa: E402

torch.set_num_threads(1)


def llama(seed, size):
    torch.manual_seed(seed)
    config = LlamaConfig(vocab_size=size, hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2,
                         initializer_range=0.8, bos_token_id=None, eos_token_id=None, pad_token_id=0)
    model = LlamaForCausalLM(config).eval()
    model.generation_config.num_assistant_tokens = 3
    model.generation_config.assistant_confidence_threshold = 0.0
    return model


def words(*list_of_words):
    backend = Tokenizer(models.WordLevel({word: i for i, word in enumerate(list_of_words)}, unk_token=list_of_words[0]))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return PreTrainedTokenizerFast(tokenizer_object=backend)


def letters(size):
    """A tokenizer of one letter a token, which joins them without a space."""
    backend = Tokenizer(models.BPE({chr(97 + i): i for i in range(size)}, []))
    backend.decoder = decoders.Fuse()
    return PreTrainedTokenizerFast(tokenizer_object=backend)


def gemma4_argmax():
    """Gemma 4's assistant drafts the most probable token, and the verifier is told that it was drawn from the softmax."""
    from transformers import Gemma4AssistantConfig, Gemma4AssistantForCausalLM, Gemma4ForCausalLM, Gemma4TextConfig

    torch.manual_seed(1)
    shape = dict(vocab_size=4, hidden_size=16, intermediate_size=16, num_attention_heads=2, num_key_value_heads=1, head_dim=8,
                 global_head_dim=8, num_global_key_value_heads=1, vocab_size_per_layer_input=0, hidden_size_per_layer_input=0,
                 initializer_range=0.5, bos_token_id=None, eos_token_id=None, pad_token_id=0, sliding_window=64)
    text = Gemma4TextConfig(num_hidden_layers=2, layer_types=["sliding_attention", "full_attention"], num_kv_shared_layers=0, **shape)
    target = Gemma4ForCausalLM(text).eval()
    draft_text = Gemma4TextConfig(num_hidden_layers=2, layer_types=["sliding_attention", "full_attention"], num_kv_shared_layers=2, **shape)
    draft = Gemma4AssistantForCausalLM(Gemma4AssistantConfig(text_config=draft_text, backbone_hidden_size=16)).eval()
    draft.generation_config.num_assistant_tokens = 1
    return compare(target, dict(assistant_model=draft), size=4, length=3)


def compare(target, keys, size, length, count=4000):
    """The joint law of the first tokens, by the model's own passes, against what generate sampled."""
    prompt = torch.tensor([[1, 2]])
    exact = {}
    with torch.inference_mode():
        for text in itertools.product(range(size), repeat=length):
            full = torch.cat([prompt, torch.tensor([text])], 1)
            laws = target(full).logits[0].float().softmax(-1)
            exact[text] = torch.stack([laws[prompt.shape[1] - 1 + i, token] for i, token in enumerate(text)]).prod().item()
        counts = dict.fromkeys(exact, 0)
        for seed in range(count):
            torch.manual_seed(seed)
            tokens = target.generate(prompt, max_new_tokens=length, do_sample=True, top_k=0, **keys)[0, prompt.shape[1] :]
            counts[tuple(tokens.tolist())] += 1
    square = sum((counts[t] - count * p) ** 2 / (count * p) for t, p in exact.items() if count * p > 5)
    variation = sum(abs(counts[t] / count - p) for t, p in exact.items()) / 2
    cells = sum(count * p > 5 for p in exact.values())
    print(f"  {count} decodings: chi-square {square:.0f} over {cells} cells; total variation of the counts {variation:.3f}")
    return square > 3 * cells


def universal_order():
    """The pruned head's order is the vocabulary's listing, and the logits are put back by ascending id."""
    draft_words = words("x", *[f"t{i}" for i in reversed(range(30))])
    target_words = words(*[f"t{i}" for i in range(30)])
    draft = llama(1, 31)
    translator = candidate_generator.AssistantToTargetTranslator(target_words, draft_words, 30, draft, assistant_prune_lm_head=True)
    wrong = 0
    for index in range(30):  # a draft that is certain of the token at this place of the pruned head
        logits = torch.full((1, 1, 30), -100.0)
        logits[0, 0, index] = 0.0
        drafted = translator.get_target_ids(torch.zeros(1, 0), torch.zeros(1, 0).long(), torch.tensor([[index]]))[0, -1].item()
        believed = translator.get_target_logits(logits)[0, 0].argmax().item()
        wrong += drafted != believed
    print(f"  of 30 tokens {wrong} are drafted as one token and verified with another's probability")
    return wrong > 0


def universal_subset():
    """Where the target has every token of the draft, nothing is pruned, and what pruning would have set is read."""
    target, draft = llama(1, 6), llama(2, 5)
    try:
        target.generate(torch.tensor([[1, 2]]), max_new_tokens=4, do_sample=True, assistant_model=draft,
                        tokenizer=words(*"abcdef"), assistant_tokenizer=words(*"abcde"))
    except AttributeError as error:
        print(f"  AttributeError: {error}")
        return True
    return False


def universal_reread():
    """The last accepted token is read again at its place in the pruned head, as if the place were an id of the draft's."""
    size = 12
    listed = ["x", *[f"t{i}" for i in reversed(range(size))]]
    generator = candidate_generator.UniversalSpeculativeDecodingGenerator
    original = generator._prepare_assistant_input_ids
    pairs = []

    def spy(self, target_input_ids):
        assistant_input_ids, added = original(self, target_input_ids)
        if self._prev_assistant_ids is not None:  # the draft's pass begins with the last token but one: that one is not mapped
            pairs.append((f"t{target_input_ids[0, -2]}", listed[assistant_input_ids[0, -2]]))
        return assistant_input_ids, added

    generator._prepare_assistant_input_ids = spy
    torch.manual_seed(1)
    llama(3, size).generate(torch.tensor([[1, 2]]), max_new_tokens=80, do_sample=True, top_k=0, assistant_model=llama(4, size + 1),
                            tokenizer=words(*[f"t{i}" for i in range(size)]), assistant_tokenizer=words(*listed))
    generator._prepare_assistant_input_ids = original
    wrong = [pair for pair in pairs if pair[0] != pair[1]]
    print(f"  in {len(wrong)} of {len(pairs)} rounds the draft reads another token than the text has, as (text, read): {wrong[:3]} …")
    return bool(wrong)


def stop_inside_a_round():
    """A criterion is asked once a round, about the whole text: a stop inside the round is passed over."""

    class EndsWith(stopping_criteria.StoppingCriteria):
        def __call__(self, input_ids, scores, **_):
            return input_ids[:, -1] == stop

    target = llama(3, 20)
    prompt = torch.tensor([[1, 2]])
    plain = target.generate(prompt, max_new_tokens=12, do_sample=False)[0].tolist()
    stop = next(token for i, token in enumerate(plain[2:]) if token not in plain[2 : 2 + i] and i == 1)
    criteria = stopping_criteria.StoppingCriteriaList([EndsWith()])
    alone = target.generate(prompt, max_new_tokens=12, do_sample=False, stopping_criteria=criteria)[0].tolist()
    assisted = target.generate(prompt, max_new_tokens=12, do_sample=False, stopping_criteria=criteria, assistant_model=target)[0].tolist()
    print(f"  criterion, alone {alone[2:]}, assisted {assisted[2:]}")
    return alone != assisted


def stop_string_with_a_draft():
    """The draft's generate is given the stop strings and no tokenizer, and refuses."""
    target = llama(3, 20)
    keys = dict(max_new_tokens=4, do_sample=True, stop_strings=["a"], tokenizer=letters(20))
    target.generate(torch.tensor([[1, 2]]), **keys)
    try:
        target.generate(torch.tensor([[1, 2]]), assistant_model=llama(4, 20), **keys)
    except ValueError as error:
        print(f"  ValueError: {error}")
        return True
    return False


def stop_string_under_prompt_lookup():
    """A stop string that the prompt holds is drafted, accepted inside a round, and passed over."""
    target = llama(3, 6)
    for seed in range(20):
        torch.manual_seed(seed)
        prompt = torch.randint(6, (1, 12))
        plain = target.generate(prompt, max_new_tokens=8, do_sample=False)[0, 12:].tolist()
        stop = next((token for token in plain[1:] if token in prompt[0, :-1] and token != plain[0]), None)
        if stop is None:
            continue
        keys = dict(max_new_tokens=8, do_sample=False, stop_strings=[chr(97 + stop)], tokenizer=letters(6))
        alone, drafted = (target.generate(prompt, **keys, **more)[0, 12:].tolist() for more in ({}, {"prompt_lookup_num_tokens": 3}))
        if alone != drafted:
            print(f"  stop at {stop}: alone {alone}, with prompt look-up {drafted}")
            return True
    return False


def draft_warped_twice():
    """The draft's generate is given the target's warpers, and a configuration from which it builds them again."""
    target, draft = llama(3, 20), llama(4, 20)
    seen = []
    original = candidate_generator.AssistedCandidateGenerator.get_candidates

    def spy(self, input_ids, **keys):
        result = original(self, input_ids, **keys)
        seen.append((input_ids, result[1]))
        return result

    candidate_generator.AssistedCandidateGenerator.get_candidates = spy
    temperature = 0.5
    target.generate(torch.tensor([[1, 2]]), max_new_tokens=6, do_sample=True, temperature=temperature, top_k=0, assistant_model=draft)
    candidate_generator.AssistedCandidateGenerator.get_candidates = original
    logits = draft(seen[0][0]).logits[0, -1]
    ratio = (seen[0][1][0, 0] / logits).median().item()
    print(f"  temperature {temperature}: the draft's logits are multiplied by {ratio:.3f}, not by {1 / temperature:.3f}")
    return abs(ratio - 1 / temperature) > 0.1


FINDINGS = [universal_order, universal_reread, universal_subset, stop_inside_a_round, stop_string_with_a_draft, stop_string_under_prompt_lookup,
            draft_warped_twice, gemma4_argmax]

if __name__ == "__main__":
    gone = 0
    for finding in FINDINGS:
        if len(sys.argv) == 1 or finding.__name__ in sys.argv[1:]:
            print(f"{finding.__name__}: {finding.__doc__}")
            shown = finding()
            gone += not shown
            print("  the engine does this" if shown else "  not seen: the engine has changed", flush=True)
    sys.exit(1 if gone else 0)
