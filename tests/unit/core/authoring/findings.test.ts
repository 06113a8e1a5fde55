import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparisonKey } from '../../../../core/authoring/comparison-key.ts';
import {
  findingsOf,
  isHindrance,
  patchesOf,
  type WrittenAbout,
  type WrittenItem,
} from '../../../../core/authoring/findings.ts';
import { hasWords } from '../../../../core/authoring/words.ts';

const about: WrittenAbout = {
  image: { id: 'image', width: 640, height: 480 },
  regions: [{ id: 'cup', area: 4000 }],
  nameOf: (id) => id,
  duplicateOf: () => null,
};
const choice = (question: string, answer: string, ...choices: string[]): WrittenItem => ({
  task: 'multiple-choice',
  content: { question, choices, answer },
});
const refers = (question: string, answer: string, ...tags: string[]): WrittenItem => ({
  task: 'referring',
  content: { question, answer },
  tagged: tags.map((tag) => ({ tag, annotationId: 'cup' })),
  hasNoTarget: false,
});
const kinds = (written: WrittenItem, where: Partial<WrittenAbout> = {}) =>
  findingsOf(written, { ...about, ...where }).map(({ kind }) => kind);

describe('the checks of what is written', () => {
  it('find an answer inside another choice, choices twice, and an answer that the question gives away', () => {
    expect(kinds(choice('What colour?', 'red', 'red', 'blue'))).toEqual([]);
    expect(kinds(choice('What colour?', 'red', 'red', 'dark red'))).toEqual([
      'answer-inside-choice',
    ]);
    expect(kinds(choice('What colour?', 'red', 'red', 'Blue', 'blue.'))).toEqual(['choice-twice']);
    expect(kinds(choice('Is it red?', 'red', 'red', 'blue'))).toEqual(['answer-in-question']);
    expect(kinds(choice('Which?', 'green', 'red', 'blue'))).toEqual(['no-answer']);
    expect(kinds(choice('', 'red', 'red'))).toEqual(['empty']);
  });

  it('find an answer that names the category which the question names', () => {
    expect(kinds(choice('Which cups?', 'a cup of tea', 'a cup of tea', 'a glass'))).toEqual([
      'names-category',
    ]);
  });

  it('find tags without a segment, segments without a tag, and tags that begin others', () => {
    expect(kinds(refers('What stands left?', 'It is [a].', 'a'))).toEqual([]);
    expect(kinds(refers('What stands left?', 'It is [b].', 'a'))).toEqual([
      'tag-without-segment',
      'segment-without-tag',
    ]);
    expect(kinds(refers('What is [r1]?', 'It is [r10].', 'r1', 'r10'))).toEqual(['tag-inside-tag']);
    expect(kinds(refers('What stands left?', 'Nothing.'))).toEqual(['no-target']);
    const without = {
      ...refers('What stands left?', 'Nothing.'),
      hasNoTarget: true,
    } as WrittenItem;
    expect(kinds(without)).toEqual([]);
  });

  it('find a referring text that names the category of its target, in the plural too', () => {
    expect(kinds(refers('Where are the cups?', 'It is [a].', 'a'))).toEqual(['names-category']);
    expect(kinds(refers('Where is the cupboard?', 'It is [a].', 'a'))).toEqual([]);
    expect(hasWords('左边的杯子', '杯子')).toBe(true);
  });

  it('find regions under four patches of the model, at the size that it sees', () => {
    const words = choice('What colour?', 'red', 'red', 'blue');
    expect(kinds(words, { regions: [{ id: 'cup', area: 4 * 256 }] })).toEqual([]);
    expect(kinds(words, { regions: [{ id: 'cup', area: 4 * 256 - 1 }] })).toEqual(['small-region']);
    expect(patchesOf(4 * 256, { width: 2048, height: 100 })).toBe(1);
  });

  it('find an item that says the same', () => {
    const seen = comparisonKey(
      { task: 'description', content: { text: 'A red cup!' } },
      'elsewhere',
      [],
    );
    const duplicateOf = (key: string) => (key === seen ? 'other' : null);
    const written: WrittenItem = { task: 'description', content: { text: 'a  red cup' } };
    expect(findingsOf(written, { ...about, duplicateOf })).toContainEqual({
      kind: 'duplicate',
      itemId: 'other',
    });
    expect(kinds(choice('a red cup', 'x', 'x', 'y'), { duplicateOf })).toEqual([]);
  });

  it('name what hinders first, and never throw', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('[a]', 'cup', '[', 'x [b] y'));
    fc.assert(
      fc.property(
        text,
        text,
        fc.array(text),
        fc.array(fc.string()),
        (question, answer, choices, tags) => {
          for (const written of [
            choice(question, answer, ...choices),
            refers(question, answer, ...tags),
          ]) {
            const hinders = findingsOf(written, about).map(isHindrance);
            expect(hinders).toEqual([...hinders].sort((a, b) => Number(b) - Number(a)));
          }
        },
      ),
    );
  });
});
