"""Pixel-SAIL: one transformer reads patches and words, and its own states make the masks.

Module names give the reference's checkpoint keys (reference section 2i). Shapes: B samples, N patches in a grid of
Hp x Wp, T text tokens, L = N + 2 + T tokens, h hidden size, C mask dimension. A sequence always begins with the image
block ``<vision>`` N x ``<vpatch>`` ``</vision>`` (reference section 1b), or holds text only.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from network.config import ModelConfig


class RMSNorm(nn.Module):
    def __init__(self, size: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x.float(), self.weight.shape, self.weight, self.eps)


def rotary_tables(position_ids: Tensor, head_dim: int, theta: float) -> tuple[Tensor, Tensor]:
    """2-axis M-RoPE (section 1d): the high half of the frequencies turns with the row, the low half with the column.

    position_ids (3, B, L) for (t, h, w) -> cos and sin, each (B, 1, L, head_dim). The t axis is unused.
    """
    exponents = torch.arange(0, head_dim, 2, device=position_ids.device).float() / head_dim
    frequencies = 1.0 / theta**exponents
    by_row, by_column = frequencies.chunk(2)
    _, rows, columns = position_ids.float().unsqueeze(-1)
    angles = torch.cat((rows * by_row, columns * by_column), dim=-1)
    angles = torch.cat((angles, angles), dim=-1).unsqueeze(1)
    return angles.cos(), angles.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    first, second = x.chunk(2, dim=-1)
    return (x * cos + torch.cat((-second, first), dim=-1) * sin).to(x.dtype)


def attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None) -> Tensor:
    """q (B, heads, Q, d), k and v (B, heads, K, d), mask (B, 1, Q, K) bool -> (B, heads, Q, d).

    Written out, because at a few hundred tokens PyTorch's fused CPU kernel takes three times as long to train through.
    """
    scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    return scores.softmax(dim=-1) @ v


class Attention(nn.Module):
    """Grouped-query attention. The image block attends to all of itself and to nothing else; text attends as
    ``text_mask`` says. The two parts are computed apart, just as inference does with its image cache (section 1c)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.heads, self.kv_heads, self.head_dim = (
            config.num_attention_heads,
            config.num_key_value_heads,
            config.head_dim,
        )
        self.q_proj = nn.Linear(config.hidden_size, self.heads * self.head_dim)
        self.k_proj = nn.Linear(config.hidden_size, self.kv_heads * self.head_dim)
        self.v_proj = nn.Linear(config.hidden_size, self.kv_heads * self.head_dim)
        self.o_proj = nn.Linear(self.heads * self.head_dim, config.hidden_size, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, image_length: int, text_mask: Tensor | None) -> Tensor:
        """x (B, L, h); text_mask (B, 1, T, L) bool, true = may attend -> (B, L, h)"""
        batch, length, _ = x.shape
        q = self.q_proj(x).view(batch, length, self.heads, self.head_dim).transpose(1, 2)
        k = self.k_proj(x).view(batch, length, self.kv_heads, self.head_dim).transpose(1, 2)
        v = self.v_proj(x).view(batch, length, self.kv_heads, self.head_dim).transpose(1, 2)
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        groups = self.heads // self.kv_heads
        k, v = k.repeat_interleave(groups, dim=1), v.repeat_interleave(groups, dim=1)
        parts = []
        if image_length:
            image = slice(0, image_length)
            parts.append(attend(q[:, :, image], k[:, :, image], v[:, :, image], None))
        if text_mask is not None:
            parts.append(attend(q[:, :, image_length:], k, v, text_mask))
        mixed = torch.cat(parts, dim=2).transpose(1, 2).reshape(batch, length, -1)
        return self.o_proj(mixed)


