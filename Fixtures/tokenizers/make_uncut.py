"""Makes a vocabulary that no pre-tokenizer suits, and what Hugging Face's `tokenizers` makes of the strings by many.

    python3 Fixtures/tokenizers/make_uncut.py

The first merges of `uncut.json` and `uncut.gguf` join the bytes on the two sides of every place in `strings.json` where some of the
pre-tokenizers cut and others do not; the rest were trained on uncut text. So tokens cross whatever is not cut, and where two cuts
differ, the tokens do. `uncut-NAME.txt` holds the FNV-1a hash of the tokens of each of `strings.json` by the step NAME of
`steps.json`, in full for every 40th. `make_llamacpp.py` has llama.cpp do the same. Needs gguf and tokenizers.
"""

import collections
import json
import pathlib

import gguf
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

import strings as source

HERE = pathlib.Path(__file__).parent
GENESIS = (HERE.parent / "texts/genesis.txt").read_text()[:60_000]
CORPUS = GENESIS.splitlines() + source.CODE * 20 + [" ".join(source.WORDS)] * 20 + [
    source.CJK, source.HANGUL, source.RTL, source.INDIC, " ".join(source.EMOJI)] * 20 + [
    # llama.cpp takes an ordinary piece </s> for a control token.
    text for text in source.strings()[::3] if "</s" not in text and "/s>" not in text]
# The patterns as they stand in the models' files.
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
FIRST, REST = r"[^\r\n\p{L}\p{N}]?", r"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
LETTERS = (
    "A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u01ba\u01bc-\u01bf\u01c4-\u0293\u0295-\u02af\u0370-\u0373\u0376"
    "\u0377\u037b-\u037d\u037f\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03f5\u03f7-\u0481\u048a-\u052f"
    "\u0531-\u0556\u10a0-\u10c5\u13a0-\u13f5\u13f8-\u13fd\u1c90-\u1cba\u1cbd-\u1cbf\u1d00-\u1d2b\u1d6b-\u1d77"
    "\u1d79-\u1d9a\u1e00-\u1f15\u1f18-\u1f1d\u1f20-\u1f45\u1f48-\u1f4d\u1f50-\u1f57\u1f59\u1f5b\u1f5d\u1f5f-\u1f7d"
    "\u1f80-\u1fb4\u1fb6-\u1fbc\u1fbe\u1fc2-\u1fc4\u1fc6-\u1fcc\u1fd0-\u1fd3\u1fd6-\u1fdb\u1fe0-\u1fec\u1ff2-\u1ff4"
    "\u1ff6-\u1ffc\u2102\u2107\u210a-\u2113\u2115\u2119-\u211d\u2124\u2126\u2128\u212a-\u212d\u212f-\u2134\u2139"
    "\u213c-\u213f\u2145-\u2149\u214e\u2183\u2184\u2c00-\u2c7b\u2c7e-\u2ce4\u2ceb-\u2cee\u2cf2\u2cf3\ua640-\ua66d"
    "\ua680-\ua69b\ua722-\ua76f\ua771-\ua787\ua78b-\ua78e\uab70-\uabbf\ufb00-\ufb06\ufb13-\ufb17\uff21-\uff3a"
    "\uff41-\uff5a\U00010400-\U0001044f\U000104b0-\U000104d3\U000104d8-\U000104fb\U00010c80-\U00010cb2"
    "\U00010cc0-\U00010cf2\U000118a0-\U000118df\U0001e900-\U0001e943")
