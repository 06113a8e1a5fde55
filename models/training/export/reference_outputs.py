"""Record what this model computes on a small made-up photo, in the layout of the parity fixtures.

    python -m export.reference_outputs CHECKPOINT_DIR OUT  # config.json, model.safetensors, tokenizer.json of an export
    python -m export.reference_outputs --tiny OUT           # a tiny random model with byte tokens

Array names are those of the fixture made with the authors' code, where they exist there.
"""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from network.config import ModelConfig, write_config
from network.generate import PreparedImage, greedy, prepare_image
from network.model import PixelSail, initialise
from network.sequence import (
    NOT_A_PATCH,
    Branch,
    chat_prompt,
    encode_branches,
    first_text_position,
    image_block_ids,
    patch_marks,
    target_size,
    text_attention_mask,
)
from network.tokenizer import CONFIG_SPECIALS, PROMPTS, SPECIALS, TextEncoder
from network.weights import load_export, write_weights

TINY_INPUTS = {
    "prompt_ids": [2, 0],
    "question": "Segment <Prompt2> and <Prompt0>.",
    "answer": "<Prompt2> [SEG], ball [SEG].",
    "text_only_question": "Hello?",
    "text_only_answer": "Hi, there.",
    "prefix_answer": "It is [SEG].",
    "prompt_files": ["prompt_box.png", "prompt_blob.png"],
    "prompt_order_note": "prompt_files[i] carries prompt_ids[i]; they are written in list order and a later one "
    "overrides an earlier one",
    "max_new_tokens": 8,
}
TINY_SEED = 9
"""Chosen so that masks have both values and greedy choices are clear."""
WIDTH, HEIGHT = 60, 44


def array(tensor: Tensor) -> np.ndarray:
    return tensor.detach().numpy()


def masks_at_full_size(mask_logits: Tensor, size: tuple[int, int]) -> Tensor:
    """(S, H', W') logits -> logits at the photo's (height, width), bilinear with corners not aligned."""
    if not len(mask_logits):
        return mask_logits.new_zeros((0, *size))
    return F.interpolate(mask_logits[:, None], size=size, mode="bilinear", align_corners=False)[:, 0]


def teacher_forced(
    model: PixelSail, tokenizer: TextEncoder, image: PreparedImage, branch: Branch, photo_size: tuple[int, int]
) -> dict[str, np.ndarray]:
    """Every recorded array of one pass over image block, question and answer."""
    block = image_block_ids(tokenizer.special, image.patches.shape[1])
    text = encode_branches(tokenizer, [branch], first_text_position(image.grid))
    ids = torch.tensor([[*block, *text.ids]])
    positions = image.positions_with(text.positions)
    text_mask = torch.from_numpy(text_attention_mask(text.branch[None], len(block)))[:, None]
    hidden = model(ids, positions, text_mask, image.patches, image.prompt_index)
    embeddings = model.embed(ids, image.patches, image.prompt_index)
    features = model.feature_map(hidden, image.grid)[0]
    seg_positions = (ids[0] == model.config.seg_token_id).nonzero()[:, 0]
    queries = model.seg_queries(hidden[0, seg_positions])
    mask_logits = torch.einsum("sc,yxc->syx", queries, features)
    full = masks_at_full_size(mask_logits, photo_size)
    logits = model.token_logits(hidden)[0]
    labels = torch.full((ids.shape[1],), -100)
    labels[len(block) :][torch.from_numpy(text.label_weights > 0)] = ids[0, len(block) :][text.label_weights > 0]
    outside = torch.full((len(text.ids),), NOT_A_PATCH)
    delimiter = torch.tensor([NOT_A_PATCH])
    full_mask = torch.zeros((ids.shape[1], ids.shape[1]), dtype=torch.bool)
    full_mask[: len(block), : len(block)] = True
    full_mask[len(block) :] = text_mask[0, 0]
    return {
        "input_ids": array(ids[0]),
        "labels": array(labels),
        "vision_patch_index": array(torch.cat((delimiter, torch.arange(len(block) - 2), delimiter, outside))),
        "prompt_index": array(torch.cat((delimiter, image.prompt_index[0], delimiter, outside))),
        "position_ids": array(positions[:, 0]),
        "attention_mask": array(full_mask),
        "seg_positions": array(seg_positions),
        "inputs_embeds": array(embeddings[0]),
        "hidden_after_layer0": array(model.run_layers(embeddings, positions, len(block), text_mask, 1)[0]),
        "hidden": array(hidden[0]),
        "logits": array(logits),
        "lowres_features": array(hidden[0, 1 : len(block) - 1].unflatten(0, image.grid)),
        "feature_map": array(features),
        "seg_queries": array(queries),
        "mask_logits": array(mask_logits),
        "mask_logits_full": array(full),
        "masks": array(full.sigmoid() > 0.5),
        "text_loss": array(F.cross_entropy(logits[:-1], labels[1:]))[None],
    }


