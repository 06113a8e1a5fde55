import { expect, test } from 'vitest';
import { toErrorEnvelope } from '../../../core/errors.ts';

test('work that a signal stopped was cancelled, and is no internal error', () => {
  let thrown: unknown;
  try {
    AbortSignal.abort().throwIfAborted();
  } catch (caught) {
    thrown = caught;
  }
  expect(toErrorEnvelope(thrown)).toMatchObject({
    code: 'cancelled',
    sentence: 'requestCancelled',
  });
});