STEPS = {
    "tekken": [f"{FIRST}{UPPER}*{LOWER}+|{FIRST}{UPPER}+{LOWER}*|\\p{{N}}{REST}"],
    "gpt-4o": [f"{FIRST}{UPPER}*{LOWER}+{CONTRACTION}|{FIRST}{UPPER}+{LOWER}*{CONTRACTION}|\\p{{N}}{{1,3}}{REST}"],
    "deepseek-llm": ["[\r\n]", f"\\s?[{LETTERS}]+", r"\s?[!-/:-~！-／：-～‘-‟　-。]+", r"\s+$", "[一-龥ࠀ-一가-\ud7ff]+", None],
    "deepseek-coder": ["[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", "[一-龥ࠀ-一가-\ud7ff]+", None],
    "deepseek-v3": [
        r"\p{N}{1,3}", "[一-龥\u3040-ゟ゠-ヿ]+",
        r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"""],
}
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]


def disputed(texts):
    """Pairs of bytes that some pre-tokenizers part and others do not, in the spelling of byte-level vocabularies; the most frequent first."""
    cutters = [
        pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(p), "isolated") if p else pre_tokenizers.Digits(individual_digits=True) for p in steps])
        for steps in [*STEPS.values(), [GPT2], [LLAMA3], [LLAMA3.replace("{1,3}", "")]]]
    level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    pairs = collections.Counter()
    for text in texts:
        cuts = [{start for _, (start, _) in cutter.pre_tokenize_str(text)} for cutter in cutters]
        for place in set.union(*cuts) - set.intersection(*cuts) - {0}:
            sides = [level.pre_tokenize_str(side)[0][0] for side in (text[place - 1], text[place])]
            pairs[sides[0][-1], sides[1][0]] += 1
    return [pair for pair, _ in sorted(pairs.items(), key=lambda entry: (-entry[1], entry[0]))]


def vocabulary(texts):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=1500, special_tokens=SPECIAL, initial_alphabet=alphabet, max_token_length=12, show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    state = json.loads(tokenizer.to_str())
    tokens = [t for t, _ in sorted(state["model"]["vocab"].items(), key=lambda entry: entry[1])]
    # Some words cannot be merged to, which shows where whole pieces are taken unmerged.
    merges = [" ".join(m) for i, m in enumerate(state["model"]["merges"]) if i < 500 or i % 7]
    first = disputed(texts)
    joined = ["".join(pair) for pair in first]
    return list(dict.fromkeys(tokens + joined)), list(dict.fromkeys([" ".join(pair) for pair in first] + merges))


def tokenizer(tokens, merges, name):
    """Hugging Face's, with the steps of a name; `nfc` is GPT-2's cut of composed text."""
    made = Tokenizer(models.BPE({t: i for i, t in enumerate(tokens)}, [tuple(m.split(" ")) for m in merges]))
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens(SPECIAL)
    if name == "nfc":
        made.normalizer = normalizers.NFC()
    splits = [
        pre_tokenizers.Split(Regex(p), "isolated") if p else pre_tokenizers.Digits(individual_digits=True)
        for p in STEPS.get(name, [])]
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=not splits)
    made.pre_tokenizer = pre_tokenizers.Sequence(splits + [byte_level]) if splits else byte_level
    return made


def golden(index, ids):
    full = " " + " ".join(map(str, ids)) if index % 40 == 0 and len(ids) < 60 else ""
    return f"{fnv(ids):08x}{full}\n"


def write(path, tokens, merges):
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([3 if t in SPECIAL else 1 for t in tokens])
    writer.add_token_merges(merges)
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(0)
    writer.add_add_bos_token(False)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def fnv(tokens):
    value = 0x811C9DC5
    for token in tokens:
        for byte in token.to_bytes(4, "little"):
            value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def main():
    texts = json.loads((HERE / "strings.json").read_text())
    tokens, merges = vocabulary(texts)
    write(HERE / "uncut.gguf", tokens, merges)
    steps = {}
    for name in [*STEPS, "nfc"]:
        made = tokenizer(tokens, merges, name)
        state = json.loads(made.to_str())
        steps[name] = {key: state[key] for key in ("normalizer", "pre_tokenizer")}
        lines = [golden(i, made.encode(text, add_special_tokens=False).ids) for i, text in enumerate(texts)]
        (HERE / f"uncut-{name}.txt").write_text("".join(lines))
    (HERE / "uncut.json").write_text(tokenizer(tokens, merges, "").to_str() + "\n")
    (HERE / "steps.json").write_text(json.dumps(steps, ensure_ascii=True, indent=1) + "\n")


main()
