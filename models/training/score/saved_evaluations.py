"""Commands that draw what ``pixelsail eval --save`` wrote."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path


def draw_saved(description: str | None, draw: Callable[[list[dict], Path], None]) -> None:
    """Reads ``OUT.png EVAL.json [EVAL.json ...]`` from the command line and draws the evaluations to OUT.png."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("evaluations", type=Path, nargs="+")
    arguments = parser.parse_args()
    draw([json.loads(path.read_text()) for path in arguments.evaluations], arguments.out)
