import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { failuresOf, fromErrorEnvelope, toErrorEnvelope } from '../../../core/errors.ts';
import { sentenceSet, type SentenceSet } from '../../../core/sentence-set.ts';

const root = new URL('../../../', import.meta.url);
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*sentences.ts'], {
  cwd: root,
  encoding: 'utf8',
});

function isSet(value: unknown): value is SentenceSet {
  return typeof value === 'object' && value !== null && 'english' in value && 'chinese' in value;
}

/** The sentences of every feature. */
const sets = await Promise.all(
  files
    .trim()
    .split('\n')
    .map(async (file) => {
      const exported = Object.values((await import(new URL(file, root).href)) as object);
      return { file, sets: exported.filter(isSet) };
    }),
);

test('each file of sentences has a set in both languages', () => {
  expect(sets.length).toBeGreaterThan(30);
  expect(sets.filter((file) => file.sets.length === 0)).toEqual([]);
  for (const set of sets.flatMap((file) => file.sets)) {
    expect(Object.keys(set.chinese).sort()).toEqual(Object.keys(set.english).sort());
  }
});

test('no two sentences have one name', () => {
  const names = sets.flatMap((file) => file.sets).flatMap(({ english }) => Object.keys(english));
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('an error keeps its message in each language across a process boundary', () => {
  const toyFailure = failuresOf(
    sentenceSet(
      { toyBroken: ({ part }: { part: string }) => `The ${part} is broken. Replace it.` },
      { toyBroken: ({ part }) => `${part} 坏了。请更换。` },
    ),
  );
  const envelope: unknown = JSON.parse(
    JSON.stringify(toErrorEnvelope(toyFailure('invalid-input', 'toyBroken', { part: 'wheel' }))),
  );
  expect(envelope).toEqual({
    code: 'invalid-input',
    message: 'The wheel is broken. Replace it.',
    chinese: 'wheel 坏了。请更换。',
    detail: { part: 'wheel' },
    sentence: 'toyBroken',
  });
  expect(toErrorEnvelope(fromErrorEnvelope(envelope as never))).toEqual(envelope);
});
