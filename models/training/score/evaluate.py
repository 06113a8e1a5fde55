"""Quick scores on the dev photos, with what no model at all would get:

    python -m score.evaluate CHECKPOINT CACHE_DIR

CHECKPOINT is a training checkpoint (its moving average is scored) or an export folder. Masks: mean IoU at the stored
photo size, by set: box and rough mask on the region's crop, point on the whole photo and then refined in a crop,
scribble refined likewise; of the three masks that one answer offers for the point, that which the model itself judges
best, and the best of all ("oracle"); text: "{category}" against all of its regions. Words, of the region's crop:
multiple choice and class name (exact), description (words shared with its template). Columns that begin with "=" need
no model: the prompt itself, GrabCut started from the box, the whole photo.

``--presence`` adds how well names of what is there are told from names of what is not (area under the curve; 0.5 is
chance): by the first word of the answer, and by the judgement of the mask that "It is" gives.
"""

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import cv2
import numpy as np
import torch

from data.cache import FIRST_SETS, MASK_SETS, Cache
from data.sets import known_absent
from loop.train import words_of
from network.config import Studio
from network.generate import PreparedImage, greedy, prepare_image
from network.model import PixelSail
from network.sequence import (
    Branch,
    chat_prompt,
    encode_branches,
    first_text_position,
    image_block_ids,
    scaled_size,
    text_attention_mask,
)
from network.tokenizer import BpeTokenizer
from network.weights import load
from sampling import templates
from sampling.prompts import deepest_point, exact_box, rough_mask, scribble, tight_box
from sampling.views import crop_window

SMALLEST = 100
"""Regions of fewer pixels are not scored."""

GRABCUT_ROUNDS = 3


def iou(a: np.ndarray, b: np.ndarray) -> float:
    union = np.logical_or(a, b).sum()
    return float(np.logical_and(a, b).sum() / union) if union else 1.0


@dataclass(frozen=True)
class ForcedAnswer:
    """Mask logits (S, H, W) at photo size, a judgement (logit) of each, and how likely the first word was a denial."""

    logits: np.ndarray
    judgements: list[float]
    denial: float


