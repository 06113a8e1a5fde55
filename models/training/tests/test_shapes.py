"""What is asked of drawn shapes is true of them."""

from random import Random

import numpy as np
import pytest

from data.regions import colour_name
from sampling import scenes, shapes, templates
from sampling.samples import Sampler
from test_samples import BYTES
from test_scenes import two_photos

SEEDS = range(40)


def scene_of(seed: int) -> tuple[scenes.Scene, list[str]]:
    return shapes.drawn_scene(shapes.plain_ground((160, 128), Random(seed)), Random(seed))


@pytest.mark.parametrize("colour", shapes.COLOURS)
def test_a_colour_looks_like_its_name(colour: str) -> None:
    for seed in SEEDS:
        assert colour_name(shapes.coloured(colour, 12, Random(seed)).reshape(-1, 3)) == colour


@pytest.mark.parametrize("shape", shapes.SHAPES)
def test_a_shape_fills_its_box_from_side_to_side(shape: str) -> None:
    mask = shapes.shape_mask(shape, 41, 0.3)
    assert mask.shape == (41, 41) and set(np.unique(mask)) == {0, 1}
    rows, columns = mask.nonzero()
    assert max(np.ptp(rows), np.ptp(columns)) >= 28


def test_shapes_differ_in_how_much_of_their_box_they_fill() -> None:
    filled = {shape: shapes.shape_mask(shape, 61, 0.0).mean() for shape in shapes.SHAPES}
    assert filled["ring"] < filled["circle"] and filled["star"] < filled["diamond"] < filled["circle"]


def test_no_shape_covers_another() -> None:
    for seed in SEEDS:
        scene, _ = scene_of(seed)
        assert 1 <= len(scene.things) <= 8
        assert np.sum([thing.mask for thing in scene.things], axis=0).max() == 1
        assert all(thing.visible == thing.full for thing in scene.things)


def test_what_is_said_not_to_be_there_is_not_there() -> None:
    for seed in SEEDS:
        scene, absent = scene_of(seed)
        present = {thing.category for thing in scene.things}
        assert absent and not present & set(absent)
        assert {len(name.split()) for name in absent} == {len(name.split()) for name in present}


def test_shapes_are_counted_rightly() -> None:
    for seed in SEEDS:
        scene, _ = scene_of(seed)
        branch = shapes.counting(scene, Random(seed))
        counted = shapes.NUMBERS.index(branch.answer.rstrip("."))
        assert any(
            len(scene.of_category(name)) == counted and templates.plural(name) in branch.question
            for name in {thing.category for thing in scene.things}
        )


def test_training_asks_about_drawn_shapes_with_a_mask_for_every_seg() -> None:
    sampler = Sampler(two_photos(), BYTES, 1, 900, 4)
    for seed in SEEDS:
        sample = sampler.drawn_sample(0, (128, 96), "none", Random(seed))
        assert sample.image.shape == (96, 128, 3) and sample.image.dtype == np.uint8
        assert sum(branch.answer.count("[SEG]") for branch in sample.branches) == len(sample.targets)
        assert "How many" in sample.branches[-1].question and sample.teacher is None
