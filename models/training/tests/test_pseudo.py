"""Masks of a vision expert train, and are never scored on."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
from pycocotools import mask as coco_mask

from data.cache import PSEUDO_SET, UNLABELLED, Cache, Photo, Region
from data.pseudo import CLASSES, class_mask, pseudo_regions
from sampling.samples import Sampler
from score.evaluate import dev_photos
from test_samples import BYTES

SIZE = (96, 64)


def region(photo: int, category: str, box: tuple[int, int, int, int]) -> Region:
    x, y, w, h = box
    mask = np.zeros((SIZE[1], SIZE[0]), np.uint8)
    mask[y : y + h, x : x + w] = 1
    counts = coco_mask.encode(np.asfortranarray(mask))["counts"].decode()
    return Region(photo, category, box, w * h, counts, False, "", "", (0.5, 0.5))


def cache_folder(folder: Path, with_pseudo: bool = True) -> Path:
    """A photo with a cat, one of an airplane with a name only, and one of a watch."""
    photos = [
        Photo(name, "train", n * SIZE[0] * SIZE[1] * 3, *SIZE, words)
        for n, (name, words) in enumerate([("msrc", ""), ("caltech101", "airplanes"), ("caltech101", "watch")])
    ]
    regions = [region(0, "cat", (10, 10, 40, 30)), region(0, "airplane", (60, 40, 20, 20))]
    index = {"photos": [asdict(p) for p in photos], "regions": [asdict(r) for r in regions]}
    (folder / "index.json").write_text(json.dumps(index))
    np.full(3 * SIZE[0] * SIZE[1] * 3, 120, np.uint8).tofile(folder / "photos.bin")
    np.full(3 * SIZE[0] * SIZE[1] // 16, UNLABELLED, np.uint8).tofile(folder / "labels.bin")
    if with_pseudo:
        (folder / "pseudo.json").write_text(json.dumps([asdict(region(1, "airplane", (20, 16, 48, 32)))]))
    return folder


class Expert:
    """Sees an airplane in the left part of everything; ``sure``: by how much it prefers what it says."""

    def __init__(self, sure: float, columns: int = 16) -> None:
        self.sure, self.columns = sure, columns

    def logits(self, photo: np.ndarray) -> np.ndarray:
        assert photo.shape[0] == photo.shape[1]
        found = np.zeros((33, 33, 21), np.float32)
        found[:, : self.columns, 1] = self.sure
        found[:, self.columns :, 0] = self.sure
        return found


def test_only_photos_named_for_a_class_of_the_expert_get_its_mask(tmp_path: Path) -> None:
    made = pseudo_regions(Expert(9), Cache(cache_folder(tmp_path, with_pseudo=False)), 10)  # type: ignore[arg-type]
    assert [(r.photo, r.category) for r in made] == [(1, "airplane")]
    assert 0.4 < made[0].area / (SIZE[0] * SIZE[1]) < 0.6 and made[0].bbox[0] == 0
    json.dumps(asdict(made[0]))


def test_masks_that_are_unsure_or_of_no_sensible_size_are_left_out() -> None:
    number, photo = CLASSES["airplanes"][1], np.zeros((64, 96, 3), np.uint8)
    found = class_mask(Expert(9), photo, number)  # type: ignore[arg-type]
    assert found is not None and found.shape == (64, 96)
    for expert in (Expert(1), Expert(9, columns=33), Expert(9, columns=0)):
        assert class_mask(expert, photo, number) is None  # type: ignore[arg-type]


def test_pseudo_regions_train_under_a_set_of_their_own(tmp_path: Path) -> None:
    cache = Cache(cache_folder(tmp_path), with_pseudo=True)
    assert cache.photos[1].set == PSEUDO_SET and cache.regions_of[1] == [2]
    sampler = Sampler(cache, BYTES, 1, 200, 4)
    assert 2 in sampler.region_numbers and sampler.named_photos == [2]
    seen = cache.labels(1)
    assert (seen == cache.category_names.index("airplane")).sum() == 12 * 8 and (seen == UNLABELLED).any()
    assert "text" in {sampler.batch(step, 0.0).kind for step in range(20)}


def test_scoring_never_sees_them(tmp_path: Path) -> None:
    cache = Cache(cache_folder(tmp_path))
    assert cache.regions_of[1] == [] and cache.photos[1].set == "caltech101"
    with_pseudo = Cache(tmp_path, with_pseudo=True)
    assert all(1 not in photos for photos in dev_photos(with_pseudo, 10).values())
