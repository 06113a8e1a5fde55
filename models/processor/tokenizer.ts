import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';

/** Text to token ids and back. */
export interface Tokenizer {
  encode(text: string): number[];
  /** Special tokens are written out; bytes that form no character yet become U+FFFD. */
  decode(ids: readonly number[]): string;
}

/** The vocabulary of the parity fixtures: one token a UTF-8 byte, special tokens by table. */
const byteVocabularySchema = z.object({
  byte_offset: z.number().int(),
  special: z.record(z.string(), z.number().int()),
});
type ByteVocabulary = z.infer<typeof byteVocabularySchema>;

const huggingFaceSchema = z.looseObject({
  model: z.looseObject({}),
  added_tokens: z.array(z.unknown()),
});

/**
 * Reads a `tokenizer.json` as Hugging Face writes it, or a byte vocabulary as the parity fixtures have it.
 * @throws AppError `package-invalid` when the file is neither.
 */
export async function loadTokenizer(path: string): Promise<Tokenizer> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw invalid(path, (cause as Error).message, cause);
  }
  const bytes = byteVocabularySchema.safeParse(content);
  if (bytes.success) return new ByteTokenizer(bytes.data);
  const subwords = huggingFaceSchema.safeParse(content);
  if (subwords.success) return new SubwordTokenizer(subwords.data);
  throw invalid(path, 'it has neither a model with added tokens nor a byte vocabulary');
}

function invalid(path: string, reason: string, cause?: unknown): AppError {
  return new AppError(
    'package-invalid',
    `The tokenizer ${path} cannot be used: ${reason}. Build or download the model package again.`,
    { path },
    { cause },
  );
}

class SubwordTokenizer implements Tokenizer {
  readonly #tokenizer: HuggingFaceTokenizer;

  constructor(content: object) {
    this.#tokenizer = new HuggingFaceTokenizer(content, { clean_up_tokenization_spaces: false });
  }

  encode(text: string): number[] {
    return this.#tokenizer.encode(text, { add_special_tokens: false }).ids;
  }

  decode(ids: readonly number[]): string {
    return ids.length === 0 ? '' : this.#tokenizer.decode([...ids], { skip_special_tokens: false });
  }
}

class ByteTokenizer implements Tokenizer {
  readonly #offset: number;
  readonly #idOfToken: ReadonlyMap<string, number>;
  readonly #tokenOfId: ReadonlyMap<number, string>;
  readonly #specialTokens: RegExp;

  constructor({ byte_offset, special }: ByteVocabulary) {
    const entries = Object.entries(special);
    this.#offset = byte_offset;
    this.#idOfToken = new Map(entries);
    this.#tokenOfId = new Map(entries.map(([token, id]) => [id, token]));
    this.#specialTokens = new RegExp(
      `(${entries.map(([token]) => escapeForRegExp(token)).join('|')})`,
    );
  }

  encode(text: string): number[] {
    return text.split(this.#specialTokens).flatMap((piece) => {
      const special = this.#idOfToken.get(piece);
      if (special !== undefined) return [special];
      return Array.from(new TextEncoder().encode(piece), (byte) => byte + this.#offset);
    });
  }

  decode(ids: readonly number[]): string {
    const encoder = new TextEncoder();
    const bytes = ids.flatMap((id) => {
      const special = this.#tokenOfId.get(id);
      if (special !== undefined) return [...encoder.encode(special)];
      const byte = id - this.#offset;
      return byte >= 0 && byte < 256 ? [byte] : [];
    });
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
  }
}

function escapeForRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
