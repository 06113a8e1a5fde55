import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerPositions } from '../../../../core/authoring/answer-positions.ts';
import { boxDistance } from '../../../../core/authoring/box-distance.ts';
import { descriptionHints, missingAttributes } from '../../../../core/tasks/description/hints.ts';
import { distractors, nearColours } from '../../../../core/tasks/multiple-choice/distractors.ts';
import { shuffled } from '../../../../core/authoring/shuffle.ts';
import {
  mentionBefore,
  newTag,
  segmentsOf,
  textParts,
  withTag,
} from '../../../../core/authoring/tags.ts';
import { plainWords } from '../../../../core/authoring/words.ts';
import { tagsIn } from '../../../../core/tasks/task.ts';
import { boxAnnotation } from '../../../support/annotations.ts';

const words = fc.string({ maxLength: 30 });

describe('shuffling', () => {
  it('keeps every value and depends on the set and the seed alone', () => {
    fc.assert(
      fc.property(fc.array(words), fc.integer({ min: 0 }), fc.integer(), (values, seed, other) => {
        const order = shuffled(values, seed);
        expect([...order].sort()).toEqual([...values].sort());
        expect(shuffled(shuffled(values, other), seed)).toEqual(order);
      }),
    );
  });

  it('puts each value first about as often', () => {
    const firsts = Array.from(
      { length: 4000 },
      (_, seed) => shuffled(['a', 'b', 'c', 'd'], seed)[0],
    );
    for (const value of 'abcd') {
      const count = firsts.filter((first) => first === value).length;
      expect(count).toBeGreaterThan(850);
      expect(count).toBeLessThan(1150);
    }
  });
});

describe('tags', () => {
  it('that are new begin no other tag and with none', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('region1', 'region', 'regionA_', 'cup', 'r')),
        (some) => {
          const tags: string[] = some.filter((tag) => !'region'.startsWith(tag));
          for (let count = 0; count < 40; count++) {
            const tag = newTag(tags);
            expect(tags.filter((one) => one.startsWith(tag) || tag.startsWith(one))).toEqual([]);
            tags.push(tag);
          }
        },
      ),
    );
  });

  it('that are put in are named once more, and no word of the text is lost', () => {
    fc.assert(
      fc.property(words, fc.nat(), fc.nat(), (text, first, length) => {
        const from = Math.min(first, text.length);
        const put = withTag(text, 'region1', from, from);
        expect(tagsIn(put.text)).toContain('region1');
        expect(put.text.slice(0, put.caret).trimEnd().endsWith('[region1]')).toBe(true);
        expect(put.text.replace('[region1]', '').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
        expect(length).toBeGreaterThanOrEqual(0);
      }),
    );
    expect(withTag('the cup beside', 'region1', 14)).toEqual({
      text: 'the cup beside [region1]',
      caret: 24,
    });
    expect(withTag('Is  red?', 'region2', 3).text).toBe('Is [region2] red?');
  });

  it('divide a text into parts that join to it again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(words, fc.constant('[a]'), fc.constant('[region2]'))),
        (parts) => {
          const text = parts.join('');
          expect(
            textParts(text)
              .map((part) => part.text)
              .join(''),
          ).toBe(text);
          expect(textParts(text).flatMap(({ tag }) => tag ?? [])).toEqual(tagsIn(text));
        },
      ),
    );
  });

  it('in the answer are targets, all others prompts', () => {
    const tagged = ['a', 'b', 'c'].map((tag) => ({ tag, annotationId: `of-${tag}` }));
    expect(segmentsOf('It is [b].', tagged).map(({ role }) => role)).toEqual([
      'prompt',
      'target',
      'prompt',
    ]);
  });

  it('are asked for by an @ that begins a word', () => {
    expect(mentionBefore('left of @cu', 11)).toBe('cu');
    expect(mentionBefore('@', 1)).toBe('');
    expect(mentionBefore('me@home', 7)).toBeNull();
    expect(mentionBefore('left', 4)).toBeNull();
  });
});

