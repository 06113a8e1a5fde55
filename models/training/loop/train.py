"""Train pixel-sail-nano on the cached sets, from random weights or from those of an exported checkpoint.

    python -m loop.train CACHE_DIR RUN_DIR --minutes 90
    python -m loop.train CACHE_DIR RUN_DIR --until 05:55          # UTC; the cosine ends there
    python -m loop.train CACHE_DIR RUN_DIR --minutes 90 --init CHECKPOINT_DIR   # or OTHER_RUN_DIR/checkpoint.pt
    python -m loop.train CACHE_DIR RUN_DIR --samples 20000        # as many, however long that takes
    python -m loop.train CACHE_DIR RUN_DIR --options FILE.toml    # any of ``TrainOptions``; arguments go before it

RUN_DIR gets checkpoint.pt (model, optimiser, moving average, step, clock; resumed from when present), log.csv and
tokenizer.json. The schedule follows time spent training, so a busy machine gets fewer steps, never a cut-off cosine.
SIGINT (Ctrl-C) and SIGTERM end it early and keep what is trained.

Each of ``--ranks`` processes computes with one thread on a batch of its own, and they average their gradients once a
step. On a shared machine that is many times faster than two threads in one process, which wait for each other at every
matrix product whenever other work holds a core; and a step sees two kinds of question instead of one. A GPU is used
where PyTorch sees one, by one process.
"""

import csv
import math
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain, count
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, distributed, multiprocessing, nn
from torch.nn import functional
from torch.utils.data import DataLoader, IterableDataset

from data.cache import TEACHER_CHANNELS, Cache
from loop.losses import (
    DistillationHeads,
    Losses,
    assigned_candidates,
    grouped_mask_logits,
    mask_losses,
    naming_loss,
    quality_loss,
    text_loss,
)
from loop.options import TrainOptions, train_options
from network.compute_type import autocast
from network.config import ModelConfig, nano_config, read_config
from network.model import PixelSail, initialise
from network.sequence import image_block_ids, image_block_positions, patchify, text_attention_mask
from network.tokenizer import CONFIG_SPECIALS, PROMPTS, TextEncoder, load_tokenizer
from network.variants import build_model
from network.weights import load_weights
from sampling.batch import Batch
from sampling.corrections import read_mistakes
from sampling.samples import Sampler
from sampling.templates import NO_TARGET, SEG_ANSWER

LOSSES = ("text", "bce", "dice", "naming", "distillation", "quality")
COLUMNS = ("step", "minutes", "samples", "kind", "lr", *LOSSES, "grad_norm")


REPORT_SECONDS = 1.0


@dataclass
class Clock:
    """Seconds spent training, over all sittings, against the planned total."""

    spent: float
    total: float

    @property
    def progress(self) -> float:
        return min(self.spent / self.total, 1.0)


Report = Callable[["Trainer"], None]
"""Is told how far a run is, once a second; a function that another process can import."""


def learning_rate(peak: float, step: int, progress: float, warmup: int) -> float:
    return peak * min(1.0, (step + 1) / warmup) * (0.5 + 0.5 * math.cos(math.pi * progress))


class BatchStream(IterableDataset):
    """One rank's batches from ``first_step`` on, drawn in a worker process that reads the trainer's progress. Views
    begin where ``views_from``, from 0 to 1, stands in their growth."""

    def __init__(
        self, sampler: Sampler, first_step: int, rank: int, ranks: int, progress: Tensor, views_from: float
    ) -> None:
        self.sampler, self.numbers = sampler, count(first_step * ranks + rank, ranks)
        self.progress, self.views_from = progress, views_from

    def __iter__(self) -> Iterator[Batch]:
        for number in self.numbers:
            yield self.sampler.batch(number, self.views_from + (1 - self.views_from) * float(self.progress))


