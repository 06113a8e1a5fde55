"""Sizes of a Pixel-SAIL model and how our runtime zooms, as stored in a checkpoint's ``config.json``."""

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

NUM_PROMPTS = 15


@dataclass(frozen=True)
class Look:
    """How a prompt's crop is cut: the tight box grows by ``margin`` x its long side on all four sides (clipped to the
    photo), then the crop's long side is scaled to ``side`` pixels, and perhaps mirrored."""

    margin: float
    side: int
    mirrored: bool = False


@dataclass(frozen=True)
class Zoom(Look):
    """The first look, and further ones whose probabilities are averaged with its own. Those are not taken at a box or
    mask whose first look scores ``enough``. Chosen on dev photos."""

    margin: float = 0.25
    side: int = 256
    also: tuple[Look, ...] = (Look(margin=0.5, side=256, mirrored=True),)
    enough: float = 0.75


@dataclass(frozen=True)
class Points:
    """The windows, as shares of the photo's sides, in which what a point means is looked for. Chosen on dev photos."""

    windows: tuple[float, ...] = (1.0, 0.6)


@dataclass(frozen=True)
class Edges:
    """The guided filter that fits masks to the edges of the photo, radius in pixels of the look. Chosen on dev
    photos."""

    radius: int = 16
    epsilon: float = 1e-4


@dataclass(frozen=True)
class NameEvidence:
    """What a text names is marked where first word and mask together speak for it: the logit of "It" over "No" plus
    that of the mask's score is at least ``least``, and at most ``behind`` less than that of another name asked
    together with it. Chosen on dev photos."""

    least: float = -1.0
    behind: float = 6.5


@dataclass(frozen=True)
class Presence:
    """``most_denied`` decides by the first word of the answer alone, in runtimes that do not know ``evidence``. At 0.5,
    0.50 of absent names got no mask instead of 0.41, and names lost 0.009 of cIoU on dev photos."""

    most_denied: float = 0.65
    evidence: NameEvidence = field(default_factory=NameEvidence)


@dataclass(frozen=True)
class Studio:
    """Settings of our own runtime, under the key ``pixel_sail_studio``; the architecture does not depend on them."""

    zoom: Zoom = field(default_factory=Zoom)
    words: Look = field(default_factory=lambda: Look(margin=0.25, side=224))
    """How a region that is asked for words is looked at: as in training."""
    whole_side: int = 320
    """For texts, points and scribbles. Points gained 0.018 at 320 instead of 256 on 225 dev targets, texts 0.010 on
    1,964."""
    points: Points = field(default_factory=Points)
    edges: Edges = field(default_factory=Edges)
    text_edges: Edges = field(default_factory=lambda: Edges(radius=4, epsilon=1e-4))
    """The same filter for masks of a text, in pixels of half the whole view: cIoU +0.009 (0.003 to 0.015) on 84 dev
    targets."""
    presence: Presence = field(default_factory=Presence)
    corrections: bool = True
    """Whether later clicks are asked about together with the mask that they correct (``sampling.corrections``)."""
    candidates: bool = True
    """Whether a lone click is answered with three masks, too (``sampling.templates.CANDIDATES_ANSWER``)."""


@dataclass(frozen=True)
class ModelConfig:
    """Architecture (reference sections 1 and 2). Key names are those of the parity fixture's ``config.json``."""

    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    num_key_value_heads: int
    head_dim: int
    intermediate_size: int
    vocab_size: int
    mask_dim: int
    upsample_blocks: int
    tie_word_embeddings: bool
    special_token_ids: dict[str, int]
    prompt_token_ids: list[int]
    patch_size: int = 16
    rms_norm_eps: float = 1e-6
    rope_theta: float = 1e6
    max_position_embeddings: int = 8192
    num_prompts: int = NUM_PROMPTS
    weights_storage_dtype: str = "float32"
    compute_dtype: str = "float32"

    def __post_init__(self) -> None:
        if self.hidden_size > 1024:
            raise ValueError("hidden sizes above 1024 need the pre-projector, which only the 3B and 7B models have")
        if self.head_dim % 4:
            raise ValueError("head_dim must be a multiple of 4: two position axes share half of it")

    @property
    def seg_token_id(self) -> int:
        return self.special_token_ids["[SEG]"]


def nano_config(vocab_size: int, special_token_ids: dict[str, int], prompt_token_ids: list[int]) -> ModelConfig:
    """pixel-sail-nano: the paper's architecture at a size that two CPU cores can train in an hour and a half.

    The rotary base is 10, not Qwen2.5's million: columns turn with the low half of the frequencies, which at a million
    move by at most a thousandth of a radian per patch. A pretrained model copes; one trained from scratch is blind to
    left and right. At 10, columns turn by 0.11 to 0.32 and rows by 0.33 to 1 radian per patch.
    """
    return ModelConfig(
        hidden_size=256,
        num_hidden_layers=8,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=64,
        intermediate_size=704,
        vocab_size=vocab_size,
        mask_dim=128,
        upsample_blocks=2,
        rope_theta=10.0,
        tie_word_embeddings=True,
        special_token_ids=special_token_ids,
        prompt_token_ids=prompt_token_ids,
    )


def read_config(path: Path) -> ModelConfig:
    """Reads what the architecture needs; a ``config.json`` may say more, such as how the runtime feeds the model."""
    values = json.loads(path.read_text())
    return ModelConfig(**{f.name: values[f.name] for f in fields(ModelConfig) if f.name in values})


def write_config(config: ModelConfig, studio: Studio | None, path: Path) -> None:
    values = asdict(config)
    if studio is not None:
        values["pixel_sail_studio"] = asdict(studio)
    path.write_text(json.dumps(values, indent=1) + "\n")
