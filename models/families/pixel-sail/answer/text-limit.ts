import type { ModelRequest } from '../../../../core/prompt.ts';
import type { ModelConfig } from '../config.ts';
import type { Tokenizer } from '../processor/tokenizer.ts';
import { promptTextFailure } from './sentences.ts';

/**
 * Where neither the package nor the length of its context says less: far beyond any question of
 * the field.
 */
const defaultTokens = 1024;

/**
 * Characters for each token of the limit. Longer texts are refused before they are tokenized,
 * which takes its time.
 */
const charactersPerToken = 8;

/** How many tokens a person's text may have in one request, choices included. */
export function maximumTextTokens(config: ModelConfig): number {
  const stated = config.pixel_sail_studio.max_text_tokens ?? defaultTokens;
  return Math.min(stated, config.max_position_embeddings);
}

/** @throws AppError `invalid-input` when the texts of a request are longer than the model reads. */
export function requireReadable(
  request: ModelRequest,
  config: ModelConfig,
  tokenizer: Pick<Tokenizer, 'encode'>,
): void {
  const texts = textsOf(request);
  const tokens = maximumTextTokens(config);
  const characters = tokens * charactersPerToken;
  const foundCharacters = texts.reduce((sum, text) => sum + text.length, 0);
  if (foundCharacters > characters) {
    const parts = { unit: 'characters', found: foundCharacters, most: characters } as const;
    throw promptTextFailure('invalid-input', 'promptTextTooLong', parts);
  }
  const foundTokens = texts.reduce((sum, text) => sum + tokenizer.encode(text).length, 0);
  if (foundTokens > tokens) {
    const parts = { unit: 'tokens', found: foundTokens, most: tokens } as const;
    throw promptTextFailure('invalid-input', 'promptTextTooLong', parts);
  }
}

function textsOf(request: ModelRequest): readonly string[] {
  switch (request.task) {
    case 'segment':
      return request.text === null ? [] : [request.text];
    case 'ask':
      return [request.question, ...request.choices];
    case 'describe':
    case 'everything':
      return [];
  }
}
