"""The training losses (reference section 2f): 2.0 BCE + 2.0 dice on masks, cross-entropy on the answer's words, and
dense feature distillation (section 2e).

Five departures from the paper. Mask losses are taken over the whole feature map (the true mask averaged down to it) and
not at PointRend's sampled points; dice weighs 2.0, not 0.5; the final state of a patch should name the category there;
the state of a ``[SEG]`` should tell how good its mask is; and of several masks that are offered for one click, the best
ones learn (as in SAM, arXiv 2304.02643).
"""

from dataclasses import dataclass
from itertools import combinations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

BCE_WEIGHT = 2.0
DICE_WEIGHT = 2.0
NAMING_WEIGHT = 0.5
DISTILLATION_WEIGHT = 0.5
"""Of the low-resolution states and of the upsampled features each, as in the paper with two teachers."""

QUALITY_WEIGHT = 0.3
LEFT_OUT_WEIGHT = 0.1
"""Of the mask losses of a candidate that stands for none of the known masks: enough to keep it a mask."""


@dataclass(frozen=True)
class Losses:
    text: Tensor
    bce: Tensor
    dice: Tensor
    naming: Tensor
    distillation: Tensor
    quality: Tensor

    @property
    def parts(self) -> tuple[Tensor, ...]:
        return self.text, self.bce, self.dice, self.naming, self.distillation, self.quality

    @property
    def total(self) -> Tensor:
        masks = BCE_WEIGHT * self.bce + DICE_WEIGHT * self.dice
        others = NAMING_WEIGHT * self.naming + DISTILLATION_WEIGHT * self.distillation
        return self.text + masks + others + QUALITY_WEIGHT * self.quality


def text_loss(logits: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
    """logits (n, V), labels (n,), weights (n,) -> sum of weight x cross-entropy over the count of tokens of full
    weight, so that the many tokens around masks do not thin out the few that are words; over the count of all when none
    is full."""
    full = (weights >= 1).sum()
    losses = F.cross_entropy(logits.float(), labels, reduction="none") * weights
    return losses.sum() / (full if full else len(losses))


def naming_loss(patch_states: Tensor, category_vectors: Tensor, labels: Tensor) -> Tensor:
    """patch_states (B, N, h), category_vectors (K, h), labels (B, N), K or more where unknown -> mean cross-entropy.

    Category vectors are the mean embeddings of the names' tokens, so patches learn to look like the words for them and
    a ``[SEG]`` that has read a word has something to match. It adds no weights and is not used at inference.
    """
    known = labels < len(category_vectors)
    if not known.any():
        return patch_states.new_zeros(())
    return F.cross_entropy((patch_states[known] @ category_vectors.T).float(), labels[known])


class DistillationHeads(nn.Module):
    """A linear layer for each student feature that regresses the teacher's (section 2e). Not part of the model: they
    are dropped at export."""

    def __init__(self, hidden_size: int, mask_dim: int, teacher_channels: int) -> None:
        super().__init__()
        self.states = nn.Linear(hidden_size, teacher_channels)
        self.features = nn.Linear(mask_dim, teacher_channels)

    def forward(self, patch_states: Tensor, features: Tensor | None, teacher: Tensor, known: Tensor) -> Tensor:
        """Sum of the mean squared errors of both, over the samples that ``known`` (B,) names.

        patch_states (B, Hp, Wp, h); features (B, H', W', C), or None where no mask is asked for; teacher (B, Hp, Wp,
        T), upsampled bilinearly to the features' grid.
        """
        if not known.any():
            return patch_states.new_zeros(())
        teacher = teacher[known]
        loss = F.mse_loss(self.states(patch_states[known]).float(), teacher)
        if features is not None:
            fine = F.interpolate(teacher.permute(0, 3, 1, 2), features.shape[1:3], mode="bilinear").permute(0, 2, 3, 1)
            loss = loss + F.mse_loss(self.features(features[known]).float(), fine)
        return loss


def mask_losses(mask_logits: Tensor, targets: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
    """mask_logits and targets (S, H', W'), targets between 0 and 1; weights (S,) -> weighted means of BCE and dice
    loss; 0 where nothing has weight."""
    logits, targets = mask_logits.float().flatten(1), targets.flatten(1)
    bce = F.binary_cross_entropy_with_logits(logits, targets, reduction="none").mean(1)
    probabilities = logits.sigmoid()
    overlap = (probabilities * targets).sum(1)
    dice = 1 - (2 * overlap + 1) / (probabilities.sum(1) + targets.sum(1) + 1)
    total = weights.sum().clamp(min=1e-6)
    return (bce * weights).sum() / total, (dice * weights).sum() / total


@torch.no_grad()
def assigned_candidates(
    mask_logits: Tensor, targets: Tensor, weights: Tensor, candidates: list[list[int]]
) -> tuple[Tensor, Tensor]:
    """targets (S, H', W') and weights (S,) with those of the candidates set: of the three ``[SEG]`` from ``first`` on
    (``candidates``: [first, how many different targets]), those that fit best stand for the targets, larger before
    smaller; the others learn the nearest one's a little."""
    targets, weights = targets.clone(), weights.clone()
    for first, known in candidates:
        logits, wanted = mask_logits[first : first + 3].float().flatten(1), targets[first : first + 3].clone()
        costs = pair_costs(logits, wanted.flatten(1)).tolist()
        places = min(
            combinations(range(3), known), key=lambda chosen: sum(costs[slot][n] for n, slot in enumerate(chosen))
        )
        for slot in range(3):
            nearest = min(range(known), key=lambda n: abs(places[n] - slot))
            targets[first + slot] = wanted[nearest]
            weights[first + slot] = 1.0 if slot in places else LEFT_OUT_WEIGHT
    return targets, weights


def pair_costs(logits: Tensor, targets: Tensor) -> Tensor:
    """logits and targets (3, P) -> (3, 3) BCE plus dice loss of each mask with each target."""
    bce = F.softplus(logits).mean(1, keepdim=True) - logits @ targets.T / logits.shape[1]
    probabilities = logits.sigmoid()
    sizes = probabilities.sum(1, keepdim=True) + targets.sum(1)
    return bce + 1 - (2 * probabilities @ targets.T + 1) / (sizes + 1)


def quality_loss(judgements: Tensor, mask_logits: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """judgements (S,): logits of the IoU that each ``[SEG]`` expects of its mask; other shapes as in ``mask_losses``.
    A mask of what is not there is worth nothing."""
    found, wanted = mask_logits.detach().flatten(1) > 0, targets.flatten(1) > 0.5
    overlap, union = (found & wanted).sum(1), (found | wanted).sum(1)
    truth = overlap / union.clamp(min=1)
    losses = F.binary_cross_entropy_with_logits(judgements.float(), truth, reduction="none")
    return (losses * weights).sum() / weights.sum().clamp(min=1e-6)


def grouped_mask_logits(features: Tensor, queries: Tensor, sample_of: Tensor) -> Tensor:
    """features (B, H', W', C), queries (S, C), sample_of (S,) ascending -> (S, H', W'): each query times the features
    of its own sample, as one batched product over the largest number of queries per sample."""
    batch = features.shape[0]
    counts = torch.bincount(sample_of, minlength=batch)
    place = torch.arange(len(sample_of), device=sample_of.device) - (counts.cumsum(0) - counts)[sample_of]
    padded = queries.new_zeros(batch, int(counts.max()), queries.shape[1])
    padded = padded.index_put((sample_of, place), queries)
    logits = torch.einsum("bqc,byxc->bqyx", padded, features)
    return logits[sample_of, place]
