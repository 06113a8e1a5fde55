import type { ImageDocument, ImagePage } from '../../../app/api/contract/images.ts';
import { addition, removal, replacement, type Diff } from '../../../core/diff.ts';
import { newId } from '../../../core/ids.ts';
import type { Annotation, Category } from '../../../core/records.ts';
import { ApplicationUnderTest } from '../application-under-test.ts';
import type { Family } from '../family.ts';
import type { Mutator } from '../mutator.ts';
import { findDamage, valueOf } from '../project-walk.ts';
import { writeDataset } from './coco-dataset.ts';

const windows = ['left', 'right'] as const;

/**
 * Two windows that edit one image from what each saw last, and undo and redo: an edit that is
 * acknowledged is in the project, one that is refused has changed nothing, and a window's undo
 * leaves the other's edits.
 */
export const twoWindows: Family = {
  name: 'two-windows',
  weight: 6,
  async prepare(shared) {
    const application = await ApplicationUnderTest.make();
    const { coco, images } = await writeDataset(shared);
    return async (mutator, folder) => {
      await application.newProject(folder);
      for (const window of windows) application.application.windows.open(window);
      try {
        valueOf(await application.call('dataset.import', { path: coco, format: 'coco', images }));
        const fault = (await edit(application, mutator)) ?? (await findDamage(application));
        return { ended: 'accepted', ...(fault ? { fault } : {}) };
      } finally {
        for (const window of windows) application.application.windows.close(window);
        await application.clear();
      }
    };
  },
};

async function edit(application: ApplicationUnderTest, mutator: Mutator): Promise<string | null> {
  const page = valueOf(await application.call('images.list', { offset: 0, limit: 1 })) as ImagePage;
  const imageId = page.rows[0]!.id;
  const categories = valueOf(await application.call('categories.list', null)) as Category[];
  const read = async (): Promise<readonly Annotation[]> =>
    (valueOf(await application.call('images.document', { imageId })) as ImageDocument).annotations;
  /** The records shown in each window; edits of the other window make them stale. */
  const seen = { left: await read(), right: await read() };
  for (let count = 8; count > 0; count--) {
    const window = mutator.pick(windows);
    const before = await read();
    if (mutator.chance(0.3)) {
      const method = mutator.pick(['journal.undo', 'journal.redo'] as const);
      const result = await application.call(method, null, window);
      if (!result.ok && result.error.code !== 'conflict')
        return `${method}: ${result.error.message}`;
      if (!result.ok && !isSame(before, await read())) return `${method} was refused, but changed`;
      const left = valueOf(await application.call('images.list', { offset: 0, limit: 1 }));
      // The import itself was taken back.
      if ((left as ImagePage).total === 0) return null;
      seen[window] = await read();
      continue;
    }
    const diff = drawDiff(mutator, seen[window], imageId, categories);
    const result = await application.call(
      'journal.apply',
      { label: 'Edit', diff, imageId },
      window,
    );
    const after = await read();
    if (!result.ok) {
      if (result.error.code !== 'conflict') return `journal.apply: ${result.error.message}`;
      if (!isSame(before, after)) return 'an edit was refused, but changed something';
    } else if (!isSame(after, applied(before, diff))) {
      return 'an edit was acknowledged, but is not there';
    }
    if (!result.ok || mutator.chance(0.4)) seen[window] = after;
    else seen[window] = applied(seen[window], diff);
  }
  return null;
}

function drawDiff(
  mutator: Mutator,
  shown: readonly Annotation[],
  imageId: string,
  categories: readonly Category[],
): Diff {
  const nowMs = Date.now();
  const [x, y, w, h] = [mutator.below(30), mutator.below(20), 8, 8];
  const categoryId = mutator.pick(categories).id;
  if (shown.length === 0 || mutator.chance(0.3)) {
    const record: Annotation = {
      ...{ kind: 'annotation', id: newId(), imageId, categoryId, crowd: false, zOrder: 9 },
      ...{ attributes: {}, provenance: { source: 'person' }, extra: {} },
      ...{ createdAtMs: nowMs, updatedAtMs: nowMs, area: 64 },
      bbox: [x, y, w, h],
      geometry: { kind: 'box', box: [x, y, w, h] },
    };
    return addition(record);
  }
  const old = mutator.pick(shown);
  if (mutator.chance(0.3)) return removal(old);
  const changed: Annotation = mutator.chance(0.5)
    ? { ...old, categoryId }
    : { ...old, geometry: { kind: 'box', box: [x, y, w, h] }, bbox: [x, y, w, h], area: 64 };
  return replacement(old, changed);
}

function applied(annotations: readonly Annotation[], diff: Diff): readonly Annotation[] {
  const kept = annotations.filter(({ id }) => !(id in diff.removed) && !(id in diff.updated));
  const put = [
    ...Object.values(diff.updated).map(([, to]) => to),
    ...Object.values(diff.added),
  ] as Annotation[];
  return [...kept, ...put];
}

function isSame(left: readonly Annotation[], right: readonly Annotation[]): boolean {
  const text = (annotations: readonly Annotation[]) =>
    annotations
      .map((annotation) => JSON.stringify(annotation, Object.keys(annotation).sort()))
      .sort()
      .join();
  return text(left) === text(right);
}
