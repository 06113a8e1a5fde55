"""Scenes put together from cut-outs: objects of some photos pasted on others, so that rare categories, small objects
and several things of a kind are seen more often than the photos show them ("Simple Copy-Paste", arXiv 2012.07177).
"""

import math
from dataclasses import dataclass, field
from random import Random

import cv2
import numpy as np

from data.cache import UNLABELLED, Cache
from data.sets import FULLY_LABELLED, INSTANCES, namesakes
from network.sequence import Branch, patch_marks, prompt_index, resize_image
from sampling import places, templates
from sampling.prompts import draw_prompt

SMALLEST_CUTOUT = 1500
"""Pixels of a region that is cut out."""
SIZES = (0.06, 0.45)
"""Long side of what is pasted, as a share of the scene's; drawn evenly on a logarithmic scale."""
MOST_ENLARGED = 1.5
IN_ONE_PIECE = 0.8
"""Share of a cut-out's pixels that hang together, at least: what is covered too much tells little of its kind."""
TRIES = 8
SMALLEST_ASKED = 0.001
"""Of the scene: smaller unions are not asked for by their name."""
SMALLEST_PROMPTED = 20
"""Pixels of a thing that a prompt is put on."""
LEAST_VISIBLE = 0.4
"""Share of a thing that must be left for it to be asked for."""
MOST_QUESTIONS = 5

ONE_OBJECT = {**INSTANCES, "horses": None, "human": None}
"""Sets and categories whose regions may be cut out, as in ``INSTANCES``."""
NOT_CUT = frozenset(
    "grass sky water road building tree mountain body face pole fence pavement window door bed sink oven refrigerator "
    "microwave facade street field spectators advertisement plate".split()
) | {"dining table", "flood water", "goal bar", "slice of bread"}
"""No objects, or never seen apart from what they stand in."""

UNLABELLED_THINGS = {
    "clothing": {"person", "handbag", "tie"},
    "horses": {"person", "car"},
    "human": {"person", "handbag", "tie", "chair", "cup", "book"},
    "pennfudan": {"car", "bicycle", "handbag", "sign"},
    "camvid": {"handbag"},
    "facade": {"person", "bicycle", "sign", "potted plant"},
    "car_parts": {"car", "person", "sign"},
    "cats": {"person", "car", "potted plant", "bowl", "grass"},
    "buildings": {"person", "bicycle", "sign", "window"},
    "trashcan": {"fish", "can", "bag", "plant", "starfish", "shell"},
    "foodplates": {"cup", "spoon", "fork", "tofu", "fish"},
    "flood": {"car", "person", "building", "tree", "boat", "road"},
    "football": {"grass", "sign"},
    "voc2007": {"hat", "bag", "cup", "sign", "tree", "grass", "road", "building", "book", "clock", "laptop"},
}
"""What photos of a set may show without a mask, each standing for its whole group in ``ALIKE`` of ``data.sets``."""


def clashes(category: str, set_name: str, own: list[str], present: set[str]) -> bool:
    """Whether a photo of the set, which has the categories ``own``, may show the category unlabelled or renamed."""
    if any(other in present for other in namesakes(category) - {category}):
        return True
    labelled = category in own and set_name in FULLY_LABELLED
    return not labelled and any(category in namesakes(thing) for thing in UNLABELLED_THINGS.get(set_name, ()))


