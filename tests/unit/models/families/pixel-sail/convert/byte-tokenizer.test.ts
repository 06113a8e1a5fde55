import { Tokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteTokenizerJson } from '../../../../../../models/families/pixel-sail/convert/byte-tokenizer.ts';

describe('the tokenizer made for a byte-level checkpoint', () => {
  const offset = 3;
  const special = { '<|im_end|>': 0, '[SEG]': 300, '<Prompt1>': 301, '<Prompt10>': 302 };
  const tokenizer = new Tokenizer(byteTokenizerJson({ byte_offset: offset, special }), {
    clean_up_tokenization_spaces: false,
  });
  const encode = (text: string): number[] =>
    tokenizer.encode(text, { add_special_tokens: false }).ids;

  it('gives every UTF-8 byte its number plus the offset', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const bytes = [...Buffer.from(text, 'utf8')];
        expect(encode(text)).toEqual(bytes.map((byte) => byte + offset));
        expect(tokenizer.decode(encode(text), { skip_special_tokens: false })).toBe(text);
      }),
    );
  });

  it('takes special tokens whole, wherever they stand', () => {
    expect(encode('a<Prompt10>[SEG]<Prompt1>.<|im_end|>')).toEqual([
      97 + offset,
      302,
      300,
      301,
      46 + offset,
      0,
    ]);
  });
});
