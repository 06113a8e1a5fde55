"""Words that single one object out among its like, as people choose them.

The patterns are the commonest ones about place and size in ReferIt's expressions of the training photos: "... on right"
and "... on left" (1,000 each), "left ..." (841), "... left" (773), "middle ..." (345), "bottom ..." (261), "bottom
right ..." (237), "... left of ..." (231), "top ..." (200), "far right ..." (186), "... right of ..." (158), "big ..."
(104). Those about depth ("in front", 208) are left out: a mask does not show it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sampling.prompts import tight_box

CLEARLY_APART = 0.08
"""Of the picture's side: how far the outermost object's centre is from the next one's, at least."""
CLEARLY_LARGER = 1.5
OUTER_THIRD = 1 / 3

LEFTMOST = ("left {}", "{} left", "{} on left", "{} on the left", "far left {}", "{} on far left", "leftmost {}")
RIGHTMOST = (
    "right {}",
    "{} right",
    "{} on right",
    "{} on the right",
    "far right {}",
    "{} on far right",
    "rightmost {}",
)
TOPMOST = ("top {}", "{} at top", "{} at the top", "upper {}")
LOWEST = ("bottom {}", "{} at bottom", "{} at the bottom", "lower {}")
MIDDLE = ("middle {}", "{} in middle", "{} in the middle", "center {}", "{} in center")
LARGEST = ("largest {}", "biggest {}", "large {}", "big {}")
SMALLEST = ("smallest {}", "small {}", "little {}")
SECOND = {"left": "second {} from left", "right": "second {} from right"}
CORNERS = ("{place} {noun}", "{noun} {place}", "{noun} in {place} corner", "{noun} on {place}")
ON_THE_SIDE = {"left": LEFTMOST[1:4], "right": RIGHTMOST[1:4], "top": TOPMOST[1:3], "bottom": LOWEST[1:3]}
"""What is said of an object that is the only one of its kind."""
BESIDE = {
    "left": ("{} left of {}", "{} to the left of the {}", "{} to left of {}"),
    "right": ("{} right of {}", "{} to the right of the {}", "{} to right of {}"),
    "above": ("{} above {}", "{} above the {}"),
    "below": ("{} below {}", "{} below the {}"),
}


@dataclass(frozen=True)
class Placed:
    """Where an object's middle is, as a share of the picture's width and height, and its size in any unit."""

    x: float
    y: float
    area: float


def singled_out(objects: Sequence[Placed], noun: str) -> list[tuple[int, str]]:
    """(number of the object, words that mean it and no other), for all objects of one kind in a picture."""
    if len(objects) == 1:
        return [(0, words.format(noun)) for side in sides(objects[0]) for words in ON_THE_SIDE[side]]
    across = sorted(range(len(objects)), key=lambda n: objects[n].x)
    down = sorted(range(len(objects)), key=lambda n: objects[n].y)
    gaps_across = [objects[b].x - objects[a].x > CLEARLY_APART for a, b in zip(across, across[1:], strict=False)]
    gaps_down = [objects[b].y - objects[a].y > CLEARLY_APART for a, b in zip(down, down[1:], strict=False)]
    phrases: list[tuple[int, str]] = []
    left, right = across[0] if gaps_across[0] else None, across[-1] if gaps_across[-1] else None
    top, bottom = down[0] if gaps_down[0] else None, down[-1] if gaps_down[-1] else None
    for number, patterns in ((left, LEFTMOST), (right, RIGHTMOST), (top, TOPMOST), (bottom, LOWEST)):
        if number is not None:
            phrases += [(number, words.format(noun)) for words in patterns]
    for row, number in (("top", top), ("bottom", bottom)):
        for column, other in (("left", left), ("right", right)):
            if number is not None and number == other:
                phrases += [(number, words.format(place=f"{row} {column}", noun=noun)) for words in CORNERS]
    if len(objects) == 3 and all(gaps_across):
        phrases += [(across[1], words.format(noun)) for words in MIDDLE]
    if len(objects) > 2 and all(gaps_across[:2]):
        phrases.append((across[1], SECOND["left"].format(noun)))
    if len(objects) > 2 and all(gaps_across[-2:]):
        phrases.append((across[-2], SECOND["right"].format(noun)))
    by_area = sorted(range(len(objects)), key=lambda n: -objects[n].area)
    if objects[by_area[0]].area > CLEARLY_LARGER * objects[by_area[1]].area:
        phrases += [(by_area[0], words.format(noun)) for words in LARGEST]
    if len(objects) < 6 and objects[by_area[-1]].area * CLEARLY_LARGER < objects[by_area[-2]].area:
        phrases += [(by_area[-1], words.format(noun)) for words in SMALLEST]
    return phrases


def sides(place: Placed) -> list[str]:
    """The outer thirds of the picture that hold the object's middle."""
    held = {
        "left": place.x < OUTER_THIRD,
        "right": place.x > 1 - OUTER_THIRD,
        "top": place.y < OUTER_THIRD,
        "bottom": place.y > 1 - OUTER_THIRD,
    }
    return [side for side, holds in held.items() if holds]


def placed(mask: np.ndarray) -> Placed:
    """mask (H, W) uint8, not empty."""
    rows, columns = mask.nonzero()
    return Placed(float(columns.mean()) / mask.shape[1], float(rows.mean()) / mask.shape[0], len(rows))


def side_of(mask: np.ndarray, other: np.ndarray) -> str | None:
    """On which side of the other mask one lies, where it is wholly on it and more there than anywhere else."""
    x0, y0, x1, y1 = tight_box(mask)
    left, top, right, bottom = tight_box(other)
    across, down = (x0 + x1 - left - right) / 2, (y0 + y1 - top - bottom) / 2
    if abs(across) > 1.5 * abs(down):
        return "left" if x1 <= left else "right" if x0 >= right else None
    if abs(down) > 1.5 * abs(across):
        return "above" if y1 <= top else "below" if y0 >= bottom else None
    return None


def is_beyond(mask: np.ndarray, other: np.ndarray, side: str) -> bool:
    """Whether any of the mask lies on that side of the other's middle, so that a person might mean it too."""
    x0, y0, x1, y1 = tight_box(mask)
    left, top, right, bottom = tight_box(other)
    x, y = (left + right) / 2, (top + bottom) / 2
    return {"left": x0 < x, "right": x1 > x, "above": y0 < y, "below": y1 > y}[side]
