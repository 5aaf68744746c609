"""Makes nfc.txt, what Python's unicodedata makes of texts in form C: python3 Fixtures/tokenizers/make_nfc.py

Each line is a text and its form C, in hexadecimal scalars: every character with a canonical decomposition, as itself and
decomposed, which takes in the exclusions from composition and the singletons; random bases with marks in any order, some of
which compose past others or are blocked; and jamo beside syllables. A normal form never changes for characters that are assigned,
so that a Python of older Unicode tables leaves out later characters and says nothing wrong.
"""

import pathlib
import random
import unicodedata


def line(text):
    return ";".join(" ".join(f"{ord(c):X}" for c in t) for t in (text, unicodedata.normalize("NFC", text)))


def main():
    characters = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    decomposed = [c for c in characters if unicodedata.decomposition(c)[:1] not in ("", "<")]
    marks = [c for c in characters if unicodedata.combining(c)]
    bases = [c for c in decomposed if not unicodedata.combining(c)] + [*"aeiouyAEOUnsc", "\ud55c", "\uac00", "\uac01", "\u1100", "\u0915", "\u09c7"]
    jamo = [chr(c) for c in (*range(0x1100, 0x1114), *range(0x1160, 0x1177), *range(0x11A7, 0x11C4))] + ["\uac00", "\uac01", "\ud7a3", "\ud55c"]
    source = random.Random(16)
    lines = [line(c) for c in decomposed] + [line(unicodedata.normalize("NFD", c)) for c in decomposed]
    for _ in range(500):
        pool = marks if source.random() < 0.5 else [chr(c) for c in range(0x300, 0x346)] + ["\u0327", "\u0323", "\u031b", "\u0331"]
        text = ""
        for _ in range(source.randint(1, 2)):
            base = source.choice(bases)
            text += unicodedata.normalize(source.choice(["NFC", "NFD"]), base)
            text += "".join(source.choices(pool, k=source.randint(0, 4)))
        lines.append(line(text))
    lines += [line("".join(source.choices(jamo, k=source.randint(2, 6)))) for _ in range(100)]
    (pathlib.Path(__file__).parent / "nfc.txt").write_text("\n".join(dict.fromkeys(lines)) + "\n")


main()
