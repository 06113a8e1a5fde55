"""Prompts, wordings and sequences keep their promises."""

from dataclasses import replace
from random import Random

import cv2
import numpy as np
import pytest
from pycocotools import mask as coco_mask

from data.cache import TEACHER_CHANNELS, TEACHER_GRID, Cache, Photo, Region
from network.sequence import Branch, encode_branches, patch_marks, scaled_size, target_size, text_attention_mask
from network.tokenizer import SPECIALS, ByteTokenizer
from sampling import prompts, templates
from sampling.samples import Sampler
from sampling.views import View, crop_window

BYTES = ByteTokenizer({"byte_offset": 0, "special": {token: 256 + i for i, token in enumerate(SPECIALS)}})


def blob() -> np.ndarray:
    y, x = np.mgrid[0:64, 0:96]
    return ((x - 40) ** 2 + 2 * (y - 30) ** 2 < 400).astype(np.uint8)


@pytest.mark.parametrize("kind", prompts.KINDS)
def test_a_prompt_marks_its_object(kind: str) -> None:
    mask = blob()
    for seed in range(30):
        prompt = prompts.draw_prompt(kind, mask, Random(seed))
        assert prompt.shape == mask.shape
        assert (prompt & mask).any()
        if kind in ("point", "scribble"):
            assert not (prompt & ~mask & 1).any()


def test_a_point_against_lies_outside() -> None:
    for seed in range(30):
        prompt = prompts.outside_point(blob(), Random(seed))
        assert prompt is not None and prompt.sum() == 1 and not (prompt & blob()).any()
    assert prompts.outside_point(np.ones((32, 32), np.uint8), Random(0)) is None


def test_one_pixel_marks_one_patch() -> None:
    marks = patch_marks(prompts.deepest_point(blob()))
    assert marks.shape == (4, 6) and marks.sum() == 1


@pytest.mark.parametrize(
    ("size", "target"),
    [((640, 480), (640, 480)), ((640, 427), (640, 432)), ((500, 375), (512, 384)), ((2250, 1500), (1024, 688))],
)
def test_the_resize_rule(size: tuple[int, int], target: tuple[int, int]) -> None:
    assert target_size(*size) == target


def test_a_crop_is_enlarged_to_exactly_its_side() -> None:
    assert scaled_size(30, 20, 256) == (256, 176)
    assert scaled_size(3, 300, 256) == (16, 256)


def test_a_crop_grows_by_the_long_side_and_stays_inside() -> None:
    assert crop_window((100, 100, 40, 20), (640, 480), (0.25,) * 4) == (90, 90, 150, 130)
    assert crop_window((0, 0, 640, 480), (640, 480), (0.25,) * 4) == (0, 0, 640, 480)


def test_branches_see_the_image_and_themselves_only() -> None:
    text = encode_branches(BYTES, [Branch("a", "b"), Branch("c", "d")], start=9)
    mask = text_attention_mask(text.branch[None], image_length=3)[0]
    half = len(text.ids) // 2
    assert mask[:, :3].all()
    assert not mask[half:, 3 : 3 + half].any()
    assert text.positions[0] == text.positions[half] == 9
    assert (np.triu(mask[:, 3:], 1) == 0).all()


def test_only_the_answer_is_learnt() -> None:
    text = encode_branches(BYTES, [Branch("where?", "It is [SEG].", 0.5)], start=0)
    learnt = text.ids[text.label_weights > 0].tolist()
    assert BYTES.decode(learnt) == "It is [SEG].<|endoftext|>"
    assert set(text.label_weights.tolist()) == {0.0, 0.5}
    assert BYTES.decode(text.ids.tolist()).startswith("<|im_start|>user\nwhere?<|im_end|>\nIt is")


@pytest.mark.parametrize(
    ("noun", "expected"),
    [("horse", "horses"), ("person", "people"), ("grass", "grass"), ("bus", "buses"), ("body", "bodies"),
     ("front glass", "front glass"), ("wine glass", "wine glasses"), ("bench", "benches")],
)  # fmt: skip
def test_plurals(noun: str, expected: str) -> None:
    assert templates.plural(noun) == expected


def test_a_description_says_what_was_measured() -> None:
    text = templates.description("horse", "brown", 0.3, (0.5, 0.5), "grass")
    assert text == "a brown horse, large, in the centre of the picture, next to grass"
    assert templates.description("airplane", "", 0.001, (0.1, 0.1), "") == (
        "an airplane, tiny, in the upper left of the picture"
    )


