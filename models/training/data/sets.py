"""What the photo sets label, which decides what may honestly be asked of their photos."""

from collections.abc import Iterable

from data.cache import PROJECT_SET

INSTANCES = {
    "coco_train": None,
    "pennfudan": None,
    "msrc": None,
    PROJECT_SET: None,
    "camvid": {"car", "pedestrian", "bicyclist", "pole", "sign"},
    "facade": {"car", "door", "window"},
    "cats": None,
    "buildings": {"car", "shop", "window"},
    "trashcan": None,
    "foodplates": None,
    "football": {"football", "goalkeeper 1", "goalkeeper 2", "referee", "team 1 player", "team 2 player"},
    "voc2007": None,
}
"""Sets and categories whose regions are single objects; None stands for all."""

WHOLES: dict[str, set[str] | None] = {
    "car_parts": None,
    "clothing": None,
    "facade": {"building", "door", "window"},
}
"""Sets whose regions (of these categories; None stands for all) together make one thing that a click on any of them may
mean as a whole: a car, a dressed person, a house."""

FULLY_LABELLED = {
    "msrc",
    "coco_train",
    "camvid",
    "car_parts",
    "clothing",
    "foodplates",
    "football",
    "voc2007",
    PROJECT_SET,
}
SURELY_ABSENT = ("cat", "boat", "elephant", "pizza", "airplane", "train", "giraffe", "laptop", "banana", "sheep")
"""Asked for where other classes are unlabelled and nothing more is known of the set."""

LAND_ANIMALS = {"bear", "bird", "cat", "cow", "dog", "elephant", "giraffe", "horse", "sheep", "zebra"}
SEA_ANIMALS = {"crab", "eel", "fish", "octopus", "squid", "starfish", "stingray", "turtle"}
VEHICLES = {"airplane", "bicycle", "boat", "bus", "car", "motorcycle", "train", "truck"}
FAR_VEHICLES = {"airplane", "boat", "train"}
ROOMS = {"bed", "keyboard", "laptop", "microwave", "oven", "refrigerator", "sink", "toilet", "toothbrush", "tv"}
FOOD = {"apple", "banana", "broccoli", "cake", "carrot", "donut", "hot dog", "orange", "pizza", "sandwich"}
SPORTS = {"baseball bat", "frisbee", "kite", "skis", "snowboard", "surfboard", "tennis racket"}
WILD = {"bear", "cow", "elephant", "giraffe", "horse", "sheep", "zebra"}
OUTDOORS_LACKS = WILD | {"cat"} | SEA_ANIMALS | FOOD | ROOMS | SPORTS | FAR_VEHICLES

NEVER_SHOWN = {
    "horses": (LAND_ANIMALS - {"horse"}) | SEA_ANIMALS | ROOMS | FOOD | SPORTS | FAR_VEHICLES | {"bus"},
    "human": WILD | SEA_ANIMALS | FAR_VEHICLES | {"bus", "truck", "microwave", "oven", "refrigerator", "toilet"},
    "pennfudan": OUTDOORS_LACKS,
    "facade": OUTDOORS_LACKS,
    "buildings": OUTDOORS_LACKS,
    "camvid": OUTDOORS_LACKS,
    "clothing": OUTDOORS_LACKS,
    "car_parts": OUTDOORS_LACKS | LAND_ANIMALS,
    "cats": (LAND_ANIMALS - {"bird", "cat"}) | SEA_ANIMALS | FAR_VEHICLES | SPORTS | FOOD | {"bus"},
    "trashcan": LAND_ANIMALS | FOOD | ROOMS | SPORTS | (VEHICLES - {"boat"}),
    "foodplates": LAND_ANIMALS | (SEA_ANIMALS - {"fish"}) | VEHICLES | ROOMS | SPORTS | (FOOD - {"carrot"}),
    "flood": SEA_ANIMALS | ROOMS | FOOD | SPORTS | {"bear", "elephant", "giraffe", "zebra", "airplane", "train"},
    "football": LAND_ANIMALS | SEA_ANIMALS | ROOMS | FOOD | SPORTS | VEHICLES,
    "msrc": {"bear", "elephant", "giraffe", "zebra"} | SEA_ANIMALS | ROOMS | FOOD | SPORTS,
    "voc2007": {"bear", "elephant", "giraffe", "zebra", "octopus", "squid", "starfish", "stingray"},
    "coco_train": {"octopus", "squid", "starfish", "stingray", "eel"},
}
"""Categories of other sets that no photo of the set shows, as far as anyone can know it from what the set is of."""

