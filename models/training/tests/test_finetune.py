"""A person's labels become a cache that training can draw from."""

import json
from pathlib import Path
from random import Random

import cv2
import numpy as np
import pytest

from data.cache import UNLABELLED, Cache
from loop.finetune import LONGEST_SIDE, build_cache, encoded
from network.tokenizer import load_tokenizer, train_tokenizer
from sampling import templates
from sampling.samples import Sampler


def square(height: int, width: int, box: tuple[int, int, int, int]) -> np.ndarray:
    mask = np.zeros((height, width), np.uint8)
    x, y, w, h = box
    mask[y : y + h, x : x + w] = 1
    return mask


def project(folder: Path, sizes: list[tuple[int, int]], boxes: list[tuple[int, int, int, int] | None]) -> Path:
    """dataset.json for photos of these (width, height), each with one object in its box, or reviewed as empty."""
    images, annotations = [], []
    for number, ((width, height), box) in enumerate(zip(sizes, boxes, strict=True), start=1):
        file = folder / f"{number}.png"
        pixels = np.full((height, width, 3), 90, np.uint8)
        if box:
            mask = square(height, width, box)
            pixels[mask > 0] = (40, 40, 220)
            annotation = {"id": number, "image_id": number, "category_id": 7, "iscrowd": 0, "bbox": list(box)}
            annotations.append({**annotation, "segmentation": encoded(mask)})
        cv2.imwrite(str(file), pixels)
        images.append({"id": number, "file_name": str(file), "width": width, "height": height, "split": "train"})
    dataset = folder / "dataset.json"
    categories = [{"id": 7, "name": "Kite"}]
    dataset.write_text(json.dumps({"images": images, "annotations": annotations, "categories": categories}))
    return dataset


@pytest.fixture
def tokenizer(tmp_path: Path) -> Path:
    path = tmp_path / "tokenizer.json"
    train_tokenizer(templates.every_wording("Kite"), 300).save(str(path))
    return path


def test_photos_and_masks_are_kept_as_they_are(tmp_path: Path, tokenizer: Path) -> None:
    build_cache(project(tmp_path, [(64, 48)], [(16, 12, 24, 20)]), tokenizer, tmp_path / "cache")
    cache = Cache(tmp_path / "cache")
    assert cache.regions[0].category == "Kite" and cache.regions[0].colour == "red"
    assert np.array_equal(cache.mask(0), square(48, 64, (16, 12, 24, 20)))
    assert cache.image(0)[20, 20].tolist() == [220, 40, 40]
    assert set(np.unique(cache.labels(0))) == {0, UNLABELLED}


def test_large_photos_are_kept_smaller_with_their_masks(tmp_path: Path, tokenizer: Path) -> None:
    build_cache(project(tmp_path, [(4096, 2048)], [(400, 800, 1200, 600)]), tokenizer, tmp_path / "cache")
    cache = Cache(tmp_path / "cache")
    assert cache.image(0).shape == (LONGEST_SIDE // 2, LONGEST_SIDE, 3)
    assert list(cache.regions[0].bbox) == [100, 200, 300, 150]
    assert np.array_equal(cache.mask(0), square(512, 1024, (100, 200, 300, 150)))


def test_photos_that_are_not_those_of_the_masks_are_left_out(
    tmp_path: Path, tokenizer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dataset = project(tmp_path, [(64, 48)] * 3, [(16, 12, 24, 20)] * 3)
    cv2.imwrite(str(tmp_path / "1.png"), np.zeros((10, 10, 3), np.uint8))
    (tmp_path / "2.png").write_text("Dear Sir or Madam")
    build_cache(dataset, tokenizer, tmp_path / "cache")
    assert len(Cache(tmp_path / "cache").photos) == 1
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    reasons = [line["reason"] for line in said if line["stage"] == "left out"]
    assert reasons == ["it is 10 x 10 pixels, but its masks are 64 x 48", "OpenCV cannot read it"]


def test_every_kind_of_batch_can_be_drawn_from_a_few_photos(tmp_path: Path, tokenizer: Path) -> None:
    boxes = [(16, 12, 24, 20), (8, 8, 30, 30), None]
    build_cache(project(tmp_path, [(64, 48)] * 3, boxes), tokenizer, tmp_path / "cache")
    sampler = Sampler(Cache(tmp_path / "cache"), load_tokenizer(tokenizer), 1, 100, 4)
    batches = [sampler.batch(step, Random(step).random()) for step in range(60)]
    assert {batch.kind for batch in batches} == {"zoom", "point", "prompts", "text"}
    assert any((batch.targets.reshape(len(batch.targets), -1).max(1) == 0).any() for batch in batches)
