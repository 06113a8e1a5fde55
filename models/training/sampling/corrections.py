"""Clicks that correct a mask, as training draws them on what a model got wrong (``data.mistakes``)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import cv2
import numpy as np
from pycocotools import mask as coco_mask

from network.config import NUM_PROMPTS
from network.sequence import patch_marks
from sampling.prompts import deepest_point, inner_pixel

MASK_KEPT = 0.85
"""How often the mask to correct is shown; else the clicks must do alone."""


@dataclass(frozen=True)
class Mistake:
    """What was found for a region from a click at ``point`` (x, y). ``counts``: COCO's run lengths of the mask, at
    photo size. ``box`` (x, y, w, h) holds that mask, the click, and the next one, which corrects it."""

    region: int
    point: tuple[int, int]
    counts: str
    box: tuple[int, int, int, int]

    def mask(self, height: int, width: int) -> np.ndarray:
        """(H, W) uint8, 0 or 1."""
        return np.ascontiguousarray(coco_mask.decode({"size": [height, width], "counts": self.counts.encode()}))


def read_mistakes(folder: Path) -> list[Mistake]:
    """Empty where ``data.mistakes`` was not run."""
    path = folder / "mistakes.json"
    return [Mistake(**values) for values in json.loads(path.read_text())] if path.exists() else []


def larger_error(found: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, bool]:
    """What is missing (true) or what is too much (false), whichever has more pixels."""
    missing, excess = truth & (1 - found), found & (1 - truth)
    positive = int(missing.sum()) >= int(excess.sum())
    return (missing if positive else excess), positive


def next_click(found: np.ndarray, truth: np.ndarray) -> np.ndarray | None:
    """The one pixel that ``pixelsail eval --prompt clicks`` clicks on next; None when nothing is wrong."""
    error, _ = larger_error(found, truth)
    return deepest_point(error) if error.any() else None


def correcting_clicks(
    found: np.ndarray, truth: np.ndarray, count: int, random: Random
) -> Iterator[tuple[tuple[int, int], bool]]:
    """Up to ``count`` clicks ((x, y), whether on the object), each in the largest part of what is wrong after the ones
    before did their work."""
    left = found.copy()
    for _ in range(count):
        error, positive = larger_error(left, truth)
        if not error.any():
            return
        _, parts, sizes, _ = cv2.connectedComponentsWithStats(error, connectivity=4)
        part = (parts == 1 + sizes[1:, cv2.CC_STAT_AREA].argmax()).astype(np.uint8)
        yield inner_pixel(part, random), positive
        left[part > 0] = truth[part > 0]


def correction_marks(
    found: np.ndarray, truth: np.ndarray, first: tuple[int, int], own: int, random: Random
) -> tuple[list[tuple[int, np.ndarray]], str]:
    """The marks of a correction and the words for it. ``found`` and ``truth`` (H, W) at the view's size; ``first``
    (x, y): the click that led to what was found. The mask has the id ``own``; clicks on the object and beside it have
    the next two.
    """
    positive, negative = np.zeros_like(truth), np.zeros_like(truth)
    positive[first[1], first[0]] = 1
    for (x, y), is_positive in correcting_clicks(found, truth, random.choice((1, 1, 2, 2, 3)), random):
        (positive if is_positive else negative)[y, x] = 1
    if random.random() >= MASK_KEPT or not found.any():
        other = (own + 1) % NUM_PROMPTS
        marks, words = [(own, patch_marks(positive))], f"<Prompt{own}>"
    else:
        on, other = (own + 1) % NUM_PROMPTS, (own + 2) % NUM_PROMPTS
        marks = [(own, patch_marks(found)), (on, patch_marks(positive))]
        words = f"<Prompt{own}> with <Prompt{on}>"
    if not negative.any():
        return marks, words
    return [*marks, (other, patch_marks(negative))], f"{words} but not <Prompt{other}>"