class SwiGLU(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.up_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.down_proj = nn.Linear(config.intermediate_size, config.hidden_size, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class DecoderLayer(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.input_layernorm = RMSNorm(config.hidden_size, config.rms_norm_eps)
        self.self_attn = Attention(config)
        self.post_attention_layernorm = RMSNorm(config.hidden_size, config.rms_norm_eps)
        self.mlp = SwiGLU(config)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, image_length: int, text_mask: Tensor | None) -> Tensor:
        x = x + self.self_attn(self.input_layernorm(x), cos, sin, image_length, text_mask)
        return x + self.mlp(self.post_attention_layernorm(x))


class Decoder(nn.Module):
    """Qwen2-style decoder with the two image inputs: patches and visual prompts."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.vis_embed = nn.Linear(3 * config.patch_size**2, config.hidden_size, bias=False)
        self.vp_embed = nn.Linear(config.hidden_size, config.hidden_size, bias=False)
        self.layers = nn.ModuleList(DecoderLayer(config) for _ in range(config.num_hidden_layers))
        self.norm = RMSNorm(config.hidden_size, config.rms_norm_eps)


class SingleTransformer(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.model = Decoder(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        if config.tie_word_embeddings:
            self.lm_head.weight = self.model.embed_tokens.weight


class ChannelNorm(nn.Module):
    """Layer norm over the channels of (..., d); the reference's key has an extra level, ``3.ln``."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.ln = nn.LayerNorm(channels, eps=1e-6)

    def forward(self, x: Tensor) -> Tensor:
        return self.ln(x)


class SeparableConv(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(channels, channels, 3, padding=1, groups=channels)
        self.pointwise = nn.Conv2d(channels, channels, 1)


class UpsampleBlock(nn.ModuleDict):
    """ConvTranspose 2x2 stride 2, GELU, depthwise 3x3 and pointwise 1x1, layer norm over channels (section 2b.3).

    Works channels-last: a 2x2 stride-2 transposed convolution writes disjoint 2x2 blocks and a 1x1 convolution stays
    in its pixel, so both are plain matrix products here.
    """

    def __init__(self, channels: int) -> None:
        super().__init__(
            {
                "0": nn.ConvTranspose2d(channels, channels, 2, stride=2),
                "2": SeparableConv(channels),
                "3": ChannelNorm(channels),
            }
        )

    def forward(self, x: Tensor) -> Tensor:
        """(B, H, W, d) -> (B, 2H, 2W, d)"""
        batch, height, width, channels = x.shape
        transposed, separable = self["0"], self["2"]
        weight = transposed.weight.permute(2, 3, 1, 0).reshape(4 * channels, channels)
        x = F.linear(x, weight, transposed.bias.repeat(4)).view(batch, height, width, 2, 2, channels)
        x = x.permute(0, 1, 3, 2, 4, 5).reshape(batch, 2 * height, 2 * width, channels)
        x = separable.depthwise(F.gelu(x).permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
        x = F.linear(x, separable.pointwise.weight.flatten(1), separable.pointwise.bias)
        return self["3"](x)


def projector(size_in: int, hidden: int, size_out: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(size_in, hidden), nn.ReLU(), nn.Linear(hidden, size_out))


class PixelSail(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        size = config.hidden_size
        self.single_transformer = SingleTransformer(config)
        self.upsample_blocks = nn.ModuleList(UpsampleBlock(size) for _ in range(config.upsample_blocks))
        self.image_feature_projector = projector(size, size, config.mask_dim)
        self.seg_token_projector = projector(size, size, config.mask_dim)
        self.register_buffer("prompt_token_ids", torch.tensor(config.prompt_token_ids), persistent=False)

    def embed(self, input_ids: Tensor, patches: Tensor | None, prompt_index: Tensor | None) -> Tensor:
        """Input embeddings (sections 1b.5 and 2d).

        input_ids (B, L); patches (B, N, 768) normalised; prompt_index (B, N): prompt id, or negative where no prompt
        marks the patch -> (B, L, h)
        """
        decoder = self.single_transformer.model
        tokens = decoder.embed_tokens(input_ids)
        if patches is None:
            return tokens
        marked = (prompt_index >= 0).unsqueeze(-1)
        prompt_tokens = decoder.embed_tokens(self.prompt_token_ids[prompt_index.clamp(min=0)])
        image_terms = decoder.vis_embed(patches).float() + decoder.vp_embed(prompt_tokens * marked).float()
        return tokens + F.pad(image_terms, (0, 0, 1, tokens.shape[1] - image_terms.shape[1] - 1))

    def run_layers(
        self, embeddings: Tensor, position_ids: Tensor, image_length: int, text_mask: Tensor | None, layers: int
    ) -> Tensor:
        """Residual stream after the first ``layers`` decoder layers: (B, L, h)."""
        cos, sin = rotary_tables(position_ids, self.config.head_dim, self.config.rope_theta)
        for layer in self.single_transformer.model.layers[:layers]:
            embeddings = layer(embeddings, cos, sin, image_length, text_mask)
        return embeddings

    def forward(
        self,
        input_ids: Tensor,
        position_ids: Tensor,
        text_mask: Tensor | None,
        patches: Tensor | None = None,
        prompt_index: Tensor | None = None,
    ) -> Tensor:
        """States after the final norm, (B, L, h). Shapes as in ``embed``; position_ids (3, B, L); text_mask
        (B, 1, T, L) bool, or None when there is no text."""
        image_length = 0 if patches is None else patches.shape[1] + 2
        x = self.embed(input_ids, patches, prompt_index)
        x = self.run_layers(x, position_ids, image_length, text_mask, self.config.num_hidden_layers)
        return self.single_transformer.model.norm(x)

    def feature_map(self, hidden: Tensor, grid: tuple[int, int]) -> Tensor:
        """Upsampled image features F (section 2b): hidden (B, L, h), grid (Hp, Wp) -> (B, Hp 2^k, Wp 2^k, C)."""
        rows, columns = grid
        x = hidden[:, 1 : 1 + rows * columns].unflatten(1, grid)
        for block in self.upsample_blocks:
            x = block(x)
        return self.image_feature_projector(x)

    def seg_queries(self, seg_states: Tensor) -> Tensor:
        """States of ``[SEG]`` tokens (S, h) -> mask queries (S, C)."""
        return self.seg_token_projector(seg_states)

    def token_logits(self, states: Tensor) -> Tensor:
        return self.single_transformer.lm_head(states)


def initialise(model: PixelSail, seed: int) -> None:
    """Fresh weights for training from scratch. Word embeddings and the prompt projection start larger than usual, so
    that a marked patch differs from an unmarked one by about as much as one photo patch differs from another; the
    projectors' last layers start smaller, so that the first mask logits are near zero."""
    generator = torch.Generator().manual_seed(seed)
    residual_scale = (2 * model.config.num_hidden_layers) ** -0.5
    for name, parameter in model.named_parameters():
        if parameter.dim() == 1:
            continue
        std = 0.02
        if "embed_tokens" in name or "lm_head" in name:
            std = 0.05
        elif "vp_embed" in name:
            std = 0.25
        elif "projector.2" in name:
            std = 0.25 * model.config.hidden_size**-0.5
        elif name.endswith(("o_proj.weight", "down_proj.weight")):
            std = 0.02 * residual_scale
        elif "depthwise" in name:
            std = 0.15
        elif "upsample_blocks" in name or "projector" in name:
            std = model.config.hidden_size**-0.5
        nn.init.normal_(parameter, 0.0, std, generator=generator)
    for module in model.modules():
        if isinstance(module, nn.Linear | nn.Conv2d | nn.ConvTranspose2d) and module.bias is not None:
            nn.init.zeros_(module.bias)
    for block in model.upsample_blocks[1:]:
        block.load_state_dict(model.upsample_blocks[0].state_dict())
