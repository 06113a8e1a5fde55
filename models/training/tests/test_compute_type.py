import pytest
import torch

from network import compute_type


@pytest.mark.parametrize(
    ("bfloat16_seconds", "expected"),
    [
        pytest.param(0.16, torch.float32, id="a processor that emulates bfloat16"),
        pytest.param(0.01, torch.bfloat16, id="a processor with quick bfloat16"),
    ],
)
def test_the_quicker_type_is_computed_in(monkeypatch, bfloat16_seconds, expected):
    compute_type.quickest_type.cache_clear()
    seconds = {torch.float32: 0.02, torch.bfloat16: bfloat16_seconds}
    monkeypatch.setattr(compute_type, "product_seconds", seconds.__getitem__)
    with compute_type.autocast(torch.device("cpu")):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype is expected
    compute_type.quickest_type.cache_clear()


def test_both_types_can_be_timed():
    assert min(map(compute_type.product_seconds, (torch.float32, torch.bfloat16))) > 0
