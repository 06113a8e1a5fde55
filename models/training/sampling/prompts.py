"""Visual prompts drawn from a region's mask, the way a hand would: box, point, scribble, rough mask (section 2d)."""

from random import Random

import cv2
import numpy as np

KINDS = ("box", "point", "scribble", "mask")


def draw_prompt(kind: str, mask: np.ndarray, random: Random) -> np.ndarray:
    """mask (H, W) uint8, not empty -> prompt (H, W) uint8 of zeros and ones."""
    return {"box": loose_box, "point": inner_point, "scribble": scribble, "mask": rough_mask}[kind](mask, random)


def tight_box(mask: np.ndarray) -> tuple[int, int, int, int]:
    """(x0, y0, x1, y1), ends excluded."""
    rows, columns = mask.any(axis=1).nonzero()[0], mask.any(axis=0).nonzero()[0]
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def exact_box(mask: np.ndarray) -> np.ndarray:
    x0, y0, x1, y1 = tight_box(mask)
    prompt = np.zeros_like(mask)
    prompt[y0:y1, x0:x1] = 1
    return prompt


def loose_box(mask: np.ndarray, random: Random) -> np.ndarray:
    """The filled bounding box, each side off by up to 6 %."""
    x0, y0, x1, y1 = tight_box(mask)
    dx, dy = 0.06 * (x1 - x0), 0.06 * (y1 - y0)
    x0, x1 = (round(x + random.uniform(-dx, dx)) for x in (x0, x1))
    y0, y1 = (round(y + random.uniform(-dy, dy)) for y in (y0, y1))
    prompt = np.zeros_like(mask)
    prompt[max(y0, 0) : max(y1, y0 + 1, 1), max(x0, 0) : max(x1, x0 + 1, 1)] = 1
    return prompt


def inner_pixel(mask: np.ndarray, random: Random) -> tuple[int, int]:
    """(x, y) of a set pixel: mostly well inside, at times anywhere."""
    depth = cv2.distanceTransform(cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT), cv2.DIST_L2, 3)[1:-1, 1:-1]
    floor = random.choice((0.0, 0.4, 0.7)) * float(depth.max())
    rows, columns = ((depth >= floor) & (mask > 0)).nonzero()
    pick = random.randrange(len(rows))
    return int(columns[pick]), int(rows[pick])


def deepest_point(mask: np.ndarray) -> np.ndarray:
    """The one pixel farthest from the mask's edge: the point that scoring uses."""
    depth = cv2.distanceTransform(cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT), cv2.DIST_L2, 5)[1:-1, 1:-1]
    prompt = np.zeros_like(mask)
    prompt[np.unravel_index(depth.argmax(), depth.shape)] = 1
    return prompt


def inner_point(mask: np.ndarray, random: Random) -> np.ndarray:
    x, y = inner_pixel(mask, random)
    prompt = np.zeros_like(mask)
    prompt[y, x] = 1
    return prompt


def scribble(mask: np.ndarray, random: Random) -> np.ndarray:
    """A broken line through two to four inner pixels, kept inside the mask."""
    corners = [inner_pixel(mask, random) for _ in range(random.randint(2, 4))]
    prompt = np.zeros_like(mask)
    cv2.polylines(prompt, [np.array(corners, np.int32)], False, 1, thickness=2)
    prompt &= mask
    x, y = corners[0]
    prompt[y, x] = 1
    return prompt


def rough_mask(mask: np.ndarray, random: Random) -> np.ndarray:
    """The mask itself, or grown or shrunk by up to a twelfth of its size."""
    x0, y0, x1, y1 = tight_box(mask)
    reach = random.randint(0, max(1, min(x1 - x0, y1 - y0) // 12))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    changed = random.choice((cv2.dilate, cv2.erode))(mask, kernel)
    return changed if changed.any() else mask


def outside_point(mask: np.ndarray, random: Random) -> np.ndarray | None:
    """One pixel near the mask but not in it, as a person would click to say "not this"; None if the mask is full."""
    x0, y0, x1, y1 = tight_box(mask)
    reach = max(x1 - x0, y1 - y0) // 3 + 2
    window = np.zeros_like(mask)
    window[max(y0 - reach, 0) : y1 + reach, max(x0 - reach, 0) : x1 + reach] = 1
    kernel = np.ones((9, 9), np.uint8)
    rows, columns = ((window > 0) & (cv2.dilate(mask, kernel) == 0)).nonzero()
    if not len(rows):
        return None
    pick = random.randrange(len(rows))
    prompt = np.zeros_like(mask)
    prompt[rows[pick], columns[pick]] = 1
    return prompt
