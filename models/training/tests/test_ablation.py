"""The ablation's table says what the runs gave."""

from pathlib import Path

import pytest

from loop.train import COLUMNS as LOG_COLUMNS
from network.variants import FULL_RECIPE, Recipe
from score import curves
from score.ablation import COLUMNS, interval, read_ablation, step_table, steps, summarise, table

CONFIG = Path(__file__).parents[1] / "score" / "ablation.toml"
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


def test_steps_compare_an_arm_with_the_one_before_on_the_same_photos() -> None:
    ablation = read_ablation(CONFIG)
    names = [arm.name for arm in ablation.arms]
    before = {"photos": [{**GOOD, **WORDS}, {**BAD, **WORDS}] * 4}
    after = {"photos": [{**photo, "text": [[20, 40]], "choice": [1.0]} for photo in before["photos"]]}
    gains = steps(ablation, {name: [before, before] for name in names[:3]} | {name: [after] * 2 for name in names[3:]})
    assert list(gains) == names[1:4], "neither the first arm nor other sizes are steps"
    assert gains[names[1]]["text mIoU"] == gains[names[3]]["box mIoU"] == (0, 0, 0)
    mean, low, high = gains[names[3]]["multiple choice"]
    assert low < mean < high and mean == pytest.approx(0.5)
    assert "| + vision-expert distillation | +0.000 (+0.000 to +0.000) |" in step_table(gains)


def test_curves_are_drawn_of_a_short_run(tmp_path: Path) -> None:
    log = tmp_path / "run" / "log.csv"
    log.parent.mkdir()
    values = {"step": 1, "kind": "zoom", "samples": 8, "bce": 0}
    rows = [",".join(str(values.get(name, 0.5)) for name in LOG_COLUMNS)] * 3
    log.write_text("\n".join([",".join(LOG_COLUMNS), *rows]) + "\n")
    curves.draw([log], tmp_path / "curves.png")
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
