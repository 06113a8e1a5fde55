"""Questions and answers (reference section 6), and honest descriptions made from a region's own measurements.

No region of the training sets has a sentence written by a person, so every description says only what the mask, the
pixels and the class names show.
"""

from collections.abc import Iterator, Sequence
from random import Random

SEG_TEXT_WEIGHT = 0.1
"""The paper's weight for the words around a mask (section 2f)."""
NAME_TEXT_WEIGHT = 3.0
"""Of these words where something is asked for by name: the first of them says whether it is in the picture at all."""

REFERRING = (
    "Can you segment the {} in this image",
    "Please segment {} in this image",
    "What is {} in this image? Please respond with segmentation mask",
    "What is {} in this image? Please output segmentation mask",
    "Could you provide a segmentation mask for the {} in this image",
    "Please identify and segment the {} in this image",
    "Where is the {} in this picture? Please respond with a segmentation mask",
    "Can you highlight the {} in this image with a segmentation mask",
)
SEG_ANSWERS = (
    "It is [SEG].",
    "Sure, [SEG].",
    "Sure, it is [SEG].",
    "Sure, the segmentation result is [SEG].",
    "[SEG].",
)
SEG_ANSWER = SEG_ANSWERS[0]
NO_TARGET = "No target [SEG]."
IN_SIZES = " Give whole, part and detail."
"""After the question about a click, which leaves open how much of a thing it means."""
CANDIDATES_ANSWER = "whole [SEG] part [SEG] detail [SEG]."
CANDIDATES = 3
INSTANCE_MODE = " Segmentation in the instance mode."
"""After a question about a name: one mask for each object (section 6)."""
NOT_PRESENT = "{} is not in the image."

DESCRIBE = "Can you provide me with a detailed description of the region in the picture marked by {}?"
DESCRIBE_OTHERWISE = (
    "Please describe the region marked by {} in the picture.",
    "What can you tell me about the region {} in this image?",
    "Describe the part of the image marked by {} in detail.",
)
IN_DETAIL = " Please provide as detailed as possible."
NAME_IT = "What is {}? Answer the question using a single word or phrase."
HOW_MANY = "How many {} are there in this image? Answer the question using a single word or phrase."
CLASSIFY = "What is {}? Please select from the candidate categories. The candidate categories: {}, others."
CHOOSE = "Please answer the question according to the {}. What is this? {} Select a correct choice."
WHOLE_PHOTO = ("What is in this picture?", "Describe this image in a few words.", "What does this photo show?")
LETTERS = "ABCDEFGH"

SYNONYMS = {
    "aeroplane": ("airplane", "plane"),
    "airplane": ("aeroplane", "plane"),
    "automobile": ("car",),
    "bicycle": ("bike",),
    "bicyclist": ("cyclist", "person on a bicycle"),
    "body": ("person's body",),
    "building": ("house",),
    "car": ("automobile",),
    "cell phone": ("phone", "mobile phone"),
    "couch": ("sofa",),
    "dining table": ("table",),
    "donut": ("doughnut",),
    "motorcycle": ("motorbike",),
    "pants": ("trousers",),
    "pavement": ("sidewalk",),
    "pedestrian": ("person", "walking person"),
    "person": ("human", "man or woman"),
    "potted plant": ("plant",),
    "road": ("street",),
    "sports ball": ("ball",),
    "sunglasses": ("shades",),
    "t-shirt": ("tee shirt",),
    "trunk": ("boot",),
    "tv": ("television", "screen"),
    "vegetation": ("plants", "trees and bushes"),
}
UNCOUNTED = frozenset(
    "grass water sky hair skin vegetation pavement broccoli accessories boots flats glasses gloves "
    "heels jeans leggings loafers pants pumps sandals scissors shoes shorts skis sneakers socks stockings sunglasses "
    "tights wedges earrings".split()
)
IRREGULAR = {"person": "people", "sheep": "sheep", "knife": "knives", "mouse": "mice", "tooth": "teeth"}
MIRRORED = {"left": "right", "right": "left"}


def question_about(target: str, random: Random) -> str:
    """A referring question, usually as evaluation asks it, leading space included (section 6, RES evaluation)."""
    if random.random() < 0.75:
        return segment_question(target)
    return random.choice(REFERRING).format(target) + random.choice(("", "."))


def segment_question(target: str) -> str:
    return f" Please segment {target} in this image."


def prompt_question(target: str, random: Random) -> str:
    """As ``question_about``, for visual prompts: without the leading space."""
    if random.random() < 0.7:
        return prompt_segment_question(target)
    return random.choice(REFERRING).format(target) + random.choice(("", "."))


