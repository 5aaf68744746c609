"""Makes the tokenizers of this folder and their goldens: python3 Fixtures/tokenizers/make_goldens.py [SmolLM2.gguf]

Each tokenizer is trained here on a small text by the class and with the options of a real one. `strings.json` holds the
strings; `NAME.txt` the FNV-1a hash of the tokens that Hugging Face's `tokenizers` makes of each, a line a string, and in
full for every 40th; `NAME-plain.txt` those without special tokens; `NAME-sentencepiece.txt` those of SentencePiece. Needs tokenizers, sentencepiece, gguf and numpy; SmolLM2's file adds its goldens.
"""

import io
import json
import pathlib
import sys

import gguf
import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

import strings as source

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
GENESIS = (ROOT / "Fixtures/texts/genesis.txt").read_text()[:60_000]
CORPUS = GENESIS.splitlines() + source.CODE * 20 + [" ".join(source.WORDS)] * 20 + [
    source.CJK, source.HANGUL, source.RTL, source.INDIC, " ".join(source.EMOJI), "<|im_end|> <s> </s>"] * 20
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"


def byte_level(pre_tokenizer, size, special):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(vocab_size=size, special_tokens=special, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


def gpt2():
    tokenizer = byte_level(pre_tokenizers.ByteLevel(add_prefix_space=False), 700, ["<|endoftext|>"])
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return tokenizer


def smollm():
    cut = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer = byte_level(cut, 600, ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<repo_name>"])
    tokenizer.add_special_tokens([AddedToken("<left>", lstrip=True), AddedToken("<right>", rstrip=True), AddedToken("<both>", lstrip=True, rstrip=True)])
    tokenizer.add_tokens([AddedToken("<word>", single_word=True), AddedToken("<norm>", normalized=True), AddedToken("    ", normalized=False), AddedToken("ö", normalized=False)])
    return tokenizer


def prefixed():
    tokenizer = byte_level(pre_tokenizers.ByteLevel(add_prefix_space=True), 500, ["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    return tokenizer


def llama3():
    cut = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(LLAMA3), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer = byte_level(cut, 600, [])
    # Some words cannot be merged to, as in the real one.
    state = json.loads(tokenizer.to_str())
    state["model"]["ignore_merges"] = True
    state["model"]["merges"] = [m for i, m in enumerate(state["model"]["merges"]) if i < 250 or i % 7]
    tokenizer = Tokenizer.from_str(json.dumps(state))
    tokenizer.add_special_tokens(["<|begin_of_text|>", "<|im_end|>", "<|endoftext|>"])
    begin = tokenizer.token_to_id("<|begin_of_text|>")
    tokenizer.post_processor = processors.TemplateProcessing(single="<|begin_of_text|> $A", special_tokens=[("<|begin_of_text|>", begin)])
    return tokenizer


def splits():
    cut = pre_tokenizers.Sequence([
        pre_tokenizers.Split("-", "merged_with_previous"), pre_tokenizers.Split("the", "merged_with_next"),
        pre_tokenizers.Split("_", "removed"), pre_tokenizers.Split("=", "contiguous"), pre_tokenizers.Digits(),
        pre_tokenizers.Split("o", "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    return byte_level(cut, 500, ["<|endoftext|>"])


def sentencepiece_model(kind, size, fallback):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS), model_writer=model, vocab_size=size, model_type=kind, byte_fallback=fallback,
        normalization_rule_name="identity", remove_extra_whitespaces=False, character_coverage=0.99, num_threads=1,
        user_defined_symbols=["<repo_name>", "  "] if kind == "bpe" else [], minloglevel=2, hard_vocab_limit=False)
    return sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())


def llama2(processor, legacy):
    """What transformers converts a Llama 2 `tokenizer.model` to."""
    vocabulary = {processor.id_to_piece(i): i for i in range(processor.get_piece_size())}
    ranks = []
    for piece, token in vocabulary.items():
        if processor.is_control(token) or processor.is_unknown(token) or processor.is_byte(token):
            continue
        for cut in range(1, len(piece)):
            left, right = piece[:cut], piece[cut:]
            if left in vocabulary and right in vocabulary:
                ranks.append((-processor.get_score(token), vocabulary[left], vocabulary[right], left, right))
    ranks.sort(key=lambda m: (m[0], m[1], m[2]))
    merges = [(m[3], m[4]) for m in ranks]
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    added = [AddedToken(t, normalized=False, special=True) for t in ("<unk>", "<s>", "</s>")]
    tokenizer.add_special_tokens(added)
    tokenizer.add_tokens([AddedToken("<repo_name>", normalized=False), AddedToken("  ", normalized=False)])
    steps = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    tokenizer.decoder = decoders.Sequence(steps)
    if legacy:
        tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return tokenizer


def unigram(processor, fallback):
    vocabulary = [(processor.id_to_piece(i), processor.get_score(i)) for i in range(processor.get_piece_size())]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=0, byte_fallback=fallback))
    tokenizer.add_special_tokens([AddedToken(t, normalized=False, special=True) for t in ("<unk>", "<s>", "</s>")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    space = decoders.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Sequence([decoders.ByteFallback(), space]) if fallback else space
    return tokenizer


def metadata(writer, tokens, kinds, model, scores=None, merges=None, pre=None, **ids):
    writer.add_tokenizer_model(model)
    if pre:
        writer.add_tokenizer_pre(pre)
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    if scores:
        writer.add_token_scores(scores)
    if merges:
        writer.add_token_merges(merges)
    for name, value in ids.items():
        getattr(writer, name)(value)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def write_sentencepiece(name, processor, model):
    """The metadata that llama.cpp's converter writes, without any tensor."""
    writer = gguf.GGUFWriter(HERE / f"{name}.gguf", "llama")
    kinds = []
    for i in range(processor.get_piece_size()):
        piece = processor.id_to_piece(i)
        kind = 2 if processor.is_unknown(i) else 3 if processor.is_control(i) else 6 if processor.is_byte(i) else 5 if processor.is_unused(i) else 1
        kinds.append(4 if piece in ("<repo_name>", "  ", "▁▁") and kind == 1 and model == "llama" and processor.get_score(i) == 0 else kind)
    pieces = [processor.id_to_piece(i) for i in range(len(kinds))]
    metadata(writer, pieces, kinds, model, scores=[processor.get_score(i) for i in range(len(kinds))],
             add_bos_token_id=1, add_eos_token_id=2, add_unk_token_id=0, add_add_bos_token=True, add_add_space_prefix=True)


def write_byte_level(name, tokenizer, pre):
    state = json.loads(tokenizer.to_str())
    added = {a["id"]: a for a in state["added_tokens"]}
    size = tokenizer.get_vocab_size()
    kinds = [(3 if added[i]["special"] else 4) if i in added else 1 for i in range(size)]
    tokens = [tokenizer.id_to_token(i) for i in range(size)]
    merges = [" ".join(m) for m in state["model"]["merges"]]
    metadata(gguf.GGUFWriter(HERE / f"{name}.gguf", "llama"), tokens, kinds, "gpt2", merges=merges, pre=pre,
             add_bos_token_id=0, add_eos_token_id=0, add_add_bos_token=False)


def write_folder(tokenizer):
    """OPT's files: the vocabulary of GPT2Tokenizer, whose </s> begins and ends texts."""
    folder = HERE / "opt"
    folder.mkdir(exist_ok=True)
    state = json.loads(tokenizer.to_str())
    (folder / "vocab.json").write_text(json.dumps(state["model"]["vocab"], ensure_ascii=False))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(" ".join(m) + "\n" for m in state["model"]["merges"]))
    token = lambda content: {"__type": "AddedToken", "content": content, "lstrip": False, "normalized": True, "rstrip": False, "single_word": False}
    config = {"errors": "replace", "unk_token": token("</s>"), "bos_token": token("</s>"), "eos_token": token("</s>"), "pad_token": token("<pad>"), "add_prefix_space": False, "add_bos_token": True, "tokenizer_class": "GPT2Tokenizer"}
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=1) + "\n")


def opt():
    tokenizer = byte_level(pre_tokenizers.ByteLevel(add_prefix_space=False), 650, [])
    state = json.loads(tokenizer.to_str())
    names = ["<s>", "<pad>", "</s>", "<unk>"]
    state["model"]["vocab"] = {t: i for i, t in enumerate(names)} | {t: i + 4 for t, i in state["model"]["vocab"].items()}
    tokenizer = Tokenizer.from_str(json.dumps(state))
    tokenizer.add_special_tokens(["<pad>", "</s>"])
    return tokenizer


def smollm2(path):
    """SmolLM2's own tokenizer, of its GGUF file: Digits, then GPT-2's pattern."""
    fields = gguf.GGUFReader(path).fields
    tokens = fields["tokenizer.ggml.tokens"].contents()
    merges = [tuple(m.split(" ")) for m in fields["tokenizer.ggml.merges"].contents()]
    kinds = fields["tokenizer.ggml.token_type"].contents()
    tokenizer = Tokenizer(models.BPE({t: i for i, t in enumerate(tokens)}, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([t for t, k in zip(tokens, kinds) if k == 3])
    return tokenizer


def fnv(tokens):
    value = 0x811C9DC5
    for token in tokens:
        for byte in token.to_bytes(4, "little"):
            value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def write_goldens(name, tokenizer, texts, plain=False):
    tokenizer.encode_special_tokens = plain
    lines = []
    for index, text in enumerate(texts):
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        full = " " + " ".join(map(str, ids)) if index % 40 == 0 and len(ids) < 60 else ""
        lines.append(f"{fnv(ids):08x}{full}\n")
    (HERE / f"{name}{'-plain' if plain else ''}.txt").write_text("".join(lines))
    tokenizer.encode_special_tokens = False


def write_sentencepiece_goldens(name, processor, texts):
    """What SentencePiece itself makes of the strings, in which it looks for no control tokens."""
    (HERE / f"{name}-sentencepiece.txt").write_text("".join(f"{fnv(processor.encode(t)):08x}\n" for t in texts))


def main():
    texts = source.strings()
    (HERE / "strings.json").write_text(json.dumps(texts, ensure_ascii=False, separators=(",", ":")) + "\n")
    if len(sys.argv) > 1:
        tokenizer = smollm2(sys.argv[1])
        write_goldens("smollm2", tokenizer, texts)
        write_goldens("smollm2", tokenizer, texts, plain=True)
    pairs = sentencepiece_model("bpe", 800, True)
    plain = sentencepiece_model("unigram", 700, False)
    fallback = sentencepiece_model("unigram", 900, True)
    made = {
        "gpt2": gpt2(), "smollm": smollm(), "prefixed": prefixed(), "llama3": llama3(), "splits": splits(),
        "llama2": llama2(pairs, True), "llama2-metaspace": llama2(pairs, False),
        "unigram": unigram(plain, False), "unigram-bytes": unigram(fallback, True),
    }
    for name, tokenizer in made.items():
        (HERE / f"{name}.json").write_text(tokenizer.to_str(pretty=False) + "\n")
        write_goldens(name, tokenizer, texts)
    for name in ("smollm", "llama2"):
        write_goldens(name, made[name], texts, plain=True)
    write_goldens("opt", opt(), texts)
    write_folder(opt())
    write_byte_level("gpt2", made["gpt2"], "gpt-2")
    write_byte_level("llama3", made["llama3"], "llama-bpe")
    write_sentencepiece_goldens("unigram-bytes", fallback, texts)
    write_sentencepiece("llama2", pairs, "llama")
    write_sentencepiece("unigram-bytes", fallback, "t5")


main()