def test_a_flipped_part_changes_sides() -> None:
    assert templates.mirrored("front left door") == "front right door"


def test_the_evaluation_question_keeps_its_leading_space() -> None:
    assert templates.segment_question("cat") == " Please segment cat in this image."


def test_a_crop_is_described_without_place_and_size() -> None:
    assert templates.close_description("horse", "brown", "grass") == "a brown horse, next to grass"
    assert templates.close_description("grass", "", "") == "grass"


def tiny_cache() -> Cache:
    """One photo of 64 x 48 pixels with one region, and teacher features whose first channel counts columns."""
    cache = Cache.__new__(Cache)
    mask = np.zeros((48, 64), np.uint8)
    mask[10:20, 30:50] = 1
    counts = coco_mask.encode(np.asfortranarray(mask))["counts"].decode()
    cache.photos = [Photo("msrc", "train", 0, 64, 48, "")]
    cache.regions = [Region(0, "cow", (30, 10, 20, 10), 200, counts, False, "brown", "", (0.6, 0.3))]
    cache.regions_of, cache.category_names = [[0]], ["cow"]
    cache.pixels = np.zeros(64 * 48 * 3, np.uint8)
    cache.label_bytes, cache.label_offsets = np.zeros(16 * 12, np.uint8), np.array([0, 16 * 12])
    cache.teacher = np.zeros((1, TEACHER_GRID, TEACHER_GRID, TEACHER_CHANNELS), np.float16)
    cache.teacher[..., 0] = np.arange(TEACHER_GRID)
    return cache


def test_teacher_features_follow_the_window_and_the_mirror() -> None:
    sampler = Sampler(tiny_cache(), BYTES, 1, 100, 4)
    window = View(0, (32, 0, 64, 48), (32, 48), False)
    seen = sampler.teacher_features(window)
    assert seen is not None and seen.shape == (3, 2, TEACHER_CHANNELS)
    assert np.allclose(seen[0, :, 0], [20.125, 28.375], atol=0.1)
    mirrored = sampler.teacher_features(View(0, (32, 0, 64, 48), (32, 48), True))
    assert mirrored is not None and np.array_equal(mirrored[:, ::-1], seen)


def test_windows_too_small_for_the_teacher_are_not_distilled() -> None:
    sampler = Sampler(tiny_cache(), BYTES, 1, 100, 4)
    assert sampler.teacher_features(View(0, (30, 10, 40, 18), (32, 32), False)) is None


def test_a_window_holds_its_anchor() -> None:
    cache = tiny_cache()
    sampler = Sampler(cache, BYTES, 1, 100, 4)
    for seed in range(50):
        view = sampler.window_view(0, cache.regions[0], (64, 48), Random(seed))
        x0, y0, x1, y1 = view.window
        assert 0 <= x0 <= 30 and 0 <= y0 <= 10 and 50 <= x1 <= 64 and 20 <= y1 <= 48


def test_a_part_that_a_mirrored_photo_lacks_is_named_by_its_side_there() -> None:
    cache = tiny_cache()
    cache.regions = [replace(cache.regions[0], category="left door")]
    sampler = Sampler(cache, BYTES, 1, 100, 4)
    sampler.categories["msrc"] = ["left door", "right door"]
    for flipped, lacking in ((False, "right door"), (True, "left door")):
        branches: list[Branch] = []
        sampler.add_absent(branches, [], View(0, (0, 0, 64, 48), (64, 48), flipped), Random(1), 200)
        asked = [branch.question for branch in branches if "door" in branch.question]
        assert asked and all(lacking in question for question in asked)


def test_clicks_on_and_off_the_object_have_ids_of_their_own() -> None:
    cache = tiny_cache()
    sampler = Sampler(cache, BYTES, 1, 100, 4)
    mask = cv2.resize(cache.mask(0), (256, 192), interpolation=cv2.INTER_NEAREST)
    marked = patch_marks(mask)
    seen_against = False
    for seed in range(60):
        marks, words, _ = sampler.clicks("point", mask, 3, Random(seed))
        assert marks[-1][0] == 3 and (marks[-1][1] & marked).any()
        if len(marks) == 2:
            seen_against = True
            assert words == "<Prompt3> but not <Prompt4>" and marks[0][0] == 4
        else:
            assert words == "<Prompt3>"
    assert seen_against


