"""What the photo sets label, which decides what may honestly be asked of their photos."""

from data import PROJECT_SET

INSTANCES = {
    "coco_train": None,
    "pennfudan": None,
    "msrc": None,
    PROJECT_SET: None,
    "camvid": {"car", "pedestrian", "bicyclist", "pole", "sign"},
    "facade": {"car", "door", "window"},
}
"""Sets and categories whose regions are single objects; None stands for all."""

FULLY_LABELLED = {"msrc", "coco_train", "camvid", "car_parts", "clothing", PROJECT_SET}
SURELY_ABSENT = ("cat", "boat", "elephant", "pizza", "airplane", "train", "giraffe", "laptop", "banana", "sheep")
"""Asked for where other classes are unlabelled: horses, pedestrians, people, facades."""


def known_absent(set_name: str, categories: list[str], present: set[str]) -> list[str]:
    """What is surely not in a photo of the set, which has these ``categories``, when this much of it is ``present``."""
    known = categories if set_name in FULLY_LABELLED else SURELY_ABSENT
    absent = [c for c in known if c not in present]
    return absent or [c for c in SURELY_ABSENT if c not in present]