describe('hints about a description', () => {
  it('ask for more words, for attributes, and for no words twice', () => {
    expect(descriptionHints('')).toEqual([]);
    expect(descriptionHints('A dog.').map(({ kind }) => kind)).toEqual([
      'too-short',
      'few-attributes',
    ]);
    const good =
      'A small brown dog with curly fur lies on the left side of a wooden bench, looking at the camera.';
    expect(descriptionHints(good)).toEqual([]);
    expect(descriptionHints(`${good} It lies on the left side.`)).toEqual([
      { kind: 'repeats', words: 'lies on the' },
    ]);
    expect(descriptionHints(good.repeat(6)).map(({ kind }) => kind)).toContain('too-long');
  });

  it('read Chinese too', () => {
    expect(missingAttributes('左边一只棕色的小狗正在草地上奔跑')).toEqual(['material']);
  });
});

describe('distractors', () => {
  const nameOf = ({ id }: { id: string }) => id.replace(/\d/g, '');

  it('are near colours, what lies beside the region nearest first, and what the model said', () => {
    const at = (id: string, x: number) => ({ ...boxAnnotation([x, 0, 10, 10]), id });
    const annotation = at('cup', 0);
    const offered = distractors({
      annotation,
      annotations: [annotation, at('tree', 100), at('dog', 12)],
      nameOf,
      answer: 'a red cup',
      choices: ['a pink cup'],
      fromModel: ['A dog', 'dog'],
    });
    expect(offered).toEqual([
      { text: 'an orange cup', source: 'colour' },
      { text: 'a maroon cup', source: 'colour' },
      { text: 'dog', source: 'neighbour' },
      { text: 'tree', source: 'neighbour' },
      { text: 'A dog', source: 'model' },
    ]);
  });

  it('are new, different from each other, and neither hold the answer nor lie in it', () => {
    fc.assert(
      fc.property(words, fc.array(words), fc.array(words), (answer, choices, fromModel) => {
        const annotation = boxAnnotation([0, 0, 10, 10]);
        const offered = distractors({
          ...{ annotation, annotations: [annotation], nameOf, answer, choices, fromModel },
        }).map(({ text }) => plainWords(text));
        expect(new Set(offered).size).toBe(offered.length);
        const right = plainWords(answer);
        for (const text of offered) {
          expect(choices.map(plainWords)).not.toContain(text);
          if (right !== '') expect(text.includes(right) || right.includes(text)).toBe(false);
        }
      }),
    );
  });

  it('name another colour than the answer', () => {
    expect(nearColours('The Red one')).toContain('The orange one');
    expect(nearColours('红色的杯子')).toContain('橙色的杯子');
    expect(nearColours('a hundred')).toEqual([]);
  });

  it('measure how far boxes are apart', () => {
    expect(boxDistance([0, 0, 10, 10], [13, 14, 1, 1])).toBe(5);
    expect(boxDistance([0, 0, 10, 10], [5, 5, 1, 1])).toBe(0);
  });
});

describe('the places of answers', () => {
  const four = (at: number) => ({ at, choices: 4 });

  it('are counted, and one that has far too many is told', () => {
    const even = Array.from({ length: 40 }, (_, index) => four(index % 4));
    expect(answerPositions(even)).toEqual({
      counts: [10, 10, 10, 10],
      total: 40,
      isEnough: true,
      biased: null,
    });
    const first = [...even, ...Array.from({ length: 20 }, () => four(0))];
    expect(answerPositions(first)).toMatchObject({ counts: [30, 10, 10, 10], biased: 0 });
    expect(answerPositions([four(2)]).biased).toBeNull();
    expect(answerPositions([])).toEqual({ counts: [], total: 0, isEnough: false, biased: null });
  });

  it('are all counted, whatever the numbers of choices', () => {
    const item = fc
      .integer({ min: 1, max: 8 })
      .chain((choices) =>
        fc.record({ at: fc.integer({ min: 0, max: choices - 1 }), choices: fc.constant(choices) }),
      );
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const { counts, total } = answerPositions(items);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(total);
      }),
    );
  });
});
