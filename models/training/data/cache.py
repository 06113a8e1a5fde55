"""The cache of photo sets that training reads at memory speed, made by ``data.build``.

photos.bin holds all photos as raw RGB, end to end; labels.bin the category of every fourth pixel of every fourth row;
index.json photos and regions. Masks stay as COCO run-length strings: decoding one takes a tenth of a millisecond.
"""

import json
import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from pycocotools import mask as coco_mask

FIRST_SETS = ("msrc", "clothing", "coco_train", "car_parts", "pennfudan", "horses", "camvid", "facade", "human")
"""Those that every version was scored on."""
LATER_SETS = ("cats", "buildings", "trashcan", "foodplates", "flood", "football", "voc2007", "bsds", "ecssd")
MASK_SETS = (*FIRST_SETS, *LATER_SETS)
WORDLESS_SETS = ("bsds", "ecssd")
"""Their one class is a placeholder: their regions have the category "" here, and nothing is said of them."""
NAMED_SETS = ("caltech101", "food", "imagenet_names")
PROJECT_SET = "project"
"""A person's own labels, see ``loop.finetune``."""
PSEUDO_SET = "pseudo"
"""Photos whose masks a vision expert made, see ``data.pseudo``."""

LABEL_STEP = 4
UNLABELLED = 255
TEACHER_GRID, TEACHER_CHANNELS = 33, 64


@dataclass(frozen=True)
class Photo:
    set: str
    split: str
    offset: int
    width: int
    height: int
    words: str
    """What the set says of the whole photo, its class name or title; empty where there is none."""


@dataclass(frozen=True)
class Region:
    photo: int
    category: str
    bbox: tuple[int, int, int, int]
    area: int
    counts: str
    crowd: bool
    colour: str
    neighbour: str
    centre: tuple[float, float]
    """Centre of mass, as a share of width and height."""
    attributes: str = ""
    """Words that people gave to the region beside its category, such as "overgrown plastic"."""


class Cache:
    """Everything in memory but the pixels, which are mapped."""

    def __init__(self, folder: Path, with_teacher: bool = True, with_pseudo: bool = False) -> None:
        index = json.loads((folder / "index.json").read_text())
        self.photos = [Photo(**values) for values in index["photos"]]
        self.regions = [Region(**values) for values in index["regions"]]
        self.pixels = np.memmap(folder / "photos.bin", np.uint8, "r")
        self.category_names = sorted({r.category for r in self.regions} - {""})
        self.label_bytes = np.fromfile(folder / "labels.bin", np.uint8)
        teacher = folder / "teacher.bin"
        self.teacher = (
            np.memmap(teacher, np.float16, "r").reshape(-1, TEACHER_GRID, TEACHER_GRID, TEACHER_CHANNELS)
            if with_teacher and teacher.exists()
            else np.zeros((0, TEACHER_GRID, TEACHER_GRID, TEACHER_CHANNELS), np.float16)
        )
        """Features of a vision expert for the first photos, those with masks, written by ``data.teacher``; none without
        it."""
        sizes = [math.prod(label_shape(p)) for p in self.photos]
        self.label_offsets = np.concatenate(([0], np.cumsum(sizes)))
        self.regions_of: list[list[int]] = [[] for _ in self.photos]
        for number, region in enumerate(self.regions):
            self.regions_of[region.photo].append(number)
        pseudo = folder / "pseudo.json"
        if with_pseudo and pseudo.exists():
            self._add_pseudo([Region(**values) for values in json.loads(pseudo.read_text())])

    def _add_pseudo(self, regions: list[Region]) -> None:
        """Masks that ``data.pseudo`` made, one a photo; their photos are then of the set ``PSEUDO_SET``."""
        for region in regions:
            number = len(self.regions)
            self.regions.append(region)
            self.regions_of[region.photo].append(number)
            self.photos[region.photo] = replace(self.photos[region.photo], set=PSEUDO_SET)
            label = self.category_names.index(region.category)
            self.labels(region.photo)[self.mask(number)[::LABEL_STEP, ::LABEL_STEP] > 0] = min(label, UNLABELLED)

    def image(self, photo: int) -> np.ndarray:
        """(H, W, 3) uint8 RGB."""
        p = self.photos[photo]
        return self.pixels[p.offset : p.offset + p.height * p.width * 3].reshape(p.height, p.width, 3)

    def labels(self, photo: int) -> np.ndarray:
        """(H / 4, W / 4) uint8: number of the category in ``category_names``, or UNLABELLED; a smaller region wins."""
        start, end = self.label_offsets[photo : photo + 2]
        return self.label_bytes[start:end].reshape(label_shape(self.photos[photo]))

    def mask(self, region: int) -> np.ndarray:
        """(H, W) uint8, 0 or 1."""
        r = self.regions[region]
        photo = self.photos[r.photo]
        return np.ascontiguousarray(
            coco_mask.decode({"size": [photo.height, photo.width], "counts": r.counts.encode()})
        )

    def categories(self, set_name: str) -> list[str]:
        return sorted({r.category for r in self.regions if self.photos[r.photo].set == set_name} - {""})


def label_shape(photo: Photo) -> tuple[int, int]:
    return -(-photo.height // LABEL_STEP), -(-photo.width // LABEL_STEP)


def write_labels(photos: list[Photo], regions: list[Region], path: Path) -> None:
    numbers = {name: i for i, name in enumerate(sorted({r.category for r in regions} - {""}))}
    of_photo: list[list[Region]] = [[] for _ in photos]
    for region in regions:
        if region.category:
            of_photo[region.photo].append(region)
    with path.open("wb") as file:
        for photo, present in zip(photos, of_photo, strict=True):
            labels = np.full(label_shape(photo), UNLABELLED, np.uint8)
            for region in sorted(present, key=lambda r: -r.area):
                run_lengths = {"size": [photo.height, photo.width], "counts": region.counts.encode()}
                number = min(numbers[region.category], UNLABELLED)
                labels[coco_mask.decode(run_lengths)[::LABEL_STEP, ::LABEL_STEP] > 0] = number
            file.write(labels.tobytes())
