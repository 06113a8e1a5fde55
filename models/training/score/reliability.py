"""Whether scores can be believed: ``python -m score.reliability OUT.png EVAL.json [EVAL.json ...]``.

EVAL.json is what ``pixelsail eval --save`` wrote of masks. A panel for each prompt: a dot for each mask at its reported
score, the IoU that the model expects, and its true IoU; the mean of each fifth of the range of scores, as large as it
has masks; and the diagonal on which a score that can be believed lies.
"""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from score.saved_evaluations import draw_saved

BINS = 5


def estimates(evaluation: dict) -> np.ndarray:
    """(n, 2) reported score and true IoU of every mask of every set."""
    return np.array([(e["score"], e["iou"]) for scores in evaluation["sets"].values() for e in scores["estimates"]])


def bin_means(pairs: np.ndarray) -> np.ndarray:
    """pairs (n, 2) -> (bins, 3): mean score, mean IoU and count of each fifth of the range that has masks."""
    fifth = np.minimum((pairs[:, 0] * BINS).astype(int), BINS - 1)
    return np.array([(*pairs[fifth == number].mean(0), (fifth == number).sum()) for number in np.unique(fifth)])


def draw(evaluations: list[dict], out: Path) -> None:
    figure, axes = plt.subplots(
        1, len(evaluations), figsize=(3.4 * len(evaluations), 3.6), sharey=True, squeeze=False, layout="constrained"
    )
    model = evaluations[0]["model"]
    figure.suptitle(f"{model['id']} {model['version']}", fontsize=10)
    for axis, evaluation in zip(axes[0], evaluations, strict=True):
        pairs = estimates(evaluation)
        scores, ious, counts = bin_means(pairs).T
        axis.plot((0, 1), (0, 1), color="grey", linewidth=0.8, linestyle="--")
        axis.scatter(*pairs.T, s=7, alpha=0.3, color="#0072b2", linewidths=0)
        axis.plot(scores, ious, color="black", linewidth=1.2)
        axis.scatter(scores, ious, s=10 + 160 * counts / len(pairs), color="black", zorder=3)
        axis.set(xlim=(0, 1), ylim=(0, 1), aspect="equal", xlabel="reported score")
        axis.set_title(f"{evaluation['prompt']}, {len(pairs)} masks", fontsize=10)
        axis.grid(alpha=0.3)
    axes[0, 0].set_ylabel("true IoU")
    figure.savefig(out, dpi=120)
    plt.close(figure)


if __name__ == "__main__":
    draw_saved(__doc__, draw)
