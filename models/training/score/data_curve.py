"""What more photos would bring: ``python -m score.data_curve OUT.png DATA EVAL.json [EVAL.json ...]``.

EVAL.json is what ``pixelsail eval --save`` wrote of masks; DATA holds the COCO file of each of its sets. Categories are
grouped by how many regions of them the set's train photos have. Prints a table of the mean IoU by group and prompt,
with the number of categories and targets, and draws it: a dot for each category, a line through the means of the groups
with the standard error over the categories.
"""

import argparse
import json
from collections import Counter, defaultdict
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

GROUPS = ((1, 3), (4, 10), (11, 30), (31, 100), (101, 300), (301, None))


def train_counts(file: Path) -> Counter[str]:
    """How many regions of each category a set's train photos have, crowds left out."""
    coco = json.loads(file.read_text())
    names = {category["id"]: category["name"] for category in coco["categories"]}
    photos = {image["id"] for image in coco["images"] if image["split"] == "train"}
    regions = (a for a in coco["annotations"] if a["image_id"] in photos and not a.get("iscrowd"))
    return Counter(names[region["category_id"]] for region in regions)


def by_category(evaluation: dict, counts: dict[str, Counter[str]]) -> list[tuple[int, list[float]]]:
    """(train regions, IoUs of its targets) of each category of each set."""
    ious = defaultdict(list)
    for name, scores in evaluation["sets"].items():
        for mask in scores["masks"]:
            ious[name, mask["category"]].append(mask["iou"])
    return [(counts[name][category], values) for (name, category), values in ious.items()]


def grouped(categories: list[tuple[int, list[float]]]) -> list[list[tuple[int, list[float]]]]:
    return [[c for c in categories if low <= c[0] <= (high or c[0])] for low, high in GROUPS]


def label(low: int, high: int | None) -> str:
    return f"{low} to {high}" if high else f"{low} and more"


def table(curves: dict[str, list[tuple[int, list[float]]]]) -> str:
    head = ["train regions", *(f"{prompt} {what}" for prompt in curves for what in ("mIoU", "categories", "targets"))]
    lines = [head, ["---:"] * len(head)]
    for number, limits in enumerate(GROUPS):
        line = [label(*limits)]
        for categories in curves.values():
            group = grouped(categories)[number]
            ious = [iou for _, values in group for iou in values]
            line += [f"{np.mean(ious):.3f}" if ious else "", str(len(group)), str(len(ious))]
        lines.append(line)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def draw(curves: dict[str, list[tuple[int, list[float]]]], title: str, out: Path) -> None:
    figure, axes = plt.subplots(
        1, len(curves), figsize=(4.5 * len(curves), 3.6), sharey=True, squeeze=False, layout="constrained"
    )
    for axis, (prompt, categories) in zip(axes[0], curves.items(), strict=True):
        counts, means = zip(*((count, np.mean(values)) for count, values in categories if count), strict=True)
        axis.scatter(counts, means, s=9, alpha=0.35, color="#0072b2", linewidths=0)
        points = []
        for group in filter(None, grouped(categories)):
            values = [np.mean(ious) for _, ious in group]
            middle = np.exp(np.mean([np.log(count) for count, _ in group]))
            points.append((middle, np.mean(values), np.std(values) / np.sqrt(len(values))))
        axis.errorbar(*zip(*points, strict=True), color="black", linewidth=1.2, capsize=2)
        axis.set_xscale("log")
        axis.set_title(f"{title}, by {prompt}", fontsize=10)
        axis.set_xlabel("regions of the category in train photos")
        axis.grid(alpha=0.3)
    axes[0, 0].set_ylabel("mean IoU on dev photos")
    axes[0, 0].set_ylim(0, 1)
    figure.savefig(out, dpi=120)
    plt.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("evaluations", type=Path, nargs="+")
    arguments = parser.parse_args()
    evaluations = [json.loads(path.read_text()) for path in arguments.evaluations]
    names = {name for evaluation in evaluations for name in evaluation["sets"]}
    counts = {name: train_counts(arguments.data / f"{name}.json") for name in names}
    curves = {evaluation["prompt"]: by_category(evaluation, counts) for evaluation in evaluations}
    model = evaluations[0]["model"]
    draw(curves, f"{model['id']} {model['version']}", arguments.out)
    print(table(curves))


if __name__ == "__main__":
    main()