class Segmenter:
    """The product's way to a mask, in PyTorch: crop around the prompt, one pass, paste back."""

    def __init__(self, model: PixelSail, tokenizer: BpeTokenizer, studio: Studio) -> None:
        self.model, self.tokenizer, self.studio = model, tokenizer, studio
        self.words = words_of(tokenizer, [])

    def logits(self, photo: np.ndarray, prompts: list[tuple[int, np.ndarray]], question: str, side: int) -> np.ndarray:
        """Mask logits at photo size for the forced answer "It is [SEG]."."""
        return self.forced(photo, prompts, question, side, templates.SEG_ANSWER).logits[0]

    @torch.no_grad()
    def forced(
        self, photo: np.ndarray, prompts: list[tuple[int, np.ndarray]], question: str, side: int, answer: str
    ) -> "ForcedAnswer":
        """What the model sees when it is made to answer in these words."""
        height, width = photo.shape[:2]
        image = prepare_image(photo, prompts, scaled_size(width, height, side))
        block = image_block_ids(self.tokenizer.special, image.patches.shape[1])
        text = encode_branches(self.tokenizer, [Branch(question, answer)], first_text_position(image.grid))
        ids = torch.tensor([[*block, *text.ids]])
        mask = torch.from_numpy(text_attention_mask(text.branch[None], len(block)))[:, None]
        hidden = self.model(ids, image.positions_with(text.positions), mask, image.patches, image.prompt_index)
        seg = (ids[0] == self.model.config.seg_token_id).nonzero()[:, 0]
        features = self.model.feature_map(hidden, image.grid)[0]
        maps = (features @ self.model.seg_queries(hidden[0, seg]).T).permute(2, 0, 1).numpy()
        said = self.model.token_logits(hidden[0, torch.tensor([len(block) + int(text.label_weights.argmax()) - 1])])[0]
        embeddings = self.model.single_transformer.model.embed_tokens.weight
        judgements = hidden[0, seg] @ (embeddings[self.words.affirms] - embeddings[self.words.denies])
        return ForcedAnswer(
            np.stack([cv2.resize(one, (width, height), interpolation=cv2.INTER_LINEAR) for one in maps]),
            judgements.tolist(),
            float(said.softmax(0)[self.words.denies]),
        )

    def whole(self, photo: np.ndarray, prompt: np.ndarray) -> np.ndarray:
        question = templates.prompt_segment_question("<Prompt0>")
        return self.logits(photo, [(0, prompt)], question, self.studio.whole_side) > 0

    def candidates(self, photo: np.ndarray, prompt: np.ndarray) -> tuple[np.ndarray, list[float]]:
        """The three masks (3, H, W) that the whole photo offers for a click, and what the model thinks of each."""
        question = templates.prompt_segment_question("<Prompt0>") + templates.IN_SIZES
        side = self.studio.whole_side
        found = self.forced(photo, [(0, prompt)], question, side, templates.CANDIDATES_ANSWER)
        return found.logits > 0, found.judgements

    def window(self, around: np.ndarray) -> tuple[slice, slice]:
        """Rows and columns of the crop around the tight box of a mask."""
        x0, y0, x1, y1 = tight_box(around)
        margins = (self.studio.zoom.margin,) * 4
        box, size = (x0, y0, x1 - x0, y1 - y0), (around.shape[1], around.shape[0])
        left, top, right, bottom = crop_window(box, size, margins)
        return slice(top, bottom), slice(left, right)

    def crop(self, photo: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The parts of a photo and of a mask around that mask."""
        window = self.window(mask)
        return np.ascontiguousarray(photo[window]), np.ascontiguousarray(mask[window])

    def zoomed(self, photo: np.ndarray, prompt: np.ndarray, around: np.ndarray) -> np.ndarray:
        """The mask found in a crop around the tight box of ``around``; empty outside of the crop."""
        window = self.window(around)
        crop, inside = np.ascontiguousarray(photo[window]), np.ascontiguousarray(prompt[window])
        question = templates.prompt_segment_question("<Prompt0>")
        found = np.zeros(photo.shape[:2], bool)
        found[window] = self.logits(crop, [(0, inside)], question, self.studio.zoom.side) > 0
        return found

    def point(self, photo: np.ndarray, prompt: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(mask from the whole photo, mask refined in a crop around it)."""
        coarse = self.whole(photo, prompt)
        return coarse, self.zoomed(photo, prompt, np.maximum(coarse, prompt))

    def category(self, photo: np.ndarray, name: str) -> np.ndarray:
        question = templates.segment_question(name)
        return self.logits(photo, [], question, self.studio.whole_side) > 0

    def answer(self, image: PreparedImage, question: str, tokens: int) -> str:
        made = greedy(self.model, self.tokenizer, image, chat_prompt(question), tokens)
        return self.tokenizer.decode(made.new_ids.tolist()).removesuffix("<|endoftext|>")


def grabcut(photo: np.ndarray, box: np.ndarray) -> np.ndarray:
    """OpenCV's GrabCut started from the box: what a tool without a model offers."""
    x0, y0, x1, y1 = tight_box(box)
    state = np.where(box > 0, cv2.GC_PR_FGD, cv2.GC_BGD).astype(np.uint8)
    if x1 - x0 < 3 or y1 - y0 < 3 or box.all():
        return box > 0
    bgr = cv2.cvtColor(photo, cv2.COLOR_RGB2BGR)
    cv2.grabCut(bgr, state, None, np.zeros((1, 65)), np.zeros((1, 65)), GRABCUT_ROUNDS, cv2.GC_INIT_WITH_MASK)
    return (state == cv2.GC_FGD) | (state == cv2.GC_PR_FGD)


def dev_photos(cache: Cache, per_set: int, sets: tuple[str, ...] = FIRST_SETS) -> dict[str, list[int]]:
    """Up to so many dev photos of each set with masks, always the same."""
    chosen = {}
    for name in sets:
        dev = [n for n, p in enumerate(cache.photos) if p.set == name and p.split == "dev"]
        chosen[name] = Random(name).sample(dev, min(per_set, len(dev)))
    return chosen


def scored_regions(cache: Cache, photo: int) -> list[int]:
    regions = cache.regions
    return [n for n in cache.regions_of[photo] if not regions[n].crowd and regions[n].area >= SMALLEST]


def answered_masks(
    segmenter: Segmenter, cache: Cache, photo: int, per_photo: int, with_grabcut: bool
) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """(kind, mask found, true mask) over up to ``per_photo`` regions and categories of a photo."""
    random = Random(photo)
    pixels = np.ascontiguousarray(cache.image(photo))
    numbers = scored_regions(cache, photo)
    for number in random.sample(numbers, min(per_photo, len(numbers))):
        truth = cache.mask(number)
        box, point, line = exact_box(truth), deepest_point(truth), scribble(truth, random)
        rough = rough_mask(truth, random)
        coarse, refined = segmenter.point(pixels, point)
        offered, judgements = segmenter.candidates(pixels, point)
        yield "box", segmenter.zoomed(pixels, box, box), truth
        yield "scribble", segmenter.point(pixels, line)[1], truth
        yield "rough mask", segmenter.zoomed(pixels, rough, rough), truth
        yield "point, whole", coarse, truth
        yield "point, refined", refined, truth
        yield "three, judged best", offered[int(np.argmax(judgements))], truth
        yield "three, oracle", max(offered, key=lambda mask: iou(mask, truth)), truth
        yield "= filled box", box > 0, truth
        yield "= rough mask", rough > 0, truth
        if with_grabcut:
            yield "= GrabCut", grabcut(pixels, box), truth
    categories = sorted({cache.regions[n].category for n in numbers} - {""})
    for category in random.sample(categories, min(per_photo, len(categories))):
        same = [cache.mask(n) for n in cache.regions_of[photo] if cache.regions[n].category == category]
        truth = np.maximum.reduce(same)
        yield "text", segmenter.category(pixels, category), truth
        yield "= all of it", np.ones_like(truth), truth


def score_masks(segmenter: Segmenter, cache: Cache, photos: list[int], per_photo: int, with_grabcut: bool) -> dict:
    """kind -> IoUs, over up to ``per_photo`` regions and categories of each photo."""
    scores: dict[str, list[float]] = defaultdict(list)
    for photo in photos:
        for kind, found, truth in answered_masks(segmenter, cache, photo, per_photo, with_grabcut):
            scores[kind].append(iou(found, truth))
    return scores


def common_words(said: str, wanted: str) -> float:
    """F1 of the words of two sentences, each counted as often as it is said."""
    one, other = (Counter(re.findall(r"\w+", text.lower())) for text in (said, wanted))
    shared = (one & other).total()
    return 2 * shared / (one.total() + other.total()) if shared else 0.0


def answered_words(segmenter: Segmenter, cache: Cache, photo: int) -> Iterator[tuple[str, float, str]]:
    """(kind, score, what was said) about one region of a photo, of its crop with a mask prompt, as the product asks:
    multiple choice and class name are right or wrong, a description shares words with its template."""
    random = Random(photo)
    numbers = [n for n in scored_regions(cache, photo) if cache.regions[n].category]
    if not numbers:
        return
    region = cache.regions[number := random.choice(numbers)]
    right, set_name = region.category, cache.photos[photo].set
    pool = cache.categories(set_name) if len(cache.categories(set_name)) >= 8 else cache.categories("coco_train")
    options = random.sample([c for c in pool if c != right], 3) + [right]
    random.shuffle(options)
    crop, inside = segmenter.crop(np.ascontiguousarray(cache.image(photo)), cache.mask(number))
    image = prepare_image(crop, [(0, inside)], scaled_size(crop.shape[1], crop.shape[0], segmenter.studio.words.side))
    said = segmenter.answer(image, templates.CHOOSE.format("<Prompt0>", templates.options_text(options)), 10)
    yield "choice", float(said.rstrip(".") == right), said
    said = segmenter.answer(image, templates.NAME_IT.format("<Prompt0>"), 8)
    yield "name", float(said.rstrip(".") == right), said
    said = segmenter.answer(image, templates.DESCRIBE.format("<Prompt0>"), 40).removeprefix("<Prompt0>: ")
    wanted = templates.close_description(right, region.colour, region.neighbour)
    yield "description", common_words(said, wanted), f"{set_name}, {right}: {said}"


def score_words(segmenter: Segmenter, cache: Cache, photos: list[int], examples: list[str]) -> dict[str, list[float]]:
    scores: dict[str, list[float]] = defaultdict(list)
    for photo in photos:
        for kind, score, said in answered_words(segmenter, cache, photo):
            scores[kind].append(score)
            if kind == "description":
                examples.append(said)
    return scores


def presence_scores(segmenter: Segmenter, cache: Cache, photo: int) -> Iterator[tuple[bool, float, float]]:
    """(whether it is there, likelihood that the first word does not deny it, judgement of the mask of "It is") for one
    category that a photo has and one that it lacks."""
    random, set_name = Random(photo), cache.photos[photo].set
    present = sorted({cache.regions[n].category for n in scored_regions(cache, photo)} - {""})
    everything = {cache.regions[n].category for n in cache.regions_of[photo]}
    if not present:
        return
    absent = known_absent(set_name, cache.categories(set_name), everything)
    pixels = np.ascontiguousarray(cache.image(photo))
    for name, is_there in ((random.choice(present), True), (random.choice(absent), False)):
        question, side = templates.segment_question(name), segmenter.studio.whole_side
        found = segmenter.forced(pixels, [], question, side, templates.SEG_ANSWER)
        yield is_there, 1 - found.denial, found.judgements[0]


def area_under_curve(there: list[float], lacking: list[float]) -> float:
    """How often something that is there scores higher than something that is not; ties count half."""
    one, other = np.array(there)[:, None], np.array(lacking)[None]
    return float(((one > other) + 0.5 * (one == other)).mean())


def print_presence(segmenter: Segmenter, cache: Cache, chosen: dict[str, list[int]]) -> None:
    every = [photo for photos in chosen.values() for photo in photos]
    told = [score for photo in every for score in presence_scores(segmenter, cache, photo)]
    there, lacking = [s for s in told if s[0]], [s for s in told if not s[0]]
    for place, name in ((1, "first word"), (2, "judgement")):
        area = area_under_curve([s[place] for s in there], [s[place] for s in lacking])
        print(f"presence by {name}: {area:.3f} over {len(there)} names that are there and {len(lacking)} that are not")


def print_table(rows: dict[str, dict[str, list[float]]]) -> None:
    kinds = list(dict.fromkeys(kind for scores in rows.values() for kind in scores))
    print("| set | n | " + " | ".join(kinds) + " |")
    print("|---|" + "---:|" * (len(kinds) + 1))
    for name, scores in rows.items():
        means = [f"{np.mean(scores[k]):.3f}" if scores.get(k) else "" for k in kinds]
        print(f"| {name} | {max(map(len, scores.values()))} | " + " | ".join(means) + " |")


def pooled(rows: dict[str, dict[str, list[float]]]) -> dict[str, dict[str, list[float]]]:
    """The rows, and one with all of their regions together."""
    everything: dict[str, list[float]] = defaultdict(list)
    for scores in rows.values():
        for kind, values in scores.items():
            everything[kind] += values
    return {**rows, "**all**": everything}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--photos", type=int, default=20, help="dev photos per set, at most")
    parser.add_argument("--per-photo", type=int, default=3, help="regions and categories per photo, at most")
    parser.add_argument("--grabcut", action="store_true")
    parser.add_argument("--words", action="store_true")
    parser.add_argument("--presence", action="store_true")
    parser.add_argument("--sets", nargs="+", choices=MASK_SETS, default=FIRST_SETS)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path, help="also write the means here")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    model, tokenizer = load(arguments.checkpoint)
    cache, segmenter = Cache(arguments.cache), Segmenter(model, tokenizer, Studio())
    chosen = dev_photos(cache, arguments.photos, tuple(arguments.sets))
    rows = {
        name: score_masks(segmenter, cache, photos, arguments.per_photo, arguments.grabcut)
        for name, photos in chosen.items()
    }
    print_table(pooled(rows))
    if arguments.json:
        means = {name: {k: float(np.mean(v)) for k, v in scores.items()} for name, scores in pooled(rows).items()}
        arguments.json.write_text(json.dumps(means, indent=1) + "\n")
    if arguments.presence:
        print_presence(segmenter, cache, chosen)
    if arguments.words:
        examples: list[str] = []
        print()
        print_table(pooled({name: score_words(segmenter, cache, photos, examples) for name, photos in chosen.items()}))
        print("\n" + "\n".join(examples[:24]))


if __name__ == "__main__":
    main()
