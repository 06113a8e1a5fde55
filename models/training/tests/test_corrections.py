"""Corrections are drawn on what is wrong, and undo it."""

import json
from dataclasses import asdict
from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch
from pycocotools import mask as coco_mask

from data.mistakes import Click, collect, mistake_of
from network.config import nano_config
from network.model import PixelSail, initialise
from network.tokenizer import CONFIG_SPECIALS, PROMPTS
from sampling.corrections import Mistake, correcting_clicks, correction_marks, next_click, read_mistakes
from sampling.samples import Sampler
from sampling.views import View
from test_samples import BYTES, tiny_cache


def disc(x: int, y: int, radius: int) -> np.ndarray:
    rows, columns = np.mgrid[0:96, 0:128]
    return ((columns - x) ** 2 + (rows - y) ** 2 < radius**2).astype(np.uint8)


def test_the_next_click_is_the_deepest_point_of_the_larger_error() -> None:
    truth, found = disc(40, 48, 30), disc(40, 48, 30) | disc(100, 48, 20)
    click = next_click(found, truth)
    assert click is not None and click.sum() == 1
    row, column = np.argwhere(click)[0]
    assert abs(row - 48) <= 1 and abs(column - 100) <= 1
    assert next_click(truth, truth) is None


def test_each_click_is_on_an_error_of_its_own() -> None:
    truth = disc(30, 48, 20) | disc(90, 30, 12)
    found = disc(30, 48, 20) | disc(90, 75, 10)
    for seed in range(20):
        clicks = list(correcting_clicks(found, truth, 3, Random(seed)))
        assert [positive for _, positive in clicks] == [True, False], "the third has nothing left to correct"
        (x, y), (u, v) = clicks[0][0], clicks[1][0]
        assert disc(90, 30, 12)[y, x] and disc(90, 75, 10)[v, u]


def test_the_mask_and_clicks_of_both_signs_have_ids_of_their_own() -> None:
    truth, found = disc(40, 48, 30), disc(40, 48, 30) | disc(100, 48, 20)
    seen = set()
    for seed in range(60):
        marks, words = correction_marks(found, truth, (40, 48), 3, Random(seed))
        seen.add(words)
        ids = [number for number, _ in marks]
        assert all(f"<Prompt{number}>" in words for number in ids) and len(set(ids)) == len(ids)
    assert seen == {"<Prompt3> with <Prompt4> but not <Prompt5>", "<Prompt3> but not <Prompt4>"}


@pytest.mark.parametrize("flipped", [False, True])
def test_a_pixel_is_seen_where_the_view_shows_it(flipped: bool) -> None:
    view = View(0, (8, 4, 40, 20), (64, 32), flipped)
    picture = np.zeros((48, 64), np.uint8)
    picture[10:12, 20:22] = 1
    column, row = view.place((20, 10))
    assert view.mask(picture)[row, column] == 1


def test_a_correction_asks_for_the_true_mask_with_the_wrong_one_marked() -> None:
    cache = tiny_cache()
    found = np.zeros((48, 64), np.uint8)
    found[10:20, 30:40] = 1
    mistake = mistake_of(cache, Click(0, (33, 12), View(0, (0, 0, 64, 48), (64, 48), False)), found)
    assert mistake is not None
    sampler = Sampler(cache, BYTES, 1, 100, 4, [mistake])
    sample = sampler.correction_sample(mistake, (96, 64), 0.25, Random(2))
    assert sample.targets[0].max() == 255 and len(sample.branches) == 1
    assert len({n for n in sample.prompt_index if n >= 0}) >= 2
    kinds = {sampler.batch(step, 0.0).kind for step in range(80)}
    assert "correction" in kinds
    assert "correction" not in Sampler(cache, BYTES, 1, 100, 4).kinds


def test_masks_that_are_nearly_right_are_no_mistakes() -> None:
    cache = tiny_cache()
    click = Click(0, (33, 12), View(0, (0, 0, 64, 48), (64, 48), False))
    assert mistake_of(cache, click, cache.mask(0)) is None
    wrong = mistake_of(cache, click, np.zeros((48, 64), np.uint8))
    assert wrong is not None and not wrong.mask(48, 64).any()
    x, y, w, h = wrong.box
    assert x <= 33 < x + w and y <= 12 < y + h


def test_an_untrained_model_makes_mistakes_that_can_be_read_back(tmp_path: Path) -> None:
    special = {token: BYTES.special[token] for token in CONFIG_SPECIALS}
    model = PixelSail(nano_config(300, special, [BYTES.special[token] for token in PROMPTS])).eval()
    initialise(model, 1)
    cache = tiny_cache()
    sampler = Sampler(cache, BYTES, 1, 0, 4)
    torch.set_num_threads(1)
    made = collect(model, sampler, 3, 1)
    assert 0 < len(made) <= 3
    (tmp_path / "mistakes.json").write_text(json.dumps([asdict(mistake) for mistake in made]))
    written = [{**asdict(m), "box": list(m.box), "point": list(m.point)} for m in made]
    assert [asdict(m) for m in read_mistakes(tmp_path)] == written
    assert isinstance(made[0], Mistake)
    shape = {"size": [48, 64], "counts": made[0].counts.encode()}
    assert coco_mask.area(shape) == made[0].mask(48, 64).sum()
    assert read_mistakes(tmp_path / "none") == []
