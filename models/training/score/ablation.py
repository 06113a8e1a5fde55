"""The recipe step by step (reference section 2c and the paper's ablation):

    python -m score.ablation CACHE_DIR OUT_DIR

Every arm of ``ablation.toml`` (or ``--config FILE``) is trained from random weights with each of its seeds on the same
number of samples and scored on the same dev photos. OUT_DIR gets a folder for each run (those that are complete are not
run again), ablation.json with every number, ablation.md with the tables, and curves.png. Intervals hold 95 % of
hierarchical bootstrap draws: seeds first, then photos.
"""

import argparse
import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch

from data.cache import FIRST_SETS, Cache
from loop import train
from loop.options import TrainOptions
from network.config import ModelConfig, Studio
from network.tokenizer import load_tokenizer
from network.variants import Recipe, build_model
from score import curves
from score.evaluate import Segmenter, answered_masks, answered_words, dev_photos

MASK_KINDS = {"box": "box", "point": "point, refined", "scribble": "scribble", "text": "text"}
WORD_KINDS = {"description": "description", "choice": "multiple choice", "name": "name"}
DRAWS = 1000


@dataclass(frozen=True)
class Arm:
    name: str
    recipe: Recipe
    sizes: dict[str, int]
    """What differs from ``nano_config``."""
    seeds: list[int]

    @property
    def folder(self) -> str:
        return re.sub(r"[^a-z]+", "-", self.name.lower()).strip("-")


@dataclass(frozen=True)
class Ablation:
    samples: int
    tokens_per_batch: int
    learning_rate: float
    warmup: int
    photos: int
    per_photo: int
    arms: list[Arm]


def read_ablation(path: Path) -> Ablation:
    values = tomllib.loads(path.read_text())
    seeds = values.pop("seeds")
    arms = [
        Arm(arm.pop("name"), sizes=arm.pop("sizes", {}), seeds=arm.pop("seeds", seeds), recipe=Recipe(**arm))
        for arm in values.pop("arm")
    ]
    return Ablation(**values, arms=arms)


PhotoScores = dict[str, list]
"""What one photo gave: for mask prompts [intersection, union] of each object, for words the score of each answer."""


def score(run: Path, recipe: Recipe, cache: Cache, photos: list[int], per_photo: int) -> list[PhotoScores]:
    saved = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)
    model = build_model(ModelConfig(**saved["config"]), recipe).eval()
    model.load_state_dict(saved["ema"])
    segmenter = Segmenter(model, load_tokenizer(run / "tokenizer.json"), Studio())
    wanted = {kind: name for name, kind in MASK_KINDS.items()}
    scored = []
    for photo in photos:
        scores: PhotoScores = defaultdict(list)
        for kind, found, truth in answered_masks(segmenter, cache, photo, per_photo, with_grabcut=False):
            if kind in wanted:
                overlap, union = np.logical_and(found, truth).sum(), np.logical_or(found, truth).sum()
                scores[wanted[kind]].append([int(overlap), int(union)])
        for kind, value, _ in answered_words(segmenter, cache, photo):
            scores[kind].append(value)
        scored.append(scores)
    return scored


def run_arm(arm: Arm, seed: int, ablation: Ablation, arguments: argparse.Namespace, photos: list[int]) -> dict:
    """Train and score one arm with one seed, or read what an earlier call left."""
    run = arguments.out / f"{arm.folder}-{seed}"
    result = run / "scores.json"
    if not result.exists():
        train.run(
            TrainOptions(
                arguments.cache,
                run,
                samples=ablation.samples,
                seed=seed,
                lr=ablation.learning_rate,
                warmup=ablation.warmup,
                ranks=arguments.ranks,
                tokens_per_batch=ablation.tokens_per_batch,
                recipe=arm.recipe,
                sizes=arm.sizes,
            )
        )
        saved = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)
        if saved["samples"] < ablation.samples:
            raise SystemExit(f"stopped at {saved['samples']} of {ablation.samples} samples; run again to go on")
        scored = score(run, arm.recipe, Cache(arguments.cache), photos, ablation.per_photo)
        parameters = sum(value.numel() for name, value in saved["model"].items() if "lm_head" not in name)
        facts = {"parameters": parameters, "samples": saved["samples"], "minutes": saved["spent"] / 60}
        result.write_text(json.dumps({"arm": arm.name, "seed": seed, **facts, "photos": scored}))
    return json.loads(result.read_text())


def mean_iou(photos: list[PhotoScores], kind: str) -> float:
    return float(np.mean([overlap / union for photo in photos for overlap, union in photo.get(kind, []) if union]))


def cumulative_iou(photos: list[PhotoScores], kind: str) -> float:
    overlaps, unions = np.array([pair for photo in photos for pair in photo.get(kind, [])]).reshape(-1, 2).sum(0)
    return float(overlaps / unions)


def mean_score(photos: list[PhotoScores], kind: str) -> float:
    return float(np.mean([value for photo in photos for value in photo.get(kind, [])]))


Photo = TypeVar("Photo")
"""What is drawn by a bootstrap: the scores of a photo, or those of two arms."""

