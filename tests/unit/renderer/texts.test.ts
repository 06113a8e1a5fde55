import { describe, expect, it } from 'vitest';
import type { TextRecord } from '../../../core/records.ts';
import { putText } from '../../../renderer/editor/changes.ts';
import { judge, nextToJudge, reviewItems } from '../../../renderer/editor/review.ts';
import { draftOf, emptyDraft, problemOf, recordOf } from '../../../renderer/editor/text-draft.ts';
import { TestEditor } from '../../support/test-editor.ts';

const question = { ...emptyDraft('question'), question: 'Which colour?', choices: ' red \n\nblue' };
const byModel: TextRecord = {
  id: 'text',
  kind: 'description',
  text: 'a boat',
  provenance: {
    source: 'model',
    model: { id: 'nano', hash: 'h' },
    request: { task: 'describe', regions: [] },
    threshold: 0,
    score: 1,
  },
};

describe('a text that a person writes', () => {
  it('must say something, and a question must have an answer', () => {
    expect(problemOf(emptyDraft('description'))).toBe('empty');
    expect(problemOf({ ...emptyDraft('referring'), words: 'the left one' })).toBeNull();
    expect(problemOf(question)).toBe('no-answer');
    expect(problemOf({ ...question, choices: '', answer: 'red' })).toBeNull();
  });

  it('must answer with a choice that no other choice contains', () => {
    expect(problemOf({ ...question, answer: 'red' })).toBeNull();
    expect(problemOf({ ...question, answer: 'green' })).toBe('answer-not-a-choice');
    const choices = '1\n10';
    expect(problemOf({ ...question, choices, answer: '1' })).toBe('answer-inside-choice');
    expect(problemOf({ ...question, choices, answer: '10' })).toBeNull();
  });

  it('becomes a record without empty choices, and a record a draft', () => {
    const record = recordOf({ ...question, answer: 'red' }, null);
    expect(record).toMatchObject({ choices: ['red', 'blue'], answer: 'red' });
    expect(recordOf(draftOf(record), record)).toEqual(record);
  });

  it('is a person’s when a person changed the words of a model', () => {
    const edited = recordOf({ ...draftOf(byModel), words: 'a small boat' }, byModel);
    expect(edited).toEqual({
      id: 'text',
      kind: 'description',
      text: 'a small boat',
      provenance: { source: 'person' },
    });
  });
});

describe('reviewing texts', () => {
  it('walks the texts of an image from the top, around its end, past those that are judged', async () => {
    const test = (await TestEditor.open()).tool('rectangle').drag([0, 0], [20, 20]);
    test.drag([30, 30], [50, 50]);
    const { editor } = test;
    const [lower, upper] = editor.document.annotations;
    editor.commit('Text', putText(lower!, { ...byModel, id: 'low' }));
    editor.commit('Text', putText(upper!, { ...byModel, id: 'high', verdict: 'right' }));
    editor.commit('Text', putText(editor.document.annotations[1]!, { ...byModel, id: 'last' }));
    const items = reviewItems(editor.document.annotations);
    expect(items.map(({ record }) => record.id)).toEqual(['high', 'last', 'low']);
    expect(nextToJudge(items, 'low')?.record.id).toBe('last');
    expect(nextToJudge(items.slice(0, 1), 'high')).toBeNull();
  });

  it('gives a verdict, changes it, and takes it back', () => {
    const right = judge(byModel, 'right');
    expect(right.verdict).toBe('right');
    expect(judge(right, 'wrong').verdict).toBe('wrong');
    expect(judge(right, 'right')).toEqual(byModel);
  });
});
