"""Writes pillow-golden.json beside this file: what Pillow's resize gives, to check ours against.

    python tests/unit/models/image/make_pillow_golden.py

Every input is the same pseudo-random sequence, so that only the outputs need to be stored.
"""

import base64
import hashlib
import json
from pathlib import Path

import numpy as np
import PIL
from PIL import Image

BILINEAR = [
    ((7, 5), (16, 16)),
    ((60, 44), (64, 48)),
    ((37, 53), (16, 32)),
    ((100, 30), (32, 16)),
    ((1, 1), (16, 16)),
    ((48, 33), (48, 16)),
    ((33, 48), (16, 48)),
    ((3, 300), (16, 304)),
    ((640, 427), (640, 432)),
    ((1500, 1003), (1024, 688)),
    ((2048, 3), (1024, 16)),
]
NEAREST = [(60, 64), (7, 16), (1500, 1024), (427, 432), (91, 112), (2250, 1024), (1, 16), (30000, 1024), (999, 1008)]
STORED_BYTES = 4096


def bytes_of(count: int) -> np.ndarray:
    """state = state * 1664525 + 1013904223 (mod 2^32), from 1; the top byte of each state."""
    states = np.empty(count, np.uint64)
    state = 1
    for index in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        states[index] = state
    return (states >> np.uint64(24)).astype(np.uint8)


def main() -> None:
    source = bytes_of(1500 * 1003 * 3)
    bilinear = []
    for (width, height), size in BILINEAR:
        image = Image.fromarray(source[: width * height * 3].reshape(height, width, 3))
        pixels = np.asarray(image.resize(size, Image.Resampling.BILINEAR)).tobytes()
        entry = {"from": [width, height], "to": list(size), "sha256": hashlib.sha256(pixels).hexdigest()}
        if len(pixels) <= STORED_BYTES:
            entry["pixels"] = base64.b64encode(pixels).decode()
        bilinear.append(entry)
    nearest = []
    for before, after in NEAREST:
        line = Image.fromarray(np.arange(before, dtype=np.int32)[None])
        sources = np.asarray(line.resize((after, 1), Image.Resampling.NEAREST))[0]
        nearest.append({"from": before, "to": after, "sha256": hashlib.sha256(sources.astype("<i4").tobytes()).hexdigest()})
    golden = {"pillow": PIL.__version__, "bilinear": bilinear, "nearest": nearest}
    Path(__file__).with_name("pillow-golden.json").write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