def prompt_segment_question(target: str) -> str:
    return f"Please segment {target} in this image."


def seg_answer(random: Random) -> str:
    return SEG_ANSWER if random.random() < 0.8 else random.choice(SEG_ANSWERS)


def instances_answer(name: str, count: int) -> str:
    """Such as "cat-1 [SEG] cat-2 [SEG].", the objects from left to right."""
    return " ".join(f"{name}-{number} [SEG]" for number in range(1, count + 1)) + "."


def is_uncounted(noun: str) -> bool:
    return noun.split()[-1] in UNCOUNTED or noun in ("front glass", "back glass")


def plural(noun: str) -> str:
    *front, last = noun.split()
    if last in IRREGULAR:
        last = IRREGULAR[last]
    elif is_uncounted(noun):
        pass
    elif last.endswith(("s", "x", "ch", "sh")):
        last += "es"
    elif last.endswith("y") and last[-2] not in "aeiou":
        last = last[:-1] + "ies"
    else:
        last += "s"
    return " ".join((*front, last))


def category_words(name: str, random: Random) -> str:
    """What everything of a category is called: mostly its name, else its plural or a synonym."""
    draw = random.random()
    if draw > 0.9 and name in SYNONYMS:
        return random.choice(SYNONYMS[name])
    return name if draw < 0.75 else f"all the {plural(name)}"


def with_article(phrase: str, noun: str) -> str:
    if is_uncounted(noun):
        return phrase
    return f"{'an' if phrase[0] in 'aeiou' else 'a'} {phrase}"


def size_word(area_share: float) -> str:
    if area_share < 0.01:
        return "tiny"
    if area_share < 0.05:
        return "small"
    if area_share < 0.2:
        return "medium-sized"
    return "large"


def position_words(x: float, y: float) -> str:
    column = "left" if x < 0.36 else "right" if x > 0.64 else ""
    row = "upper" if y < 0.36 else "lower" if y > 0.64 else ""
    if not column and not row:
        return "in the centre of the picture"
    if row and column:
        return f"in the {row} {column} of the picture"
    if row:
        return f"in the {row} middle of the picture"
    return f"on the {column} of the picture"


def mirrored(category: str) -> str:
    """The name of a part once its photo is flipped left to right."""
    return " ".join(MIRRORED.get(word, word) for word in category.split())


def description(category: str, colour: str, area_share: float, centre: tuple[float, float], neighbour: str) -> str:
    """Such as "a brown horse, large, in the centre of the picture, next to grass"."""
    noun = f"{colour} {category}".strip()
    parts = [with_article(noun, category), size_word(area_share), position_words(*centre)]
    if neighbour:
        parts.append(f"next to {with_article(neighbour, neighbour)}")
    return ", ".join(parts)


def close_description(category: str, colour: str, neighbour: str) -> str:
    """What a crop around a region shows of it, such as "a brown horse, next to grass": a crop tells neither how large
    the region is nor where in the picture it lies."""
    parts = [with_article(f"{colour} {category}".strip(), category)]
    if neighbour:
        parts.append(f"next to {with_article(neighbour, neighbour)}")
    return ", ".join(parts)


def options_text(options: Sequence[str]) -> str:
    return " ".join(f"({LETTERS[i]}) {option}" for i, option in enumerate(options))


def list_words(words: Sequence[str]) -> str:
    return ", ".join(words[:-1]) + " and " + words[-1] if len(words) > 1 else words[0]


def every_wording(category: str) -> Iterator[str]:
    """All fixed text around one category, for the tokenizer's vocabulary."""
    yield from (template.format(category) for template in REFERRING)
    yield from (f"all the {plural(category)}", *SYNONYMS.get(category, ()))
    yield from SEG_ANSWERS
    for position in ((0.1, 0.1), (0.5, 0.1), (0.9, 0.9), (0.5, 0.5), (0.9, 0.5), (0.1, 0.5), (0.5, 0.9)):
        for area, colour in ((0.001, "brown"), (0.02, "white"), (0.1, "black"), (0.5, "grey")):
            yield description(category, colour, area, position, category)
    for colour in ("red", "orange", "yellow", "green", "blue", "purple", "pink"):
        yield with_article(f"{colour} {category}", category)
    yield from (question.format("the region") for question in (DESCRIBE + IN_DETAIL, *DESCRIBE_OTHERWISE, NAME_IT))
    yield CLASSIFY.format("the region", category)
    yield CHOOSE.format("the region", options_text([category] * 4))
    yield from (NO_TARGET, NOT_PRESENT.format("the region"), *WHOLE_PHOTO)
