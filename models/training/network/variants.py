"""The recipe with parts left out, for the ablation (reference section 2c). A full recipe is ``PixelSail`` itself."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from network.config import ModelConfig
from network.model import PixelSail, projector


@dataclass(frozen=True)
class Recipe:
    """Without ``learnable_upsampling``, two linear layers make a 4 x 4 square of the map from each patch. Without
    ``prompt_injection``, a region is told to the model by the mean of its patch embeddings, in the place of its
    ``<Prompti>`` in the text. Without ``distillation``, no teacher is asked."""

    learnable_upsampling: bool = True
    prompt_injection: bool = True
    distillation: bool = True


FULL_RECIPE = Recipe()


class VariantPixelSail(PixelSail):
    def __init__(self, config: ModelConfig, recipe: Recipe) -> None:
        super().__init__(config)
        self.recipe = recipe
        if not recipe.learnable_upsampling:
            cells = 4**config.upsample_blocks
            self.upsample_blocks = nn.ModuleList()
            self.image_feature_projector = projector(config.hidden_size, config.hidden_size, config.mask_dim * cells)

    def feature_map(self, hidden: Tensor, grid: tuple[int, int]) -> Tensor:
        if self.recipe.learnable_upsampling:
            return super().feature_map(hidden, grid)
        rows, columns = grid
        squares = self.image_feature_projector(hidden[:, 1 : 1 + rows * columns]).unflatten(1, grid)
        side = 2**self.config.upsample_blocks
        by_row = squares.unflatten(-1, (side, side, self.config.mask_dim)).transpose(2, 3)
        return by_row.flatten(1, 2).flatten(2, 3)

    def embed(self, input_ids: Tensor, patches: Tensor | None, prompt_index: Tensor | None) -> Tensor:
        if self.recipe.prompt_injection or patches is None:
            return super().embed(input_ids, patches, prompt_index)
        decoder = self.single_transformer.model
        image_terms = decoder.vis_embed(patches).float()
        ids = torch.arange(len(self.prompt_token_ids), device=prompt_index.device)
        marked = (prompt_index.unsqueeze(1) == ids.unsqueeze(1)).float()
        counts = marked.sum(2, keepdim=True)
        pooled = marked @ image_terms / counts.clamp(min=1)
        said = (input_ids.unsqueeze(2) == self.prompt_token_ids) & (counts.squeeze(2) > 0).unsqueeze(1)
        tokens = torch.where(said.any(2, keepdim=True), said.float() @ pooled, decoder.embed_tokens(input_ids).float())
        return tokens + F.pad(image_terms, (0, 0, 1, tokens.shape[1] - image_terms.shape[1] - 1))


def build_model(config: ModelConfig, recipe: Recipe) -> PixelSail:
    if recipe.learnable_upsampling and recipe.prompt_injection:
        return PixelSail(config)
    return VariantPixelSail(config, recipe)
