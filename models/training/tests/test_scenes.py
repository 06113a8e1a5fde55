"""What is asked of scenes put together from cut-outs is true of them."""

from random import Random

import numpy as np
import pytest
from pycocotools import mask as coco_mask

from data.cache import TEACHER_CHANNELS, TEACHER_GRID, Cache, Photo, Region
from data.sets import kin, known_absent
from network.sequence import Branch, scaled_size
from sampling import places, scenes, templates
from sampling.batch import Sample
from sampling.places import Placed
from sampling.samples import Sampler
from sampling.scenes import Scene, Thing
from test_samples import BYTES

NAMES = ["cow", "dog", "grass"]


def rectangle(x: int, y: int, width: int, height: int, whole: tuple[int, int] = (128, 96)) -> np.ndarray:
    mask = np.zeros((whole[1], whole[0]), np.uint8)
    mask[y : y + height, x : x + width] = 1
    return mask


def field(*things: Thing) -> Scene:
    return Scene(np.full((96, 128, 3), 90, np.uint8), np.full(48, 2), list(things), set())


def paste_square(scene: Scene, category: str, at: tuple[int, int], side: int = 32) -> None:
    pixels, mask = np.full((side, side, 3), 200, np.uint8), np.ones((side, side), np.uint8)
    scene.paste(pixels, mask, at, category, NAMES.index(category))


def two_photos() -> Cache:
    """Photos of 128 x 96 pixels: a large cow on grass, and a dog; both may be cut out, grass may not."""
    cache = Cache.__new__(Cache)
    cache.photos = [Photo("msrc", "train", n * 128 * 96 * 3, 128, 96, "") for n in range(2)]
    masks = [
        (0, "cow", rectangle(20, 20, 60, 50)),
        (0, "grass", rectangle(0, 70, 128, 26)),
        (1, "dog", rectangle(40, 20, 50, 60)),
    ]
    cache.regions = []
    for photo, name, mask in masks:
        counts = coco_mask.encode(np.asfortranarray(mask))["counts"].decode()
        x, y, w, h = cv_box(mask)
        centre = ((x + w / 2) / 128, (y + h / 2) / 96)
        cache.regions.append(Region(photo, name, (x, y, w, h), w * h, counts, False, "brown", "", centre))
    cache.regions_of, cache.category_names = [[0, 1], [2]], NAMES
    cache.pixels = np.random.default_rng(0).integers(0, 255, 2 * 128 * 96 * 3).astype(np.uint8)
    cache.label_bytes, cache.label_offsets = np.full(2 * 32 * 24, 255, np.uint8), np.array([0, 768, 1536])
    cache.teacher = np.zeros((2, TEACHER_GRID, TEACHER_GRID, TEACHER_CHANNELS), np.float16)
    return cache


