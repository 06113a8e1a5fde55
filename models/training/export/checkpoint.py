"""Turn a training checkpoint into what the TypeScript converter reads:

    python -m export.checkpoint CHECKPOINT OUTDIR

OUTDIR gets config.json, model.safetensors (the reference's key names; the tied head is left out) and tokenizer.json.
The folder appears complete or not at all.
"""

import argparse
import os
import shutil
from pathlib import Path

import torch

from network.config import ModelConfig, Studio, write_config
from network.model import PixelSail
from network.tokenizer import load_tokenizer
from network.weights import write_weights

DTYPES = {"float16": torch.float16, "float32": torch.float32}


def export(checkpoint: Path, out: Path, dtype: str) -> None:
    saved = torch.load(checkpoint, map_location="cpu", weights_only=True)
    config = ModelConfig(**{**saved["config"], "weights_storage_dtype": dtype})
    model = PixelSail(config)
    model.load_state_dict(saved["ema"])
    fresh = out.with_name(out.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    write_weights(model, DTYPES[dtype], fresh / "model.safetensors")
    write_config(config, Studio(), fresh / "config.json")
    tokenizer = checkpoint.parent / "tokenizer.json"
    if load_tokenizer(tokenizer).vocab_size > config.vocab_size:
        raise ValueError("the tokenizer beside the checkpoint is not the one it was trained with")
    shutil.copyfile(tokenizer, fresh / "tokenizer.json")
    shutil.rmtree(out, ignore_errors=True)
    os.replace(fresh, out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--dtype", choices=DTYPES, default="float32")
    arguments = parser.parse_args()
    export(arguments.checkpoint, arguments.out, arguments.dtype)


if __name__ == "__main__":
    main()