Statistic = Callable[[list[PhotoScores]], float]
COLUMNS: dict[str, Statistic] = {
    **{f"{name} mIoU": lambda photos, kind=name: mean_iou(photos, kind) for name in MASK_KINDS},
    **{f"{name} cIoU": lambda photos, kind=name: cumulative_iou(photos, kind) for name in MASK_KINDS},
    **{title: lambda photos, kind=kind: mean_score(photos, kind) for kind, title in WORD_KINDS.items()},
}


def interval(seeds: list[list[Photo]], statistic: Callable[[list[Photo]], float]) -> tuple[float, float, float]:
    """(mean over seeds, lower end, upper end) of 95 % of bootstrap draws of seeds and of photos."""
    numbers = np.random.default_rng(0)
    draws = []
    for _ in range(DRAWS):
        drawn = [seeds[i] for i in numbers.integers(0, len(seeds), len(seeds))]
        places = numbers.integers(0, len(seeds[0]), len(seeds[0]))
        draws.append(np.mean([statistic([photos[i] for i in places]) for photos in drawn]))
    low, high = np.percentile(draws, (2.5, 97.5))
    return float(np.mean([statistic(photos) for photos in seeds])), float(low), float(high)


def summarise(runs: dict[str, list[dict]]) -> dict:
    """arm -> column -> mean and interval, beside what the arm cost."""
    return {
        name: {
            "seeds": [result["seed"] for result in results],
            "parameters": results[0]["parameters"],
            "minutes": float(np.mean([r["minutes"] for r in results])),
            **{title: interval([r["photos"] for r in results], stat) for title, stat in COLUMNS.items()},
        }
        for name, results in runs.items()
    }


def steps(ablation: Ablation, runs: dict[str, list[dict]]) -> dict[str, dict[str, tuple[float, float, float]]]:
    """arm -> column -> what it scores more than the arm before on the same photos, with the interval. Arms of other
    sizes are no steps."""
    names = [arm.name for arm in ablation.arms if not arm.sizes]
    gains: dict[str, dict[str, tuple[float, float, float]]] = {}
    for before, after in pairwise(names):
        pairs = [
            list(zip(a["photos"], b["photos"], strict=True)) for a, b in zip(runs[before], runs[after], strict=True)
        ]
        gains[after] = {title: interval(pairs, partial(gain, stat)) for title, stat in COLUMNS.items()}
    return gains


def gain(statistic: Statistic, pairs: list[tuple[PhotoScores, PhotoScores]]) -> float:
    """``pairs``: what each photo gave before and after."""
    before, after = zip(*pairs, strict=True)
    return statistic(list(after)) - statistic(list(before))


def step_table(gains: dict[str, dict[str, tuple[float, float, float]]]) -> str:
    lines = [
        "What each arm scores more than the one before on the same photos, with 95 % of the bootstrap draws.",
        "",
        "| arm | " + " | ".join(COLUMNS) + " |",
        "|---|" + "---:|" * len(COLUMNS),
    ]
    for name, row in gains.items():
        cells = [f"{mean:+.3f} ({low:+.3f} to {high:+.3f})" for mean, low, high in row.values()]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def table(ablation: Ablation, summary: dict, photos: int) -> str:
    lines = [
        f"{ablation.samples} samples each from random weights; {photos} dev photos of {len(FIRST_SETS)} sets, "
        f"up to {ablation.per_photo} regions and categories each. "
        "Mean over seeds ± half of the 95 % bootstrap interval (seeds and photos). Descriptions: F1 of words with the "
        "template's; multiple choice: chance is 0.25.",
        "",
        "| arm | parameters | seeds | minutes | " + " | ".join(COLUMNS) + " |",
        "|---|---:|---:|---:|" + "---:|" * len(COLUMNS),
    ]
    for name, row in summary.items():
        cells = [f"{mean:.3f} ± {(high - low) / 2:.3f}" for mean, low, high in (row[title] for title in COLUMNS)]
        facts = f"{row['parameters'] / 1e6:.2f} M | {len(row['seeds'])} | {row['minutes']:.1f}"
        lines.append(f"| {name} | {facts} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--config", type=Path, default=Path(__file__).with_name("ablation.toml"))
    parser.add_argument("--ranks", type=int, default=2, help="processes of one thread each")
    arguments = parser.parse_args()
    ablation = read_ablation(arguments.config)
    cache = Cache(arguments.cache)
    photos = [n for chosen in dev_photos(cache, ablation.photos).values() for n in chosen]
    runs: dict[str, list[dict]] = defaultdict(list)
    for arm in ablation.arms:
        for seed in arm.seeds:
            print(f"{arm.name}, seed {seed}", flush=True)
            runs[arm.name].append(run_arm(arm, seed, ablation, arguments, photos))
    summary = summarise(runs)
    (arguments.out / "ablation.json").write_text(json.dumps(summary, indent=1) + "\n")
    text = table(ablation, summary, len(photos)) + "\n" + step_table(steps(ablation, runs))
    (arguments.out / "ablation.md").write_text(text)
    first = [arguments.out / f"{arm.folder}-{arm.seeds[0]}" / "log.csv" for arm in ablation.arms]
    curves.draw(first, arguments.out / "curves.png")
    print(text)


if __name__ == "__main__":
    main()
