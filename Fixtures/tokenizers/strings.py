"""The strings on which tokenizers are compared: deterministic, every kind of text that has broken one."""

import random
import unicodedata

WORDS = (
    "the of and to in that is was he for it with as his on be at by had not are but from or have an they which one you "
    "were all her she there would their we him been has when who will no more if out so said what up its about into than "
    "them can only other new some could time these two may then do first any my now such like our over man me even most "
    "tokenization unbelievable straightforwardness internationalization Donaudampfschiffahrtsgesellschaft naïve café "
    "façade coöperate résumé Ærøskøbing Łódź İstanbul ΑΒΓΔ αβγδ привет мир Ελληνικά здравствуйте ёлка"
).split()
CJK = "的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事其里所去行过家十用发天如然作方成者多日都三小军二无同么经法当起与好看学进种将还分此心前面又定见只主没公从日本語東京都𠮷野家ひらがなカタカナｶﾀｶﾅ漢字仮名交じり文、。「」"
HANGUL = "한국어 안녕하세요 세계 토큰화 각힣 ㄱㄴㄷㅏㅑㅓ 각"
RTL = "שלום עולם مرحبا بالعالم كتاب ٱلسَّلَامُ עִבְרִית ۱۲۳ ١٢٣ ܫܠܡܐ"
INDIC = "नमस्ते दुनिया தமிழ் ไทยภาษา ခုမြန်မာ ქართული ሰላም ᐃᓄᒃᑎᑐᑦ ភាសាខ្មែរ हिन्दी १२३ ৪৫৬"
EMOJI = ["😀", "👍🏽", "👩‍👩‍👧‍👦", "🇩🇪", "🇺🇸🇫🇷", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️", "❤", "☺︎", "1️⃣", "#️⃣", "🫠", "🧑🏿‍🚀", "👨‍👩‍👦", "🏳️‍🌈", "©", "™", "🪿", "🙈🙉🙊", "🀄", "🃏"]
SPACES = [" ", "  ", "   ", "\t", "\t\t", "\n", "\n\n", "\r\n", "\r", "\u000b", "\u000c", "\u0085", "\u00a0", "\u1680", "\u2000", "\u2003", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\u200b", "\ufeff", "\u2060", "\u180e"]
CONTRACTIONS = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'S", "'T", "'RE", "'Ve", "'M", "'lL", "'D", "’s", "’t", "’re", "’ll", "'ſ", "''s", "'", "'x", "'r", "'l", "'v"]
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<s>", "</s>", "<unk>", "<pad>", "<mask>", "<|begin_of_text|>", "<repo_name>", "<left>", "<right>", "<both>", "<word>", "<norm>", "<norm two>", "[INST]", "[/INST]", "<<SYS>>", "<0x0A>", "<0xFF>", "▁", "▁▁"]
FRAGMENTS = ["<|im", "_end|>", "<|", "|>", "<|im_end", "im_end|>", "<|im_start|", "<s", "s>", "</", "/s>", "<", ">", "<<|im_end|>>", "<|endoftext", "endoftext|>", "< s >", "<|im_end|><|im_end|>", "<|IM_END|>", "<|im_\u200bend|>", "<0x", "0A>", "<wor", "<nor", "m>"]
CODE = [
    "def f(x: int) -> int:\n    return x**2  # squared\n",
    "for (int i = 0; i < n; ++i) { a[i] += b[i] * 3.14f; }\n",
    "let xs = [1, 2, 3].map { $0 &+ 1 }\nprint(\"\\(xs)\")\n",
    "fn main() -> Result<(), Box<dyn Error>> {\n\tprintln!(\"{:?}\", 'a'..='z');\n}\n",
    "SELECT * FROM t WHERE id IN (1,2,3) AND name LIKE '%x%';",
    "<div class=\"a b\" data-x='1'>&nbsp;text</div>\n",
    "if [[ -n \"$x\" ]]; then echo ${x##*/} | sed 's/a/b/g'; fi",
    "{\"key\": [true, null, -1.5e-10], \"ü\": \"\\u00fc\"}",
    "x86_64-unknown-linux-gnu://user:pw@host:8080/path?q=1&r=%20#frag",
    "#define MAX(a,b) ((a)>(b)?(a):(b))\r\n#include <stdio.h>\r\n",
    "import numpy as np\n\n\nclass A(B):\n    \"\"\"Doc.\"\"\"\n\n    def __init__(self, *args, **kwargs):\n        super().__init__()\n",
    "public static void main(String[] args) throws IOException {}",
    "(defun f (x) (if (<= x 1) 1 (* x (f (1- x)))))",
    "main :: IO ()\nmain = mapM_ print $ takeWhile (<100) [x^2 | x <- [1..]]",
    "\\begin{align} \\int_0^\\infty e^{-x^2}\\,dx &= \\frac{\\sqrt{\\pi}}{2} \\end{align}",
    "| a | b |\n|---|:-:|\n| 1 | **2** |\n",
]
MARKS = ["\u0301", "\u0308", "\u0327", "\u20dd", "\u0489", "\u064b", "\u0e31", "\u3099", "\ufe0f", "\u200d", "\u1ab0"]


def scalar(r, low, high):
    while True:
        c = r.randint(low, high)
        if not 0xD800 <= c <= 0xDFFF:
            return chr(c)


def number(r):
    digits = "0123456789"
    kind = r.randrange(8)
    n = "".join(r.choice(digits) for _ in range(r.randint(1, 12)))
    return [n, n + "." + r.choice(digits) * 3, "-" + n, "$" + n, "1,000,000", n + "%", "½ ² Ⅻ ٣ ４２ ௧ 𝟘𝟙 ①", "0x" + n + "ff"][kind]


def spoken(r):
    text = r.choice(WORDS) + r.choice(CONTRACTIONS)
    return text.upper() if r.random() < 0.3 else text


def pieces(r):
    """One piece of any kind."""
    kind = r.randrange(20)
    if kind < 4:
        return r.choice(WORDS)
    if kind == 4:
        return "".join(r.choice(CJK) for _ in range(r.randint(1, 8)))
    if kind == 5:
        return r.choice(HANGUL.split())
    if kind == 6:
        return r.choice(RTL.split())
    if kind == 7:
        return r.choice(INDIC.split())
    if kind == 8:
        return r.choice(EMOJI)
    if kind == 9:
        return r.choice(SPACES) * r.randint(1, 3)
    if kind == 10:
        return spoken(r)
    if kind == 11:
        return r.choice(SPECIAL)
    if kind == 12:
        return r.choice(FRAGMENTS)
    if kind == 13:
        return number(r)
    if kind == 14:
        return r.choice("eaionAÉ한क") + "".join(r.choice(MARKS) for _ in range(r.randint(1, 4)))
    if kind == 15:
        return chr(r.choice([*range(0x20), 0x7F, *range(0x80, 0xA0)]))
    if kind == 16:
        return scalar(r, 0, 0x10FFFF)
    if kind == 17:
        return scalar(r, 0x80, 0x2FFF)
    if kind == 18:
        return r.choice("!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~¡¿—–…«»‘’“”§¶†‡•") * r.randint(1, 4)
    return r.choice(CODE)[: r.randint(1, 40)]


def strings():
    r = random.Random(20261125)
    out = ["", " ", "  ", "a", " a", "a ", "Hello world", "Hello, world! How are you?", "\n", "\0"]
    out += SPECIAL + FRAGMENTS + CODE + EMOJI + SPACES + CONTRACTIONS + WORDS
    out += [a + b for a in SPACES for b in SPACES] + [a + "x" for a in SPACES] + ["x" + a for a in SPACES]
    out += ["x" + a + "y" + b for a in SPACES for b in ["", " ", "\n"]]
    out += [w + c + e for w in ["I", "we", "WE", "1", "é", " ", "!"] for c in CONTRACTIONS for e in ["", " x", "x"]]
    out += [a + s + b for s in SPECIAL for a in ["", " ", "x", "\n ", "é", "  "] for b in ["", " ", "y", " \n", "ü", "_"]]
    out += [s + t for s in SPECIAL for t in SPECIAL[:18]]
    # Words of every length, and some very long.
    out += ["a" * n for n in (2, 3, 7, 15, 16, 17, 100, 1000)]
    out += ["".join(r.choice("etaoin shrdlu"[:6]) for _ in range(n)) for n in (50, 200, 2000)]
    out += ["!" * 300, " " * 500, "\n" * 100, "=" * 64, "\t" * 40 + "x", "ab" * 400, "\u4e00" * 200, "👍" * 50]
    # One of each block of Unicode, and the unassigned.
    for block in range(0, 0x110000, 0x80):
        c = scalar(r, block, block + 0x7F) if not 0xD800 <= block < 0xE000 else "?"
        if block < 0x30000 or block % 0x2000 == 0 or block >= 0xE0000:
            out.append(f"a{c}1{c} {c}!")
    categories = {}
    for c in range(0x110000):
        if 0xD800 <= c < 0xE000:
            continue
        categories.setdefault(unicodedata.category(chr(c)), []).append(c)
    for category in sorted(categories):
        for _ in range(30):
            c = chr(r.choice(categories[category]))
            out.append(f"x{c}{c}2{c} {c}{r.choice(WORDS)}'s")
    # What Unicode 17 added is unassigned to the reference.
    for c in (0x88F, 0xC5C, 0xA7CE, 0x10940, 0x11DB0, 0x11DE0, 0x16FF4, 0x187F8, 0x18D80, 0x1E6C0, 0x2B73A, 0x323B0):
        out += [f"a{chr(c)}b", f" {chr(c)}{chr(c)} 1{chr(c)}"]
    while len(out) < 10_500:
        joiner = r.choice(["", "", " ", " ", "  ", "\n"])
        out.append(joiner.join(pieces(r) for _ in range(r.randint(1, 9))))
    while len(out) < 11_000:
        out.append("".join(scalar(r, 0, 0x10FFFF) for _ in range(r.randint(1, 12))))
    while len(out) < 12_000:
        words = " ".join(r.choice(WORDS) for _ in range(r.randint(3, 25)))
        out.append(words[:1].upper() + words[1:] + r.choice([".", "?", "!", "…", ""]))
    return out
