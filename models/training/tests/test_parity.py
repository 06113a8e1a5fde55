"""The model computes what the authors' code computes."""

import os
from pathlib import Path

import pytest

from export.check_parity import check

ROOT = Path(__file__).parents[3]
FIXTURES = {
    "small": ROOT / "tests" / "fixtures" / "parity-small",
    "authors": Path(os.environ.get("PIXELSAIL_PARITY", ROOT.parent / "shared" / "fixtures" / "parity")),
}


@pytest.mark.parametrize("name", FIXTURES)
def test_every_array_is_within_tolerance(name: str) -> None:
    fixture = FIXTURES[name]
    if not fixture.exists():
        pytest.skip(f"{fixture} is not here")
    assert [(array, off) for array, off, allowed in check(fixture) if off > allowed] == []
