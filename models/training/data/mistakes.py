"""What a model gets wrong after one click, for training on corrections of its own errors:

    python -m data.mistakes CHECKPOINT CACHE_DIR --count 8000

CACHE_DIR gets mistakes.json: regions of train photos with the mask that CHECKPOINT found from one point, as the runtime
looks for it: in the photo or a window of it, then in a crop around what was found there. Masks that are nearly right
are left out.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random

import cv2
import numpy as np
import torch
from pycocotools import mask as coco_mask

from data.cache import Cache
from loop.train import batch_masks, batch_states
from network.compute_type import autocast
from network.config import Zoom
from network.model import PixelSail
from network.sequence import Branch, patch_marks, prompt_index, resize_image, scaled_size
from network.weights import load
from sampling import templates
from sampling.batch import Sample
from sampling.corrections import Mistake, next_click
from sampling.prompts import inner_pixel, tight_box
from sampling.samples import Sampler
from sampling.views import View, crop_window
from score.evaluate import iou

NEARLY_RIGHT = 0.9
VIEWS_AT_ONCE = 12
WHOLE_SIDES = (192, 224, 256)
CROP_SIDES = (160, 192)


@dataclass(frozen=True)
class Click:
    region: int
    point: tuple[int, int]
    view: View


def marked_sample(cache: Cache, click: Click) -> Sample:
    """A click in its view, asked for its mask."""
    view = click.view
    pixels = resize_image(np.ascontiguousarray(view.cut(cache.image(view.photo))), view.size)
    marked = np.zeros((view.size[1], view.size[0]), np.uint8)
    column, row = view.place(click.point)
    marked[row, column] = 1
    marks = patch_marks(marked)
    branch = Branch(templates.prompt_segment_question("<Prompt0>"), templates.SEG_ANSWER)
    return Sample(pixels, np.zeros(0), None, prompt_index([(0, marks)], marks.shape), [branch], [])


@torch.no_grad()
def find_batch(model: PixelSail, sampler: Sampler, clicks: list[Click]) -> list[np.ndarray]:
    """The masks at photo size that the model finds for clicks in views of one size."""
    cache = sampler.cache
    batch = sampler.assemble([marked_sample(cache, click) for click in clicks], clicks[0].view.size, "click")
    with autocast(torch.device("cpu")):
        hidden, grid = batch_states(model, batch)
        logits, _, _ = batch_masks(model, batch, hidden, grid)
    masks = []
    for click, values in zip(clicks, logits.float().numpy(), strict=True):
        photo = cache.photos[click.view.photo]
        x0, y0, x1, y1 = click.view.window
        whole = np.zeros((photo.height, photo.width), np.uint8)
        whole[y0:y1, x0:x1] = cv2.resize(values, (x1 - x0, y1 - y0)) > 0
        masks.append(whole)
    return masks


def found_masks(
    model: PixelSail, sampler: Sampler, clicks: list[Click]
) -> Iterator[tuple[Click, np.ndarray]]:
    """Each click and the mask at photo size that the model finds for it, in any order."""
    by_size: dict[tuple[int, int], list[Click]] = defaultdict(list)
    for click in clicks:
        by_size[click.view.size].append(click)
    for alike in by_size.values():
        for start in range(0, len(alike), VIEWS_AT_ONCE):
            some = alike[start : start + VIEWS_AT_ONCE]
            yield from zip(some, find_batch(model, sampler, some), strict=True)


def first_clicks(cache: Cache, sampler: Sampler, count: int, random: Random) -> list[Click]:
    """One click on each of ``count`` regions, as likely as training draws them, in the photo or a window of it."""
    if not sampler.region_numbers:
        return []
    numbers = random.choices(sampler.region_numbers, sampler.region_weights.tolist(), k=count)
    clicks = []
    for number in numbers:
        region = cache.regions[number]
        photo = cache.photos[region.photo]
        size = scaled_size(photo.width, photo.height, random.choice(WHOLE_SIDES))
        view = View(region.photo, (0, 0, photo.width, photo.height), size, False)
        if random.random() < 0.5:
            view = replace(sampler.window_view(region.photo, region, size, random), flipped=False)
        clicks.append(Click(number, inner_pixel(cache.mask(number), random), view))
    return clicks


def closer(cache: Cache, click: Click, found: np.ndarray, side: int) -> Click:
    """The same click in a crop around what was found for it."""
    marked = found.copy()
    marked[click.point[1], click.point[0]] = 1
    x0, y0, x1, y1 = tight_box(marked)
    photo = cache.photos[click.view.photo]
    window = crop_window((x0, y0, x1 - x0, y1 - y0), (photo.width, photo.height), (Zoom().margin,) * 4)
    size = scaled_size(window[2] - window[0], window[3] - window[1], side)
    return replace(click, view=View(click.view.photo, window, size, False))


def mistake_of(cache: Cache, click: Click, found: np.ndarray) -> Mistake | None:
    truth = cache.mask(click.region)
    correction = next_click(found, truth)
    if correction is None or iou(found, truth) >= NEARLY_RIGHT:
        return None
    marked = found | correction
    marked[click.point[1], click.point[0]] = 1
    x0, y0, x1, y1 = tight_box(marked)
    counts = coco_mask.encode(np.asfortranarray(found))["counts"].decode()
    return Mistake(click.region, click.point, counts, (x0, y0, x1 - x0, y1 - y0))


def collect(model: PixelSail, sampler: Sampler, count: int, seed: int) -> list[Mistake]:
    cache, random = sampler.cache, Random(seed)
    first = found_masks(model, sampler, first_clicks(cache, sampler, count, random))
    refined = [closer(cache, click, mask, random.choice(CROP_SIDES)) for click, mask in first]
    mistakes = (mistake_of(cache, click, mask) for click, mask in found_masks(model, sampler, refined))
    return [mistake for mistake in mistakes if mistake is not None]


def write_mistakes(checkpoint: Path, cache_folder: Path, count: int, seed: int) -> int:
    """mistakes.json of the cache, from so many clicks -> how many mistakes there are."""
    model, tokenizer = load(checkpoint)
    cache = Cache(cache_folder, with_teacher=False)
    stride = model.config.patch_size // 2**model.config.upsample_blocks
    sampler = Sampler(cache, tokenizer, seed, 0, stride)
    mistakes = collect(model, sampler, count, seed)
    fresh = cache_folder / "mistakes.new"
    fresh.write_text(json.dumps([asdict(mistake) for mistake in mistakes]))
    fresh.replace(cache_folder / "mistakes.json")
    return len(mistakes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--count", type=int, default=8_000, help="clicks; fewer mistakes are kept")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    kept = write_mistakes(arguments.checkpoint, arguments.cache, arguments.count, arguments.seed)
    print(f"{kept} mistakes in {arguments.count} clicks")


if __name__ == "__main__":
    main()
