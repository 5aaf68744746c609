"""Makes single-word.json, small tokenizers with an added token that must stand alone, and what `tokenizers` makes of texts.

    python3 Fixtures/tokenizers/make_single_word.py

The token is no piece of the vocabularies, one of which takes whole pieces unmerged, and one of which is of unigrams.
"""

import json
import pathlib

from tokenizers import Tokenizer

TEXTS = [
    "abc", "abc1", "1abc", "ab abc", "abc abc", " abc ", "abcabc", "xabc", "(abc)", "abc_", "\u00e9abc", "abc\u0301", "abc\u200d",
    "\u4e00abc", "abc\u0663", "abc\u203f", "1abc abc1 abc", "a\nabc\nb", "abc.", "abc\u00b2", "ABC", "a",
]  # fmt: skip


def file(pre_tokenizer, decoder, model):
    added = {"id": 6, "content": "abc", "single_word": True, "lstrip": False, "rstrip": False, "normalized": False, "special": False}
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": [added], "normalizer": None,
        "pre_tokenizer": pre_tokenizer, "post_processor": None, "decoder": decoder, "model": model}


def main():
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    pairs = {
        "type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None,
        "fuse_unk": False, "byte_fallback": False, "ignore_merges": True,
        "vocab": {"a": 0, "b": 1, "c": 2, "1": 3, "\u0120": 4, "ab": 5}, "merges": [["a", "b"]]}
    space = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}
    pieces = [["<unk>", 0.0], ["\u2581", -1.0], ["a", -2.0], ["b", -2.0], ["c", -2.0], ["1", -2.0]]
    unigrams = {"type": "Unigram", "unk_id": 0, "byte_fallback": False, "vocab": pieces}
    cases = []
    for name, made in (("pairs", file(level, level, pairs)), ("unigrams", file(space, space, unigrams))):
        tokenizer = Tokenizer.from_str(json.dumps(made))
        texts = {text: tokenizer.encode(text, add_special_tokens=False).ids for text in TEXTS}
        cases.append({"name": name, "file": json.dumps(made), "texts": [{"text": t, "tokens": i} for t, i in texts.items()]})
    path = pathlib.Path(__file__).parent / "single-word.json"
    path.write_text(json.dumps(cases, indent=None) + "\n")


main()
