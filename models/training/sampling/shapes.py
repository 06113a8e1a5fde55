"""Scenes drawn by rule: coloured shapes on a photo or on plain ground, for colours, counts and relations, of which the
photo sets say little (as CLEVR does, arXiv 1612.06890).
"""

import math
from random import Random

import cv2
import numpy as np

from data.cache import UNLABELLED
from data.regions import colour_name
from network.sequence import Branch
from sampling.scenes import Scene
from sampling.templates import HOW_MANY, plural

SHAPES = ("circle", "square", "triangle", "star", "cross", "ring", "diamond")
COLOURS = {
    "red": ((0, 5), (170, 255), (130, 230)),
    "orange": ((11, 17), (190, 255), (190, 255)),
    "yellow": ((26, 31), (170, 255), (190, 255)),
    "green": ((45, 75), (120, 255), (80, 200)),
    "blue": ((105, 118), (130, 255), (110, 230)),
    "purple": ((132, 145), (110, 220), (90, 190)),
    "white": ((0, 179), (0, 12), (230, 255)),
    "black": ((0, 179), (0, 60), (5, 30)),
}
"""Hue, saturation and value, each from and to, as OpenCV counts them."""
SIZES = (0.09, 0.32)
"""Side of a shape, as a share of the scene's long side; drawn evenly on a logarithmic scale."""
BLUR = 6.0
"""Standard deviation in pixels of what makes a ground of a photo."""
TRIES = 12
NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight")


def outline(shape: str, turn: float) -> list[tuple[float, float]]:
    """Corners as (distance from the middle, at most 1; angle in radians). ``turn`` is for triangles, stars and crosses
    only: a square that is turned is a diamond."""
    if shape == "cross":
        tip, quarter = math.atan2(0.28, 0.96), math.pi / 2
        arm = ((1.0, -tip), (1.0, tip), (0.4, quarter / 2))
        return [(radius, turn + quarter * n + angle) for n in range(4) for radius, angle in arm]
    radii, start = {
        "square": ((1.0,) * 4, math.pi / 4),
        "diamond": ((1.0,) * 4, 0.0),
        "triangle": ((1.0,) * 3, turn),
        "star": ((1.0, 0.42) * 5, turn),
    }[shape]
    return [(radius, start + 2 * math.pi / len(radii) * n) for n, radius in enumerate(radii)]


def shape_mask(shape: str, side: int, turn: float) -> np.ndarray:
    """(side, side) uint8 of zeros and ones; ``turn`` as for ``outline``."""
    mask, middle = np.zeros((side, side), np.uint8), (side - 1) / 2
    centre = (round(middle), round(middle))
    if shape in ("circle", "ring"):
        cv2.circle(mask, centre, side // 2, 1, cv2.FILLED)
        if shape == "ring":
            cv2.circle(mask, centre, round(side * 0.27), 0, cv2.FILLED)
        return mask
    corners = [(middle * (1 + r * math.cos(a)), middle * (1 + r * math.sin(a))) for r, a in outline(shape, turn)]
    cv2.fillPoly(mask, [np.round(corners).astype(np.int32)], 1)
    return mask


def coloured(colour: str, side: int, random: Random) -> np.ndarray:
    """(side, side, 3) uint8 RGB: one colour with some shading and noise, which ``colour_name`` calls by its name."""
    while True:
        hsv = np.array([[[random.uniform(*limits) for limits in COLOURS[colour]]]]).round().astype(np.uint8)
        plain = cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)[0, 0].astype(np.float32)
        shading = np.linspace(random.uniform(-18, 0), random.uniform(0, 18), side, dtype=np.float32)[:, None, None]
        noise = np.random.default_rng(random.randrange(2**32)).normal(0, 5, (side, side, 1))
        pixels = np.clip(plain + shading + noise, 0, 255).astype(np.uint8)
        if colour_name(pixels.reshape(-1, 3)) == colour:
            return pixels


def plain_ground(size: tuple[int, int], random: Random) -> np.ndarray:
    """(H, W, 3) uint8 of one dull colour with noise."""
    width, height = size
    base = np.array([random.uniform(60, 190)] * 3) + [random.uniform(-20, 20) for _ in range(3)]
    noise = np.random.default_rng(random.randrange(2**32)).normal(0, 8, (height, width, 1))
    return np.clip(base + noise, 0, 255).astype(np.uint8)


def drawn_scene(ground: np.ndarray, random: Random) -> tuple[Scene, list[str]]:
    """One to eight shapes of at most three colours and three forms, none over another, drawn on ground (H, W, 3)
    itself; and the names of what is not there. All names are like "red circle", or like "circle", or like "red shape".
    """
    height, width = ground.shape[:2]
    scene = Scene(ground, np.full((height // 16) * (width // 16), UNLABELLED), [], set())
    colours, forms = random.sample(list(COLOURS), 3), random.sample(SHAPES, 3)
    naming = random.choice(("{colour} {form}", "{form}", "{colour} shape"))
    taken = np.zeros((height, width), np.uint8)
    for _ in range(random.randint(1, 8)):
        colour, form = random.choice(colours), random.choice(forms)
        side = round(max(ground.shape) * math.exp(random.uniform(*map(math.log, SIZES))))
        for _ in range(TRIES):
            x, y = random.randint(0, max(width - side, 0)), random.randint(0, max(height - side, 0))
            if taken[max(y - 2, 0) : y + side + 2, max(x - 2, 0) : x + side + 2].any():
                continue
            mask = shape_mask(form, side, random.uniform(0, 2 * math.pi))
            name = naming.format(colour=colour, form=form)
            scene.paste(coloured(colour, side, random), mask, (x, y), name, UNLABELLED)
            taken[y : y + side, x : x + side] = 1
            break
    names = {naming.format(colour=colour, form=form) for colour in COLOURS for form in SHAPES}
    return scene, sorted(names - {thing.category for thing in scene.things})


def counting(scene: Scene, random: Random) -> Branch:
    """How many there are of one category of a drawn scene."""
    name = random.choice(sorted({thing.category for thing in scene.things}))
    return Branch(HOW_MANY.format(plural(name)), f"{NUMBERS[len(scene.of_category(name))]}.")
