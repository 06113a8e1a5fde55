"""The ablation's table says what the runs gave."""

from pathlib import Path

import pytest

import curves
from ablation import COLUMNS, interval, read_ablation, summarise, table
from train import COLUMNS as LOG_COLUMNS
from variants import FULL_RECIPE, Recipe

CONFIG = Path(__file__).parents[1] / "ablation.toml"
GOOD = {"box": [[9, 10]], "point": [[8, 10]], "scribble": [[1, 1]], "text": [[30, 40]], "choice": [1.0]}
BAD = {"box": [[1, 10]], "point": [[2, 10]], "scribble": [[0, 0], [1, 2]], "text": [[10, 60]], "choice": [0.0]}
WORDS = {"name": [0.0], "description": [0.5]}


def test_each_arm_adds_one_step_and_the_last_is_the_whole_recipe() -> None:
    arms = [arm for arm in read_ablation(CONFIG).arms if not arm.sizes]
    assert arms[0].recipe == Recipe(False, False, False) and arms[-1].recipe == FULL_RECIPE
    counts = [sum(vars(arm.recipe).values()) for arm in arms]
    assert counts == [0, 1, 2, 3]
    assert len({arm.folder for arm in read_ablation(CONFIG).arms}) == 6


def test_means_weigh_objects_alike_and_cumulative_ious_weigh_pixels() -> None:
    photos = [{**GOOD, **WORDS}, {**BAD, **WORDS}]
    assert COLUMNS["box mIoU"](photos) == pytest.approx(0.5)
    assert COLUMNS["scribble mIoU"](photos) == pytest.approx(0.75), "nothing found of nothing is not scored"
    assert COLUMNS["text cIoU"](photos) == pytest.approx(40 / 100)
    assert COLUMNS["multiple choice"](photos) == pytest.approx(0.5)


def test_intervals_hold_the_mean_and_close_when_nothing_varies() -> None:
    same = [[{**GOOD, **WORDS}] * 4] * 2
    assert interval(same, COLUMNS["box mIoU"]) == pytest.approx((0.9, 0.9, 0.9))
    varied = [[{**GOOD, **WORDS}, {**BAD, **WORDS}] * 8] * 2
    mean, low, high = interval(varied, COLUMNS["box mIoU"])
    assert low < mean < high and mean == pytest.approx(0.5)


def test_the_table_has_a_row_for_each_arm() -> None:
    ablation = read_ablation(CONFIG)
    result = {"seed": 1, "parameters": 7_950_000, "minutes": 3.0, "photos": [{**GOOD, **WORDS}, {**BAD, **WORDS}]}
    text = table(ablation, summarise({arm.name: [result, result] for arm in ablation.arms}), 2)
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(rows) == 1 + len(ablation.arms)
    assert "| + learnable upsampling | 7.95 M | 2 | 3.0 | 0.500 ± " in text


def test_curves_are_drawn_of_a_short_run(tmp_path: Path) -> None:
    log = tmp_path / "run" / "log.csv"
    log.parent.mkdir()
    values = {"step": 1, "kind": "zoom", "samples": 8, "bce": 0}
    rows = [",".join(str(values.get(name, 0.5)) for name in LOG_COLUMNS)] * 3
    log.write_text("\n".join([",".join(LOG_COLUMNS), *rows]) + "\n")
    curves.draw([log], tmp_path / "curves.png")
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
