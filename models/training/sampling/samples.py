"""Draws training batches: crops at object scale for prompts that have a size, whole photos for points and text.

Every batch holds views of one shape, so nothing is padded but text. A batch depends only on (seed, step, progress),
so a resumed run sees what an unbroken one would have seen.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from random import Random

import cv2
import numpy as np

from data.cache import (
    LABEL_STEP,
    PROJECT_SET,
    TEACHER_CHANNELS,
    TEACHER_GRID,
    UNLABELLED,
    WORDLESS_SETS,
    Cache,
    Region,
)
from data.sets import INSTANCES, SURELY_ABSENT, WHOLES, kin, known_absent, namesakes
from network.config import NUM_PROMPTS, Zoom
from network.sequence import (
    Branch,
    encode_branches,
    first_text_position,
    patch_marks,
    prompt_index,
    resize_image,
    scaled_size,
)
from network.tokenizer import BpeTokenizer
from sampling import places, scenes, shapes, templates
from sampling.batch import Batch, Sample, WeightedGroups
from sampling.corrections import Mistake, correction_marks
from sampling.mix import EXTRAS, KINDS, SET_WEIGHTS, TEXT_TOKENS, WORD_SET_WEIGHTS
from sampling.prompts import draw_prompt, inner_point, outside_point
from sampling.templates import CANDIDATES, SEG_TEXT_WEIGHT
from sampling.views import View, crop_window, lone_pixel, overlap

CLASS_SETS = ("caltech101", "imagenet_names")
"""Whose photos each show one class of a list, without a mask."""

SMALLEST_TAUGHT = 6
"""Windows of a photo that span fewer of the teacher's cells than this on their long side are not distilled: its
features are too coarse to say anything there."""

OPENCV_CHANNELS = 4
"""``cv2.remap`` takes no more at once."""

SMALLEST_WINDOW = 0.3
"""Of a photo's sides: how closely points and words are looked at, at most, when they are asked of a part of a photo."""

MOST_CATEGORIES = 6
ABSENT = (22, 40, 24, 14)
"""How often a photo is asked for no, one, two and three names of what is not in it."""
MOST_REGIONS = 25
"""Photos with more regions of one category than this are not asked for their union."""
HARD_ABSENT = 0.5
"""How often a name of what is not there is one of something alike what is there, where there is such a name."""
MOST_INSTANCES = 4
INSTANCES_ASKED = 0.25
"""How often objects that the set separates are asked for one by one, too."""
CANDIDATES_ASKED = 0.6
"""How often a lone click is asked for its candidates, too."""
SAME_MASK = 0.8
"""IoU above which two masks under one click are one candidate."""
SMALLEST_CANDIDATE = 24
"""Pixels of the view."""


