import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../core/authoring/findings.ts';
import { applyDiff } from '../../../core/diff.ts';
import type { Item, Provenance } from '../../../core/records.ts';
import { taskIds, type TaskId } from '../../../core/tasks/registry.ts';
import {
  emptyItemDraft,
  isBlank,
  itemDraftOf,
  keepDraft,
  writtenItem,
  type ItemDraft,
} from '../../../renderer/views/author/item-draft.ts';
import {
  withMoreChoice,
  withoutChoice,
  withShuffledChoices,
  type ChoiceFields,
} from '../../../renderer/views/author/forms/multiple-choice/choice-fields.ts';

const about = { imageId: 'image', annotationId: 'region' };

function kept(draft: ItemDraft, item: Item | null = null): Item {
  const before = new Map(item ? [[item.id, item]] : []);
  return [...applyDiff(before, keepDraft(draft, item, about)).values()][0] as Item;
}

describe('a draft of an item', () => {
  const words = fc.string({ minLength: 1 }).filter((text) => text.trim() === text && text !== '');
  const choiceFields = fc
    .record({
      question: words,
      choices: fc.uniqueArray(words, { minLength: 1, maxLength: 6 }),
      at: fc.nat(),
    })
    .map(({ at, question, choices }): ChoiceFields => ({
      ...{ question, choices, seed: null },
      answerAt: at % choices.length,
    }));
  const draftOf = (task: TaskId, fields: unknown): ItemDraft => ({
    ...emptyItemDraft(task),
    fields,
  });
  const draft = fc
    .record({
      task: fc.constantFrom(...taskIds),
      text: words,
      question: words,
      answer: words,
      choice: choiceFields,
    })
    .map(({ task, choice, ...fields }) =>
      draftOf(task, task === 'multiple-choice' ? choice : fields),
    );

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
      fc.property(choiceFields, fc.nat(), (written, seed) => {
        const item = kept(draftOf('multiple-choice', withShuffledChoices(written, seed)));
        expect(item.content).toMatchObject({ answer: written.choices[written.answerAt!] });
        expect(item.extra).toEqual({ shuffle_seed: seed });
        const before = itemDraftOf(item).fields as ChoiceFields;
        const changed = kept(draftOf(item.task, withMoreChoice(before, 'one more')), item);
        expect(changed.extra).toEqual({});
      }),
    );
  });

  it('keeps the answer marked where another choice goes', () => {
    fc.assert(
      fc.property(choiceFields, fc.nat(), (written, at) => {
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
    const content = { text: 'a boat' };
    const model = { ...draftOf('description', content), fromModel: { content, provenance } };
    expect(kept(model).provenance.source).toBe('model');
    const changed = { ...model, fields: { text: 'a red boat' } };
    expect(kept(changed).provenance.source).toBe('person');
    expect(isBlank(emptyItemDraft('multiple-choice'))).toBe(true);
  });

  it('about tags has no answer before one is written', () => {
    const written = writtenItem(draftOf('referring', emptyItemDraft('referring').fields));
    expect(written.content).toEqual({ question: '', answer: '' });
    const fields = { ...(emptyItemDraft('referring').fields as object), question: 'the left one' };
    const subject = {
      image: { id: 'image', width: 100, height: 100 },
      ...{ regions: [], nameOf: () => null, duplicateOf: () => null },
    };
    const found = findingsOf(writtenItem(draftOf('referring', fields)), subject);
    expect(found.map(({ kind }) => kind)).toEqual(['no-answer']);
  });

  it('about tags has the segments of its tags', () => {
    const tagged = [
      { tag: 'region1', annotationId: 'a' },
      { tag: 'region2', annotationId: 'b' },
    ];
    const item = kept({
      ...draftOf('referring', { question: 'right of [region1]?', answer: 'It is [region2].' }),
      tagged,
    });
    expect(item.segments.map(({ role }) => role)).toEqual(['prompt', 'target']);
  });
});
