"""Losses weigh what they say they weigh."""

import torch

from data import TEACHER_CHANNELS
from losses import DistillationHeads, text_loss


def test_words_are_not_thinned_out_by_the_words_around_masks() -> None:
    logits = torch.tensor([[2.0, 0.0], [2.0, 0.0]])
    labels = torch.tensor([1, 0])
    alone = text_loss(logits[:1], labels[:1], torch.tensor([1.0]))
    beside = text_loss(logits, labels, torch.tensor([1.0, 0.1]))
    assert alone.item() < beside.item() < 1.05 * alone.item()


def test_words_around_masks_alone_keep_their_small_weight() -> None:
    logits, labels = torch.tensor([[2.0, 0.0]] * 3), torch.tensor([1, 1, 1])
    weights = torch.full((3,), 0.1)
    assert torch.isclose(text_loss(logits, labels, weights), 0.1 * text_loss(logits, labels, torch.ones(3)))


def test_only_taught_samples_are_distilled() -> None:
    heads = DistillationHeads(8, 4, TEACHER_CHANNELS)
    states, features = torch.randn(2, 2, 3, 8), torch.randn(2, 8, 12, 4)
    teacher = torch.randn(2, 2, 3, TEACHER_CHANNELS)
    first = torch.tensor([True, False])
    loss = heads(states, features, teacher, first)
    teacher[1] = 100.0
    assert torch.equal(heads(states, features, teacher, first), loss)
    assert heads(states, features, teacher, torch.tensor([False, False])).item() == 0.0
    assert heads(states, None, teacher, first) < loss


def test_features_that_equal_the_teacher_cost_nothing() -> None:
    heads = DistillationHeads(TEACHER_CHANNELS, TEACHER_CHANNELS, TEACHER_CHANNELS)
    for head in (heads.states, heads.features):
        torch.nn.init.eye_(head.weight)
        torch.nn.init.zeros_(head.bias)
    teacher = torch.randn(1, 1, 1, TEACHER_CHANNELS)
    everywhere = teacher.expand(1, 4, 4, -1)
    assert heads(teacher, everywhere, teacher, torch.tensor([True])).item() < 1e-10
