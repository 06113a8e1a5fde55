"""How often training shows each set and each kind of question."""

from data.cache import PROJECT_SET, PSEUDO_SET

SET_WEIGHTS = {
    "msrc": 22,
    "clothing": 28,
    "coco_train": 30,
    "car_parts": 14,
    "pennfudan": 12,
    "horses": 11,
    "camvid": 14,
    "facade": 16,
    "human": 13,
    "caltech101": 30,
    "food": 8,
    "imagenet_names": 30,
    "bsds": 14,
    "ecssd": 22,
    "cats": 7,
    "buildings": 9,
    "trashcan": 9,
    "foodplates": 6,
    "flood": 4,
    "football": 4,
    "voc2007": 8,
    PSEUDO_SET: 12,
    PROJECT_SET: 1,
}
WORD_SET_WEIGHTS = {
    **SET_WEIGHTS,
    "ecssd": 14,
    "bsds": 8,
    "food": 6,
    "imagenet_names": 20,
    "caltech101": 22,
    "facade": 22,
    "msrc": 30,
    "clothing": 44,
    "coco_train": 54,
    "car_parts": 38,
    "camvid": 30,
    "pennfudan": 5,
    "horses": 5,
    "human": 6,
    "cats": 3,
    "buildings": 8,
    "trashcan": 9,
    "foodplates": 6,
    "flood": 2,
    "football": 5,
    "voc2007": 12,
}
"""Where categories are asked for by name: sets with one category have little to teach of names."""

KINDS = {
    "zoom": 24,
    "point": 13,
    "prompts": 26,
    "text": 42,
    "named": 5,
    "correction": 13,
    "scene": 14,
    "drawn": 3,
}
EXTRAS = {"zoom": (25, 30, 45), "point": (25, 30, 45), "prompts": (85, 0, 15)}
"""What else is asked beside the prompts' masks, for a whole batch alike: nothing, a category's mask, words."""

TEXT_TOKENS = {
    ("zoom", "none"): 25,
    ("zoom", "category"): 48,
    ("zoom", "words"): 110,
    ("point", "none"): 55,
    ("point", "category"): 77,
    ("point", "words"): 140,
    ("prompts", "none"): 110,
    ("prompts", "words"): 190,
    ("text", "none"): 135,
    ("named", "none"): 60,
    ("correction", "none"): 32,
    ("scene", "none"): 110,
    ("drawn", "none"): 110,
}
"""About how long the branches of one sample are; only batch sizes depend on it."""
