#!/usr/bin/env python3
"""A port that offers `verify` alone: the rejection sampler of an engine, without its models. Python 3, no packages.

    rsd certify --port "python3 rsd_verify_port.py"
    rsd certify --port "python3 rsd_verify_port.py --defect residual-from-target"     # must fail, and say why

Copy it, and call your engine's sampler in the place of `walk`. It speaks docs/port-protocol.md on stdin and stdout.
"""
import json
import math
import sys

RULES = ["sd", "specinfer", "rsd-c", "rsd-s"]
DEFECTS = ["residual-from-target", "residual-not-updated", "ratio-against-unconditional"]
defect = None


def law(values, size):
    values = [float(value) for value in values]  # "NaN" and "Infinity" too
    good = all(math.isfinite(x) and x >= 0 for x in values) and abs(math.fsum(values) - 1) <= 1e-9
    if not values or len(values) != size or not good:
        raise ValueError("not a law over the vocabulary")
    return values


def draw(law, uniform):
    """The first token whose cumulative probability exceeds the uniform; never one of probability 0."""
    total = 0.0
    for token, probability in enumerate(law):
        total += probability
        if total > uniform:
            return token
    return max(token for token, probability in enumerate(law) if probability > 0)


def walk(rule, tokens, children, drafts, targets, uniforms, end_token):
    """The accepted nodes, the last token (None after an end token), and how many uniforms were used."""
    accepted, used, node = [], 0, -1
    while children[node]:
        target, draft = targets[node], drafts[node]
        for child in children[node]:
            token = tokens[child]
            p = drafts[node][token] if defect == "ratio-against-unconditional" else draft[token]
            used += 1
            if uniforms[used - 1] * p < target[token]:
                break
            left = [max(q - p, 0.0) for q, p in zip(target, draft)]
            if sum(left) > 0 and (defect != "residual-not-updated" or child == children[node][-1]):
                target = [x / sum(left) for x in left]
            if rule != "specinfer":  # without replacement
                draft = [0.0 if other == token else x for other, x in enumerate(draft)]
                draft = [x / sum(draft) for x in draft] if sum(draft) > 0 else draft
        else:
            if defect == "residual-from-target":
                target = targets[node]
            return accepted, draw(target, uniforms[used]), used + 1
        node = next(sibling for sibling in children[node] if tokens[sibling] == token)  # a repeat has no children of its own
        accepted.append(node)
        if token == end_token:
            return accepted, None, used
    return accepted, draw(targets[node], uniforms[used]), used + 1


def verify(request):
    """Checks the request, which may be one that must be refused, and walks through it."""
    rule, nodes, end_token = request["rule"], request["nodes"], request.get("endToken")
    size = len(request["target"].get("-1", []))
    if rule not in RULES or set(request["target"]) != {str(n) for n in range(-1, len(nodes))}:
        raise ValueError("no such rule, or a law is missing")
    if end_token is not None and not 0 <= end_token < size:
        raise ValueError("no such end token")
    targets = {int(n): law(values, size) for n, values in request["target"].items()}
    tokens, drafts, repeats = {}, {}, set()
    children = {n: [] for n in range(-1, len(nodes))}
    for n, node in enumerate(nodes):
        parent, token, draft = node["parent"], node["token"], law(node["draft"], size)
        if not (-1 <= parent < n and 0 <= token < size and draft[token] > 0) or parent in repeats:
            raise ValueError("no such node")
        repeated = any(tokens[sibling] == token for sibling in children[parent])
        if drafts.setdefault(parent, draft) != draft or (rule == "sd" and children[parent]):
            raise ValueError("no such siblings")
        if repeated and rule != "specinfer":
            raise ValueError("a token is drawn twice without replacement")
        repeats |= {n} if repeated else set()
        tokens[n] = token
        children[parent].append(n)
    uniforms = [float(uniform) for uniform in request["uniforms"]]
    if not all(0 <= uniform < 1 for uniform in uniforms):
        raise ValueError("not a uniform")
    accepted, token, used = walk(rule, tokens, children, drafts, targets, uniforms, end_token)
    return {"accepted": accepted, "token": token, "used": used}


def answer(request):
    if request["op"] == "hello":
        name = "rsd_verify_port.py" + (f" with {defect}" if defect else "")
        return {"name": name, "version": "1.0", "rules": RULES, "ops": ["verify"], "uniformBits": 53}
    if request["op"] != "verify":
        return {"id": request["id"], "status": "notSupported", "reason": "only verify is offered"}
    try:
        return {"id": request["id"]} | verify(request)
    except (ValueError, KeyError, TypeError, IndexError) as reason:
        return {"id": request["id"], "status": "invalid", "reason": repr(reason)}


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--defect" and sys.argv[2] in DEFECTS:
        defect = sys.argv[2]
    elif len(sys.argv) > 1:
        sys.exit(f"usage: rsd_verify_port.py [--defect {'|'.join(DEFECTS)}]")
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
