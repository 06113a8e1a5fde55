import torch

import compute_type


def test_a_processor_that_emulates_bfloat16_computes_in_float32(monkeypatch):
    compute_type.quickest_type.cache_clear()
    seconds = {torch.float32: 0.02, torch.bfloat16: 0.16}
    monkeypatch.setattr(compute_type, "product_seconds", seconds.__getitem__)
    with compute_type.autocast(torch.device("cpu")):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype is torch.float32
    compute_type.quickest_type.cache_clear()


def test_a_processor_with_quick_bfloat16_computes_in_it(monkeypatch):
    compute_type.quickest_type.cache_clear()
    seconds = {torch.float32: 0.02, torch.bfloat16: 0.01}
    monkeypatch.setattr(compute_type, "product_seconds", seconds.__getitem__)
    with compute_type.autocast(torch.device("cpu")):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype is torch.bfloat16
    compute_type.quickest_type.cache_clear()


def test_both_types_can_be_timed():
    assert min(map(compute_type.product_seconds, (torch.float32, torch.bfloat16))) > 0
