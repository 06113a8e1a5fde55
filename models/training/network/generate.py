"""Inference: one photo, its visual prompts, and a greedy answer (reference section 2b).

Written for checking and scoring, so it is plain rather than fast: the whole sequence is run anew for every token.
"""

from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from network.model import PixelSail
from network.sequence import (
    first_text_position,
    image_block_ids,
    image_block_positions,
    patch_marks,
    patchify,
    prompt_index,
    resize_image,
    text_attention_mask,
)
from network.tokenizer import TextEncoder


@dataclass(frozen=True)
class PreparedImage:
    """patches (1, N, 768), prompt_index (1, N), grid (Hp, Wp)."""

    patches: Tensor
    prompt_index: Tensor
    grid: tuple[int, int]

    def positions_with(self, text_positions: np.ndarray) -> Tensor:
        """(3, 1, L): the image block's positions, then the text's on all three axes."""
        text = np.broadcast_to(text_positions, (3, len(text_positions)))
        return torch.from_numpy(np.concatenate((image_block_positions(self.grid), text), axis=1))[:, None]


def prepare_image(
    photo: np.ndarray, prompts: list[tuple[int, np.ndarray]], size: tuple[int, int], patch: int = 16
) -> PreparedImage:
    """photo (H, W, 3) uint8 and prompts (id, (H, W) mask), both resized to ``size`` (width, height): bilinear for the
    photo, nearest for the masks (section 2d.2)."""
    width, height = size
    grid = (height // patch, width // patch)
    marks = [
        (prompt_id, patch_marks(np.asarray(Image.fromarray(mask).resize(size, Image.Resampling.NEAREST)), patch))
        for prompt_id, mask in prompts
    ]
    patches = torch.from_numpy(patchify(resize_image(photo, size), patch))
    return PreparedImage(patches[None], torch.from_numpy(prompt_index(marks, grid))[None], grid)


@dataclass(frozen=True)
class Answer:
    """Token ids (1-D), the logits each new token was chosen from, the positions that text took, and the mask queries
    of every ``[SEG]`` but a last generated one, whose state is never computed (section 9.1)."""

    prompt_ids: Tensor
    new_ids: Tensor
    step_logits: Tensor
    positions: Tensor
    seg_positions: Tensor
    seg_queries: Tensor
    features: Tensor


@torch.no_grad()
def greedy(model: PixelSail, tokenizer: TextEncoder, image: PreparedImage, prompt: str, max_new_tokens: int) -> Answer:
    """``prompt``: the chat prompt, and the beginning of the answer where one is forced."""
    block = image_block_ids(tokenizer.special, image.patches.shape[1])
    prompt_ids = [*block, *tokenizer.encode(prompt)]
    stops = {tokenizer.special["<|im_end|>"], tokenizer.special["<|endoftext|>"]}
    new_ids: list[int] = []
    step_logits = []
    while True:
        ids = torch.tensor([prompt_ids + new_ids])
        text_length = ids.shape[1] - len(block)
        start = first_text_position(image.grid)
        positions = image.positions_with(np.arange(start, start + text_length))
        mask = text_attention_mask(np.ones((1, text_length), np.int64), len(block))
        hidden = model(ids, positions, torch.from_numpy(mask)[:, None], image.patches, image.prompt_index)
        step_logits.append(model.token_logits(hidden[0, -1]))
        new_ids.append(int(step_logits[-1].argmax()))
        if new_ids[-1] in stops or len(new_ids) == max_new_tokens:
            break
    seg_positions = (ids[0] == model.config.seg_token_id).nonzero()[:, 0]
    return Answer(
        prompt_ids=torch.tensor(prompt_ids),
        new_ids=torch.tensor(new_ids),
        step_logits=torch.stack(step_logits),
        positions=positions[:, 0, len(block) :],
        seg_positions=seg_positions,
        seg_queries=model.seg_queries(hidden[0, seg_positions]),
        features=model.feature_map(hidden, image.grid)[0],
    )
