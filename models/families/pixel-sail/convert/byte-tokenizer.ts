import { z } from 'zod';

/** `tokens.json` of a checkpoint whose text is UTF-8 bytes: id = byte + byte_offset. */
export const byteTokensSchema = z.object({
  byte_offset: z.number().int().min(0),
  special: z.record(z.string(), z.number().int().min(0)),
});
export type ByteTokens = z.infer<typeof byteTokensSchema>;

/**
 * The same tokenizer as a Hugging Face `tokenizer.json`: byte-level pairs without a single merge,
 * so that every byte stays a token of its own, and the special tokens added.
 */
export function byteTokenizerJson({ byte_offset: offset, special }: ByteTokens): object {
  const alphabet = byteLevelAlphabet();
  const byteLevel = {
    type: 'ByteLevel',
    add_prefix_space: false,
    trim_offsets: false,
    use_regex: false,
  };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: Object.entries(special).map(([content, id]) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries(alphabet.map((character, byte) => [character, byte + offset])),
      merges: [],
    },
  };
}

/** GPT-2's printable character of each byte: itself where it prints, else one from U+0100 on. */
function byteLevelAlphabet(): string[] {
  const prints = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCharCode(prints(byte) ? byte : next++),
  );
}
