"""Makes template-texts.json, what transformers makes of templates.json: python3 Fixtures/tokenizers/make_templates.py

Each template is run over each conversation, with and without a generation prompt; null is a refusal. expressions.json holds
small templates with the texts that they write, whose templates are kept and whose texts are made anew.
"""

import datetime
import json
import pathlib

import transformers.utils.chat_template_utils as utils

FOLDER = pathlib.Path(__file__).parent
NAMES = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
TURNS = [
    [("user", "Name three rivers in Europe.")],
    [("system", "Be brief."), ("user", "Hi")],
    [("system", "  Be\n brief. "), ("user", "  Hi \n"), ("assistant", " Hello! \u3000"), ("user", "\tBye\u001f\u00a0")],
    [("user", ""), ("assistant", "?"), ("user", "<|im_end|> [INST] é👍🏽 {{ x }}")],
    [("user", "a"), ("assistant", "<think>\nhm\n</think>\n\nb"), ("user", "c")],
    [("user", "a"), ("assistant", "b")],
    [("user", "a"), ("user", "b")],
    [("system", "s"), ("user", "1"), ("assistant", "2"), ("user", "3"), ("assistant", "4"), ("user", "5")],
]
SETTINGS = [{}, {"enable_thinking": False}, {"enable_thinking": True}]
VALUES = {
    "a": 3, "b": -7, "s": "Hello wOrld ", "n": None, "f": 2.5, "l": [3, 1, 2, "x", None, True],
    "d": {"k": 1, "b": [1, 2], "Z": {"q": "r"}}, "t": True, "e": "", "z": [], "msgs": ["b", "A", "a", "é\tß'\"\\"],
    "m": [{"role": "user", "content": " hi\n"}, {"role": "assistant", "content": "yo"}],
}  # fmt: skip


class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2026, 11, 3, 9, 5, 7)


def text(template, variables):
    try:
        return utils._compile_jinja_template(template).render(**variables)
    except Exception:
        return None


def write(name, value):
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in value)
    (FOLDER / name).write_text(f"[\n{lines}\n]\n")


def main():
    utils.datetime = Clock
    cases = []
    for entry in json.loads((FOLDER / "templates.json").read_text()):
        for place, turns in enumerate(TURNS):
            messages = [{"role": role, "content": content} for role, content in turns]
            for asks in [True, False]:
                for settings in SETTINGS if place < 1 else SETTINGS[:1]:
                    variables = {"messages": messages, "tools": None, "documents": None, "add_generation_prompt": asks}
                    written = text(entry["template"], {**variables, **NAMES, **settings})
                    case = {"name": entry["name"], "messages": messages, "asks": asks, "settings": settings}
                    cases.append({**case, "text": written})
    write("template-texts.json", cases)
    expressions = json.loads((FOLDER / "expressions.json").read_text())
    write("expressions.json", [{"template": e["template"], "text": text(e["template"], VALUES)} for e in expressions])


main()