class Cutouts:
    """The train regions that can be pasted. Categories are drawn almost evenly, as the fourth root of their numbers."""

    def __init__(self, cache: Cache, numbers: list[int]) -> None:
        self.cache = cache
        self.of_category: dict[str, list[int]] = {}
        for number in numbers:
            region = cache.regions[number]
            singles = ONE_OBJECT.get(cache.photos[region.photo].set, set())
            is_single = singles is None or region.category in singles
            if region.category and is_single and region.area >= SMALLEST_CUTOUT and region.category not in NOT_CUT:
                self.of_category.setdefault(region.category, []).append(number)
        self.names = sorted(self.of_category)
        self.weights = [len(self.of_category[name]) ** 0.25 for name in self.names]

    def draw_category(self, random: Random) -> str:
        return random.choices(self.names, self.weights)[0]

    def cut(self, number: int, flipped: bool) -> tuple[np.ndarray, np.ndarray]:
        """Pixels (h, w, 3) and mask (h, w) of a region's box."""
        x, y, w, h = self.cache.regions[number].bbox
        step = -1 if flipped else 1
        pixels = self.cache.image(self.cache.regions[number].photo)[y : y + h, x : x + w][:, ::step]
        mask = self.cache.mask(number)[y : y + h, x : x + w][:, ::step]
        return np.ascontiguousarray(pixels), np.ascontiguousarray(mask)


def largest_piece(mask: np.ndarray) -> float:
    """Share of the mask's pixels that are in its largest connected piece."""
    _, pieces = cv2.connectedComponents(mask)
    counts = np.bincount(pieces.reshape(-1))[1:]
    return float(counts.max() / counts.sum()) if len(counts) else 0.0


@dataclass
class Thing:
    """Something in a scene. ``mask`` (H, W) uint8 is what is visible of it, ``full`` how many pixels there were before
    anything covered it; ``is_single``: one object, which may be told from others by its place."""

    category: str
    mask: np.ndarray
    is_single: bool
    is_pasted: bool = False
    full: int = field(init=False)

    def __post_init__(self) -> None:
        self.full = int(self.mask.sum())

    @property
    def visible(self) -> int:
        return int(self.mask.sum())

    @property
    def is_seen(self) -> bool:
        return self.visible >= max(LEAST_VISIBLE * self.full, 1)