GROUND = {"field", "flood water", "grass", "mountain", "pavement", "road", "sky", "street", "water"}
SEATS = {"bed", "bench", "chair", "couch", "dining table", "sofa"}
TABLEWARE = {"bottle", "bowl", "cup", "fork", "knife", "plate", "spoon", "vase", "wine glass"}
BAGS = {"backpack", "bag", "handbag", "purse", "suitcase", "wallet"}
SCREENS = {"cell phone", "keyboard", "laptop", "mouse", "remote", "tv", "tv monitor"}
TALL = {"building", "pole", "sign", "stop sign", "traffic light", "tree"}
KIN = (LAND_ANIMALS, SEA_ANIMALS, VEHICLES, FOOD, SPORTS, GROUND, SEATS, TABLEWARE, BAGS, SCREENS, TALL)
"""Things that are easily taken for one another: the hardest names to deny."""

ALIKE = (
    {"person", "pedestrian", "bicyclist", "body", "face", "skin", "hair", "spectators", "referee"}
    | {"team 1 player", "team 2 player", "goalkeeper 1", "goalkeeper 2"},
    {"car", "truck", "bus", "wheel"},
    {"airplane", "aeroplane"},
    {"bicycle", "bicyclist", "motorcycle", "motorbike"},
    {"sign", "stop sign", "advertisement", "traffic infrastructure"},
    {"flower", "potted plant", "vegetation", "tree", "plant"},
    {"bag", "handbag", "purse", "backpack", "suitcase", "trash"},
    {"hat", "tie", "umbrella", "accessories"},
    {"couch", "chair", "bench", "sofa"},
    {"cup", "bowl", "wine glass", "plate"},
    {"road", "street", "pavement"},
    {"water", "flood water"},
    {"grass", "field"},
    {"building", "facade", "shop"},
    {"football", "sports ball"},
    {"tv", "tv monitor", "laptop"},
    {"fish", "catfish", "mackerel", "animal", "eel", "crab", "crawfish", "shrimp"},
    {"can", "bottle", "container", "trash", "bucket", "box", "tire", "tarp", "net", "rope", "wreckage"},
    {"tofu", "fried tofu", "steamed tofu", "braised tofu", "tempeh", "fried tempeh", "steamed tempeh"}
    | {"braised tempeh", "battered tempeh"},
    {"fence", "balcony fence"},
)
"""Names by which two sets may call the same thing: of two from one group, a scene holds one."""


def namesakes(category: str) -> set[str]:
    return {category}.union(*(group for group in ALIKE if category in group))


def known_absent(set_name: str, categories: list[str], present: set[str]) -> list[str]:
    """What is surely not in a photo of the set, which has these ``categories``, when this much of it is ``present``."""
    known = set(categories) if set_name in FULLY_LABELLED else set()
    shown = {name for category in present for name in namesakes(category)}
    absent = (known - present) | (NEVER_SHOWN.get(set_name, set(SURELY_ABSENT)) - shown)
    return sorted(absent or set(SURELY_ABSENT) - present)


def kin(names: Iterable[str], present: set[str]) -> list[str]:
    """Those of the names that are easily taken for something present."""
    groups = [group for group in KIN if group & present]
    return [name for name in names if any(name in group for group in groups)]
