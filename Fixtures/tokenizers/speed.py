"""Compares `rsd bench tokenizer` with Hugging Face's `tokenizers` in one run, on one thread each:

    python3 Fixtures/tokenizers/speed.py .build/release/rsd TOKENIZER.json TEXT
"""

import json
import os
import subprocess
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"

from tokenizers import Tokenizer  # noqa: E402

rsd, file, path = sys.argv[1:]
text = open(path, encoding="utf-8").read()
size = len(text.encode())
ratios = []
for _ in range(3):
    start = time.perf_counter()
    tokenizer = Tokenizer.from_file(file)
    load = time.perf_counter() - start
    best = min((lambda s: (tokenizer.encode(text, add_special_tokens=False), time.perf_counter() - s)[1])(time.perf_counter()) for _ in range(5))
    own = json.loads(subprocess.check_output([rsd, "bench", "tokenizer", "--model", file, "--file", path, "--json"]))
    assert own["tokens"] == len(tokenizer.encode(text, add_special_tokens=False).ids)
    speed = size / best / 1e6
    ratios.append(own["megabytesPerSecond"] / speed)
    print(f"rsd {own['megabytesPerSecond']:6.1f} MB/s, loaded in {own['loadSeconds'] * 1000:4.0f} ms; "
          f"tokenizers {speed:6.1f} MB/s, {load * 1000:4.0f} ms; ratio {ratios[-1]:.1f}")
print(f"median ratio {sorted(ratios)[1]:.1f}")
