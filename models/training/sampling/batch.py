"""What a training step reads, and how its items are drawn by weight."""

from dataclasses import dataclass
from random import Random

import numpy as np

from network.sequence import Branch


@dataclass
class Sample:
    """One image block and its branches, with the masks that the branches' ``[SEG]`` stand for, in textual order; None
    stands for a mask that nobody drew."""

    image: np.ndarray
    labels: np.ndarray
    teacher: np.ndarray | None
    prompt_index: np.ndarray
    branches: list[Branch]
    targets: list[np.ndarray | None]


@dataclass
class Batch:
    """images (B, H, W, 3) uint8; patch_labels (B, N), UNLABELLED where unknown; teacher (B, Hp, Wp, T) float16, zero
    where ``taught`` (B,) is false; prompt_index (B, N); text arrays (B, T), branch 0 where padded; targets (S, H/4,
    W/4) uint8 for the S ``[SEG]`` tokens in reading order, of which ``drawn`` (S,) says whether the mask is known;
    candidates (G, 2): the first of three ``[SEG]`` that offer masks for one click, and how many different targets are
    known, which stand at these places, larger before smaller, the last one repeated."""

    images: np.ndarray
    patch_labels: np.ndarray
    teacher: np.ndarray
    taught: np.ndarray
    prompt_index: np.ndarray
    text_ids: np.ndarray
    text_positions: np.ndarray
    text_branch: np.ndarray
    label_weights: np.ndarray
    targets: np.ndarray
    drawn: np.ndarray
    candidates: np.ndarray
    kind: str


class WeightedGroups:
    """Draws items by weight, or several that share one item's group."""

    def __init__(self, weights: np.ndarray, groups: list) -> None:
        members: dict = {}
        for number, group in enumerate(groups):
            members.setdefault(group, []).append(number)
        self.groups = list(members)
        self.members = [np.array(members[g]) for g in self.groups]
        self.sums = [weights[m].cumsum() for m in self.members]
        self.totals = np.array([s[-1] for s in self.sums]).cumsum()

    def draw_group(self, random: Random) -> int:
        return int(np.searchsorted(self.totals, random.random() * self.totals[-1], side="right"))

    def draw(self, group: int, random: Random) -> int:
        sums = self.sums[group]
        return int(self.members[group][np.searchsorted(sums, random.random() * sums[-1], side="right")])