def box_cache() -> Cache:
    """A photo of 64 x 48 pixels: a house, a window in it, a tree beside, of a set that says no words."""
    cache = tiny_cache()
    cache.photos = [Photo("bsds", "train", 0, 64, 48, "")]
    cache.regions, cache.regions_of = [], [[0, 1, 2]]
    for x, y, w, h in ((10, 8, 30, 32), (16, 16, 8, 8), (46, 10, 14, 30)):
        mask = np.zeros((48, 64), np.uint8)
        mask[y : y + h, x : x + w] = 1
        counts = coco_mask.encode(np.asfortranarray(mask))["counts"].decode()
        centre = ((x + w / 2) / 64, (y + h / 2) / 48)
        cache.regions.append(Region(0, "", (x, y, w, h), w * h, counts, False, "", "", centre))
    cache.category_names = []
    cache.label_bytes = np.full(16 * 12, 255, np.uint8)
    return cache


@pytest.mark.parametrize("flipped", [False, True])
def test_a_click_may_mean_what_is_around_it_and_what_is_in_it(flipped: bool) -> None:
    sampler = Sampler(box_cache(), BYTES, 1, 100, 4)
    view = View(0, (0, 0, 64, 48), (128, 96), flipped)
    in_window, on_tree = view.place((20, 20)), view.place((52, 20))
    for number in (0, 1):
        found = sampler.masks_under(number, view, in_window, Random(1))
        assert [int(mask.sum()) for mask in found] == [960, 64]
    assert [int(mask.sum()) for mask in sampler.masks_under(2, view, on_tree, Random(1))] == [420]


def test_parts_under_a_click_may_mean_the_thing_that_they_make() -> None:
    cache = box_cache()
    cache.photos = [replace(cache.photos[0], set="car_parts")]
    cache.regions = [replace(region, category=name) for region, name in zip(cache.regions, "abc", strict=True)]
    sampler = Sampler(cache, BYTES, 1, 100, 4)
    view = View(0, (0, 0, 64, 48), (128, 96), False)
    found = sampler.masks_under(2, view, view.place((52, 20)), Random(1))
    assert [int(mask.sum()) for mask in found] == [960 + 420, 420]


def test_a_view_tells_where_a_pixel_comes_from() -> None:
    for flipped in (False, True):
        view = View(0, (10, 5, 50, 35), (80, 60), flipped)
        for point in ((10, 5), (49, 34), (30, 20)):
            assert view.origin(view.place(point)) == point


def test_a_batch_knows_its_candidates_and_the_masks_that_nobody_drew() -> None:
    sampler = Sampler(box_cache(), BYTES, 1, 100, 4)
    groups = 0
    for seed in range(30):
        sample = sampler.crop_sample(1, (64, 48), 1.0, "point", "words", Random(seed))
        assert all("What is" not in branch.question for branch in sample.branches), "wordless regions"
        batch = sampler.assemble([sample, sample], (64, 48), "point")
        assert batch.drawn.all() and len(batch.targets) == (batch.text_ids == BYTES.special["[SEG]"]).sum()
        for first, known in batch.candidates:
            groups += 1
            masks = batch.targets[first : first + 3]
            assert len({mask.tobytes() for mask in masks}) == known
            assert masks[0].sum() >= masks[1].sum() >= masks[2].sum()
    assert groups


def test_a_class_name_of_a_whole_photo_is_affirmed_without_a_mask() -> None:
    cache = tiny_cache()
    cache.photos = [Photo("caltech101", "train", 0, 64, 48, name) for name in ("emu", "emu", "wild cat")]
    cache.regions, cache.regions_of, cache.category_names = [], [[], [], []], []
    cache.label_bytes, cache.label_offsets = np.full(3 * 16 * 12, 255, np.uint8), np.arange(4) * 16 * 12
    sampler = Sampler(cache, BYTES, 1, 100, 4)
    affirmed = denied = 0
    for seed in range(30):
        sample = sampler.named_sample(0, (64, 48), "none", Random(seed))
        batch = sampler.assemble([sample], (64, 48), "named")
        asked = [branch for branch in sample.branches if "[SEG]" in branch.answer]
        assert batch.drawn.tolist() == [target is not None for target in sample.targets]
        for branch, target in zip(asked, sample.targets, strict=True):
            assert ("emu" in branch.question) is (target is None)
            affirmed += target is None
            denied += target is not None and not target.any()
    assert affirmed == 30 and denied > 5
