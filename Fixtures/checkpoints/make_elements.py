"""Write elements/elements.safetensors: known bit patterns in every element type that is read, by the reference writer.

    python3 make_elements.py

Word i is a part of (i + 1) · 0x9E3779B97F4A7C15; Tests/TransformerTests/SafetensorsTests.swift computes the same.
"""
from pathlib import Path

import torch
from safetensors.torch import save_file


def words(dtype, *shape):
    """A tensor whose elements are words of their size, as bits."""
    size = dtype.itemsize
    count = torch.Size(shape).numel()
    values = (((i + 1) * 0x9E3779B97F4A7C15 % 2**64 >> 24) % 2 ** (8 * size) for i in range(count))
    data = b"".join(value.to_bytes(size, "little") for value in values)
    return torch.frombuffer(bytearray(data), dtype=torch.uint8).view(dtype).reshape(shape)


def main():
    file = Path(__file__).resolve().parent / "elements" / "elements.safetensors"
    file.parent.mkdir(exist_ok=True)
    tensors = {
        "float32": words(torch.float32, 4, 16),
        "float16": words(torch.float16, 65),
        "bfloat16": words(torch.bfloat16, 5, 13),
        "scalar": torch.tensor(1.5),
        "empty": torch.zeros(3, 0, 2, dtype=torch.float16),
        'name\n"é👍': torch.ones(1, dtype=torch.float16),
    }
    save_file(tensors, file, {"format": "np", "é\n": "👍"})


if __name__ == "__main__":
    main()
