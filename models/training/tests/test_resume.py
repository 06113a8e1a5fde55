"""A run that was stopped goes on exactly where it was."""

from pathlib import Path

import numpy as np
import torch

from data.cache import TEACHER_CHANNELS
from loop.options import TrainOptions
from loop.train import Clock, Trainer, Words
from network.config import ModelConfig
from network.sequence import Branch, encode_branches, first_text_position
from network.tokenizer import CONFIG_SPECIALS, PROMPTS, SPECIALS, ByteTokenizer
from sampling.batch import Batch

BYTES = ByteTokenizer({"byte_offset": 0, "special": {token: 256 + i for i, token in enumerate(SPECIALS)}})
CONFIG = ModelConfig(
    hidden_size=32,
    num_hidden_layers=1,
    num_attention_heads=2,
    num_key_value_heads=1,
    head_dim=16,
    intermediate_size=32,
    vocab_size=300,
    mask_dim=8,
    upsample_blocks=2,
    tie_word_embeddings=True,
    special_token_ids={token: BYTES.special[token] for token in CONFIG_SPECIALS},
    prompt_token_ids=[BYTES.special[token] for token in PROMPTS],
)


def batch(step: int) -> Batch:
    numbers = np.random.default_rng(step)
    text = encode_branches(BYTES, [Branch("Please segment <Prompt0>.", "It is [SEG].")], first_text_position((2, 3)))
    return Batch(
        images=numbers.integers(0, 255, (2, 32, 48, 3), dtype=np.uint8),
        patch_labels=np.tile([0, 0, 1, 1, 255, 255], (2, 1)),
        teacher=numbers.normal(size=(2, 2, 3, TEACHER_CHANNELS)).astype(np.float16),
        taught=np.array([True, False]),
        prompt_index=np.tile([-2, 0, -2, -2, 0, -2], (2, 1)),
        text_ids=np.stack([text.ids] * 2),
        text_positions=np.stack([text.positions] * 2),
        text_branch=np.stack([text.branch] * 2),
        label_weights=np.stack([text.label_weights] * 2),
        targets=numbers.integers(0, 255, (2, 8, 12), dtype=np.uint8),
        drawn=np.ones(2, bool),
        candidates=np.zeros((0, 2), np.int64),
        kind="zoom",
    )


def trainer() -> Trainer:
    options = TrainOptions(Path("cache"), Path("run"), minutes=1, seed=3, lr=1e-3)
    return Trainer(CONFIG, Words([[97], [98, 99]], affirms=73, denies=78), options, Clock(0.0, 100.0))


def test_resuming_equals_not_stopping(tmp_path: Path) -> None:
    unbroken = trainer()
    for step in range(4):
        unbroken.train_step(batch(step))
    stopped = trainer()
    for step in range(2):
        stopped.train_step(batch(step))
    stopped.clock.spent = 7.0
    stopped.save(tmp_path / "checkpoint.pt")
    resumed = trainer()
    resumed.load(tmp_path / "checkpoint.pt")
    assert (resumed.step, resumed.samples, resumed.clock.spent) == (2, 4, 7.0)
    resumed.clock.spent = 0.0
    for step in range(2, 4):
        resumed.train_step(batch(step))
    for name, value in unbroken.model.state_dict().items():
        assert torch.equal(value, resumed.model.state_dict()[name]), name
    for name, value in unbroken.ema.items():
        assert torch.equal(value, resumed.ema[name]), name


def test_a_few_steps_lower_the_loss() -> None:
    learner = trainer()
    first, *_ = learner.train_step(batch(0))
    for _ in range(30):
        last, *_ = learner.train_step(batch(0))
    assert last.total.item() < first.total.item()


def test_another_run_begins_with_the_average_and_the_moments_of_the_one_before(tmp_path: Path) -> None:
    before = trainer()
    for step in range(3):
        before.train_step(batch(step))
    before.save(tmp_path / "checkpoint.pt")
    after = trainer()
    after.start_from(tmp_path / "checkpoint.pt")
    assert (after.step, after.samples, after.clock.spent) == (0, 0, 0.0)
    for name, value in before.ema.items():
        assert torch.equal(value, after.model.state_dict()[name]) and torch.equal(value, after.ema[name]), name
    assert torch.equal(before.heads.states.weight, after.heads.states.weight)
    first = before.optimiser.state_dict()["state"][0]["exp_avg_sq"]
    assert torch.equal(first, after.optimiser.state_dict()["state"][0]["exp_avg_sq"])