def batch_states(model: PixelSail, batch: Batch) -> tuple[Tensor, tuple[int, int]]:
    """One forward pass over a batch of equal views -> states (B, L, h) after the final norm, patch grid (Hp, Wp)."""
    device = next(model.parameters()).device

    def tensor(array: np.ndarray) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(array)).to(device)

    height, width = batch.images.shape[1:3]
    grid = (height // model.config.patch_size, width // model.config.patch_size)
    samples, text_length = batch.text_ids.shape
    block = np.array(image_block_ids(model.config.special_token_ids, grid[0] * grid[1]))
    ids = tensor(np.concatenate((np.broadcast_to(block, (samples, len(block))), batch.text_ids), axis=1))
    image_positions = np.broadcast_to(image_block_positions(grid)[:, None], (3, samples, len(block)))
    text_positions = np.broadcast_to(batch.text_positions, (3, samples, text_length))
    positions = tensor(np.concatenate((image_positions, text_positions), axis=2))
    text_mask = tensor(text_attention_mask(batch.text_branch, len(block)))[:, None]
    patches = tensor(patchify(batch.images, model.config.patch_size))
    return model(ids, positions, text_mask, patches, tensor(batch.prompt_index)), grid


def batch_masks(
    model: PixelSail, batch: Batch, hidden: Tensor, grid: tuple[int, int]
) -> tuple[Tensor, Tensor, Tensor]:
    """Mask logits (S, H', W') of the batch's S ``[SEG]`` tokens in reading order, their states (S, h), and the features
    (B, H', W', C)."""
    image_length = hidden.shape[1] - batch.text_ids.shape[1]
    sample_of, place = ((batch.text_ids == model.config.seg_token_id) & (batch.text_branch > 0)).nonzero()
    states = hidden[sample_of, image_length + place]
    features = model.feature_map(hidden, grid)
    logits = grouped_mask_logits(features, model.seg_queries(states), torch.from_numpy(sample_of).to(hidden.device))
    return logits, states, features


@dataclass(frozen=True)
class Words:
    """Token ids: of each category's name, and the first of an answer that affirms and of one that denies. The state of
    a ``[SEG]`` judges its mask by which of these two it finds likelier."""

    categories: list[list[int]]
    affirms: int
    denies: int


def words_of(tokenizer: TextEncoder, category_names: list[str]) -> Words:
    affirms, denies = (tokenizer.encode(answer)[0] for answer in (SEG_ANSWER, NO_TARGET))
    return Words([tokenizer.encode(f" {name}") for name in category_names], affirms, denies)


def batch_losses(model: PixelSail, heads: DistillationHeads, batch: Batch, words: Words) -> Losses:
    hidden, grid = batch_states(model, batch)
    device, image_length = hidden.device, hidden.shape[1] - batch.text_ids.shape[1]

    def tensor(array: np.ndarray) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(array)).to(device)

    sample_of, place = batch.label_weights.nonzero()
    labels = tensor(batch.text_ids[sample_of, place])
    before = hidden[sample_of, image_length + place - 1]
    text = text_loss(model.token_logits(before), labels, tensor(batch.label_weights[sample_of, place]))
    lengths = torch.tensor([0, *map(len, words.categories)], device=device)
    embeddings = model.single_transformer.model.embed_tokens.weight
    token_ids = torch.tensor(list(chain.from_iterable(words.categories)), device=device)
    categories = functional.embedding_bag(token_ids, embeddings, lengths[:-1].cumsum(0), mode="mean")
    patch_states = hidden[:, 1 : image_length - 1]
    naming = naming_loss(patch_states, categories, tensor(batch.patch_labels.astype(np.int64)))
    grid_states = patch_states.unflatten(1, grid)
    teacher, known = tensor(batch.teacher).float(), tensor(batch.taught)
    if not len(batch.targets):
        none = text.new_zeros(())
        return Losses(text, none, none, naming, heads(grid_states, None, teacher, known), none)

    logits, states, features = batch_masks(model, batch, hidden, grid)
    if len(logits) != len(batch.targets):
        raise ValueError(f"{len(logits)} [SEG] tokens for {len(batch.targets)} masks")
    targets, weights = tensor(batch.targets).float() / 255, tensor(batch.drawn).float()
    targets, weights = assigned_candidates(logits, targets, weights, batch.candidates.tolist())
    bce, dice = mask_losses(logits, targets, weights)
    judgements = states.float() @ (embeddings[words.affirms] - embeddings[words.denies])
    quality = quality_loss(judgements, logits, targets, weights)
    return Losses(text, bce, dice, naming, heads(grid_states, features, teacher, known), quality)


