import type { Diff } from '../../core/diff.ts';
import type {
  Annotation,
  Category,
  ImageRecord,
  Item,
  ProjectRecord,
  RecordId,
  Review,
} from '../../core/records.ts';

/** The part of a project that the editor shows. */
export interface Shown {
  readonly image: ImageRecord | null;
  readonly annotations: readonly Annotation[];
  /** About the image and its annotations. */
  readonly items: readonly Item[];
  readonly reviews: readonly Review[];
  readonly categories: readonly Category[];
}

/** The shown records after a change; records of other images are ignored. Pure. */
export function shownAfter(shown: Shown, diff: Diff): Shown {
  const gone = new Set(Object.keys(diff.removed));
  const put = [...Object.values(diff.added), ...Object.values(diff.updated).map(([, to]) => to)];
  const of = <Kind extends ProjectRecord['kind']>(kind: Kind) =>
    put.filter((record) => record.kind === kind) as Extract<ProjectRecord, { kind: Kind }>[];

  const isHere = ({ imageId }: { readonly imageId: RecordId }) => imageId === shown.image?.id;
  const isImageGone = shown.image !== null && gone.has(shown.image.id);
  const changedImage = of('image').find(({ id }) => id === shown.image?.id);
  return {
    image: isImageGone ? null : (changedImage ?? shown.image),
    annotations: merge(shown.annotations, of('annotation').filter(isHere), gone),
    items: merge(shown.items, of('item').filter(isHere), gone),
    reviews: merge(shown.reviews, of('review').filter(isHere), gone),
    categories: merge(shown.categories, of('category'), gone),
  };
}

function merge<Kept extends { readonly id: RecordId }>(
  before: readonly Kept[],
  put: readonly Kept[],
  gone: ReadonlySet<RecordId>,
): readonly Kept[] {
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

/** The images that a change touches, themselves or by what lies on them. */
export function imagesOfDiff(diff: Diff): ReadonlySet<RecordId> {
  const records = [
    ...Object.values(diff.added),
    ...Object.values(diff.removed),
    ...Object.values(diff.updated).map(([, to]) => to),
  ];
  return new Set(
    records.flatMap((record) => {
      if (record.kind === 'category') return [];
      return [record.kind === 'image' ? record.id : record.imageId];
    }),
  );
}
