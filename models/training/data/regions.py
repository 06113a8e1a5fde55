"""What is measured of the regions of a photo: colour, neighbour, centre."""

import cv2
import numpy as np
from pycocotools import mask as coco_mask

from data.cache import Region

BORDER = 3
"""Half width, in pixels, of the ring in which a region's neighbour is looked for."""

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