def cv_box(mask: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = mask.any(axis=1).nonzero()[0], mask.any(axis=0).nonzero()[0]
    return int(columns[0]), int(rows[0]), int(columns[-1] - columns[0]) + 1, int(rows[-1] - rows[0]) + 1


def test_what_is_pasted_covers_what_is_below() -> None:
    scene = field(Thing("cow", rectangle(0, 0, 60, 60), True))
    paste_square(scene, "dog", (40, 40))
    cow, dog = scene.things
    assert not (cow.mask & dog.mask).any()
    assert cow.visible < cow.full == 3600 and cow.mask[10, 10]
    assert dog.mask[50, 50] and (scene.image[50, 50] > 120).all() and (scene.image[5, 5] == 90).all()


def test_a_category_is_what_was_there_and_what_was_pasted() -> None:
    scene = field(Thing("cow", rectangle(0, 0, 40, 40), True))
    paste_square(scene, "cow", (80, 50))
    union = scene.union("cow")
    assert union is not None and union[10, 10] and union[60, 90] and not union[60, 10]


def test_labels_of_patches_follow_the_paste() -> None:
    scene = field()
    paste_square(scene, "dog", (32, 16))
    labels = scene.labels.reshape(6, 8)
    assert (labels[1:3, 2:4] == NAMES.index("dog")).all() and (labels == NAMES.index("dog")).sum() == 4


def test_what_is_nearly_covered_is_not_asked_for() -> None:
    scene = field(Thing("cow", rectangle(40, 40, 30, 30), True))
    paste_square(scene, "dog", (39, 39))
    assert scene.union("cow") is None and not scene.referred("cow")


def test_crowds_are_not_asked_for_even_with_one_more() -> None:
    scene = field()
    scene.unknown.add("cow")
    paste_square(scene, "cow", (40, 40))
    assert scene.union("cow") is None and not scene.referred("cow")


def test_relations_are_true_of_the_scene() -> None:
    left, right = Thing("cow", rectangle(0, 30, 20, 20), True), Thing("cow", rectangle(100, 30, 20, 20), True)
    scene = field(left, right)
    paste_square(scene, "dog", (45, 25))
    said = {words: thing for thing, words in scene.referred("cow")}
    assert said["cow to the left of the dog"] is left and said["cow to the right of the dog"] is right
    assert said["left cow"] is left and said["cow on right"] is right
    assert not any("above" in words or "below" in words or "large" in words for words in said)


def test_a_side_that_two_of_a_kind_share_is_not_asked_for() -> None:
    scene = field(Thing("cow", rectangle(0, 30, 15, 20), True), Thing("cow", rectangle(20, 30, 15, 20), True))
    paste_square(scene, "dog", (80, 25))
    assert not any("left of" in words for _, words in scene.referred("cow"))


@pytest.mark.parametrize(
    ("objects", "true", "untrue"),
    [
        ([(0.2, 0.5, 9), (0.8, 0.5, 9)], {(0, "left cow"), (1, "right cow")}, "middle top bottom big small second"),
        (
            [(0.2, 0.2, 9), (0.8, 0.8, 20)],
            {(0, "cow in top left corner"), (1, "bottom right cow"), (1, "big cow")},
            "middle",
        ),
        ([(0.2, 0.5, 9), (0.5, 0.5, 9), (0.8, 0.5, 9)], {(1, "middle cow"), (1, "second cow from left")}, "big top"),
        ([(0.5, 0.5, 9), (0.52, 0.5, 9)], set(), "left right top bottom middle big small"),
        ([(0.1, 0.5, 9)], {(0, "cow on the left")}, "right top leftmost big"),
    ],
)  # fmt: skip
def test_places_are_said_only_where_they_are_clear(
    objects: list[tuple[float, float, float]], true: set[tuple[int, str]], untrue: str
) -> None:
    said = places.singled_out([Placed(*values) for values in objects], "cow")
    assert true <= set(said)
    assert not {word for _, words in said for word in words.split()} & set(untrue.split())


def test_a_thing_is_not_pasted_where_it_may_be_already_under_another_name() -> None:
    assert scenes.clashes("airplane", "msrc", ["aeroplane"], {"aeroplane"})
    assert scenes.clashes("person", "clothing", ["dress"], {"dress"})
    assert scenes.clashes("handbag", "pennfudan", ["person"], {"person"})
    assert not scenes.clashes("person", "coco_train", ["person"], {"person"})
    assert not scenes.clashes("giraffe", "clothing", ["dress"], {"dress"})


def test_what_is_pasted_is_never_called_absent() -> None:
    assert "cat" not in known_absent("camvid", ["car", "road"], {"car", "road", "cat"})
    absent = known_absent("camvid", ["car", "road"], {"car", "cat"})
    assert {"road", "giraffe"} < set(absent) and not {"car", "cat"} & set(absent)


def test_only_objects_of_train_photos_are_cut_out() -> None:
    cache = two_photos()
    cache.photos[1] = Photo("msrc", "dev", 128 * 96 * 3, 128, 96, "")
    assert Sampler(cache, BYTES, 1, 100, 4).cutouts.of_category == {"cow": [0]}


def test_scenes_hold_their_questions_and_depend_on_the_seed_alone() -> None:
    sampler = Sampler(two_photos(), BYTES, 1, 100, 4)
    again = Sampler(two_photos(), BYTES, 1, 100, 4)
    pasted = absent = prompted = 0
    for seed in range(90):
        size = scaled_size(128, 96, 128)
        sample = sampler.scene_sample(seed % 2, size, "none", Random(seed))
        copy = again.scene_sample(seed % 2, size, "none", Random(seed))
        assert np.array_equal(sample.image, copy.image) and sample.branches == copy.branches
        assert all(np.array_equal(a, b) for a, b in zip(sample.targets, copy.targets, strict=True))
        assert sample.image.shape == (96, 128, 3) and sample.teacher is None
        assert len(sample.targets) == sum(branch.answer.count("[SEG]") for branch in sample.branches) > 0
        for branch, target in answered(sample):
            assert target.shape == (24, 32) and target.any() == (not is_about_nothing(branch))
            absent += "No target" in branch.answer
        pasted += (sample.labels < 255).any()
        prompted += (sample.prompt_index >= 0).any()
    assert pasted > 20 and absent > 5 and prompted > 10


def test_an_answer_to_a_name_denies_what_is_not_seen_and_counts_for_its_words() -> None:
    sampler = Sampler(two_photos(), BYTES, 1, 100, 4)
    said = set()
    for seed in range(40):
        sample = sampler.text_sample(0, (128, 96), "none", Random(seed))
        for branch, target in answered(sample):
            assert is_about_nothing(branch) is not bool(target.any())
            if branch.text_weight and templates.INSTANCE_MODE not in branch.question:
                assert branch.text_weight == templates.NAME_TEXT_WEIGHT
                said.add(branch.answer == templates.NO_TARGET)
    assert said == {True, False}


def answered(sample: Sample) -> list[tuple[Branch, np.ndarray]]:
    """Each mask beside the branch that asked for it."""
    askers = [branch for branch in sample.branches for _ in range(branch.answer.count("[SEG]"))]
    return list(zip(askers, sample.targets, strict=True))


def is_about_nothing(branch: Branch) -> bool:
    """Whether something is asked for that is not there: denied, or affirmed in words that are not learnt."""
    return branch.answer == templates.NO_TARGET or branch.text_weight == 0


def test_the_wrong_answer_about_what_is_not_there_is_shown_without_its_words() -> None:
    asked = [scenes.denials("cat", Random(seed)) for seed in range(20)]
    assert {len(branches) for branches in asked} == {1, 2}
    for denied, *affirmed in asked:
        assert denied.answer == templates.NO_TARGET and denied.text_weight == templates.NAME_TEXT_WEIGHT
        for branch in affirmed:
            assert (branch.question, branch.answer, branch.text_weight) == (denied.question, templates.SEG_ANSWER, 0)


def test_objects_that_are_asked_for_one_by_one_come_from_left_to_right() -> None:
    sampler = Sampler(two_photos(), BYTES, 1, 100, 4)
    counts = set()
    for seed in range(60):
        sample = sampler.text_sample(0, (128, 96), "none", Random(seed))
        for branch in sample.branches:
            if templates.INSTANCE_MODE in branch.question:
                masks = [target for asker, target in answered(sample) if asker is branch]
                counts.add(len(masks))
                middles = [float(mask.nonzero()[1].mean()) for mask in masks]
                assert middles == sorted(middles)
                assert branch.answer == templates.instances_answer(branch.answer.split("-")[0], len(masks))
    assert counts


def test_the_hardest_names_to_deny_are_those_of_kin() -> None:
    absent = known_absent("horses", ["horse"], {"horse"})
    assert {"cow", "dog", "zebra"} <= set(kin(absent, {"horse"}))
    assert not {"horse", "pizza"} & set(kin(absent, {"horse"}))


def test_a_name_of_the_same_thing_in_another_set_is_not_called_absent() -> None:
    assert "tv" not in known_absent("trashcan", [], {"tv monitor"})
    assert "airplane" not in known_absent("football", ["field"], {"aeroplane"})

