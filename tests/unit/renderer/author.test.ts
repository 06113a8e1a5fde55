import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyDiff } from '../../../core/diff.ts';
import type { Item, Provenance } from '../../../core/records.ts';
import { taskIds } from '../../../core/tasks/registry.ts';
import {
  emptyItemDraft,
  isBlank,
  itemDraftOf,
  keepDraft,
  shuffledDraft,
  withMoreChoice,
  withoutChoice,
  writtenItem,
  type ItemDraft,
} from '../../../renderer/views/author/item-draft.ts';

const about = { imageId: 'image', annotationId: 'region' };

function kept(draft: ItemDraft, item: Item | null = null): Item {
  const before = new Map(item ? [[item.id, item]] : []);
  return [...applyDiff(before, keepDraft(draft, item, about)).values()][0] as Item;
}

describe('a draft of an item', () => {
  const words = fc.string({ minLength: 1 }).filter((text) => text.trim() === text && text !== '');
  const draft = fc
    .record({
      task: fc.constantFrom(...taskIds),
      text: words,
      question: words,
      choices: fc.uniqueArray(words, { minLength: 1, maxLength: 6 }),
      answer: words,
      at: fc.nat(),
    })
    .map(({ at, ...fields }): ItemDraft => ({
      ...emptyItemDraft(fields.task),
      ...fields,
      answerAt: at % fields.choices.length,
    }));

  it('becomes an item, which becomes the same draft again', () => {
    fc.assert(
      fc.property(draft, (written) => {
        const item = kept(written);
        expect(writtenItem(itemDraftOf(item)).content).toEqual(writtenItem(written).content);
        expect(keepDraft(itemDraftOf(item), item, about)).toEqual({
          added: {},
          updated: {},
          removed: {},
        });
      }),
    );
  });

  it('keeps its answer and its seed when it is shuffled, and loses the seed when a choice is changed', () => {
    fc.assert(
      fc.property(draft, fc.nat(), (written, seed) => {
        const question = { ...written, task: 'multiple-choice' } as const;
        const item = kept(shuffledDraft(question, seed));
        expect(item.content).toMatchObject({ answer: written.choices[written.answerAt!] });
        expect(item.extra).toEqual({ shuffle_seed: seed });
        const changed = kept(withMoreChoice(itemDraftOf(item), 'one more'), item);
        expect(changed.extra).toEqual({});
      }),
    );
  });

  it('keeps the answer marked where another choice goes', () => {
    fc.assert(
      fc.property(draft, fc.nat(), (written, at) => {
        const row = at % written.choices.length;
        const fewer = withoutChoice(written, row);
        const answer = written.choices[written.answerAt!];
        expect(fewer.choices[fewer.answerAt ?? -1]).toBe(
          row === written.answerAt ? undefined : answer,
        );
      }),
    );
  });

  it('is the model’s as long as its words are', () => {
    const provenance: Provenance = {
      source: 'model',
      model: { id: 'nano', hash: 'h' },
      request: { task: 'describe', regions: [] },
      threshold: 0,
      score: 1,
    };
    const fromModel = { text: 'a boat', provenance };
    const model: ItemDraft = { ...emptyItemDraft('description'), text: 'a boat', fromModel };
    expect(kept(model).provenance.source).toBe('model');
    expect(kept({ ...model, text: 'a red boat' }).provenance.source).toBe('person');
    expect(isBlank(emptyItemDraft('multiple-choice'))).toBe(true);
  });

  it('about tags has the segments of its tags', () => {
    const tagged = [
      { tag: 'region1', annotationId: 'a' },
      { tag: 'region2', annotationId: 'b' },
    ];
    const item = kept({
      ...{ ...emptyItemDraft('referring'), tagged },
      ...{ question: 'right of [region1]?', answer: 'It is [region2].' },
    });
    expect(item.segments.map(({ role }) => role)).toEqual(['prompt', 'target']);
  });
});
