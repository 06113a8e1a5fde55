import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byteTokenizerJson } from '../../../../../../models/families/pixel-sail/convert/byte-tokenizer.ts';
import { Tokenizer } from '../../../../../../models/families/pixel-sail/processor/tokenizer.ts';

const special = {
  '<|endoftext|>': 256,
  '<|im_start|>': 257,
  '<|im_end|>': 258,
  '[SEG]': 259,
  '<Prompt0>': 260,
};

describe('Tokenizer', () => {
  let folder: string;
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pixel-sail-tokenizer-'));
    const path = join(folder, 'tokenizer.json');
    await writeFile(path, JSON.stringify(byteTokenizerJson({ byte_offset: 0, special })));
    tokenizer = await Tokenizer.read(path);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('turns special tokens into one id each and adds none', () => {
    const ids = tokenizer.encode('<|im_start|>a [SEG]<Prompt0>.<|im_end|>\n');
    expect(ids).toEqual([257, 97, 32, 259, 260, 46, 258, 10]);
    expect(tokenizer.decode(ids)).toBe('<|im_start|>a [SEG]<Prompt0>.<|im_end|>\n');
  });

  it('gives every text back, spaces and newlines included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
      }),
    );
    expect(tokenizer.decode([])).toBe('');
  });

  it('writes U+FFFD for bytes that form no character yet', () => {
    expect(tokenizer.decode(tokenizer.encode('é').slice(0, 1))).toBe('\uFFFD');
  });

  it('refuses a file that is no tokenizer', async () => {
    const path = join(folder, 'other.json');
    await writeFile(path, '{"model": 3}');
    await expect(Tokenizer.read(path)).rejects.toMatchObject({ code: 'package-invalid' });
    await expect(Tokenizer.read(join(folder, 'none.json'))).rejects.toMatchObject({
      code: 'package-invalid',
    });
  });
});
