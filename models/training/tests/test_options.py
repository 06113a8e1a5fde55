"""The settings of a run come from arguments and from a file."""

from pathlib import Path

import pytest

from loop.options import TrainOptions, train_options
from network.variants import Recipe
from sampling.mix import KINDS

WHERE = ["cache", "run"]


def test_arguments_go_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "run.toml"
    file.write_text(
        'minutes = 5\nlr = 1e-4\ninit = "start"\nsizes = { hidden_size = 128 }\n'
        "recipe = { distillation = false }\nkinds = { zoom = 0 }\n"
    )
    options = train_options([*WHERE, "--options", str(file), "--lr", "2e-4"])
    assert (options.minutes, options.lr, options.init) == (5, 2e-4, Path("start"))
    assert options.recipe == Recipe(distillation=False) and options.sizes == {"hidden_size": 128}
    assert options.kinds == {**KINDS, "zoom": 0}
    assert options.seed == TrainOptions(Path("c"), Path("r"), minutes=1).seed


@pytest.mark.parametrize("ends", [[], ["--minutes", "5", "--samples", "100"]])
def test_one_thing_says_when_training_ends(ends: list[str], capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit):
        train_options([*WHERE, *ends])
    assert "one of minutes, until and samples" in capsys.readouterr().err


def test_a_setting_that_is_none_is_named(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    file = tmp_path / "run.toml"
    file.write_text("minutes = 5\nlearning_rate = 1e-4\n")
    with pytest.raises(SystemExit):
        train_options([*WHERE, "--options", str(file)])
    assert "found learning_rate" in capsys.readouterr().err
