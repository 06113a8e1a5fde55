import type { Diff } from '../../core/diff.ts';
import type {
  Annotation,
  Category,
  ImageRecord,
  ProjectRecord,
  RecordId,
} from '../../core/records.ts';

/** The part of a project that the editor shows. */
export interface Shown {
  readonly image: ImageRecord | null;
  readonly annotations: readonly Annotation[];
  readonly categories: readonly Category[];
}

/** What is shown after a change; records of other images pass by. Pure. */
export function replay(shown: Shown, diff: Diff): Shown {
  const gone = new Set(Object.keys(diff.removed));
  const put = [...Object.values(diff.added), ...Object.values(diff.updated).map(([, to]) => to)];
  const of = <Kind extends ProjectRecord['kind']>(kind: Kind) =>
    put.filter((record) => record.kind === kind) as Extract<ProjectRecord, { kind: Kind }>[];

  const isImageGone = shown.image !== null && gone.has(shown.image.id);
  const changedImage = of('image').find(({ id }) => id === shown.image?.id);
  return {
    image: isImageGone ? null : (changedImage ?? shown.image),
    annotations: merge(
      shown.annotations,
      of('annotation').filter(({ imageId }) => imageId === shown.image?.id),
      gone,
    ),
    categories: merge(shown.categories, of('category'), gone),
  };
}

function merge<Item extends { readonly id: RecordId }>(
  before: readonly Item[],
  put: readonly Item[],
  gone: ReadonlySet<RecordId>,
): readonly Item[] {
  if (put.length === 0 && !before.some(({ id }) => gone.has(id))) return before;
  const byId = new Map(before.filter(({ id }) => !gone.has(id)).map((item) => [item.id, item]));
  for (const item of put) byId.set(item.id, item);
  return Array.from(byId.values());
}

/** The image a change belongs to; null when it touches several or none. */
export function imageOfDiff(diff: Diff): RecordId | null {
  const [imageId, ...others] = imagesOfDiff(diff);
  return others.length === 0 ? (imageId ?? null) : null;
}

/** The images that a change touches, themselves or by their annotations. */
export function imagesOfDiff(diff: Diff): ReadonlySet<RecordId> {
  const records = [
    ...Object.values(diff.added),
    ...Object.values(diff.removed),
    ...Object.values(diff.updated).map(([, to]) => to),
  ];
  return new Set(
    records.flatMap((record) => {
      if (record.kind === 'annotation') return [record.imageId];
      return record.kind === 'image' ? [record.id] : [];
    }),
  );
}
