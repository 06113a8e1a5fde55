"""Curves of training runs, from their logs: ``python -m score.curves OUT.png RUN/log.csv [RUN/log.csv ...]``.

One panel for each logged number, over the samples seen; each point is the mean of a hundredth of its run, without
steps that did not ask (a batch without masks has no mask loss). Several runs are drawn over each other, named by their
folders.
"""

import argparse
import csv
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

PANELS = {
    "text": "words (cross-entropy)",
    "bce": "masks (BCE)",
    "dice": "masks (dice)",
    "naming": "patch names (cross-entropy)",
    "distillation": "distillation (MSE)",
    "quality": "judgement of masks (cross-entropy)",
    "lr": "learning rate",
}
POINTS = 100


def read_log(path: Path) -> dict[str, np.ndarray]:
    """column -> values, for the columns that hold numbers."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows:
        raise ValueError(f"{path} holds no steps yet")
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0] if name != "kind"}


def smoothed(samples: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means over up to POINTS equal parts of a run, zeros left out; parts of zeros alone are dropped."""
    parts = zip(np.array_split(samples, POINTS), np.array_split(values, POINTS), strict=True)
    means = [(part[value != 0].mean(), value[value != 0].mean()) for part, value in parts if (value != 0).any()]
    across, up = np.array(means).reshape(-1, 2).T
    return across, up


def draw(logs: list[Path], out: Path) -> None:
    runs = {path.parent.name: read_log(path) for path in logs}
    figure, axes = plt.subplots(2, 4, figsize=(15, 6), layout="constrained")
    for unused in axes.flat[len(PANELS) :]:
        unused.set_axis_off()
    for axis, (column, title) in zip(axes.flat, PANELS.items(), strict=False):
        for name, log in runs.items():
            if column in log:
                axis.plot(*smoothed(log["samples"] / 1000, log[column]), label=name, linewidth=1.2)
        is_empty = not any(len(line.get_xdata()) for line in axis.lines)
        axis.set_title(f"{title}: none" if is_empty else title, fontsize=10)
        axis.grid(alpha=0.3)
    for axis in axes[-1]:
        axis.set_xlabel("thousands of samples")
    if len(runs) > 1:
        axes.flat[0].legend(fontsize=8)
    figure.savefig(out, dpi=120)
    plt.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("logs", type=Path, nargs="+")
    arguments = parser.parse_args()
    draw(arguments.logs, arguments.out)


if __name__ == "__main__":
    main()
