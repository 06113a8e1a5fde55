"""Features of a frozen vision expert for the cached photos that have masks, for dense feature distillation (reference
section 2e).

    python -m data.teacher ../shared/teachers/deeplabv3-mobilenetv2-voc.onnx CACHE_DIR
    python -m data.teacher CHECKPOINT CACHE_DIR      # a Pixel-SAIL, trained longer than the one that it will teach

CACHE_DIR gets teacher.bin: float16 (photos, 33, 33, 64), photos with masks come first in the cache. The grid is
stretched over the photo, as the paper ignores aspect too. The teacher's channels are projected on their principal axes
over a sample of photos and scaled to unit mean square, so that the cache of all photos fits into memory and the loss
has a scale that says something.
"""

import argparse
import math
from pathlib import Path
from random import Random
from typing import Protocol

import cv2
import numpy as np
import onnxruntime
import torch
from torch import Tensor
from torch.nn.functional import interpolate

from data.cache import TEACHER_CHANNELS, TEACHER_GRID, Cache
from network.compute_type import autocast
from network.config import Studio
from network.generate import prepare_image
from network.sequence import image_block_ids, scaled_size
from network.weights import load

SIDE = 513
SAMPLED_PHOTOS = 200


class Teacher(Protocol):
    def features(self, photo: np.ndarray) -> np.ndarray:
        """(H, W, 3) uint8 RGB -> (33, 33, channels) float32."""


class DeepLab:
    def __init__(self, model: Path, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])

    def features(self, photo: np.ndarray) -> np.ndarray:
        """(H, W, 3) uint8 RGB -> (33, 33, 256) float32, before the teacher's classifier."""
        return self._run("features", photo)

    def logits(self, photo: np.ndarray) -> np.ndarray:
        """(H, W, 3) uint8 RGB -> (33, 33, 21) float32, one for each class of Pascal VOC, background first."""
        return self._run("logits", photo)

    def _run(self, output: str, photo: np.ndarray) -> np.ndarray:
        shrinks = min(photo.shape[:2]) > SIDE
        square = cv2.resize(photo, (SIDE, SIDE), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
        image = (square.astype(np.float32) - 128) / 128
        return self.session.run([output], {"image": image[None]})[0][0]


class PixelSailTeacher:
    """What a checkpoint makes of a photo that nothing is asked about: its two features that are distilled."""

    def __init__(self, checkpoint: Path, threads: int) -> None:
        torch.set_num_threads(threads)
        self.model, self.tokenizer = load(checkpoint)
        self.side = Studio().whole_side

    @torch.no_grad()
    def features(self, photo: np.ndarray) -> np.ndarray:
        """The states of the patches and the upsampled features, each of unit mean square, one after the other."""
        height, width = photo.shape[:2]
        image = prepare_image(photo, [], scaled_size(width, height, self.side))
        ids = torch.tensor([image_block_ids(self.tokenizer.special, image.patches.shape[1])])
        with autocast(torch.device("cpu")):
            hidden = self.model(ids, image.positions_with(np.arange(0)), None, image.patches, image.prompt_index)
            features = self.model.feature_map(hidden, image.grid)[0]
        states = hidden[0, 1:-1].unflatten(0, image.grid)
        return np.concatenate([on_teacher_grid(states), on_teacher_grid(features)], axis=2)


def on_teacher_grid(features: Tensor) -> np.ndarray:
    """(rows, columns, channels) -> (33, 33, channels) of unit mean square."""
    channels_first = features.float().permute(2, 0, 1)[None]
    square = (TEACHER_GRID, TEACHER_GRID)
    resized = interpolate(channels_first, square, mode="bilinear", antialias=True)[0].permute(1, 2, 0)
    return (resized / resized.square().mean().sqrt()).numpy()


def principal_axes(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """samples (n, c) -> mean (c,) and axes (c, 64), scaled so that projected values have unit mean square."""
    mean = samples.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov((samples - mean).T))
    axes = vectors[:, ::-1][:, :TEACHER_CHANNELS]
    return mean, axes / math.sqrt(values[::-1][:TEACHER_CHANNELS].mean())


def write_features(teacher: Teacher, cache: Cache, path: Path) -> None:
    photos = 1 + max(region.photo for region in cache.regions)
    some = Random(0).sample(range(photos), min(SAMPLED_PHOTOS, photos))
    samples = np.concatenate([teacher.features(cache.image(n)).reshape(TEACHER_GRID**2, -1)[::7] for n in some])
    mean, axes = principal_axes(samples.astype(np.float64))
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as file:
        for number in range(photos):
            projected = (teacher.features(cache.image(number)) - mean) @ axes
            file.write(projected.astype(np.float16).tobytes())
            if number % 500 == 0:
                print(f"{number} of {photos} photos", flush=True)
    fresh.replace(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    kind = DeepLab if arguments.model.suffix == ".onnx" else PixelSailTeacher
    write_features(kind(arguments.model, arguments.threads), Cache(arguments.cache), arguments.cache / "teacher.bin")


if __name__ == "__main__":
    main()
