"""Compare this model with the arrays that the authors' code produced: ``python -m export.check_parity FIXTURE_DIR``.

Prints the largest difference of every array and fails when one is over the fixture's stated tolerance.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from export.reference_outputs import compute_outputs
from network.weights import load_export

MASK_PIXELS = 4
TOLERANCES = {"patches": 1e-6, "inputs_embeds": 1e-5, "mask_logits": 3e-4}
DEFAULT_TOLERANCE = 5e-5


def compare(expected: np.ndarray, actual: np.ndarray, name: str) -> tuple[float, float]:
    """(difference, allowed): pixels for masks, largest absolute difference for floats, count for exact arrays."""
    if expected.shape != actual.shape:
        return float("inf"), 0.0
    if expected.dtype.kind == "f":
        kind = next((key for key in TOLERANCES if key in name), "")
        difference = float(np.abs(expected.astype(np.float64) - actual).max(initial=0.0))
        return difference, TOLERANCES.get(kind, DEFAULT_TOLERANCE)
    wrong = float(np.count_nonzero(expected != actual))
    is_mask = name.endswith("masks") and not name.startswith("prompt_")
    return wrong, MASK_PIXELS * expected.shape[0] if is_mask else 0.0


def check(fixture: Path) -> list[tuple[str, float, float]]:
    model, tokenizer = load_export(fixture)
    inputs = json.loads((fixture / "inputs.json").read_text())
    actual = compute_outputs(model, tokenizer, inputs, fixture)
    with np.load(fixture / "expected.npz") as expected:
        missing = sorted(set(expected.files) - set(actual))
        if missing:
            raise SystemExit(f"not computed: {', '.join(missing)}")
        return [(name, *compare(expected[name], actual[name], name)) for name in expected.files]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fixture", type=Path)
    results = check(parser.parse_args().fixture)
    for name, difference, allowed in results:
        print(f"{'ok ' if difference <= allowed else 'BAD'} {name:28} {difference:.2e} (allowed {allowed:.0e})")
    sys.exit(any(difference > allowed for _, difference, allowed in results))


if __name__ == "__main__":
    main()
