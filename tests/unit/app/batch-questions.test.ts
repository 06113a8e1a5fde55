import { describe, expect, it } from 'vitest';
import { batchQuestions } from '../../../app/features/annotation/batch-questions.ts';
import type { ImageRecord } from '../../../core/records.ts';

const image = { id: 'one', width: 4, height: 4 } as unknown as ImageRecord;

describe('the names of a batch', () => {
  const requests = (...names: string[]) =>
    batchQuestions({ kind: 'categories', names }, image).map(({ request }) => request);

  it('are asked one by one, each beside the others, which compete with it', () => {
    expect(requests('bear', 'dog', 'person')).toEqual([
      { task: 'segment', text: 'bear', beside: ['dog', 'person'], regions: [] },
      { task: 'segment', text: 'dog', beside: ['bear', 'person'], regions: [] },
      { task: 'segment', text: 'person', beside: ['bear', 'dog'], regions: [] },
    ]);
  });

  it('are asked as ever where there is only one', () => {
    expect(requests('bear')).toEqual([{ task: 'segment', text: 'bear', regions: [] }]);
  });
});