def text_only(model: PixelSail, tokenizer: TextEncoder, branch: Branch) -> dict[str, np.ndarray]:
    text = encode_branches(tokenizer, [branch], 0)
    ids = torch.from_numpy(text.ids)[None]
    positions = torch.from_numpy(text.positions).expand(3, 1, -1)
    hidden = model(ids, positions, torch.from_numpy(text_attention_mask(text.branch[None], 0))[:, None])
    logits = model.token_logits(hidden)[0]
    labels = ids[0].masked_fill(torch.from_numpy(text.label_weights == 0), -100)
    return {
        "text_only_input_ids": array(ids[0]),
        "text_only_position_ids": array(positions[:, 0]),
        "text_only_logits": array(logits),
        "text_only_loss": array(F.cross_entropy(logits[:-1], labels[1:]))[None],
    }


def generated(
    model: PixelSail,
    tokenizer: TextEncoder,
    image: PreparedImage,
    prompt: str,
    new_tokens: int,
    photo_size: tuple[int, int],
) -> dict[str, np.ndarray]:
    answer = greedy(model, tokenizer, image, prompt, new_tokens)
    mask_logits = torch.einsum("sc,yxc->syx", answer.seg_queries, answer.features)
    return {
        "prompt_ids": array(answer.prompt_ids),
        "new_ids": array(answer.new_ids),
        "step_logits": array(answer.step_logits),
        "position_ids": array(answer.positions),
        "seg_positions": array(answer.seg_positions),
        "seg_queries": array(answer.seg_queries),
        "mask_logits": array(mask_logits),
        "masks": array(masks_at_full_size(mask_logits, photo_size).sigmoid() > 0.5),
    }


def with_two_blocks(model: PixelSail) -> PixelSail:
    """The same weights with only the first two upsampling blocks."""
    short = PixelSail(model.config).eval()
    short.load_state_dict(model.state_dict())
    short.upsample_blocks = short.upsample_blocks[:2]
    return short


@torch.no_grad()
def compute_outputs(model: PixelSail, tokenizer: TextEncoder, inputs: dict, folder: Path) -> dict[str, np.ndarray]:
    """All arrays for one fixture's inputs; photo and prompt files are read from ``folder``."""
    photo = np.asarray(Image.open(folder / "image.png").convert("RGB"))
    masks = [np.asarray(Image.open(folder / name).convert("L")) for name in inputs["prompt_files"]]
    size = photo.shape[:2]
    width, height = target_size(size[1], size[0], model.config.patch_size)
    prompts = list(zip(inputs["prompt_ids"], masks, strict=True))
    marked, unmarked = prepare_image(photo, prompts, (width, height)), prepare_image(photo, [], (width, height))
    branch = Branch(inputs["question"], inputs["answer"])
    resized = [np.asarray(Image.fromarray(m).resize((width, height), Image.Resampling.NEAREST)) for m in masks]

    arrays = {
        "target_hw": np.array([height, width]),
        "patch_grid_hw": np.array(marked.grid),
        "patches": array(marked.patches[0]),
        "prompt_patch_masks": np.stack([patch_marks(mask) for mask in resized]),
        **teacher_forced(model, tokenizer, marked, branch, size),
    }
    if model.config.upsample_blocks > 2:
        short = teacher_forced(with_two_blocks(model), tokenizer, marked, branch, size)
        arrays |= {f"k2_{name}": short[name] for name in ("feature_map", "mask_logits", "masks")}
    plain = teacher_forced(model, tokenizer, unmarked, branch, size)
    names = ("prompt_index", "hidden", "logits", "seg_queries", "mask_logits")
    arrays |= {f"novp_{name}": plain[name] for name in names}
    arrays |= text_only(model, tokenizer, Branch(inputs["text_only_question"], inputs["text_only_answer"]))
    question = chat_prompt(inputs["question"])
    for prefix, image, prompt in (
        ("gen", marked, question),
        ("gen_novp", unmarked, question),
        ("gen_prefix", marked, question + inputs["prefix_answer"]),
    ):
        made = generated(model, tokenizer, image, prompt, inputs["max_new_tokens"], size)
        arrays |= {f"{prefix}_{name}": value for name, value in made.items()}
    return arrays