@dataclass
class Scene:
    """image (H, W, 3) uint8; labels (N,) category numbers of the patches; ``unknown``: categories that nobody may
    ask for as a whole, since the photo has crowds of them."""

    image: np.ndarray
    labels: np.ndarray
    things: list[Thing]
    unknown: set[str]

    @property
    def size(self) -> tuple[int, int]:
        return self.image.shape[1], self.image.shape[0]

    def paste(self, pixels: np.ndarray, mask: np.ndarray, at: tuple[int, int], category: str, label: int) -> None:
        """Pixels (h, w, 3) and mask (h, w) of zeros and ones, whose upper left corner comes to ``at``, perhaps outside.
        Edges are softened and brightness moves towards what is there; things below lose what is covered."""
        border = 2
        soft = cv2.copyMakeBorder(mask * 255, *[border] * 4, cv2.BORDER_CONSTANT)
        soft = cv2.GaussianBlur(soft, (3, 3), 0)
        pixels = cv2.copyMakeBorder(pixels, *[border] * 4, cv2.BORDER_REPLICATE)
        x, y = at[0] - border, at[1] - border
        height, width = soft.shape
        x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + width, self.size[0]), min(y + height, self.size[1])
        inside = np.s_[y0 - y : y1 - y, x0 - x : x1 - x]
        soft, pixels = soft[inside], pixels[inside].astype(np.float32)
        below = self.image[y0:y1, x0:x1]
        ratio = (below.mean() + 20) / (pixels[soft > 127].mean() + 20) if (soft > 127).any() else 1.0
        pixels *= min(max(ratio**0.25, 0.8), 1.25)
        share = soft[..., None].astype(np.float32) / 255
        self.image[y0:y1, x0:x1] = np.clip(below + (pixels - below) * share, 0, 255).astype(np.uint8)
        covered = np.zeros(self.image.shape[:2], np.uint8)
        covered[y0:y1, x0:x1] = soft > 127
        for thing in self.things:
            thing.mask[covered > 0] = 0
        self.things.append(Thing(category, covered, True, is_pasted=True))
        self.labels[covered[8::16, 8::16].reshape(-1) > 0] = label

    def target(self, mask: np.ndarray, stride: int) -> np.ndarray:
        """(H / stride, W / stride) uint8: the share of each cell that the mask covers, times 255."""
        return cv2.resize(mask * 255, (self.size[0] // stride, self.size[1] // stride), interpolation=cv2.INTER_AREA)

    def of_category(self, category: str) -> list[Thing]:
        return [thing for thing in self.things if thing.category == category]

    def union(self, category: str) -> np.ndarray | None:
        """Everything of a category, base and pasted; None where that is not known or too small to be asked for."""
        things = self.of_category(category)
        union = np.maximum.reduce([thing.mask for thing in things])
        visible, before = int(union.sum()), max(thing.full for thing in things)
        if category in self.unknown or visible < max(SMALLEST_ASKED * union.size, 0.25 * before):
            return None
        return union

    def is_separate(self, category: str) -> bool:
        """Whether everything of the category is known, as single things that can be seen."""
        is_known = category not in self.unknown
        return is_known and all(thing.is_single and thing.is_seen for thing in self.of_category(category))

    def referred(self, category: str) -> list[tuple[Thing, str]]:
        """Single things and words that mean one alone: by place and size among their like, and beside other things."""
        things = self.of_category(category)
        if not self.is_separate(category):
            return []
        found = places.singled_out([places.placed(thing.mask) for thing in things], category)
        phrases = [(things[number], words) for number, words in found]
        lone = [
            other
            for other in self.things
            if other.category not in self.unknown
            and other.category != category
            and other.is_single
            and other.is_seen
            and len(self.of_category(other.category)) == 1
        ]
        for other in lone:
            for thing in things:
                side = places.side_of(thing.mask, other.mask)
                rest = [like for like in things if like is not thing]
                if side and not any(places.is_beyond(like.mask, other.mask, side) for like in rest):
                    phrases += [(thing, words.format(category, other.category)) for words in places.BESIDE[side]]
        return phrases


def add_cutouts(
    scene: Scene, cutouts: Cutouts, set_name: str, own: list[str], numbers: dict[str, int], random: Random
) -> None:
    """Pastes one to three cut-outs on a photo of the set with categories ``own``; ``numbers``: of category names, for
    the labels of patches. Half of the time the second is of the first one's kind, and a third of the time the first of
    something's kind that is there: that is what "left" and "largest" are asked of."""
    for _ in range(random.choices((1, 2, 3), (30, 40, 30))[0]):
        present = {thing.category for thing in scene.things}
        again = sorted({t.category for t in scene.things if t.is_single} & set(cutouts.names))
        if again and random.random() < 0.4:
            category = random.choice(again)
        else:
            drawn = (cutouts.draw_category(random) for _ in range(TRIES))
            category = next((c for c in drawn if not clashes(c, set_name, own, present)), None)
        if category is None or category in scene.unknown:
            continue
        pixels, mask = cutouts.cut(random.choice(cutouts.of_category[category]), random.random() < 0.5)
        height, width = mask.shape
        long = max(scene.size) * math.exp(random.uniform(*map(math.log, SIZES)))
        fitting = 0.9 * min(scene.size[0] / width, scene.size[1] / height)
        scale = min(long / max(width, height), MOST_ENLARGED, fitting)
        size = max(4, round(width * scale)), max(4, round(height * scale))
        scaled = cv2.resize(mask * 255, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        out = 0.3 if random.random() < 0.15 else 0.0
        sides = zip(size, scene.size, strict=True)
        at = tuple(round(random.uniform(-out * s, whole - s * (1 - out))) for s, whole in sides)
        shape = (scaled > 127).astype(np.uint8)
        if shape.sum() >= SMALLEST_PROMPTED and largest_piece(shape) >= IN_ONE_PIECE:
            label = min(numbers[category], UNLABELLED)
            scene.paste(resize_image(pixels, size), shape, at, category, label)


def asked_in_words(
    scene: Scene, absent: list[str], stride: int, random: Random
) -> tuple[np.ndarray, list[Branch], list[np.ndarray]]:
    """Categories, single things by place, and what is not there -> (prompt index, questions, their masks)."""
    branches: list[Branch] = []
    targets: list[np.ndarray] = []
    pasted = sorted({thing.category for thing in scene.things if thing.is_pasted})
    others = sorted({thing.category for thing in scene.things} - set(pasted))
    for category in (pasted + random.sample(others, len(others)))[:MOST_QUESTIONS]:
        union = scene.union(category)
        if union is not None:
            words = templates.category_words(category, random)
            branches.append(segment_named(words, random))
            targets.append(scene.target(union, stride))
        things = scene.of_category(category)
        if len(things) <= 4 and scene.is_separate(category) and random.random() < 0.3:
            things = sorted(things, key=lambda thing: places.placed(thing.mask).x)
            branches.append(segment_each(category, len(things), random))
            targets += [scene.target(thing.mask, stride) for thing in things]
        phrases = scene.referred(category) if random.random() < 0.6 else []
        for thing, words in random.sample(phrases, min(random.choice((1, 1, 2)), len(phrases))):
            branches.append(segment_named(words, random))
            targets.append(scene.target(thing.mask, stride))
    if not branches or random.random() < 0.3:
        asked = denials(random.choice(absent), random)
        branches += asked
        targets += [np.zeros((scene.size[1] // stride, scene.size[0] // stride), np.uint8)] * len(asked)
    return prompt_index([], (scene.size[1] // 16, scene.size[0] // 16)), branches, targets


def asked_by_prompts(
    scene: Scene, absent: list[str], stride: int, random: Random
) -> tuple[np.ndarray, list[Branch], list[np.ndarray]]:
    """As ``asked_in_words``, about one to four things under prompts of their own, small pasted ones first."""
    grid = (scene.size[1] // 16, scene.size[0] // 16)
    seen = [t for t in scene.things if t.is_seen and t.visible >= SMALLEST_PROMPTED]
    random.shuffle(seen)
    seen.sort(key=lambda thing: not thing.is_pasted)
    chosen = sorted(seen[: random.choice((1, 2, 3, 4))], key=lambda thing: -thing.visible)
    ids = list(range(len(chosen)))
    random.shuffle(ids)
    kinds = [random.choices(("point", "box", "scribble", "mask"), (60, 20, 10, 10))[0] for _ in chosen]
    marks = [
        (own, patch_marks(draw_prompt(kind, thing.mask, random)))
        for own, kind, thing in zip(ids, kinds, chosen, strict=True)
    ]
    index = prompt_index(marks, grid)
    branches, targets = [], []
    for own, thing in zip(ids, chosen, strict=True):
        if (index == own).any():
            branches.append(segment(templates.prompt_question(f"<Prompt{own}>", random), random))
            targets.append(scene.target(thing.mask, stride))
    if not branches:
        branches.append(no_target(random.choice(absent), random))
        targets.append(np.zeros((scene.size[1] // stride, scene.size[0] // stride), np.uint8))
    return index, branches, targets


def segment(question: str, random: Random) -> Branch:
    return Branch(question, templates.seg_answer(random), templates.SEG_TEXT_WEIGHT)


def segment_named(words: str, random: Random) -> Branch:
    return Branch(templates.question_about(words, random), templates.seg_answer(random), templates.NAME_TEXT_WEIGHT)


def segment_each(name: str, count: int, random: Random) -> Branch:
    question = templates.question_about(name, random) + templates.INSTANCE_MODE
    return Branch(question, templates.instances_answer(name, count))


def no_target(name: str, random: Random) -> Branch:
    return Branch(templates.question_about(name, random), templates.NO_TARGET, templates.NAME_TEXT_WEIGHT)


def denials(name: str, random: Random) -> list[Branch]:
    """What is asked about a name of what is not there: "No target [SEG]."; half of the time also the answer that would
    be wrong, whose words are not learnt, so that the mask is empty where "No" was not said."""
    denied = no_target(name, random)
    return [denied, Branch(denied.question, templates.SEG_ANSWER, 0.0)] if random.random() < 0.5 else [denied]
