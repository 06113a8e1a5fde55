"""What an expert makes of a photo, as distillation regresses it."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from data.cache import TEACHER_CHANNELS, TEACHER_GRID, Cache
from data.teacher import PixelSailTeacher, principal_axes, write_features
from network.config import Studio, write_config
from network.model import PixelSail, initialise
from network.weights import write_weights
from test_pseudo import cache_folder
from test_resume import BYTES, CONFIG


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    folder = tmp_path / "checkpoint"
    folder.mkdir()
    model = PixelSail(CONFIG)
    initialise(model, seed=5)
    write_weights(model, torch.float32, folder / "model.safetensors")
    write_config(CONFIG, Studio(), folder / "config.json")
    (folder / "tokens.json").write_text(json.dumps({"byte_offset": 0, "special": BYTES.special}))
    return folder


def test_a_checkpoint_teaches_its_states_and_its_upsampled_features(checkpoint: Path) -> None:
    photo = np.random.default_rng(0).integers(0, 255, (96, 160, 3), dtype=np.uint8)
    features = PixelSailTeacher(checkpoint, 1).features(photo)
    assert features.shape == (TEACHER_GRID, TEACHER_GRID, CONFIG.hidden_size + CONFIG.mask_dim)
    states, upsampled = features[..., : CONFIG.hidden_size], features[..., CONFIG.hidden_size :]
    assert np.square(states).mean() == pytest.approx(1, rel=1e-3)
    assert np.square(upsampled).mean() == pytest.approx(1, rel=1e-3)


def test_the_grid_of_a_checkpoint_lies_over_the_photo(checkpoint: Path) -> None:
    black = np.zeros((96, 160, 3), np.uint8)
    changed = black.copy()
    changed[:, 120:] = 255
    teacher = PixelSailTeacher(checkpoint, 1)
    change = np.abs(teacher.features(changed) - teacher.features(black)).mean(axis=(0, 2))
    assert change[26:].mean() > 2 * change[:22].mean()


def test_axes_keep_what_varies_at_unit_mean_square() -> None:
    numbers = np.random.default_rng(1)
    loud = numbers.normal(size=(500, TEACHER_CHANNELS)) * 9
    samples = np.concatenate([loud, numbers.normal(size=(500, 40)) * 0.01], axis=1) + 3
    mean, axes = principal_axes(samples)
    projected = (samples - mean) @ axes
    assert projected.shape[1] == TEACHER_CHANNELS
    assert np.square(projected).mean() == pytest.approx(1, rel=0.01)
    assert np.abs(axes[TEACHER_CHANNELS:]).max() < 0.01 * np.abs(axes).max()


def test_only_photos_with_masks_are_taught(tmp_path: Path) -> None:
    numbers = np.random.default_rng(2)

    class Noise:
        def features(self, photo: np.ndarray) -> np.ndarray:
            return numbers.normal(size=(TEACHER_GRID, TEACHER_GRID, 70)).astype(np.float32)

    folder = cache_folder(tmp_path, with_pseudo=False)
    write_features(Noise(), Cache(folder), folder / "teacher.bin")
    assert len(Cache(folder).teacher) == 1
