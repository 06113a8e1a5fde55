"""Parts of the recipe can be left out, and only those."""

import torch

from network.config import ModelConfig
from network.model import PixelSail, initialise
from network.variants import FULL_RECIPE, Recipe, build_model

CONFIG = ModelConfig(
    hidden_size=32,
    num_hidden_layers=1,
    num_attention_heads=2,
    num_key_value_heads=1,
    head_dim=16,
    intermediate_size=32,
    vocab_size=40,
    mask_dim=8,
    upsample_blocks=2,
    tie_word_embeddings=True,
    special_token_ids={"[SEG]": 5},
    prompt_token_ids=[10, 11, 12],
)
GRID = (2, 3)


def embedded(recipe: Recipe, ids: list[int], prompts: list[int]) -> torch.Tensor:
    torch.manual_seed(0)
    model = build_model(CONFIG, recipe)
    initialise(model, 1)
    patches = torch.arange(6 * 768).reshape(1, 6, 768) / 5000
    return model.embed(torch.tensor([ids]), patches, torch.tensor([prompts]))[0]


def test_the_full_recipe_is_the_model_itself() -> None:
    assert type(build_model(CONFIG, FULL_RECIPE)) is PixelSail
    assert type(build_model(CONFIG, Recipe(distillation=False))) is PixelSail


def test_a_map_without_upsampling_has_the_same_size_and_keeps_patches_in_their_place() -> None:
    plain = build_model(CONFIG, Recipe(learnable_upsampling=False))
    initialise(plain, 1)
    hidden = torch.zeros(1, 8, 32)
    hidden[0, 1 + 4] = 1.0
    features = plain.feature_map(hidden, GRID)[0]
    assert features.shape == build_model(CONFIG, FULL_RECIPE).feature_map(hidden, GRID)[0].shape == (8, 12, 8)
    changed = (features - features[0, 0]).abs().sum(-1) > 0
    assert changed.nonzero().min(0).values.tolist() == [4, 4]
    assert changed.nonzero().max(0).values.tolist() == [7, 7]


def test_without_injection_a_region_is_the_mean_of_its_patches_in_the_text() -> None:
    recipe = Recipe(prompt_injection=False)
    ids = [1, 2, 2, 2, 2, 2, 2, 3, 10, 7, 11]
    marked = embedded(recipe, ids, [0, 0, -2, -2, -2, -2])
    unmarked = embedded(recipe, ids, [-2] * 6)
    assert torch.equal(marked[:8], unmarked[:8]), "the image does not know of the prompt"
    image = embedded(recipe, ids, [-2] * 6)[1:7] - build_model_tokens()[2]
    assert torch.allclose(marked[8], image[:2].mean(0), atol=1e-5)
    assert torch.equal(marked[9:], unmarked[9:]), "other tokens and prompts without patches stay themselves"


def build_model_tokens() -> torch.Tensor:
    model = build_model(CONFIG, Recipe(prompt_injection=False))
    initialise(model, 1)
    return model.single_transformer.model.embed_tokens.weight.detach()
