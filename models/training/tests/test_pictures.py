"""What is drawn of a saved evaluation."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pycocotools import mask as coco_mask

from score import data_curve, gallery, reliability


def scored(category: str, found: np.ndarray, true: np.ndarray) -> dict:
    """A mask as ``pixelsail eval --save`` writes it."""

    def rle(mask: np.ndarray) -> dict:
        encoded = coco_mask.encode(np.asfortranarray(mask.astype(np.uint8)))
        return {**encoded, "counts": encoded["counts"].decode()}

    intersection, union = int((found & true).sum()), int((found | true).sum())
    masks = {"prediction": rle(found), "target": rle(true)}
    return {"category": category, "iou": intersection / union, "union": union, **masks}


@pytest.fixture
def evaluation() -> dict:
    true = np.zeros((20, 30), bool)
    true[5:15, 5:15] = True
    shifted = np.roll(true, 5, axis=1)
    nothing = np.zeros_like(true)
    masks = [scored("cat", true, true), scored("cat", shifted, true), scored("dog", nothing, true)]
    model = {"id": "nano", "version": "1"}
    return {"prompt": "text", "model": model, "sets": {"pets": {"masks": masks}}}


def test_silhouettes_show_what_is_right_missed_and_too_much(evaluation: dict) -> None:
    picture = gallery.silhouettes(evaluation["sets"]["pets"]["masks"][1]).reshape(-1, 3)
    areas = [int((picture == colour).all(axis=1).sum()) for colour in (gallery.BOTH, gallery.MISSED, gallery.EXCESS)]
    assert areas == [50, 50, 50]


def test_a_gallery_takes_the_best_the_middle_and_the_worst(evaluation: dict, tmp_path: Path) -> None:
    ranks = gallery.chosen(evaluation["sets"]["pets"]["masks"])
    assert {rank: round(mask["iou"], 3) for rank, mask in ranks.items()} == {"best": 1.0, "middle": 0.333, "worst": 0.0}
    gallery.draw([evaluation], tmp_path / "gallery.png")
    assert Image.open(tmp_path / "gallery.png").width <= 1200


def test_a_curve_groups_categories_by_their_train_regions(evaluation: dict, tmp_path: Path) -> None:
    curve = data_curve.by_category(evaluation, {"pets": {"cat": 40, "dog": 2}})
    lines = data_curve.table({"text": curve}).splitlines()
    assert lines[2] == "| 1 to 3 | 0.000 | 1 | 1 |"
    assert lines[3] == "| 4 to 10 |  | 0 | 0 |"
    assert lines[5] == "| 31 to 100 | 0.667 | 1 | 2 |"
    data_curve.draw({"text": curve}, "nano 1", tmp_path / "curve.png")
    assert (tmp_path / "curve.png").stat().st_size > 0


def test_a_reliability_plot_shows_the_mean_of_each_fifth_of_the_scores(evaluation: dict, tmp_path: Path) -> None:
    pairs = [(0.1, 0.3), (0.15, 0.1), (0.9, 0.8), (1.0, 0.6)]
    evaluation["sets"]["pets"]["estimates"] = [{"score": score, "iou": iou} for score, iou in pairs]
    means = reliability.bin_means(reliability.estimates(evaluation))
    assert np.allclose(means, [(0.125, 0.2, 2), (0.95, 0.7, 2)])
    reliability.draw([evaluation], tmp_path / "reliability.png")
    assert (tmp_path / "reliability.png").stat().st_size > 0
