#!/usr/bin/env python3
"""Ports that misbehave, one way each: what the suite must survive. A program of the tests, not an example.

    rsd certify --port "python3 hostile_port.py MODE" --timeout 2s

It answers rightly until request AFTER (0 by default) and misbehaves there; after a restart again, unless a third word
names a file by which it remembers that it did.
"""
import json
import os
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Examples/ports"))
import rsd_port

MODES = """hang die exit-zero flood flood-lines garbage empty-line not-an-object wrong-id no-id nan bad-sum negative
fraction too-long too-short out-of-range bad-spelling bad-rounds rounds-out-of-range missing-counts invalid
not-supported duplicate-key partial-line grandchild stderr-flood two-answers close-stdout ignore-term late""".split()


def say(text):
    sys.stdout.write(text)
    sys.stdout.flush()


def misbehave(mode, request, right):
    count, length = request.get("count", 0), request.get("length", 0)
    answer = dict(right)
    if mode == "hang":
        time.sleep(3600)
    elif mode == "ignore-term":
        import signal

        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(3600)
    elif mode == "grandchild":
        subprocess.Popen(["sleep", "3600"])
        time.sleep(3600)
    elif mode == "die":
        print("the last words of a port", file=sys.stderr, flush=True)
        os._exit(3)
    elif mode == "exit-zero":
        sys.exit(0)
    elif mode == "flood":
        while True:
            say("x" * 65536)
    elif mode == "flood-lines":
        while True:
            say("{}\n" * 10000)
    elif mode == "stderr-flood":
        for _ in range(2000):
            print("log " * 250, file=sys.stderr)
    elif mode == "garbage":
        return say("\x00\xff\x1b[31mnot JSON\n")
    elif mode == "empty-line":
        return say("\n")
    elif mode == "not-an-object":
        return say("[1, 2, 3]\n")
    elif mode == "partial-line":
        say('{"id":')
        os._exit(0)
    elif mode == "close-stdout":
        os.close(1)
        time.sleep(3600)
    elif mode == "late":
        time.sleep(0.3)
    elif mode == "wrong-id":
        answer["id"] = request["id"] + 1
    elif mode == "no-id":
        del answer["id"]
    elif mode == "two-answers":
        say(json.dumps(answer) + "\n")
    elif mode == "duplicate-key":
        return say('{"id":%d,"id":%d,"counts":{}}\n' % (request["id"], request["id"]))
    elif mode == "invalid":
        answer = {"id": request["id"], "status": "invalid", "reason": "it does not like the request"}
    elif mode == "not-supported":
        answer = {"id": request["id"], "status": "notSupported", "reason": "it does not feel like it"}
    elif "counts" in right:
        counts = dict(right["counts"])
        some = next(iter(counts))
        if mode == "nan":
            counts[some] = float("nan")
        elif mode == "bad-sum":
            counts[some] += 1
        elif mode == "negative":
            counts[some] = -counts[some]
        elif mode == "fraction":
            counts[some] += 0.5
        elif mode == "too-long":
            counts[some + " 0"] = counts.pop(some)
        elif mode == "too-short":
            counts[" ".join(some.split()[:-1])] = counts.pop(some)
        elif mode == "out-of-range":
            counts[" ".join(["99999"] * length)] = counts.pop(some)
        elif mode == "bad-spelling":
            counts[some.replace(" ", "  ")] = counts.pop(some)
        elif mode == "bad-rounds":
            answer["rounds"] = {"1": count + 1}
        elif mode == "rounds-out-of-range":
            answer["rounds"] = {"99": count}
        answer["counts"] = counts
        if mode == "missing-counts":
            del answer["counts"]
    say(json.dumps(answer) + "\n")


if len(sys.argv) < 2 or sys.argv[1] not in MODES:
    sys.exit(f"usage: hostile_port.py MODE [AFTER [MARKER]]; modes: {' '.join(MODES)}")
mode, after = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0
marker = sys.argv[3] if len(sys.argv) > 3 else None
if marker and os.path.exists(marker):
    after = None
for number, line in enumerate(sys.stdin, -1):  # the hello is -1
    request = json.loads(line)
    right = rsd_port.answer(request)
    if number == after:
        if marker:
            open(marker, "w").close()
        misbehave(mode, request, right)
    else:
        say(json.dumps(right) + "\n")