def synthetic_photo(folder: Path) -> None:
    """A gradient, a ball and a stripe; a box and a blob as prompts. No real photo, the same bytes on every run."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    photo = np.stack((x * 2, y * 3, 255 - x - y), axis=-1).astype(np.uint8)
    photo[(x - 36) ** 2 + (y - 24) ** 2 < 250] = (220, 60, 40)
    photo[(x + 2 * y) % 40 < 7] //= 2
    box = np.zeros((HEIGHT, WIDTH), np.uint8)
    box[4:30, 6:30] = 255
    blob = np.where((x - 36) ** 2 + 2 * (y - 24) ** 2 < 200, 255, 0).astype(np.uint8)
    for name, picture in (("image.png", photo), ("prompt_box.png", box), ("prompt_blob.png", blob)):
        Image.fromarray(picture).save(folder / name, optimize=True)


def tiny_model(folder: Path) -> None:
    """Random weights, spread enough that a slip in the arithmetic shows in the outputs."""
    special = {token: 256 + i for i, token in enumerate(SPECIALS)}
    config = ModelConfig(
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=8,
        intermediate_size=64,
        vocab_size=320,
        mask_dim=16,
        upsample_blocks=2,
        tie_word_embeddings=True,
        special_token_ids={token: special[token] for token in CONFIG_SPECIALS},
        prompt_token_ids=[special[token] for token in PROMPTS],
        weights_storage_dtype="float16",
    )
    model = PixelSail(config)
    initialise(model, TINY_SEED)
    generator = torch.Generator().manual_seed(TINY_SEED)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            scale = 0.2 if parameter.dim() == 1 else 0.0 if "vis_embed" in name else 0.2
            parameter.add_(noise * scale)
            parameter.copy_(parameter.half().float())
    write_config(config, None, folder / "config.json")
    write_weights(model, torch.float16, folder / "model.safetensors")
    note = "text is UTF-8 bytes, id = byte + byte_offset; every other id is unused"
    tokens = {"vocab_size": 320, "byte_offset": 0, "special": special, "note": note}
    (folder / "tokens.json").write_text(json.dumps(tokens, indent=1) + "\n")


def describe(arrays: dict[str, np.ndarray], tokenizer: TextEncoder) -> dict:
    shapes = {name: {"shape": list(value.shape), "dtype": str(value.dtype)} for name, value in arrays.items()}
    texts = {name: tokenizer.decode(value.tolist()) for name, value in arrays.items() if name.endswith("new_ids")}
    sizes = [(640, 480), (640, 427), (500, 375), (2250, 1500), (1, 1), (333, 1000), (1025, 3)]
    targets = [{"size": list(size), "target": list(target_size(*size))} for size in sizes]
    return {"arrays": shapes, "greedy_text": texts, "target_sizes_width_height": targets}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path, nargs="?", help="an export; left out with --tiny")
    parser.add_argument("out", type=Path)
    parser.add_argument("--tiny", action="store_true", help="make a tiny random model instead of reading one")
    arguments = parser.parse_args()
    if arguments.tiny == (arguments.checkpoint is not None):
        parser.error("give either CHECKPOINT_DIR or --tiny")
    out = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    if arguments.tiny:
        tiny_model(out)
    else:
        for name in ("config.json", "model.safetensors", "tokenizer.json"):
            shutil.copyfile(arguments.checkpoint / name, out / name)
    synthetic_photo(out)
    (out / "inputs.json").write_text(json.dumps(TINY_INPUTS, indent=1) + "\n")
    model, tokenizer = load_export(out)
    arrays = compute_outputs(model, tokenizer, TINY_INPUTS, out)
    np.savez_compressed(out / "expected.npz", **arrays)
    (out / "expected.json").write_text(json.dumps(describe(arrays, tokenizer), indent=1) + "\n")


if __name__ == "__main__":
    main()
