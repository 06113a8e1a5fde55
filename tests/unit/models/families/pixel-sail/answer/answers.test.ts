import { describe, expect, it } from 'vitest';
import {
  readableText,
  segLabels,
  TextStream,
} from '../../../../../../models/families/pixel-sail/answer/answers.ts';

/** Words as tokens: every string is one token, and decoding joins them. */
function labelsOf(...tokens: string[]): ReturnType<typeof segLabels> {
  const tokenizer = { decode: (ids: readonly number[]) => ids.map((id) => tokens[id]).join('') };
  const ids = tokens.map((_, index) => index);
  const marked = ids.map((id) => (tokens[id] === '[SEG]' ? -1 : id));
  return segLabels(marked, -1, tokenizer);
}

const nothing = { label: null, promptId: null, isAbsent: false };

describe('labels of [SEG]', () => {
  it('are the words before it', () => {
    expect(labelsOf('cat-1 ', '[SEG]', ' cat-2 ', '[SEG]', '.')).toEqual([
      { ...nothing, label: 'cat-1' },
      { ...nothing, label: 'cat-2' },
    ]);
    expect(labelsOf('A man on <p>', ' a horse ', '</p>', '[SEG]')).toEqual([
      { ...nothing, label: 'a horse' },
    ]);
  });

  it('are empty where the words only carry the answer', () => {
    for (const phrase of [
      'It is ',
      'Sure, ',
      'Sure, it is ',
      'Sure, the segmentation result is ',
      '',
    ]) {
      expect(labelsOf(phrase, '[SEG]')).toEqual([nothing]);
    }
  });

  it('leave out the question', () => {
    expect(labelsOf('<|im_start|>user\nthe dog', '<|im_end|>\n', 'It is ', '[SEG]')).toEqual([
      nothing,
    ]);
  });

  it('name the visual prompt', () => {
    expect(labelsOf('<Prompt2> ', '[SEG]', ', ball ', '[SEG]')).toEqual([
      { ...nothing, promptId: 2 },
      { ...nothing, label: 'ball' },
    ]);
  });

  it('say when there is nothing to find', () => {
    expect(labelsOf('No target ', '[SEG]', '.')).toEqual([{ ...nothing, isAbsent: true }]);
  });
});

describe('readable text', () => {
  it('has no markers left', () => {
    expect(readableText('<Prompt0>: a brown horse, large.<|endoftext|>')).toBe(
      'a brown horse, large.',
    );
    expect(readableText('The <p>cat</p> [SEG] sits near <Prompt1> [SEG].')).toBe(
      'The cat sits near <Prompt1>.',
    );
  });

  it('comes word by word and never twice', () => {
    const stream = new TextStream();
    const seen = [
      '<Prompt0>',
      '<Prompt0>:',
      '<Prompt0>: a',
      '<Prompt0>: a caf\uFFFD',
      '<Prompt0>: a café',
      '<Prompt0>: a café.<|endoftext|>',
    ].map((text) => stream.next(text));
    expect(seen.join('')).toContain('a café.');
    expect(seen.at(-1)).toBe('.');
  });
});
