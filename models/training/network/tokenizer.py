"""Byte-level BPE in the layout of Qwen2.5's ``tokenizer.json``, with the reference's special tokens (section 2a)."""

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from network.config import NUM_PROMPTS

PROMPTS = [f"<Prompt{i}>" for i in range(NUM_PROMPTS)]
BASE_SPECIALS = [
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<vision>",
    "<vpatch>",
    "<vrow_sep>",
    "<vframe_sep>",
    "</vision>",
    "<|vis_cls|>",
]
SPECIALS = [*BASE_SPECIALS, "[SEG]", "<p>", "</p>", *PROMPTS, "<NO_Prompt>"]
CONFIG_SPECIALS = [*BASE_SPECIALS, "[SEG]"]

QWEN2_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


class TextEncoder(Protocol):
    """What a sequence needs from a tokenizer; the parity fixtures have a byte-per-token one."""

    special: dict[str, int]

    def encode(self, text: str) -> list[int]: ...

    def decode(self, ids: list[int]) -> str: ...


class BpeTokenizer:
    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self.special = {token: tokenizer.token_to_id(token) for token in SPECIALS}

    def encode(self, text: str) -> list[int]:
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def decode(self, ids: list[int]) -> str:
        return self.tokenizer.decode(ids, skip_special_tokens=False)

    @property
    def vocab_size(self) -> int:
        return self.tokenizer.get_vocab_size()


def train_tokenizer(texts: Iterable[str], merged_vocab_size: int) -> Tokenizer:
    """Learn ``merged_vocab_size`` byte-pair entries; the special tokens get the ids after them, as in Qwen2.5."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(QWEN2_SPLIT), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=merged_vocab_size, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in SPECIALS])
    return tokenizer


def load_tokenizer(path: Path) -> BpeTokenizer:
    return BpeTokenizer(Tokenizer.from_file(str(path)))


class ByteTokenizer:
    """One token per UTF-8 byte, specials by table: the vocabulary of the parity fixtures (``tokens.json``)."""

    def __init__(self, tokens: dict) -> None:
        self.special = tokens["special"]
        self.byte_offset = tokens["byte_offset"]

    def encode(self, text: str) -> list[int]:
        ids: list[int] = []
        while text:
            start, token = min(((text.find(s), s) for s in self.special if s in text), default=(len(text), ""))
            ids += [byte + self.byte_offset for byte in text[:start].encode()]
            ids += [self.special[token]] if token else []
            text = text[start + len(token) :]
        return ids

    def decode(self, ids: list[int]) -> str:
        names = {i: token for token, i in self.special.items()}
        pieces = [
            names[i].encode() if i in names else bytes([i - self.byte_offset]) if i - self.byte_offset < 256 else b""
            for i in ids
        ]
        return b"".join(pieces).decode(errors="replace")
