"""OpenCV's GrabCut from a box: reads {"file", "box": [x, y, width, height]} a line, answers {"size", "counts"} a line."""

import json
import sys

import cv2
import numpy as np

ROUNDS = 3
SMALLEST = 3
"""Boxes with a side shorter than this, and boxes that are the whole photo, give nothing to tell apart: they are filled."""


def grabcut(photo: np.ndarray, box: tuple[int, int, int, int]) -> np.ndarray:
    """photo (H, W, 3) BGR -> (H, W) bool."""
    x, y, width, height = box
    state = np.full(photo.shape[:2], cv2.GC_BGD, np.uint8)
    state[y : y + height, x : x + width] = cv2.GC_PR_FGD
    if min(width, height) >= SMALLEST and (state == cv2.GC_BGD).any():
        cv2.setRNGSeed(1)
        cv2.grabCut(photo, state, None, np.zeros((1, 65)), np.zeros((1, 65)), ROUNDS, cv2.GC_INIT_WITH_MASK)
    return (state == cv2.GC_FGD) | (state == cv2.GC_PR_FGD)


def runs(mask: np.ndarray) -> list[int]:
    """COCO's uncompressed counts: runs down the columns, zeros first."""
    flat = mask.reshape(-1, order="F")
    ends = np.flatnonzero(np.diff(flat)) + 1
    lengths = np.diff(np.concatenate(([0], ends, [flat.size]))).tolist()
    return [0, *lengths] if flat[0] else lengths


for line in sys.stdin:
    asked = json.loads(line)
    pixels = cv2.imread(asked["file"], cv2.IMREAD_COLOR)
    found = grabcut(pixels, tuple(asked["box"]))
    print(json.dumps({"size": list(found.shape), "counts": runs(found)}), flush=True)
