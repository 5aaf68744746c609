"""Certificates in which every text from outside is an attack on whoever reads the report."""

import copy

LONG = "very-long-name-" * 400
ATTACKS = [
    "<script>globalThis.injected=1;alert(1)</script>",
    "\"><img src=x onerror=\"globalThis.injected=1\">",
    "' onmouseover='globalThis.injected=1' autofocus onfocus='globalThis.injected=1' x='",
    "javascript:globalThis.injected=1",
    "</title></style></svg></textarea><svg onload=globalThis.injected=1>",
    "safe\u202egnp.exe\u2066\u200b\u0007\u001b[31m",
    # A mark that joins a quotation mark makes another character of it, which by-character escaping does not know.
    "\"\u0301 onfocus=globalThis.injected=1 autofocus tabindex=0 x=\"\u0301\u0600<\u0301img src=x onerror=globalThis.injected=1>",
    "https://example.org/\" onclick=\"globalThis.injected=1",
    "https://user:secret@example.org/",
    "data:text/html,<script>globalThis.injected=1</script>",
    "{{{style}}}{{> report}}{{/caseRows}}&lt;b&gt;",
    "file:///etc/passwd",
    LONG,
    "Z" + "\u0336\u0489\u20dd" * 60,
]
# Words that make a case what it is: with others the file is no certificate.
KEPT = {"rule", "verdict", "observable", "class", "target", "draft", "rows", "counts", "rounds", "profile", "status", "check",
        "kind"}


def whole(certificate):
    """The certificate with every part that one can have."""
    changed = copy.deepcopy(certificate)
    kinds = ["output", "accepted-length", "draft-tree", "independence", "replay", "vector", "exact-law"]
    changed["observables"] = [
        {
            "id": f"output/sd/{index}", "observable": kind, "samples": 1000, "counts": {"0 0": 400, "0 1": 600},
            "statistic": 3.5, "degreesOfFreedom": index % 3, "pValue": 0.25,
            "verdict": ["pass", "fail", "inconclusive"][index % 3],
        } for index, kind in enumerate(kinds)
    ]
    classes = [
        "acceptance", "residual", "draft-law", "target-law", "randomness", "state", "ends", "trees", "lossless",
    ]
    changed["killMatrix"] = [
        {
            "defect": f"defect-{index}", "class": classes[index // 3], "source": ["a name", "https://example.org/1"],
            "case": f"output/sd/{index % 9}", "observable": kinds[index % 7], "predictedPower": index / 26,
            "samples": 1000 * index, "pValue": 1 - index / 26,
            "verdict": ["killed", "missed", "passed", "refused"][index % 4],
        } for index in range(27)
    ]
    for proof in changed.setdefault("proofs", {"corpus": "rsd-proofs/2", "selection": "all", "cases": []})["cases"][:4]:
        proof["verdict"] = "refuted"
        proof["counterexample"] = {
            "sequence": "0 1", "target": "1/2", "decoder": "1/3", "weight": "1/6",
            "branch": [{"purpose": "draft", "answer": "token 1"}],
        }
    for proof in changed["proofs"]["cases"][4:8]:
        proof["verdict"] = "unfinished"
        proof["reason"] = "a reason"
    return changed


def attacked(certificate, turn):
    """Every text replaced by an attack; over all turns every place has every attack."""
    changed = whole(certificate)
    for record in changed["observables"]:
        record["counts"] = {attack: index for index, attack in enumerate(ATTACKS)}
    return replaced(changed, turn)


def attacked_port(certificate, turn):
    """The same of a port's certificate, with numbers that nobody counted."""
    changed = copy.deepcopy(certificate)
    for index, record in enumerate(changed["port"]["cases"]):
        record["failure"] = {"kind": "died", "reason": "a reason", "log": "a log"}
        record["reason"] = "a reason"
        record["deviations"] = [
            {"observable": kind, "outcome": "0 1", "observed": (2**63 - 1) * (-1) ** index, "expected": expected}
            for kind in ("output", "accepted-length") for expected in (0, 1e300, 5e-324)
        ]
    for record in changed["port"]["checks"]:
        record["counts"] = {attack: index for index, attack in enumerate(ATTACKS)}
        record["reason"] = "a reason"
    return replaced(changed, turn)


def replaced(changed, turn):
    """Every text of a certificate replaced, but for those that make it one."""
    places = 0

    def replace(value, key):
        nonlocal places
        if key in KEPT:
            return value
        if isinstance(value, dict):
            return {name: replace(part, name) for name, part in value.items()}
        if isinstance(value, list):
            return [replace(part, key) for part in value]
        if isinstance(value, str):
            places += 1
            return ATTACKS[(places + turn) % len(ATTACKS)]
        return value

    return replace(changed, "")


def huge(certificate):
    """Numbers that no drawing has room for."""
    changed = whole(certificate)
    numbers = [-1, 0, 1, 5e-324, 1e-300, 1e300, 1.7976931348623157e308, -1e308]
    for index, record in enumerate(changed["killMatrix"]):
        record["predictedPower"] = numbers[index % len(numbers)]
        record["pValue"] = numbers[(index + 3) % len(numbers)]
        record["samples"] = (2**63 - 1) * (-1) ** index
    for index, record in enumerate(changed.get("rounding", [])):
        record["totalVariation"] = numbers[index % len(numbers)]
        record["bound"] = numbers[(index // 3) % len(numbers)]
        record["uniformBits"] = [0, 53, -(2**63), 2**63 - 1][index % 4]
        record["branches"] = -(2**63)
    for index, record in enumerate(changed["proofs"]["cases"]):
        record["branches"] = record["choices"] = (2**63 - 1) * (-1) ** index
        record["length"] = -(2**63)
    for index, record in enumerate(changed["cases"]):
        record["statistic"] = numbers[index % len(numbers)]
        record["pValue"] = numbers[(index + 1) % len(numbers)]
        record["tokens"] = (2**63 - 1) * (-1) ** index
        record["degreesOfFreedom"] = 2**63 - 1
    return changed
