"""From a photo, prompts and text branches to the numbers the model reads (reference sections 1b to 1d, 2d, 6).

One sequence is the image block followed by any number of independent text branches. Each branch attends to the image
block and to itself, and its positions restart after the image block: exactly what a runtime does that caches the image
block and asks several questions of it.
"""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image

from network.tokenizer import TextEncoder

MEAN = np.array([0.485, 0.456, 0.406], np.float32)
STD = np.array([0.229, 0.224, 0.225], np.float32)
PADDING_BRANCH = 0
NO_PROMPT, NOT_A_PATCH = -2, -1


def target_size(width: int, height: int, patch: int = 16, longest: int = 1024) -> tuple[int, int]:
    """The reference's resize rule (section 1b.1): (width, height) rounded up to whole patches, aspect kept."""
    long, short = max(width, height), min(width, height)
    new_long = min(math.ceil(long / patch) * patch, longest)
    new_short = max(math.ceil(int(new_long * short / long) / patch) * patch, patch)
    return (new_long, new_short) if width >= height else (new_short, new_long)


def scaled_size(width: int, height: int, side: int, patch: int = 16) -> tuple[int, int]:
    """(width, height) when the long side is first scaled to exactly ``side``, then the resize rule is applied."""
    scale = side / max(width, height)
    return target_size(max(1, round(width * scale)), max(1, round(height * scale)), patch)


def resize_image(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """(H, W, 3) uint8 -> size (width, height), PIL bilinear with antialiasing, as the reference does."""
    if (image.shape[1], image.shape[0]) == size:
        return image
    return np.asarray(Image.fromarray(image).resize(size, Image.Resampling.BILINEAR))


def patchify(image: np.ndarray, patch: int = 16) -> np.ndarray:
    """(..., H, W, 3) uint8 -> (..., N, 768) float32: normalised, row-major grid, inside a patch (channel, y, x)."""
    *batch, height, width, channels = image.shape
    normalised = (image.astype(np.float32) / 255.0 - MEAN) / STD
    blocks = normalised.reshape(*batch, height // patch, patch, width // patch, patch, channels)
    axes = len(batch)
    order = (*range(axes), axes, axes + 2, axes + 4, axes + 1, axes + 3)
    return blocks.transpose(order).reshape(*batch, -1, channels * patch * patch)


def patch_marks(mask: np.ndarray, patch: int = 16) -> np.ndarray:
    """(H, W) prompt mask at target size -> (Hp, Wp) bool: a patch is marked if any of its pixels is set."""
    height, width = mask.shape
    return (mask != 0).reshape(height // patch, patch, width // patch, patch).any(axis=(1, 3))


def prompt_index(marks: list[tuple[int, np.ndarray]], grid: tuple[int, int]) -> np.ndarray:
    """(id, patch marks) in writing order -> (N,) int: the prompt id of each patch; later prompts override."""
    index = np.full(grid, NO_PROMPT, np.int64)
    for prompt_id, mark in marks:
        index[mark] = prompt_id
    return index.reshape(-1)


@dataclass(frozen=True)
class Branch:
    """One question and its answer. ``text_weight`` scales the loss on the answer's words."""

    question: str
    answer: str
    text_weight: float = 1.0
    candidates: int = 0
    """Of an answer that offers several masks: how many different ones are known; its ``[SEG]`` may stand for any of
    them, larger before smaller. 0 where each ``[SEG]`` has its own mask."""


def chat_prompt(question: str) -> str:
    return f"<|im_start|>user\n{question}<|im_end|>\n"


def image_block_ids(special: dict[str, int], patches: int) -> list[int]:
    return [special["<vision>"], *[special["<vpatch>"]] * patches, special["</vision>"]]


def image_block_positions(grid: tuple[int, int]) -> np.ndarray:
    """(3, N + 2): ``<vision>`` is 0, patch (r, c) is (1, 1 + r, 1 + c), ``</vision>`` is one more than the largest."""
    rows, columns = np.divmod(np.arange(grid[0] * grid[1]), grid[1])
    patches = np.stack((np.ones_like(rows), 1 + rows, 1 + columns))
    last = np.full((3, 1), first_text_position(grid) - 1)
    return np.concatenate((np.zeros((3, 1), np.int64), patches, last), axis=1)


def first_text_position(grid: tuple[int, int]) -> int:
    return max(grid) + 2


@dataclass(frozen=True)
class TextTokens:
    """The branches of one sample, laid end to end; all arrays (T,)."""

    ids: np.ndarray
    positions: np.ndarray
    branch: np.ndarray
    label_weights: np.ndarray
    """Loss weight of *predicting this token*; 0 on questions."""


def encode_branches(tokenizer: TextEncoder, branches: list[Branch], start: int) -> TextTokens:
    """``start``: position of each branch's first token (0 for a text without image). Branches count from 1."""
    ids, positions, branch, weights = [], [], [], []
    for number, item in enumerate(branches, start=1):
        question = tokenizer.encode(chat_prompt(item.question))
        answer = [*tokenizer.encode(item.answer), tokenizer.special["<|endoftext|>"]]
        ids += question + answer
        positions += range(start, start + len(question) + len(answer))
        branch += [number] * (len(question) + len(answer))
        weights += [0.0] * len(question) + [item.text_weight] * len(answer)
    return TextTokens(*map(np.array, (ids, positions, branch)), np.array(weights, np.float32))


def text_attention_mask(branch: np.ndarray, image_length: int) -> np.ndarray:
    """branch (B, T), 0 where padded -> (B, T, image_length + T) bool. Text sees the whole image block, and what came
    before it in its own branch. A padded place sees itself too, so that no row is empty."""
    places = np.arange(branch.shape[1])
    causal = places[:, None] >= places[None, :]
    own = (branch[:, :, None] == branch[:, None, :]) & causal
    image = np.ones((*branch.shape, image_length), bool)
    return np.concatenate((image, own), axis=2)
