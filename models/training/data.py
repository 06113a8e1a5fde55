"""The photo sets, decoded once into a cache that training reads at memory speed.

    python data.py ../shared/data CACHE_DIR

CACHE_DIR gets photos.bin (all photos as raw RGB, end to end), labels.bin (the category of every fourth pixel of every
fourth row), index.json (photos and regions) and tokenizer.json. Masks stay as COCO run-length strings: decoding one
takes a tenth of a millisecond.
"""

import argparse
import gzip
import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from pycocotools import mask as coco_mask

from templates import every_wording
from tokenizer import train_tokenizer

FIRST_SETS = ("msrc", "clothing", "coco_train", "car_parts", "pennfudan", "horses", "camvid", "facade", "human")
"""Those that every version was scored on."""
LATER_SETS = ("cats", "buildings", "trashcan", "foodplates", "flood", "football", "voc2007", "bsds", "ecssd")
MASK_SETS = (*FIRST_SETS, *LATER_SETS)
WORDLESS_SETS = ("bsds", "ecssd")
"""Their one class is a placeholder: their regions have the category "" here, and nothing is said of them."""
NAMED_SETS = ("caltech101", "food", "imagenet_names")
PROJECT_SET = "project"
"""A person's own labels, see ``finetune.py``."""
PSEUDO_SET = "pseudo"
"""Photos whose masks a vision expert made, see ``pseudo.py``."""

BPE_ENTRIES = 3584
LABEL_STEP = 4
UNLABELLED = 255
TEACHER_GRID, TEACHER_CHANNELS = 33, 64
BORDER = 3
"""Half width, in pixels, of the ring in which a region's neighbour is looked for."""


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
        """Features of a vision expert for the first photos, those with masks, written by ``teacher.py``; none without
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
        """Masks that ``pseudo.py`` made, one a photo; their photos are then of the set ``PSEUDO_SET``."""
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


HUES = {8: "red", 22: "orange", 34: "yellow", 85: "green", 130: "blue", 155: "purple", 173: "pink", 181: "red"}
"""Upper ends of the ranges, in OpenCV's half degrees."""


def colour_name(pixels: np.ndarray) -> str:
    """(n, 3) RGB -> the colour word that at least half of the pixels share, or empty."""
    hue, saturation, value = cv2.cvtColor(pixels[None], cv2.COLOR_RGB2HSV)[0].astype(int).T
    names = np.full(len(pixels), "", dtype="<U6")
    low = 0
    for high, name in HUES.items():
        names[(hue >= low) & (hue < high)] = name
        low = high
    names[(np.isin(names, ("red", "orange", "yellow"))) & (value < 170) & (saturation < 190)] = "brown"
    names[saturation < 45] = "grey"
    names[(saturation < 40) & (value > 195)] = "white"
    names[value < 55] = "black"
    words, counts = np.unique(names, return_counts=True)
    best = counts.argmax()
    return str(words[best]) if counts[best] * 2 >= len(pixels) else ""


def neighbours(masks: list[np.ndarray], categories: list[str]) -> list[str]:
    """For each region, the category that fills most of a ring around it; empty when none fills an eighth."""
    labels = np.full(masks[0].shape, -1, np.int32)
    for number in sorted(range(len(masks)), key=lambda i: -int(masks[i].sum())):
        labels[masks[number] > 0] = number
    kernel = np.ones((2 * BORDER + 1, 2 * BORDER + 1), np.uint8)
    found = []
    for mask, category in zip(masks, categories, strict=True):
        ring = labels[(cv2.dilate(mask, kernel) > 0) & (mask == 0)]
        votes: dict[str, int] = {}
        for number, count in zip(*np.unique(ring[ring >= 0], return_counts=True), strict=True):
            other = categories[number]
            votes[other] = votes.get(other, 0) + int(count)
        votes.pop(category, None)
        best = max(votes, key=votes.__getitem__, default="")
        found.append(best if best and votes[best] * 8 >= max(len(ring), 1) else "")
    return found


def photo_regions(photo: int, pixels: np.ndarray, annotations: list[dict], names: dict[int, str]) -> list[Region]:
    masks = [coco_mask.decode(a["segmentation"]) for a in annotations]
    if not masks:
        return []
    categories = [names[a["category_id"]] for a in annotations]
    height, width = masks[0].shape
    regions = []
    others = neighbours(masks, categories) if any(categories) else [""] * len(masks)
    for annotation, mask, category, other in zip(annotations, masks, categories, others, strict=True):
        rows, columns = mask.nonzero()
        regions.append(
            Region(
                photo=photo,
                category=category,
                bbox=tuple(annotation["bbox"]),
                area=len(rows),
                counts=annotation["segmentation"]["counts"],
                crowd=bool(annotation["iscrowd"]),
                colour=colour_name(pixels[rows, columns]),
                neighbour=other,
                centre=(float(columns.mean() / width), float(rows.mean() / height)),
                attributes=" ".join(annotation.get("attributes", ())),
            )
        )
    return regions


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


def photo_words(entry: dict) -> str:
    return str(entry.get("category") or entry.get("title") or "").replace("_", " ").lower()


def build_cache(data: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    photos: list[Photo] = []
    regions: list[Region] = []
    offset = 0
    with (out / "photos.bin").open("wb") as pixels_file:
        for set_name in (*MASK_SETS, *NAMED_SETS):
            coco = json.loads((data / f"{set_name}.json").read_text())
            names = {c["id"]: "" if set_name in WORDLESS_SETS else c["name"] for c in coco["categories"]}
            of_image: dict[int, list[dict]] = {}
            for annotation in coco["annotations"]:
                of_image.setdefault(annotation["image_id"], []).append(annotation)
            for entry in coco["images"]:
                pixels = cv2.cvtColor(cv2.imread(str(data / entry["file_name"])), cv2.COLOR_BGR2RGB)
                height, width = pixels.shape[:2]
                pixels_file.write(pixels.tobytes())
                annotations = of_image.get(entry["id"], [])
                regions += photo_regions(len(photos), pixels, annotations, names)
                photos.append(Photo(set_name, entry["split"], offset, width, height, photo_words(entry)))
                offset += pixels.size
            print(f"{set_name}: {len(photos)} photos, {len(regions)} regions so far", flush=True)
    index = {"photos": [asdict(p) for p in photos], "regions": [asdict(r) for r in regions]}
    (out / "index.json").write_text(json.dumps(index))
    write_labels(photos, regions, out / "labels.bin")
    train_tokenizer(vocabulary_texts(data, photos, regions), BPE_ENTRIES).save(str(out / "tokenizer.json"))


def vocabulary_texts(data: Path, photos: list[Photo], regions: list[Region]) -> Iterator[str]:
    """Words for the tokenizer: captions, referring expressions, our own wordings, names and titles of train photos."""
    with gzip.open(data / "text" / "flickr8k_captions.txt.gz", "rt") as captions:
        yield from (line.split("\t", 1)[1].strip() for line in captions if "\t" in line)
    with gzip.open(data / "text" / "referit_train.jsonl.gz", "rt") as expressions:
        yield from (json.loads(line)["text"] for line in expressions)
    yield from (p.words for p in photos if p.split == "train")
    for category in sorted({r.category for r in regions} - {""}):
        yield from every_wording(category)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", default=Path("../shared/data"))
    parser.add_argument("cache", type=Path)
    arguments = parser.parse_args()
    build_cache(arguments.data, arguments.cache)


if __name__ == "__main__":
    main()
