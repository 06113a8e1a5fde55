"""Weights of a model in files: an export's ``model.safetensors`` and a training run's ``checkpoint.pt``."""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from network.config import ModelConfig, read_config
from network.model import PixelSail
from network.tokenizer import BpeTokenizer, ByteTokenizer, TextEncoder, load_tokenizer


def load_weights(model: PixelSail, path: Path) -> None:
    """``path``: model.safetensors with the reference's keys."""
    weights = load_file(path)
    if model.config.tie_word_embeddings:
        weights["single_transformer.lm_head.weight"] = weights["single_transformer.model.embed_tokens.weight"]
    model.load_state_dict(weights)


def write_weights(model: PixelSail, dtype: torch.dtype, path: Path) -> None:
    """As ``load_weights`` reads them; a tied head is left out."""
    left_out = {"single_transformer.lm_head.weight"} if model.config.tie_word_embeddings else set()
    weights = {name: value for name, value in model.state_dict().items() if name not in left_out}
    save_file({name: value.to(dtype).contiguous() for name, value in weights.items()}, path)
    path.chmod(0o644)


def load_export(folder: Path) -> tuple[PixelSail, TextEncoder]:
    """Of an export's folder, or of a parity fixture, whose tokens are bytes."""
    model = PixelSail(read_config(folder / "config.json")).eval()
    load_weights(model, folder / "model.safetensors")
    if (folder / "tokens.json").exists():
        return model, ByteTokenizer(json.loads((folder / "tokens.json").read_text()))
    return model, load_tokenizer(folder / "tokenizer.json")


def load(checkpoint: Path) -> tuple[PixelSail, BpeTokenizer]:
    """Of an export's folder, or the averaged weights of a run's checkpoint.pt."""
    if checkpoint.is_dir():
        return load_export(checkpoint)
    saved = torch.load(checkpoint, map_location="cpu", weights_only=True)
    model = PixelSail(ModelConfig(**saved["config"])).eval()
    model.load_state_dict(saved["ema"])
    return model, load_tokenizer(checkpoint.parent / "tokenizer.json")
