"""Prompts, wordings and sequences keep their promises."""

from random import Random

import numpy as np
import pytest

import prompts
import templates
from samples import crop_window
from sequence import Branch, encode_branches, patch_marks, scaled_size, target_size, text_attention_mask
from tokenizer import SPECIALS, ByteTokenizer

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
