"""What a model finds and misses, as silhouettes: ``python -m score.gallery OUT.png EVAL.json [EVAL.json ...]``.

EVAL.json is what ``pixelsail eval --save`` wrote of masks. A column for each set and, for each prompt, its best, its
middle and its worst target, cut to what is drawn, the IoU beneath. No photo is shown, because few of the sets allow
that.
"""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from pycocotools import mask as coco_mask

from score.saved_evaluations import draw_saved

BOTH, MISSED, EXCESS = (60, 60, 60), (0, 114, 178), (240, 170, 40)
"""Told apart also by people who see no red or no green, and in grey."""

NAMES = {"box": "a box", "point": "a point", "clicks": "three clicks", "scribble": "a stroke", "text": "its name"}
MARGIN = 0.08


def chosen(masks: list[dict]) -> dict[str, dict]:
    """The best, the middle and the worst by IoU; of equally bad ones the largest."""
    ordered = sorted(masks, key=lambda mask: (mask["iou"], -mask["union"]))
    return {"best": ordered[-1], "middle": ordered[len(ordered) // 2], "worst": ordered[0]}


def silhouettes(mask: dict) -> np.ndarray:
    """(height, width, 3) uint8: what is right, missed and too much, on white, cut to that."""
    target, found = (coco_mask.decode(mask[name]).astype(bool) for name in ("target", "prediction"))
    picture = np.full((*target.shape, 3), 255, np.uint8)
    picture[target & found] = BOTH
    picture[target & ~found] = MISSED
    picture[found & ~target] = EXCESS
    rows, columns = np.nonzero(target | found)
    margin = round(MARGIN * max(np.ptp(rows), np.ptp(columns))) + 2
    top, left = max(rows.min() - margin, 0), max(columns.min() - margin, 0)
    return picture[top : rows.max() + margin + 1, left : columns.max() + margin + 1]


def draw(evaluations: list[dict], out: Path) -> None:
    sets = list(evaluations[0]["sets"])
    rows = 3 * len(evaluations)
    figure, axes = plt.subplots(
        rows, len(sets), figsize=(1.25 * len(sets), 1.5 * rows + 0.4), squeeze=False, layout="constrained"
    )
    for number, evaluation in enumerate(evaluations):
        for column, name in enumerate(sets):
            for row, (rank, mask) in enumerate(chosen(evaluation["sets"][name]["masks"]).items(), 3 * number):
                axis = axes[row, column]
                axis.imshow(silhouettes(mask), interpolation="nearest")
                axis.set(xticks=[], yticks=[], anchor="S")
                for side in axis.spines.values():
                    side.set_color("#bbbbbb")
                axis.set_xlabel(f"{mask['category']}\n{mask['iou']:.2f}", fontsize=7.5)
                if row == 0:
                    axis.set_title(name, fontsize=9)
                if column == 0:
                    axis.set_ylabel(f"{NAMES[evaluation['prompt']]}\n{rank}", fontsize=9)
    colours = {"right": BOTH, "missed": MISSED, "too much": EXCESS}
    patches = [plt.Rectangle((0, 0), 1, 1, color=np.divide(colour, 255)) for colour in colours.values()]
    figure.legend(patches, colours, loc="outside upper center", ncols=len(colours), fontsize=9, frameon=False)
    figure.savefig(out, dpi=100)
    plt.close(figure)


if __name__ == "__main__":
    draw_saved(__doc__, draw)
