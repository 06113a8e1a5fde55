import { describe, expect, it } from 'vitest';
import { addition, emptyDiff, removal } from '../../../core/diff.ts';
import { makeItem, oneSegment } from '../../../core/project/make-item.ts';
import { personOf } from '../../../core/project/person.ts';
import type { Annotation, Item, Review } from '../../../core/records.ts';
import { judge, judgedItems, nextToJudge } from '../../../renderer/editor/judged-items.ts';
import {
  draftOf,
  editedItem,
  emptyDraft,
  isEdited,
  problemOf,
  withValue,
  wordsOf,
  type TextDraft,
} from '../../../renderer/editor/text-draft.ts';
import { TestEditor } from '../../support/test-editor.ts';

const question: TextDraft = {
  task: 'multiple-choice',
  values: { question: 'Which colour?', choices: ' red \n\nblue' },
};
const asked = (values: TextDraft['values']): TextDraft => ({
  ...question,
  values: { ...question.values, ...values },
});
const byModel: Item = makeItem(
  { task: 'description', content: { text: 'a boat' } },
  { imageId: 'image', segments: oneSegment('description', 'region') },
  {
    source: 'model',
    model: { id: 'nano', hash: 'h' },
    request: { task: 'describe', regions: [] },
    threshold: 0,
    score: 1,
  },
);

describe('a text that a person writes', () => {
  it('must say something, and a question must have an answer', () => {
    expect(problemOf(emptyDraft('description'))).toBe('empty');
    expect(problemOf(withValue(emptyDraft('referring'), 'question', 'the left one'))).toBeNull();
    expect(problemOf(question)).toBe('no-answer');
    expect(problemOf(asked({ choices: '', answer: 'red' }))).toBeNull();
  });

  it('must answer with a choice that no other choice contains', () => {
    expect(problemOf(asked({ answer: 'red' }))).toBeNull();
    expect(problemOf(asked({ answer: 'green' }))).toBe('answer-not-a-choice');
    const choices = '1\n10';
    expect(problemOf(asked({ choices, answer: '1' }))).toBe('answer-inside-choice');
    expect(problemOf(asked({ choices, answer: '10' }))).toBeNull();
  });

  it('becomes an item without empty choices, and an item a draft', () => {
    const said = wordsOf(asked({ answer: 'red' }));
    expect(said.content).toEqual({
      question: 'Which colour?',
      choices: ['red', 'blue'],
      answer: 'red',
    });
    const item = makeItem(said, byModel, { source: 'person' });
    expect(wordsOf(draftOf(item))).toEqual(said);
    expect(isEdited(item, draftOf(item))).toBe(false);
  });

  it('is a person’s when a person changed the words of a model', () => {
    const edited = editedItem(byModel, withValue(draftOf(byModel), 'text', 'a small boat'));
    expect(edited).toMatchObject({
      id: byModel.id,
      segments: byModel.segments,
      content: { text: 'a small boat' },
      provenance: { source: 'person' },
    });
  });

  it('that points at regions still does when its words are edited', () => {
    const content = { question: 'the boats', answer: '[left] and [right]' };
    const item = makeItem({ task: 'referring', content }, byModel, { source: 'person' });
    const edited = editedItem(item, withValue(draftOf(item), 'question', 'both boats'));
    expect(edited.content).toEqual({ question: 'both boats', answer: '[left] and [right]' });
  });
});

describe('reviewing texts', () => {
  it('walks the texts of an image from the top, around its end, past those that are judged', async () => {
    const test = (await TestEditor.open()).tool('rectangle').drag([0, 0], [20, 20]);
    test.drag([30, 30], [50, 50]);
    const { editor } = test;
    const [lower, upper] = editor.document.annotations;
    const about = ({ id, imageId }: Annotation, itemId: string): Item => {
      return { ...byModel, id: itemId, imageId, segments: oneSegment('description', id) };
    };
    const [low, high, last] = [about(lower!, 'low'), about(upper!, 'high'), about(upper!, 'last')];
    editor.commit('Texts', addition(low, high, last));
    editor.commit('Judge', judge({ item: high, review: null }, 'accept', null));
    const { annotations, items, reviews } = editor.document;
    const judged = judgedItems(annotations, items, reviews, null);
    expect(judged.map(({ item }) => item.id)).toEqual(['high', 'last', 'low']);
    expect(nextToJudge(judged, 'low')?.item.id).toBe('last');
    expect(nextToJudge(judged.slice(0, 1), 'high')).toBeNull();
  });

  const given = (diff: ReturnType<typeof judge>) =>
    [...Object.values(diff.added), ...Object.values(diff.updated).map(([, to]) => to)][0] as Review;

  it('gives a verdict, changes it, and takes it back', () => {
    const item = byModel;
    const right = given(judge({ item, review: null }, 'accept', null));
    expect(right).toMatchObject({ itemId: item.id, verdict: 'accept', reviewer: null });
    expect(given(judge({ item, review: right }, 'reject', null)).verdict).toBe('reject');
    expect(judge({ item, review: right }, 'accept', null)).toEqual(removal(right));
  });

  it('keeps what another reviewer said', () => {
    const [ann, bob] = [personOf('Ann'), personOf('Bob')];
    const region = { id: 'region' } as Annotation;
    const byAnn = given(judge({ item: byModel, review: null }, 'reject', ann));
    const seenBy = (person: typeof ann) => judgedItems([region], [byModel], [byAnn], person)[0]!;
    expect(seenBy(ann).review).toEqual(byAnn);
    expect(seenBy(bob).review).toBeNull();
    const diff = judge(seenBy(bob), 'accept', bob);
    expect(diff).toEqual({ ...emptyDiff(), added: diff.added });
    expect(given(diff)).toMatchObject({ reviewer: bob!.id, verdict: 'accept' });
  });
});
