import { modelConfigSchema, type ModelConfig } from '../../models/families/pixel-sail/config.ts';

/** The config of a network that is never run. */
export function tinyConfig(studio: object): ModelConfig {
  return modelConfigSchema.parse({
    hidden_size: 64,
    num_hidden_layers: 1,
    num_attention_heads: 1,
    num_key_value_heads: 1,
    intermediate_size: 64,
    vocab_size: 32,
    mask_dim: 16,
    special_token_ids: { '[SEG]': 1 },
    prompt_token_ids: Array.from({ length: 15 }, (_, id) => id),
    pixel_sail_studio: studio,
  });
}
