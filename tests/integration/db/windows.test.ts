import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addition, removal, replacement } from '../../../core/diff.ts';
import type { Category } from '../../../core/records.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import { makeCategory } from './make-records.ts';
import { reopen, temporaryProject } from './temporary-project.ts';

/** A project with two windows on it, and the categories that each of them works on. */
function twoWindows() {
  const database = temporaryProject();
  const open = new Set(['first', 'second']);
  const window = (id: string) =>
    database.by({
      window: id,
      person: null,
      others: () => [...open].filter((other) => other !== id),
    });
  return { database, first: window('first'), second: window('second'), open };
}

const namesOf = (database: ProjectDatabase) => database.categories().map(({ name }) => name);

function rename(database: ProjectDatabase, { id }: Category, name: string): void {
  const stored = database.categories().find((category) => category.id === id)!;
  database.apply(`Name ${name}`, replacement(stored, { ...stored, name }));
}

test('undo takes back the own step below newer ones of another window, and redo does it again', () => {
  const { database, first, second } = twoWindows();
  first.apply('Add cat', addition(makeCategory({ name: 'cat' })));
  second.apply('Add dog', addition(makeCategory({ name: 'dog' })));

  expect(first.undo()).toMatchObject({ label: 'Add cat' });
  expect(namesOf(database)).toEqual(['dog']);
  expect([first.canUndo, first.canRedo, second.canUndo, second.canRedo]).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(first.undo()).toBeNull();
  expect(second.redo()).toBeNull();

  expect(first.redo()).toMatchObject({ label: 'Add cat' });
  expect(namesOf(database).toSorted()).toEqual(['cat', 'dog']);
  expect(first.redo()).toBeNull();
  expect(first.undo()).toMatchObject({ label: 'Add cat' });
  expect(namesOf(database)).toEqual(['dog']);
  expect(second.undo()).toMatchObject({ label: 'Add dog' });
  expect(namesOf(database)).toEqual([]);
  expect(database.history().map(({ kind }) => kind)).toEqual(['undo', 'undo', 'change', 'change']);
  expect(database.check()).toEqual([]);
});

test('undo of a step whose records another window changed since is refused, until that is taken back', () => {
  const { database, first, second } = twoWindows();
  const category = makeCategory({ name: 'cat' });
  first.apply('Add', addition(category));
  rename(second, category, 'dog');
  expect(() => first.undo()).toThrow(
    expect.objectContaining({ code: 'conflict', sentence: 'undoAcrossOthers' }),
  );
  expect(namesOf(database)).toEqual(['dog']);
  second.undo();
  expect(first.undo()).toMatchObject({ label: 'Add', diff: removal(category) });
  expect(namesOf(database)).toEqual([]);
});

test('what a closed window did is everybody’s, and so is what a job did', () => {
  const { database, first, second, open } = twoWindows();
  database.apply('Import', addition(makeCategory({ name: 'imported' })));
  second.apply('Add', addition(makeCategory({ name: 'dog' })));
  open.delete('second');
  expect(first.undo()).toMatchObject({ label: 'Add' });
  expect(first.undo()).toMatchObject({ label: 'Import' });
  expect(first.redo()).toMatchObject({ label: 'Import' });
});

test('nobody travels across the steps of another open window', () => {
  const { database, first, second, open } = twoWindows();
  const id = first.apply('Add', addition(makeCategory({ name: 'cat' }))).stepId;
  second.apply('Add', addition(makeCategory({ name: 'dog' })));
  expect(() => first.travelTo(id)).toThrow(expect.objectContaining({ code: 'conflict' }));
  expect(second.travelTo(id)).toMatchObject({ label: 'Add' });
  expect(() => first.travelTo(id + 1)).toThrow(expect.objectContaining({ code: 'conflict' }));
  open.delete('second');
  first.travelTo(id + 1);
  expect(namesOf(database)).toHaveLength(2);
});

test('two windows that edit, undo and redo at will never touch each other’s records, and the project stays whole', () => {
  const action = fc.tuple(fc.boolean(), fc.constantFrom('edit', 'undo', 'redo'));
  fc.assert(
    fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
      const { database, first, second } = twoWindows();
      const sides = [first, second].map((window, side) => {
        const category = makeCategory({ name: `${side}: 0` });
        database.apply('Add', addition(category));
        return { window, category, names: [`${side}: 0`], undone: [] as string[], edits: 0 };
      });
      const nameOf = ({ id }: Category) =>
        database.categories().find((known) => known.id === id)!.name;
      for (const [isSecond, what] of actions) {
        const side = sides[Number(isSecond)]!;
        const other = sides[Number(!isSecond)]!;
        if (what === 'edit') {
          const name = `${Number(isSecond)}: ${++side.edits}`;
          rename(side.window, side.category, name);
          side.names.push(name);
          side.undone = [];
        } else if (what === 'undo') {
          // Steps from before the windows belong to everybody and are not touched here.
          if (side.names.length === 1) continue;
          expect(side.window.undo()).not.toBeNull();
          side.undone.push(side.names.pop()!);
        } else if (side.window.canRedo && side.undone.length > 0) {
          expect(side.window.redo()).not.toBeNull();
          side.names.push(side.undone.pop()!);
        }
        expect(nameOf(side.category)).toBe(side.names.at(-1));
        expect(nameOf(other.category)).toBe(other.names.at(-1));
      }
      expect(database.check()).toEqual([]);
      const names = namesOf(database);
      expect(namesOf(reopen(database))).toEqual(names);
    }),
    { numRuns: 60 },
  );
});
