import { readSync, writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { addition, removal, replacement, type Diff } from '../../../core/diff.ts';
import { openProjectDatabase } from '../../../db/project-database.ts';
import { journalPosition } from './journal-position.ts';
import { withStoredDependents } from '../../../app/features/journal/dependents.ts';
import { makeAnnotation, makeDescription, makeReview } from './make-records.ts';

/**
 * Edits a project until it is killed. Arguments: project file, seed. Waits for a line on its
 * input, opens the project and prints `open POSITION`; before each edit `will POSITION`, where the
 * edit leads, and after it `did`.
 */
const [file, seed] = process.argv.slice(2) as [string, string];
// A killed process does not write its cache of compiled code at its end.
flushCompileCache();
readSync(0, Buffer.alloc(16));
const database = openProjectDatabase(file);
const steps = database.history({ limit: Number.MAX_SAFE_INTEGER }).reverse();
const done = steps.filter((step) => step.done).map(({ label }) => label);
const undone = steps.filter((step) => !step.done).map(({ label }) => label);
say(`open ${journalPosition(database)}`);

const imageId = database.images({ limit: 1 })[0]!.id;
const random = mulberry32(Number(seed));
for (let count = 0; ; count++) {
  const choice = random();
  if (choice < 0.2 && done.length > 1) {
    undone.unshift(done.pop()!);
    say(`will ${done.at(-1)}/${undone.length}`);
    database.undo();
  } else if (choice < 0.35 && undone.length > 0) {
    done.push(undone.shift()!);
    say(`will ${done.at(-1)}/${undone.length}`);
    database.redo();
  } else {
    const label = `${seed}.${count}`;
    done.push(label);
    undone.length = 0;
    say(`will ${label}/0`);
    database.apply(label, randomDiff());
  }
  say('did');
}

/** Adds, changes or removes an annotation of this image, whose mask fills up to three pages. */
function randomDiff(): Diff {
  const annotations = database.annotations(imageId);
  const counts = 'x'.repeat(Math.floor(random() * 12_000));
  const geometry = { kind: 'mask' as const, rle: { size: [480, 640] as [number, number], counts } };
  const chosen = annotations[Math.floor(random() * annotations.length)];
  if (!chosen || annotations.length < 5) {
    const annotation = makeAnnotation(imageId, { geometry });
    const item = makeDescription(annotation, counts.slice(0, 9));
    return addition(annotation, item, makeReview(item));
  }
  if (annotations.length > 20) return withStoredDependents(database, removal(chosen));
  return replacement(chosen, { ...chosen, geometry, zOrder: chosen.zOrder + 1 });
}

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

/** A small seeded generator (mulberry32), uniform in [0, 1). */
function mulberry32(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
