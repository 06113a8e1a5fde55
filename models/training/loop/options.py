"""All settings of a training run, from arguments or a TOML file."""

import argparse
import tomllib
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

from network.variants import FULL_RECIPE, Recipe
from sampling.mix import KINDS


def setting(default: Any, meaning: str, **how: Any) -> Any:
    """A field that is also an argument, as ``argparse`` reads it with ``how``."""
    default_of = {"default_factory": default} if callable(default) else {"default": default}
    return field(**default_of, metadata={"help": meaning, **how})


@dataclass
class TrainOptions:
    """One of ``minutes``, ``until`` and ``samples`` says when training ends."""

    cache: Path
    run: Path
    minutes: float | None = setting(None, "training time in all, earlier sittings included", type=float)
    until: str | None = setting(None, "HH:MM, UTC", type=str)
    samples: int | None = setting(None, "in all, earlier sittings included", type=int)
    init: Path | None = setting(None, "where to start from: an export, or another run's checkpoint.pt", type=Path)
    lr: float = setting(6e-4, "peak of the learning rate", type=float)
    warmup: int = setting(200, "steps", type=int)
    weight_decay: float = setting(0.05, "of matrices", type=float)
    clip: float = setting(1.0, "largest norm of the gradient", type=float)
    ema_decay: float = setting(0.999, "of the moving average of the weights", type=float)
    seed: int = setting(1, "of batches and fresh weights", type=int)
    tokens_per_batch: int = setting(900, "for each rank", type=int)
    views_from: float = setting(0.0, "0: small first; 1: only the runtime's sizes", type=float)
    ranks: int = setting(2, "processes of one thread each", type=int)
    save_every: float = setting(2.0, "minutes", type=float)
    kinds: dict[str, int] = field(default_factory=lambda: dict(KINDS))
    """How often each kind of batch is drawn."""
    recipe: Recipe = FULL_RECIPE
    sizes: dict[str, int] = field(default_factory=dict)
    """What differs from ``nano_config``."""

    def __post_init__(self) -> None:
        ends = [name for name in ("minutes", "until", "samples") if getattr(self, name) is not None]
        if len(ends) != 1:
            said = " and ".join(ends) or "none of them"
            raise ValueError(f"expected one of minutes, until and samples to say when training ends, found {said}")


def train_options(words: list[str] | None = None, description: str = "") -> TrainOptions:
    """From the arguments of a command; what they leave out comes from the TOML file of ``--options``, if any. Ends the
    program where they make no sense.

    @raises SystemExit as ``argparse`` does.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--options", type=Path, help="TOML file with any of these, and kinds, recipe, sizes")
    for one in fields(TrainOptions):
        if "help" in one.metadata:
            name = f"--{one.name.replace('_', '-')}"
            shown = "" if one.default in (None, MISSING) else f" (default {one.default})"
            how = {**one.metadata, "help": one.metadata["help"] + shown}
            parser.add_argument(name, default=argparse.SUPPRESS, **how)
    given = vars(parser.parse_args(words))
    file = given.pop("options", None)
    try:
        return TrainOptions(**{**(options_of(file) if file else {}), **given})
    except (TypeError, ValueError, OSError) as problem:
        parser.error(str(problem))


def options_of(file: Path) -> dict[str, Any]:
    """What a TOML file says, by the names of ``TrainOptions``.

    @raises ValueError where a name is not one of them, or is given as an argument only.
    """
    values = tomllib.loads(file.read_text())
    known = {one.name for one in fields(TrainOptions)} - {"cache", "run"}
    unknown = sorted(set(values) - known)
    if unknown:
        raise ValueError(f"{file}: expected settings among {', '.join(sorted(known))}, found {', '.join(unknown)}")
    if "init" in values:
        values["init"] = Path(values["init"])
    if "recipe" in values:
        values["recipe"] = Recipe(**values["recipe"])
    if "kinds" in values:
        values["kinds"] = {**KINDS, **values["kinds"]}
    return values
