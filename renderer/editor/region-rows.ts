import type { Annotation, Category, Provenance, RecordId } from '../../core/records.ts';

export const regionOrders = [
  'drawing',
  'to-check',
  'score',
  'area',
  'source',
  'attributes',
] as const;
export type RegionOrder = (typeof regionOrders)[number];

/** Which regions are listed, and in what order. Null lets every value pass. */
export interface RegionFilter {
  /** A part of the category's name or of an attribute. */
  readonly text: string;
  readonly source: Provenance['source'] | null;
  /** Only what the model was less sure of than this, 0 to 1. */
  readonly scoreBelow: number | null;
  /** Only regions with a smaller area, in pixels. */
  readonly areaBelow: number | null;
  /** Only regions that nobody has looked at. */
  readonly isToCheck: boolean;
  readonly order: RegionOrder;
}

export const everyRegion: RegionFilter = {
  text: '',
  source: null,
  scoreBelow: null,
  areaBelow: null,
  isToCheck: false,
  order: 'drawing',
};

/** A line of the list: the head of a category, or one of its regions. */
export type RegionRow =
  | {
      readonly kind: 'category';
      /** Null of the regions without one. */
      readonly category: Category | null;
      readonly annotations: readonly Annotation[];
    }
  | {
      readonly kind: 'region';
      readonly annotation: Annotation;
      /** Its place in drawing order, the lowest first, from 1. */
      readonly number: number;
    };

/** Facts about regions that the list needs beside the regions themselves. */
export interface RegionFacts {
  readonly categoryOf: (annotation: Annotation) => Category | null;
  /** Whether a run of a model made it and nobody has looked at it. */
  readonly isToCheck: (annotation: Annotation) => boolean;
}

/** Whether a filter leaves regions out. */
export function isNarrowed(filter: RegionFilter): boolean {
  const names = Object.keys(everyRegion) as (keyof RegionFilter)[];
  return names.some((name) => name !== 'order' && filter[name] !== everyRegion[name]);
}

/** The model's own estimate of a region's mask, 0 to 1; null where no model made it. */
export function scoreOf({ provenance }: Annotation): number | null {
  return provenance.source === 'model' ? provenance.score : null;
}

/**
 * The list of an image's regions: by category where there are several, in the order in which their
 * first regions come. A category of several regions has a head; one that is folded shows that
 * alone.
 */
export function regionRows(
  annotations: readonly Annotation[],
  { categoryOf, isToCheck }: RegionFacts,
  filter: RegionFilter,
  folded: ReadonlySet<RecordId | null>,
): readonly RegionRow[] {
  const number = new Map(annotations.map(({ id }, index) => [id, index + 1]));
  const query = filter.text.trim().toLocaleLowerCase();
  const wordsOf = (annotation: Annotation) =>
    `${categoryOf(annotation)?.name ?? ''}\n${attributesOf(annotation)}`.toLocaleLowerCase();
  const kept = annotations.filter((annotation) => {
    const score = scoreOf(annotation);
    return (
      (filter.source === null || annotation.provenance.source === filter.source) &&
      (filter.scoreBelow === null || (score !== null && score < filter.scoreBelow)) &&
      (filter.areaBelow === null || annotation.area < filter.areaBelow) &&
      (!filter.isToCheck || isToCheck(annotation)) &&
      (query === '' || wordsOf(annotation).includes(query))
    );
  });
  const groups = new Map<RecordId | null, Annotation[]>();
  for (const annotation of sorted(kept, filter.order, isToCheck)) {
    const category = categoryOf(annotation)?.id ?? null;
    const group = groups.get(category);
    if (group) group.push(annotation);
    else groups.set(category, [annotation]);
  }
  const toRow = (annotation: Annotation): RegionRow => ({
    kind: 'region',
    annotation,
    number: number.get(annotation.id)!,
  });
  if (groups.size <= 1) return Array.from(groups.values()).flat().map(toRow);
  return Array.from(groups).flatMap(([id, group]) => [
    ...(group.length > 1
      ? [{ kind: 'category', category: categoryOf(group[0]!), annotations: group } as const]
      : []),
    ...(folded.has(id) && group.length > 1 ? [] : group.map(toRow)),
  ]);
}

const sourceOrder: readonly Provenance['source'][] = ['model', 'import', 'person'];

/** The topmost come first among equals, and last those without a score. */
const compare: Readonly<
  Record<Exclude<RegionOrder, 'to-check'>, (a: Annotation, b: Annotation) => number>
> = {
  drawing: () => 0,
  score: (a, b) => (scoreOf(a) ?? 2) - (scoreOf(b) ?? 2),
  area: (a, b) => b.area - a.area,
  source: (a, b) =>
    sourceOrder.indexOf(a.provenance.source) - sourceOrder.indexOf(b.provenance.source),
  attributes: (a, b) => attributesOf(a).localeCompare(attributesOf(b)),
};

function sorted(
  annotations: readonly Annotation[],
  order: RegionOrder,
  isToCheck: RegionFacts['isToCheck'],
): readonly Annotation[] {
  const topmostFirst = annotations.toReversed();
  if (order !== 'to-check') return topmostFirst.sort(compare[order]);
  const surely = topmostFirst.filter((annotation) => !isToCheck(annotation));
  return [...topmostFirst.filter(isToCheck).sort(compare.score), ...surely];
}

/** The attributes of a region in one line, names in order; empty without any. */
function attributesOf({ attributes }: Annotation): string {
  const lines = Object.entries(attributes).map(([name, value]) => `${name} ${String(value)}`);
  return lines.toSorted().join(', ');
}
