import { expect, test } from 'vitest';
import { newId, timeOfId } from '../../../core/ids.ts';

test('ids are UUIDs of version 7 that differ and tell when they were made', () => {
  const times = [0, 1, 1_700_000_000_000, 1_700_000_000_000, 2 ** 48 - 1];
  const ids = times.flatMap((ms) => Array.from({ length: 500 }, () => newId(ms)));
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  expect(ids.map(timeOfId)).toEqual(times.flatMap((ms) => Array.from({ length: 500 }, () => ms)));
  const digits = [...ids.map((id) => id.replaceAll('-', '')).join('')];
  expect(new Set(digits).size).toBe(16);
});