class Sampler:
    def __init__(
        self,
        cache: Cache,
        tokenizer: BpeTokenizer,
        seed: int,
        tokens_per_batch: int,
        stride: int,
        mistakes: Sequence[Mistake] = (),
        kinds: dict[str, int] = KINDS,
    ) -> None:
        self.cache, self.tokenizer, self.seed, self.stride = cache, tokenizer, seed, stride
        self.tokens_per_batch = tokens_per_batch
        self.region_numbers = [
            n for n, r in enumerate(cache.regions) if cache.photos[r.photo].split == "train" and not r.crowd
        ]
        self.region_weights = self._region_weights()
        labelled = [n for n, p in enumerate(cache.photos) if p.split == "train"]
        self.named_photos = [n for n in labelled if cache.photos[n].words and not cache.regions_of[n]]
        self.mask_photos = [n for n in labelled if cache.regions_of[n] or not cache.photos[n].words]
        """Photos with masks, and those that were looked at and found empty."""
        self.worded_photos = [n for n in self.mask_photos if cache.photos[n].set not in WORDLESS_SETS]
        self.names_of_set: dict[str, list[str]] = {}
        for set_name in CLASS_SETS:
            own = {cache.photos[n].words for n in self.named_photos if cache.photos[n].set == set_name}
            self.names_of_set[set_name] = sorted(own)
        self.mistakes, self.cutouts = mistakes, scenes.Cutouts(cache, self.region_numbers)
        needs = {
            "named": self.named_photos,
            "correction": mistakes,
            "text": self.worded_photos,
            "scene": self.worded_photos and self.cutouts.names,
            # The few minutes of a person's project are for its own objects.
            "drawn": any(cache.photos[n].set != PROJECT_SET for n in labelled),
        }
        self.kinds = {kind: weight for kind, weight in kinds.items() if needs.get(kind, True)}
        self.categories = {name: cache.categories(name) for name in SET_WEIGHTS}
        self.groups: dict[tuple, WeightedGroups] = {}
        names = cache.category_names
        self.category_numbers = {name: number for number, name in enumerate(names)}
        self.mirrored_label = np.arange(256)
        for number, name in enumerate(names):
            if number < UNLABELLED and templates.mirrored(name) in names:
                self.mirrored_label[number] = names.index(templates.mirrored(name))

    def _region_weights(self) -> np.ndarray:
        """By set, and inside a set by one over the root of the category's count; tiny regions count less."""
        photos, regions = self.cache.photos, self.cache.regions
        counts: dict[tuple[str, str], int] = {}
        for n in self.region_numbers:
            key = photos[regions[n].photo].set, regions[n].category
            counts[key] = counts.get(key, 0) + 1
        weights, totals = [], dict.fromkeys(SET_WEIGHTS, 0.0)
        for n in self.region_numbers:
            name = photos[regions[n].photo].set
            weights.append(counts[name, regions[n].category] ** -0.5 * (0.4 if regions[n].area < 200 else 1.0))
            totals[name] += weights[-1]
        names = [photos[regions[n].photo].set for n in self.region_numbers]
        return np.array([w * SET_WEIGHTS[s] / totals[s] for w, s in zip(weights, names, strict=True)])

    def region_groups(self, margin: float, side: int) -> WeightedGroups:
        key = ("region", margin, side)
        if key not in self.groups:
            sizes = []
            for n in self.region_numbers:
                region = self.cache.regions[n]
                photo = self.cache.photos[region.photo]
                x0, y0, x1, y1 = crop_window(region.bbox, (photo.width, photo.height), (margin,) * 4)
                sizes.append(scaled_size(x1 - x0, y1 - y0, side))
            self.groups[key] = WeightedGroups(self.region_weights, sizes)
        return self.groups[key]

    def mistake_groups(self, margin: float, side: int) -> WeightedGroups:
        key = ("mistake", margin, side)
        if key not in self.groups:
            sizes = []
            for mistake in self.mistakes:
                photo = self.cache.photos[self.cache.regions[mistake.region].photo]
                x0, y0, x1, y1 = crop_window(mistake.box, (photo.width, photo.height), (margin,) * 4)
                sizes.append(scaled_size(x1 - x0, y1 - y0, side))
            self.groups[key] = WeightedGroups(np.ones(len(self.mistakes)), sizes)
        return self.groups[key]

    def photo_groups(self, photos: list[int], side: int, key: str, of_sets: dict[str, int]) -> WeightedGroups:
        if (key, side) not in self.groups:
            of_set: dict[str, int] = {}
            for n in photos:
                of_set[self.cache.photos[n].set] = of_set.get(self.cache.photos[n].set, 0) + 1
            weights = np.array([of_sets[s] / of_set[s] for s in (self.cache.photos[n].set for n in photos)])
            sizes = [scaled_size(self.cache.photos[n].width, self.cache.photos[n].height, side) for n in photos]
            self.groups[key, side] = WeightedGroups(weights, sizes)
        return self.groups[key, side]

    # -- batches ---------------------------------------------------------------------------------------------------

    def batch(self, step: int, progress: float) -> Batch:
        """``progress`` from 0 to 1: views grow from small to the sizes that the runtime uses."""
        random = Random(f"{self.seed}/{step}")
        kind = random.choices(list(self.kinds), list(self.kinds.values()))[0]
        if progress < 0.5:
            zoom_side, whole_side = random.choice((112, 128, 160)), random.choice((144, 176, 208))
        elif progress < 0.75:
            zoom_side, whole_side = random.choice((144, 160, 192)), random.choice((192, 224, 256))
        else:
            zoom_side, whole_side = random.choice((192, 224, 256)), random.choice((224, 256, 320))
        extra = random.choices(("none", "category", "words"), EXTRAS[kind])[0] if kind in EXTRAS else "none"
        make: Callable[[tuple[int, int]], Sample]
        if kind in ("zoom", "point"):
            margin = Zoom().margin if kind == "zoom" else random.choice((0.25, 0.5, 1.0))
            groups = self.region_groups(margin, zoom_side)
            group = groups.draw_group(random)
            make = lambda size: self.crop_sample(  # noqa: E731
                self.region_numbers[groups.draw(group, random)], size, margin, kind, extra, random
            )
        elif kind == "correction":
            margin = random.choice((0.25, 0.5))
            groups = self.mistake_groups(margin, zoom_side)
            group = groups.draw_group(random)
            make = lambda size: self.correction_sample(  # noqa: E731
                self.mistakes[groups.draw(group, random)], size, margin, random
            )
        else:
            key = {"named": "named", "text": "text", "scene": "scene"}.get(kind, "masks")
            photos = {"named": self.named_photos, "masks": self.mask_photos}.get(key, self.worded_photos)
            side = min(whole_side, 176) if kind == "named" else whole_side
            groups = self.photo_groups(photos, side, key, WORD_SET_WEIGHTS if kind == "text" else SET_WEIGHTS)
            group = groups.draw_group(random)
            compose = {
                "prompts": self.prompts_sample,
                "text": self.text_sample,
                "named": self.named_sample,
                "scene": self.scene_sample,
                "drawn": self.drawn_sample,
            }[kind]
            make = lambda size: compose(photos[groups.draw(group, random)], size, extra, random)  # noqa: E731
        size = groups.groups[group]
        patches = size[0] * size[1] // 256
        count = min(max(self.tokens_per_batch // (patches + TEXT_TOKENS[kind, extra]), 4), 24)
        return self.assemble([make(size) for _ in range(count)], size, kind)

    def assemble(self, samples: list[Sample], size: tuple[int, int], kind: str) -> Batch:
        start = first_text_position((size[1] // 16, size[0] // 16))
        texts = [encode_branches(self.tokenizer, s.branches, start) for s in samples]
        length = max(len(t.ids) for t in texts)
        columns = {
            name: np.stack([np.pad(getattr(t, name), (0, length - len(t.ids))) for t in texts])
            for name in ("ids", "positions", "branch", "label_weights")
        }
        masks = [mask for s in samples for mask in s.targets]
        shape = (size[1] // self.stride, size[0] // self.stride)
        targets = np.zeros((len(masks), *shape), np.uint8)
        for target, mask in zip(targets, masks, strict=True):
            if mask is not None:
                target[:] = mask
        branches = [branch for s in samples for branch in s.branches]
        firsts = np.cumsum([0, *(branch.answer.count("[SEG]") for branch in branches)])
        groups = [(first, b.candidates) for first, b in zip(firsts, branches, strict=False) if b.candidates]
        untaught = np.zeros((size[1] // 16, size[0] // 16, TEACHER_CHANNELS), np.float16)
        return Batch(
            images=np.stack([s.image for s in samples]),
            patch_labels=np.stack([s.labels for s in samples]),
            teacher=np.stack([untaught if s.teacher is None else s.teacher for s in samples]),
            taught=np.array([s.teacher is not None for s in samples]),
            prompt_index=np.stack([s.prompt_index for s in samples]),
            text_ids=columns["ids"],
            text_positions=columns["positions"],
            text_branch=columns["branch"],
            label_weights=columns["label_weights"],
            targets=targets,
            drawn=np.array([mask is not None for mask in masks], bool),
            candidates=np.array(groups, np.int64).reshape(-1, 2),
            kind=kind,
        )

    # -- views -----------------------------------------------------------------------------------------------------

    def picture(self, view: View, random: Random) -> np.ndarray:
        """The view's pixels with a mild change of brightness, contrast and saturation."""
        pixels = resize_image(np.ascontiguousarray(view.cut(self.cache.image(view.photo))), view.size)
        if random.random() < 0.2:
            return pixels
        changed = pixels.astype(np.float32)
        grey = changed.mean(axis=2, keepdims=True)
        changed = grey + (changed - grey) * random.uniform(0.7, 1.25)
        mean = changed.mean()
        changed = mean + (changed - mean) * random.uniform(0.75, 1.25) + random.uniform(-25, 25)
        return np.clip(changed, 0, 255).astype(np.uint8)

    def patch_labels(self, view: View) -> np.ndarray:
        """(N,) category number at the middle of each patch, or UNLABELLED."""
        labels = self.cache.labels(view.photo)
        x0, y0, x1, y1 = view.window
        columns, rows = view.size[0] // 16, view.size[1] // 16
        x = (x0 + (np.arange(columns) + 0.5) * (x1 - x0) / columns).astype(int) // LABEL_STEP
        y = (y0 + (np.arange(rows) + 0.5) * (y1 - y0) / rows).astype(int) // LABEL_STEP
        seen = labels[y[:, None], x[None, ::-1] if view.flipped else x[None]]
        return (self.mirrored_label[seen] if view.flipped else seen.astype(np.int64)).reshape(-1)

    def whole_view(self, photo: int, size: tuple[int, int], random: Random) -> View:
        """The photo with up to 12 % cut off its sides at random."""
        p = self.cache.photos[photo]
        trim = 0.12 if random.random() < 0.6 else 0.0
        x0, x1 = round(p.width * random.uniform(0, trim)), round(p.width * (1 - random.uniform(0, trim)))
        y0, y1 = round(p.height * random.uniform(0, trim)), round(p.height * (1 - random.uniform(0, trim)))
        return View(photo, (x0, y0, x1, y1), size, random.random() < 0.5)

    def window_view(self, photo: int, anchor: Region, size: tuple[int, int], random: Random) -> View:
        """A window of the photo's shape that holds ``anchor``, somewhere in it, at a random scale."""
        p = self.cache.photos[photo]
        x, y, w, h = anchor.bbox
        least = min(1.0, 1.1 * max(w / p.width, h / p.height))
        share = max(least, math.exp(random.uniform(math.log(SMALLEST_WINDOW), 0.0)))
        width, height = round(p.width * share), round(p.height * share)
        left = round(random.uniform(max(0, x + w - width), min(x, p.width - width)))
        top = round(random.uniform(max(0, y + h - height), min(y, p.height - height)))
        return View(photo, (left, top, left + width, top + height), size, random.random() < 0.5)

    def any_view(self, photo: int, size: tuple[int, int], random: Random) -> View:
        """Half of the time the whole photo, else a window around one of its regions, each category as likely."""
        regions = [self.cache.regions[n] for n in self.cache.regions_of[photo]]
        if random.random() < 0.5 or not regions:
            return self.whole_view(photo, size, random)
        category = random.choice(sorted({r.category for r in regions}))
        return self.window_view(photo, random.choice([r for r in regions if r.category == category]), size, random)

    def is_nearly_whole(self, view: View) -> bool:
        """Whether places and sizes in the view are still those in the photo."""
        return view.window[2] - view.window[0] > 0.75 * self.cache.photos[view.photo].width

    def teacher_features(self, view: View) -> np.ndarray | None:
        """(Hp, Wp, T) the vision expert's features of the view, one for each patch; None where there are none."""
        p = self.cache.photos[view.photo]
        x0, y0, x1, y1 = view.window
        across, down = (x1 - x0) / p.width * TEACHER_GRID, (y1 - y0) / p.height * TEACHER_GRID
        if view.photo >= len(self.cache.teacher) or max(across, down) < SMALLEST_TAUGHT:
            return None
        columns, rows = view.size[0] // 16, view.size[1] // 16
        x = x0 / p.width * TEACHER_GRID + (np.arange(columns, dtype=np.float32) + 0.5) * across / columns - 0.5
        y = y0 / p.height * TEACHER_GRID + (np.arange(rows, dtype=np.float32) + 0.5) * down / rows - 0.5
        at_x, at_y = np.meshgrid(x[::-1] if view.flipped else x, y)
        whole = self.cache.teacher[view.photo].astype(np.float32)
        channels = [
            cv2.remap(part, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            for part in np.split(whole, TEACHER_CHANNELS // OPENCV_CHANNELS, axis=2)
        ]
        return np.concatenate(channels, axis=2).astype(np.float16)

    def name(self, region: Region, view: View) -> str:
        return templates.mirrored(region.category) if view.flipped else region.category

    # -- samples ---------------------------------------------------------------------------------------------------

    def crop_sample(
        self, number: int, size: tuple[int, int], margin: float, kind: str, extra: str, random: Random
    ) -> Sample:
        """A crop around one region with one prompt on it; a point may come with another one outside: "but not"."""
        region = self.cache.regions[number]
        photo = self.cache.photos[region.photo]
        margins = tuple(margin * random.uniform(0.5, 1.5) for _ in range(4))
        window = crop_window(region.bbox, (photo.width, photo.height), margins)
        view = View(region.photo, window, size, random.random() < 0.5)
        full = self.cache.mask(number)
        mask = view.mask(full)
        if not mask.any():
            mask[size[1] // 2, size[0] // 2] = 1
        shares = (0, 0, 0, 1) if kind == "point" else (50, 17, 18, 15)
        prompt_kind = random.choices(("box", "scribble", "mask", "point"), shares)[0]
        own = 0 if random.random() < 0.85 else random.randrange(NUM_PROMPTS)
        marks, target_words, lone = self.clicks(prompt_kind, mask, own, random)
        branches = [scenes.segment(templates.prompt_question(target_words, random), random)]
        targets: list[np.ndarray | None] = [view.target(full, self.stride)]
        if lone is not None and random.random() < CANDIDATES_ASKED:
            self.add_candidates(branches, targets, number, view, lone, own, random)
        if extra == "words" and region.category:
            branches.append(self.word_branch(region, view, own, random))
            if random.random() < 0.4:
                branches.append(self.close_description_branch(region, view, own, random))
        if extra == "category":
            chosen = random.choice(self.cache.regions_of[region.photo])
            if self.cache.regions[chosen].category:
                self.add_category(branches, targets, self.cache.regions[chosen].category, view, random)
        grid = (size[1] // 16, size[0] // 16)
        return self.sample(view, prompt_index(marks, grid), branches, targets, random)

    def correction_sample(self, mistake: Mistake, size: tuple[int, int], margin: float, random: Random) -> Sample:
        """A crop around a mask that a model got wrong, with that mask and clicks that correct it."""
        region = self.cache.regions[mistake.region]
        photo = self.cache.photos[region.photo]
        margins = tuple(margin * random.uniform(0.5, 1.5) for _ in range(4))
        window = crop_window(mistake.box, (photo.width, photo.height), margins)
        view = View(region.photo, window, size, random.random() < 0.5)
        full = self.cache.mask(mistake.region)
        found = view.mask(mistake.mask(photo.height, photo.width))
        own = 0 if random.random() < 0.85 else random.randrange(NUM_PROMPTS)
        marks, words = correction_marks(found, view.mask(full), view.place(mistake.point), own, random)
        branch = scenes.segment(templates.prompt_question(words, random), random)
        index = prompt_index(marks, (size[1] // 16, size[0] // 16))
        return self.sample(view, index, [branch], [view.target(full, self.stride)], random)

    def sample(
        self, view: View, index: np.ndarray, branches: list[Branch], targets: list[np.ndarray | None], random: Random
    ) -> Sample:
        teacher = self.teacher_features(view)
        return Sample(self.picture(view, random), self.patch_labels(view), teacher, index, branches, targets)

    def clicks(
        self, kind: str, mask: np.ndarray, own: int, random: Random
    ) -> tuple[list[tuple[int, np.ndarray]], str, tuple[int, int] | None]:
        """The marks of one region, the words for it, and the pixel (x, y) of a click that is alone: one prompt; after a
        point or a scribble perhaps more points on it, and perhaps points that say "not this", which share an id of
        their own."""
        drawn = draw_prompt(kind, mask, random)
        if kind not in ("point", "scribble"):
            return [(own, patch_marks(drawn))], f"<Prompt{own}>", None
        for _ in range(random.choices((0, 1, 2), (60, 25, 15))[0]):
            drawn = drawn | inner_point(mask, random)
        marks = [(own, patch_marks(drawn))]
        against = [outside_point(mask, random) for _ in range(random.choices((0, 1, 2), (65, 25, 10))[0])]
        unwanted = [point for point in against if point is not None]
        if not unwanted:
            return marks, f"<Prompt{own}>", lone_pixel(drawn)
        other = (own + 1) % NUM_PROMPTS
        against_marks = patch_marks(np.maximum.reduce(unwanted))
        return [(other, against_marks), *marks], f"<Prompt{own}> but not <Prompt{other}>", None

    def prompts_sample(self, number: int, size: tuple[int, int], extra: str, random: Random) -> Sample:
        """A photo or a window of it with one to four prompts, mostly points, each asked about in a branch of its own;
        points that say what one of them is not may come with a single prompt."""
        view = self.any_view(number, size, random)
        present = []
        for n in random.sample(self.cache.regions_of[number], min(8, len(self.cache.regions_of[number]))):
            full = self.cache.mask(n)
            mask = view.mask(full)
            if not self.cache.regions[n].crowd and mask.sum() >= 24:
                present.append((n, full, mask))
        present = present[: random.choice((1, 2, 3, 4))]
        if len(present) == 1:
            (n, full, mask) = present[0]
            own = 0 if random.random() < 0.8 else random.randrange(NUM_PROMPTS)
            kind = random.choices(("point", "box", "scribble"), (70, 15, 15))[0]
            marks, words, lone = self.clicks(kind, mask, own, random)
            index = prompt_index(marks, (size[1] // 16, size[0] // 16))
            alone = [scenes.segment(templates.prompt_question(words, random), random)]
            wanted: list[np.ndarray | None] = [view.target(full, self.stride)]
            if lone is not None and random.random() < CANDIDATES_ASKED:
                self.add_candidates(alone, wanted, n, view, lone, own, random)
            return self.sample(view, index, alone, wanted, random)
        ids = list(range(len(present))) if random.random() < 0.7 else random.sample(range(NUM_PROMPTS), len(present))
        marks, words = [], []
        branches: list[Branch] = []
        targets: list[np.ndarray | None] = []
        for own, (n, full, mask) in zip(ids, present, strict=True):
            kind = random.choices(("point", "box", "scribble", "mask"), (55, 20, 12, 13))[0]
            drawn = draw_prompt(kind, mask, random)
            marks.append((int(mask.sum()), own, patch_marks(drawn)))
            branches.append(scenes.segment(templates.prompt_question(f"<Prompt{own}>", random), random))
            targets.append(view.target(full, self.stride))
            if extra == "words" and self.cache.regions[n].category:
                words.append(self.word_branch(self.cache.regions[n], view, own, random))
                if self.is_nearly_whole(view):
                    words.append(self.description_branch(self.cache.regions[n], view, own, mask, random))
        if len(ids) > 1 and random.random() < 0.3:
            names = [f"<Prompt{i}>" for i in ids]
            question = templates.prompt_segment_question(", ".join(names))
            branches.append(Branch(question, ", ".join(f"{n} [SEG]" for n in names) + ".", SEG_TEXT_WEIGHT))
            targets += targets[: len(ids)]
        if extra == "words" and random.random() < 0.1:
            absent = f"<Prompt{random.choice([i for i in range(NUM_PROMPTS) if i not in ids])}>"
            words.append(Branch(templates.DESCRIBE.format(absent), templates.NOT_PRESENT.format(absent)))
        if not present and self.cache.photos[number].set in WORDLESS_SETS:
            absent = f"<Prompt{random.randrange(NUM_PROMPTS)}>"
            words.append(Branch(templates.DESCRIBE.format(absent), templates.NOT_PRESENT.format(absent)))
        elif not present:
            self.add_absent(branches, targets, view, random)
        marks.sort(key=lambda mark: -mark[0])
        grid = (size[1] // 16, size[0] // 16)
        index = prompt_index([(own, mark) for _, own, mark in marks], grid)
        return self.sample(view, index, branches + random.sample(words, min(2, len(words))), targets, random)

    def text_sample(self, number: int, size: tuple[int, int], _extra: str, random: Random) -> Sample:
        """A whole photo without prompts, asked for categories, single objects by place, and things not there."""
        view = self.any_view(number, size, random) if random.random() < 0.5 else self.whole_view(number, size, random)
        is_whole = self.is_nearly_whole(view)
        branches: list[Branch] = []
        targets: list[np.ndarray | None] = []
        present = sorted({self.cache.regions[n].category for n in self.cache.regions_of[number]})
        for category in random.sample(present, min(MOST_CATEGORIES, len(present))):
            if is_whole and random.random() < 0.2 and self.add_referred(branches, targets, category, view, random):
                continue
            self.add_category(branches, targets, category, view, random)
            if random.random() < INSTANCES_ASKED:
                self.add_instances(branches, targets, category, view, random)
        absent = random.choices((0, 1, 2, 3), ABSENT)[0]
        self.add_absent(branches, targets, view, random, absent or int(not branches))
        unmarked = prompt_index([], (size[1] // 16, size[0] // 16))
        return self.sample(view, unmarked, branches, targets, random)

    def named_sample(self, number: int, size: tuple[int, int], _extra: str, random: Random) -> Sample:
        """A photo without masks: what it shows; where that is one class of a list, whether this and others of the list
        are there. The mask of the one that is there is not known."""
        view = self.whole_view(number, size, random)
        words, set_name = self.cache.photos[number].words, self.cache.photos[number].set
        branches = [Branch(random.choice(templates.WHOLE_PHOTO), words)]
        targets: list[np.ndarray | None] = []
        if set_name in CLASS_SETS:
            branches.append(scenes.segment_named(words, random))
            targets.append(None)
            said = set(words.split())
            drawn = random.choices(self.names_of_set[set_name], k=4)
            for name in [name for name in drawn if not said & set(name.split())][:1]:
                denials = scenes.denials(name, random)
                branches += denials
                targets += [np.zeros((size[1] // self.stride, size[0] // self.stride), np.uint8)] * len(denials)
        unmarked = prompt_index([], (size[1] // 16, size[0] // 16))
        return self.sample(view, unmarked, branches, targets, random)

    def scene_sample(self, number: int, size: tuple[int, int], _extra: str, random: Random) -> Sample:
        """A photo with cut-outs of others pasted on it, asked about in words or by prompts; the teacher never
        saw it."""
        view = self.any_view(number, size, random)
        set_name = self.cache.photos[number].set
        scene = scenes.Scene(self.picture(view, random).copy(), self.patch_labels(view), [], set())
        numbers = self.cache.regions_of[number]
        counts = Counter(self.cache.regions[n].category for n in numbers)
        singles = INSTANCES.get(set_name, set())
        for n in numbers:
            region = self.cache.regions[n]
            name = self.name(region, view)
            if region.crowd or counts[region.category] > MOST_REGIONS:
                scene.unknown.add(name)
                continue
            mask = view.mask(self.cache.mask(n))
            if mask.any():
                is_single = singles is None or region.category in singles
                scene.things.append(scenes.Thing(name, mask, is_single and name not in scenes.NOT_CUT))
        own = self.categories[set_name]
        scenes.add_cutouts(scene, self.cutouts, set_name, own, self.category_numbers, random)
        present = {thing.category for thing in scene.things} | set(counts)
        absent = known_absent(set_name, own, {name for c in present for name in namesakes(c)})
        ask = scenes.asked_in_words if random.random() < 0.55 else scenes.asked_by_prompts
        return Sample(scene.image, scene.labels, None, *ask(scene, absent, self.stride, random))

    def drawn_sample(self, number: int, size: tuple[int, int], _extra: str, random: Random) -> Sample:
        """Coloured shapes on plain ground or on a photo that is blurred until nothing in it is a shape."""
        ground = shapes.plain_ground(size, random)
        if random.random() < 0.5:
            picture = self.picture(self.any_view(number, size, random), random)
            ground = cv2.GaussianBlur(picture, (0, 0), shapes.BLUR)
        scene, absent = shapes.drawn_scene(ground, random)
        ask = scenes.asked_in_words if random.random() < 0.7 else scenes.asked_by_prompts
        index, branches, targets = ask(scene, absent, self.stride, random)
        branches.append(shapes.counting(scene, random))
        return Sample(scene.image, scene.labels, None, index, branches, targets)

    # -- branches --------------------------------------------------------------------------------------------------

    def word_branch(self, region: Region, view: View, own: int, random: Random) -> Branch:
        """A question for the region's class: by choice, by name or from candidates."""
        right, prompt = self.name(region, view), f"<Prompt{own}>"
        set_name = self.cache.photos[region.photo].set
        pool = self.categories[set_name]
        if len(pool) < 8:
            pool = self.categories["coco_train"] or [*pool, *SURELY_ABSENT]
        others = [c for c in pool if c != right]
        style = random.choices(("choose", "name", "classify"), (55, 30, 15))[0]
        if style == "name":
            return Branch(templates.NAME_IT.format(prompt), f"{right}.")
        options = random.sample(others, 3 if style == "choose" else random.randint(3, 7)) + [right]
        random.shuffle(options)
        if style == "classify":
            return Branch(templates.CLASSIFY.format(prompt, ", ".join(options)), f"{right}.")
        question = templates.CHOOSE.format(prompt, templates.options_text(options))
        return Branch(question, f"{right}.")

    def close_description_branch(self, region: Region, view: View, own: int, random: Random) -> Branch:
        neighbour = templates.mirrored(region.neighbour) if view.flipped else region.neighbour
        text = templates.close_description(self.name(region, view), region.colour, neighbour)
        return self.describing(text, own, random)

    def description_branch(self, region: Region, view: View, own: int, mask: np.ndarray, random: Random) -> Branch:
        rows, columns = mask.nonzero()
        height, width = mask.shape
        neighbour = templates.mirrored(region.neighbour) if view.flipped else region.neighbour
        text = templates.description(
            self.name(region, view),
            region.colour,
            len(rows) / mask.size,
            (float(columns.mean()) / width, float(rows.mean()) / height),
            neighbour,
        )
        return self.describing(text, own, random)

    def describing(self, text: str, own: int, random: Random) -> Branch:
        prompt = f"<Prompt{own}>"
        question = templates.DESCRIBE if random.random() < 0.7 else random.choice(templates.DESCRIBE_OTHERWISE)
        detail = templates.IN_DETAIL if random.random() < 0.5 else ""
        return Branch(question.format(prompt) + detail, f"{prompt}: {text}.")

    def add_category(
        self, branches: list[Branch], targets: list[np.ndarray | None], category: str, view: View, random: Random
    ) -> None:
        """Everything of one category, as one mask."""
        numbers = [n for n in self.cache.regions_of[view.photo] if self.cache.regions[n].category == category]
        if len(numbers) > MOST_REGIONS or any(self.cache.regions[n].crowd for n in numbers):
            return
        union = np.maximum.reduce([self.cache.mask(n) for n in numbers])
        target = view.target(union, self.stride)
        share = int(target.sum()) / 255 / target.size
        if 0 < share < 0.001:
            return
        name = templates.mirrored(category) if view.flipped else category
        words = templates.category_words(name, random)
        ask = scenes.segment_named if share else scenes.no_target
        branches.append(ask(words, random))
        targets.append(target)

    def add_instances(
        self, branches: list[Branch], targets: list[np.ndarray | None], category: str, view: View, random: Random
    ) -> None:
        """Each object of a category that the set separates, from left to right."""
        singles = INSTANCES.get(self.cache.photos[view.photo].set, set())
        numbers = [n for n in self.cache.regions_of[view.photo] if self.cache.regions[n].category == category]
        if (singles is not None and category not in singles) or category in scenes.NOT_CUT:
            return
        if len(numbers) > MOST_REGIONS or any(self.cache.regions[n].crowd for n in numbers):
            return
        masks = [view.mask(self.cache.mask(n)) for n in numbers]
        seen = [(n, mask) for n, mask in zip(numbers, masks, strict=True) if mask.any()]
        small = 0.001 * view.size[0] * view.size[1]
        if not 1 <= len(seen) <= MOST_INSTANCES or any(mask.sum() < small for _, mask in seen):
            return
        seen.sort(key=lambda one: float(one[1].nonzero()[1].mean()))
        name = templates.mirrored(category) if view.flipped else category
        branches.append(scenes.segment_each(name, len(seen), random))
        targets += [view.target(self.cache.mask(n), self.stride) for n, _ in seen]

    def add_candidates(
        self,
        branches: list[Branch],
        targets: list[np.ndarray | None],
        number: int,
        view: View,
        click: tuple[int, int],
        own: int,
        random: Random,
    ) -> None:
        """What a lone click (x, y) of the view may mean: its region, regions around and inside it, and the thing that
        they make together."""
        found = self.masks_under(number, view, click, random)
        question = templates.prompt_segment_question(f"<Prompt{own}>") + templates.IN_SIZES
        branches.append(Branch(question, templates.CANDIDATES_ANSWER, SEG_TEXT_WEIGHT, candidates=len(found)))
        found += [found[-1]] * (CANDIDATES - len(found))
        targets += [view.target(mask, self.stride) for mask in found]

    def masks_under(self, number: int, view: View, click: tuple[int, int], random: Random) -> list[np.ndarray]:
        """One to three different masks (H, W) of the photo that hold the click (x, y) of the view, one of them the
        region's, from large to small."""
        x, y = view.origin(click)
        regions = self.cache.regions
        own = self.cache.mask(number)
        others = []
        for n in self.cache.regions_of[view.photo]:
            left, top, width, height = regions[n].bbox
            if n != number and left <= x < left + width and top <= y < top + height and not regions[n].crowd:
                others.append(self.cache.mask(n))
        kinds = WHOLES.get(self.cache.photos[view.photo].set, set())
        parts = [n for n in self.cache.regions_of[view.photo] if kinds is None or regions[n].category in kinds]
        if 1 < len(parts) <= MOST_REGIONS and (kinds is None or regions[number].category in kinds):
            others.append(np.maximum.reduce([self.cache.mask(n) for n in parts]))
        random.shuffle(others)
        kept = [(own, view.mask(own))]
        for mask in others:
            seen = view.mask(mask)
            if mask[y, x] and seen.sum() >= SMALLEST_CANDIDATE and all(overlap(seen, o) < SAME_MASK for _, o in kept):
                kept.append((mask, seen))
        kept = sorted(kept[:CANDIDATES], key=lambda one: -int(one[1].sum()))
        return [mask for mask, _ in kept]

    def add_referred(
        self, branches: list[Branch], targets: list[np.ndarray | None], category: str, view: View, random: Random
    ) -> bool:
        """One object by its place, size or colour among its like; false where words would not single one out."""
        set_name = self.cache.photos[view.photo].set
        singles = INSTANCES.get(set_name, set())
        numbers = [n for n in self.cache.regions_of[view.photo] if self.cache.regions[n].category == category]
        regions = {n: self.cache.regions[n] for n in numbers}
        separate = singles is None or category in singles or len(numbers) == 1
        if not separate or any(r.crowd for r in regions.values()):
            return False
        name = self.name(regions[numbers[0]], view)
        centres = [(1 - x if view.flipped else x, y) for x, y in (r.centre for r in regions.values())]
        objects = [places.Placed(*at, r.area) for at, r in zip(centres, regions.values(), strict=True)]
        phrases = [(numbers[index], words) for index, words in places.singled_out(objects, name)]
        colours = [r.colour for r in regions.values()]
        phrases += [(n, f"{r.colour} {name}") for n, r in regions.items() if r.colour and colours.count(r.colour) == 1]
        told = [n for n, r in regions.items() if has_own_attributes(r, regions.values())]
        phrases += [(n, f"{regions[n].attributes} {name}") for n in told]
        if not phrases:
            return False
        number, words = random.choice(phrases)
        target = view.target(self.cache.mask(number), self.stride)
        if int(target.sum()) / 255 < 0.001 * target.size:
            return False
        branches.append(scenes.segment_named(words, random))
        targets.append(target)
        return True

    def add_absent(
        self, branches: list[Branch], targets: list[np.ndarray | None], view: View, random: Random, count: int = 1
    ) -> None:
        """So many names of what is not in the photo: an empty mask, see ``scenes.denials``."""
        set_name = self.cache.photos[view.photo].set
        present = {self.cache.regions[n].category for n in self.cache.regions_of[view.photo]}
        lacking = known_absent(set_name, self.categories[set_name], present)
        alike = kin(lacking, present)
        for _ in range(min(count, len(lacking))):
            name = random.choice(alike if alike and random.random() < HARD_ABSENT else lacking)
            lacking = [other for other in lacking if other != name]
            alike = [other for other in alike if other != name]
            denials = scenes.denials(templates.mirrored(name) if view.flipped else name, random)
            branches += denials
            targets += [np.zeros((view.size[1] // self.stride, view.size[0] // self.stride), np.uint8)] * len(denials)


def has_own_attributes(region: Region, alike: Iterable[Region]) -> bool:
    """Whether its attributes tell a region from the others ``alike``: "plastic bag" may mean an overgrown one too."""
    own = set(region.attributes.split())
    return bool(own) and sum(own <= set(other.attributes.split()) for other in alike) == 1
