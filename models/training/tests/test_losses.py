"""Losses weigh what they say they weigh."""

import torch

from data.cache import TEACHER_CHANNELS
from loop.losses import LEFT_OUT_WEIGHT, DistillationHeads, assigned_candidates, mask_losses, quality_loss, text_loss


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


def squares(*sides: int) -> torch.Tensor:
    """Squares of these sides in the corner of an 8 x 8 picture."""
    masks = torch.zeros(len(sides), 8, 8)
    for mask, side in zip(masks, sides, strict=True):
        mask[:side, :side] = 1
    return masks


def sure(masks: torch.Tensor) -> torch.Tensor:
    return masks * 20 - 10


def test_the_candidate_that_fits_best_learns_a_lone_mask() -> None:
    targets, weights = assigned_candidates(sure(squares(8, 4, 1)), squares(4, 4, 4), torch.ones(3), [[0, 1]])
    assert torch.equal(targets, squares(4, 4, 4))
    assert torch.allclose(weights, torch.tensor([LEFT_OUT_WEIGHT, 1.0, LEFT_OUT_WEIGHT]))


def test_a_larger_mask_stands_before_a_smaller_one() -> None:
    logits = sure(squares(3, 8, 7, 2))
    targets, weights = assigned_candidates(logits, squares(5, 7, 2, 2), torch.ones(4), [[1, 2]])
    assert torch.equal(targets[0], squares(5)[0]) and weights[0] == 1, "what is no candidate stays as it was"
    assert torch.equal(targets[1:], squares(7, 7, 2))
    assert torch.allclose(weights[1:], torch.tensor([LEFT_OUT_WEIGHT, 1.0, 1.0]))


def test_masks_that_nobody_drew_teach_nothing() -> None:
    logits, targets = torch.randn(2, 8, 8), squares(4, 4)
    alone = mask_losses(logits[:1], targets[:1], torch.ones(1))
    beside = mask_losses(logits, targets, torch.tensor([1.0, 0.0]))
    assert torch.allclose(torch.stack(alone), torch.stack(beside))
    assert [loss.item() for loss in mask_losses(logits, targets, torch.zeros(2))] == [0.0, 0.0]


def test_a_mask_of_what_is_not_there_is_judged_as_worthless() -> None:
    masks, right, absent = sure(squares(4)), squares(4), squares(0)
    high, low = torch.tensor([5.0]), torch.tensor([-5.0])
    one = torch.ones(1)
    assert quality_loss(high, masks, right, one) < quality_loss(low, masks, right, one)
    assert quality_loss(low, masks, absent, one) < quality_loss(high, masks, absent, one)
    assert quality_loss(low, sure(absent), absent, one) < quality_loss(high, sure(absent), absent, one)
