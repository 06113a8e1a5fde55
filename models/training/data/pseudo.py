"""Masks that a vision expert makes for photos that have a class name only:

    python -m data.pseudo ../shared/teachers/deeplabv3-mobilenetv2-voc.onnx CACHE_DIR

CACHE_DIR gets pseudo.json: regions of Caltech-101 train photos where the expert sees, surely and at a sensible size,
the class that the photo is named for. ``Cache(..., with_pseudo=True)`` adds them under a set of their own, ``pseudo``:
they train, and nothing is ever scored on them.
"""

import argparse
import json
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from random import Random

import cv2
import numpy as np
from pycocotools import mask as coco_mask

from data.cache import Cache, Region
from data.regions import photo_regions
from data.teacher import DeepLab

CLASSES = {
    "airplanes": ("airplane", 1),
    "ibis": ("bird", 3),
    "flamingo": ("bird", 3),
    "emu": ("bird", 3),
    "pigeon": ("bird", 3),
    "rooster": ("bird", 3),
    "ketch": ("boat", 4),
    "ferry": ("boat", 4),
    "schooner": ("boat", 4),
    "car side": ("car", 7),
    "wild cat": ("cat", 8),
    "dalmatian": ("dog", 12),
    "motorbikes": ("motorcycle", 14),
    "faces": ("person", 15),
    "faces easy": ("person", 15),
}
"""Names of Caltech-101 -> our category and the expert's class (Pascal VOC)."""

MOST_OF_A_NAME = 200
LEAST_SURE = 0.75
"""Mean probability over the mask. Of 61 masks of train photos that have true ones (shrunk to 176 px), it keeps 77 %, at
a mean IoU of 0.77."""
SHARES = (0.03, 0.85)
"""Of the photo that the mask covers."""


def class_mask(expert: DeepLab, photo: np.ndarray, number: int) -> np.ndarray | None:
    """(H, W) uint8 where the expert's class ``number`` is likeliest in a photo (H, W, 3); None if not trusted.

    The photo is continued to a square by its own reflection, since the expert looks at squares and misses what is
    stretched: of 12 airplanes it then found 10 instead of one.
    """
    height, width = photo.shape[:2]
    side = max(height, width)
    above, before = (side - height) // 2, (side - width) // 2
    square = cv2.copyMakeBorder(
        photo, above, side - height - above, before, side - width - before, cv2.BORDER_REFLECT
    )
    planes = expert.logits(square).transpose(2, 0, 1)
    scores = np.stack([cv2.resize(p, (side, side))[above : above + height, before : before + width] for p in planes])
    likelihoods = np.exp(scores - scores.max(0))
    likelihoods /= likelihoods.sum(0)
    mask = (likelihoods.argmax(0) == number).astype(np.uint8)
    if not SHARES[0] <= mask.mean() <= SHARES[1] or likelihoods[number][mask > 0].mean() < LEAST_SURE:
        return None
    return mask


def pseudo_regions(teacher: DeepLab, cache: Cache, most: int) -> list[Region]:
    of_name: dict[str, list[int]] = defaultdict(list)
    for number, photo in enumerate(cache.photos):
        if photo.split == "train" and photo.words in CLASSES and not cache.regions_of[number]:
            of_name[photo.words].append(number)
    regions = []
    for name, numbers in of_name.items():
        category, index = CLASSES[name]
        kept = 0
        for number in Random(name).sample(numbers, min(most, len(numbers))):
            pixels = np.ascontiguousarray(cache.image(number))
            mask = class_mask(teacher, pixels, index)
            if mask is None:
                continue
            rle = coco_mask.encode(np.asfortranarray(mask))
            box = [int(side) for side in coco_mask.toBbox(rle)]
            segmentation = {"size": list(mask.shape), "counts": rle["counts"].decode()}
            annotation = {"segmentation": segmentation, "category_id": 1, "bbox": box, "iscrowd": 0}
            regions += photo_regions(number, pixels, [annotation], {1: category})
            kept += 1
        print(f"{name}: {kept} of {min(most, len(numbers))} photos, as {category}", flush=True)
    return regions


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--most", type=int, default=MOST_OF_A_NAME, help="photos of each name")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    cache = Cache(arguments.cache, with_teacher=False)
    regions = [asdict(r) for r in pseudo_regions(DeepLab(arguments.model, arguments.threads), cache, arguments.most)]
    fresh = arguments.cache / "pseudo.new"
    fresh.write_text(json.dumps(regions))
    fresh.replace(arguments.cache / "pseudo.json")
    print(f"{len(regions)} regions")


if __name__ == "__main__":
    main()