class Trainer:
    """The weights, their moving average and the optimiser of one run."""

    def __init__(
        self,
        config: ModelConfig,
        words: Words,
        options: TrainOptions,
        clock: Clock,
    ) -> None:
        self.words, self.options, self.clock, self.step, self.samples = words, options, clock, 0, 0
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model = build_model(config, options.recipe)
        initialise(self.model, options.seed)
        torch.manual_seed(options.seed)
        self.heads = DistillationHeads(config.hidden_size, config.mask_dim, TEACHER_CHANNELS).to(self.device)
        self.model.to(self.device)
        self.ema = {name: value.clone() for name, value in self.model.state_dict().items()}
        self.trained = [*self.model.parameters(), *self.heads.parameters()]
        decayed = [p for p in self.trained if p.dim() > 1]
        plain = [p for p in self.trained if p.dim() <= 1]
        decay = options.weight_decay
        groups = [{"params": decayed, "weight_decay": decay}, {"params": plain, "weight_decay": 0.0}]
        self.optimiser = torch.optim.AdamW(groups, lr=options.lr, betas=(0.9, 0.98), fused=True)
        self.shared = self._shared_gradients()

    def _shared_gradients(self) -> Tensor:
        """One buffer that holds every gradient, then this step's count of samples, progress and wish to stop."""
        buffer = torch.zeros(sum(p.numel() for p in self.trained) + 3, device=self.device)
        offset = 0
        for parameter in self.trained:
            parameter.grad = buffer[offset : offset + parameter.numel()].view_as(parameter)
            offset += parameter.numel()
        return buffer

    @property
    def progress(self) -> float:
        """From 0 to 1."""
        in_all = self.options.samples
        return min(self.samples / in_all, 1.0) if in_all else self.clock.progress

    def train_step(self, batch: Batch, stop: bool = False) -> tuple[Losses, float, bool]:
        """One update from all ranks' batches -> this rank's losses, gradient norm, whether any rank wants to stop."""
        self.shared.zero_()
        with autocast(self.device):
            losses = batch_losses(self.model, self.heads, batch, self.words)
        losses.total.backward()
        self.shared[-3:] = torch.tensor([len(batch.images), self.progress, float(stop)], device=self.device)
        if distributed.is_initialized():
            distributed.all_reduce(self.shared)
            ranks = distributed.get_world_size()
            self.shared[:-3] /= ranks
            self.shared[-2] /= ranks
        samples, progress, stopping = self.shared[-3:].tolist()
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate(self.options.lr, self.step, progress, self.options.warmup)
        norm = float(nn.utils.clip_grad_norm_(self.trained, self.options.clip))
        if math.isfinite(norm):
            self.optimiser.step()
        self._average()
        self.step += 1
        self.samples += int(samples)
        return losses, norm, stopping > 0

    @torch.no_grad()
    def _average(self) -> None:
        decay = min(self.options.ema_decay, (1 + self.step) / (10 + self.step))
        values = self.model.state_dict()
        torch._foreach_lerp_(list(self.ema.values()), [values[name] for name in self.ema], 1 - decay)

    def save(self, path: Path) -> None:
        state = {
            "config": asdict(self.model.config),
            "model": self.model.state_dict(),
            "heads": self.heads.state_dict(),
            "ema": self.ema,
            "optimiser": self.optimiser.state_dict(),
            "step": self.step,
            "samples": self.samples,
            "spent": self.clock.spent,
            "torch_rng": torch.get_rng_state(),
        }
        fresh = path.with_suffix(".new")
        torch.save(state, fresh)
        os.replace(fresh, path)

    def start_from(self, checkpoint: Path) -> None:
        """Begin with the weights of an exported checkpoint of the same sizes; or with the averaged weights of another
        run's checkpoint.pt, its distillation heads and its optimiser's moments."""
        if checkpoint.is_dir():
            load_weights(self.model, checkpoint / "model.safetensors")
        else:
            state = torch.load(checkpoint, map_location=self.device, weights_only=True)
            self.model.load_state_dict(state["ema"])
            self.heads.load_state_dict(state["heads"])
            self.optimiser.load_state_dict(state["optimiser"])
        self.ema = {name: value.clone() for name, value in self.model.state_dict().items()}

    def load(self, path: Path) -> None:
        state = torch.load(path, map_location=self.device, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.heads.load_state_dict(state["heads"])
        self.ema = state["ema"]
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.samples, self.clock.spent = state["step"], state["samples"], state["spent"]
        torch.set_rng_state(state["torch_rng"].cpu())


def seconds_until(hour_minute: str) -> float:
    now = datetime.now(UTC)
    hour, minute = map(int, hour_minute.split(":"))
    end = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return ((end if end > now else end + timedelta(days=1)) - now).total_seconds()


def new_trainer(options: TrainOptions, category_names: list[str]) -> Trainer:
    """A trainer for the run's tokenizer, resumed from the run's checkpoint when there is one."""
    tokenizer = load_tokenizer(options.run / "tokenizer.json")
    if options.init and options.init.is_dir():
        config = read_config(options.init / "config.json")
    elif options.init:
        config = ModelConfig(**torch.load(options.init, map_location="cpu", weights_only=True)["config"])
    else:
        specials = {token: tokenizer.special[token] for token in CONFIG_SPECIALS}
        prompts = [tokenizer.special[token] for token in PROMPTS]
        config = replace(nano_config(tokenizer.vocab_size, specials, prompts), **options.sizes)
    trainer = Trainer(
        config,
        words_of(tokenizer, category_names),
        options,
        clock := Clock(0.0, 1.0),
    )
    checkpoint = options.run / "checkpoint.pt"
    if checkpoint.exists():
        trainer.load(checkpoint)
    elif options.init:
        trainer.start_from(options.init)
    if options.until:
        clock.total = clock.spent + seconds_until(options.until)
    elif options.minutes:
        clock.total = options.minutes * 60
    return trainer


def batches_for(
    trainer: Trainer, cache: Cache, options: TrainOptions, rank: int, progress: Tensor
) -> Iterator[Batch]:
    tokenizer = load_tokenizer(options.run / "tokenizer.json")
    stride = trainer.model.config.patch_size // 2**trainer.model.config.upsample_blocks
    mistakes = read_mistakes(options.cache)
    sampler = Sampler(cache, tokenizer, options.seed, options.tokens_per_batch, stride, mistakes, options.kinds)
    stream = BatchStream(sampler, trainer.step, rank, options.ranks, progress, options.views_from)
    if "fork" not in multiprocessing.get_all_start_methods():
        return iter(stream)
    return iter(DataLoader(stream, batch_size=None, num_workers=1, prefetch_factor=4, multiprocessing_context="fork"))


def run_rank(rank: int, options: TrainOptions, report: Report | None) -> None:
    stopping = threading.Event()
    for wish in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wish, lambda *_: stopping.set())
    torch.set_num_threads(1)
    if options.ranks > 1:
        meeting = f"file://{(options.run / 'meeting').resolve()}"
        distributed.init_process_group("gloo", init_method=meeting, rank=rank, world_size=options.ranks)
    cache = Cache(options.cache, with_teacher=options.recipe.distillation, with_pseudo=True)
    trainer = new_trainer(options, cache.category_names)
    clock, checkpoint = trainer.clock, options.run / "checkpoint.pt"
    progress = torch.tensor(trainer.progress).share_memory_()
    batches = batches_for(trainer, cache, options, rank, progress)
    earlier, started = clock.spent, time.monotonic()
    saved, reported, ended = started, 0.0, trainer.progress >= 1
    with (options.run / f"log{rank or ''}.csv").open("a", newline="", buffering=1) as log_file:
        log = csv.writer(log_file)
        if not log_file.tell():
            log.writerow(COLUMNS)
        while not ended:
            batch = next(batches)
            losses, norm, ended = trainer.train_step(batch, stopping.is_set() or trainer.progress >= 1)
            clock.spent = earlier + time.monotonic() - started
            progress.fill_(trainer.progress)
            log.writerow(
                (trainer.step, f"{clock.spent / 60:.2f}", trainer.samples, batch.kind)
                + (f"{trainer.optimiser.param_groups[0]['lr']:.2e}",)
                + tuple(f"{loss.item():.4f}" for loss in losses.parts)
                + (f"{norm:.2f}",)
            )
            if rank == 0 and time.monotonic() - saved > options.save_every * 60:
                trainer.save(checkpoint)
                saved = time.monotonic()
            if rank == 0 and report and time.monotonic() - reported > REPORT_SECONDS:
                report(trainer)
                reported = time.monotonic()
    if rank == 0:
        trainer.save(checkpoint)
        if report:
            report(trainer)
        else:
            print(f"ended: step {trainer.step}, {trainer.samples} samples, {clock.spent / 60:.1f} minutes", flush=True)


def run(options: TrainOptions, report: Report | None = None) -> None:
    """Train as the options say; ``report`` is told how far that is."""
    options.run.mkdir(parents=True, exist_ok=True)
    before = options.init or options.cache
    shutil.copyfile((before if before.is_dir() else before.parent) / "tokenizer.json", options.run / "tokenizer.json")
    (options.run / "meeting").unlink(missing_ok=True)
    if torch.cuda.is_available():
        options.ranks = 1
    ranks = multiprocessing.spawn(run_rank, (options, report), nprocs=options.ranks, join=False)
    for wish in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wish, lambda *_: [os.kill(pid, signal.SIGTERM) for pid in ranks.pids()])
    while not ranks.join():
        pass


def main() -> None:
    run(train_options(description=__doc__))


if __name__ == "__main__":
    main()
