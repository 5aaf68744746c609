"""The King James Version as bytes, apart into what is trained on and what is held out."""
import subprocess
from functools import cache
from pathlib import Path

import numpy

PRINT = Path(__file__).resolve().parent.parent / "texts" / "make-genesis.sh"

# Five books of narrative, prophecy and letters, 2 % of the text, that no training sees.
HELD_OUT = {"Ruth": "ruth1:1-ruth4:22", "Esther": "esther1:1-esther10:3", "Jonah": "jonah1:1-jonah4:11",
            "Philippians": "phil1:1-phil4:23", "James": "james1:1-james5:20"}


@cache
def passage(reference):
    """A passage, one verse a line."""
    return subprocess.run([str(PRINT), reference], check=True, capture_output=True).stdout


@cache
def books():
    """The text of each book that is held out, by its name."""
    return {name: passage(reference) for name, reference in HELD_OUT.items()}


@cache
def training():
    """All other books in order, without a break between them: uint8 [bytes]."""
    text = passage("gen1:1-rev22:21")
    for name, book in books().items():
        assert text.count(book) == 1, name
        text = text.replace(book, b"")
    return numpy.frombuffer(text, dtype=numpy.uint8)


def windows(text, length):
    """Consecutive windows of a text, the last one shorter; each begins with the byte before it, at first a line feed.

    One byte more than `length`: inputs are all but the last byte, labels all but the first.
    """
    text = numpy.concatenate([numpy.frombuffer(b"\n", dtype=numpy.uint8), numpy.frombuffer(text, dtype=numpy.uint8)])
    return [text[start:start + length + 1] for start in range(0, len(text) - 1, length)]


def batch(text, rows, length, step, seed):
    """The rows of one step: windows of `length` + 1 bytes, each once an epoch, in an order of the epoch's own."""
    count = (len(text) - 1) // length - 1
    out = []
    for index in range(step * rows, (step + 1) * rows):
        shift, order = epoch(seed, index // count, count, length)
        start = shift + int(order[index % count]) * length
        out.append(text[start:start + length + 1])
    return numpy.stack(out).astype(numpy.int64)


@cache
def epoch(seed, number, count, length):
    """Where an epoch's windows begin, and their order."""
    generator = numpy.random.Generator(numpy.random.PCG64([seed, number, length]))
    return int(generator.integers(0, length)), generator.permutation(count)
