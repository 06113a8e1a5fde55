"""Times the PyTorch model of models/training in eager mode: one line of stdin names an operation, one line of stdout
gives its milliseconds. The arguments are a folder with config.json (fresh weights: speed does not depend on them), the grid's rows and columns, and the number of threads.

Text is read over cached keys and values of the image block, as a fair PyTorch runtime would; the training code itself
never needs that."""

import dataclasses
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

folder, rows, columns, threads = Path(sys.argv[1]), *map(int, sys.argv[2:5])
sys.path.insert(0, str(Path(__file__).parents[2] / "models" / "training"))

from network.config import ModelConfig  # noqa: E402
from network.model import PixelSail, initialise, rotary_tables, rotate  # noqa: E402
from network.sequence import first_text_position, image_block_ids, image_block_positions  # noqa: E402

torch.set_num_threads(threads)
known = {field.name for field in dataclasses.fields(ModelConfig)}
values = json.loads((folder / "config.json").read_text())
config = ModelConfig(**{key: value for key, value in values.items() if key in known})
model = PixelSail(config).eval()
initialise(model, 0)

grid = (rows, columns)
block = torch.tensor([image_block_ids(config.special_token_ids, rows * columns)])
image_positions = torch.from_numpy(np.ascontiguousarray(image_block_positions(grid)))[:, None]
patches = torch.rand(1, rows * columns, 3 * config.patch_size**2)
prompts = torch.full((1, rows * columns), -2)
Cache = list[tuple[Tensor, Tensor]]


def layer_keys_values(layer, x: Tensor, cos: Tensor, sin: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    attention = layer.self_attn
    batch, length, _ = x.shape
    normed = layer.input_layernorm(x)
    q = attention.q_proj(normed).view(batch, length, attention.heads, -1).transpose(1, 2)
    k = attention.k_proj(normed).view(batch, length, attention.kv_heads, -1).transpose(1, 2)
    v = attention.v_proj(normed).view(batch, length, attention.kv_heads, -1).transpose(1, 2)
    return rotate(q, cos, sin), rotate(k, cos, sin), v


def read(x: Tensor, positions: Tensor, past: Cache | None) -> tuple[Tensor, Cache]:
    """Image block (past None, all-to-all) or text after ``past`` (causal): states after the final norm, new cache."""
    cos, sin = rotary_tables(positions, config.head_dim, config.rope_theta)
    cache: Cache = []
    for index, layer in enumerate(model.single_transformer.model.layers):
        q, k, v = layer_keys_values(layer, x, cos, sin)
        if past is not None:
            k, v = torch.cat((past[index][0], k), dim=2), torch.cat((past[index][1], v), dim=2)
        cache.append((k, v))
        mask = None
        if past is not None and q.shape[2] > 1:
            mask = torch.ones(q.shape[2], k.shape[2], dtype=torch.bool).tril(k.shape[2] - q.shape[2])
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, enable_gqa=True)
        x = x + layer.self_attn.o_proj(mixed.transpose(1, 2).flatten(2))
        x = x + layer.mlp(layer.post_attention_layernorm(x))
    return model.single_transformer.model.norm(x), cache


def read_text(ids: list[int], position: int, past: Cache) -> tuple[Tensor, Cache]:
    positions = torch.arange(position, position + len(ids)).expand(3, 1, -1)
    hidden, cache = read(model.single_transformer.model.embed_tokens(torch.tensor([ids])), positions, past)
    model.token_logits(hidden[:, -1])
    return hidden, cache


def encode() -> tuple[Tensor, Cache]:
    return read(model.embed(block, patches, prompts), image_positions, None)


def masks(hidden: Tensor, features: Tensor) -> Tensor:
    return features.flatten(0, 1) @ model.seg_queries(hidden[0, -1:]).T


def text_then_mask(steps: list[int], past: Cache, features: Tensor) -> None:
    """Reads as many tokens at a time as the product did, then makes the mask."""
    position = first_text_position(grid)
    for count in steps:
        hidden, past = read_text([config.seg_token_id] * count, position, past)
        position += count
    masks(hidden, features)


with torch.no_grad():
    states, image_cache = encode()
    image_features = model.feature_map(states, grid)[0]
    for line in sys.stdin:
        name, *numbers = line.split()
        start = time.perf_counter()
        if name == "encode":
            encoded, _ = encode()
            model.feature_map(encoded, grid)
        elif name == "text":
            text_then_mask([int(number) for number in numbers], image_cache, image_features)
        elif name == "visual":
            encoded, cache = encode()
            text_then_mask([int(number) for number in numbers], cache, model.feature_map(encoded, grid)[0])
        elif name == "token":
            read_text([config.seg_token_id], first_text_position(grid) + 8, image_cache)
        print(1000 * (time.perf_counter() - start), flush=True)
