import { hasTaughtRegions } from '../../../core/image-states.ts';
import {
  countGroups,
  shareOut,
  type SharedImage,
  type SplitShares,
} from '../../../core/project/split-shares.ts';
import { splits, type ImageState, type RecordId, type Split } from '../../../core/records.ts';
import type { ProjectReader } from '../../../db/project.ts';
import type { SplitPreview } from '../../api/contract/dataset.ts';

/** The images of a project to be split. */
export interface SplitRequest {
  /** Null: the images keep the splits that they have. */
  readonly shares: SplitShares | null;
  readonly states?: readonly ImageState[] | undefined;
  readonly categoryIds?: readonly RecordId[] | undefined;
}

type Pause = () => Promise<void> | null;

/** Which split each image of an export is in. */
export interface SplitPlan {
  /** By image; null: in none. */
  readonly splits: ReadonlyMap<RecordId, Split | null>;
  readonly preview: SplitPreview;
}

/**
 * Shares the images out that an export writes whatever its format: those in the states that are
 * asked for, with regions or marked as empty. The others follow by the same rule, so that a format
 * that takes more has a split for them, too.
 * @throws what `pause` throws
 */
export async function planSplits(
  project: ProjectReader,
  { shares, states, categoryIds }: SplitRequest,
  pause: Pause,
): Promise<SplitPlan> {
  const counts = await categoriesOfImages(project, categoryIds, pause);
  const written: (SharedImage & { readonly id: RecordId })[] = [];
  const others: typeof written = [];
  for (const { image, annotations } of project.exportImages()) {
    const { id, path, split, state } = image;
    const isAskedFor = !states || states.includes(state);
    const isWritten = isAskedFor && hasTaughtRegions(image, annotations);
    const categories = [...(counts.get(id)?.keys() ?? [])].flatMap((category) => category ?? []);
    (isWritten ? written : others).push({ id, path, split, categories });
    const rest = pause();
    if (rest) await rest;
  }
  const dealt = new Map<RecordId, Split | null>();
  for (const images of [written, others]) {
    const found = shares ? shareOut(images, shares) : images.map(({ split }) => split);
    images.forEach(({ id }, index) => dealt.set(id, found[index]!));
  }
  return { splits: dealt, preview: previewOf(written, dealt, counts, shares) };
}

/** Annotations of each category, by image. */
type ImageCounts = ReadonlyMap<RecordId, ReadonlyMap<RecordId | null, number>>;

async function categoriesOfImages(
  project: ProjectReader,
  categoryIds: readonly RecordId[] | undefined,
  pause: Pause,
): Promise<ImageCounts> {
  const counts = new Map<RecordId, Map<RecordId | null, number>>();
  for (const { categoryId, annotations: all } of project.categoryCounts()) {
    if (all === 0 || (categoryIds && !categoryIds.includes(categoryId ?? ''))) continue;
    for (const { imageId, annotations } of project.imageCounts(categoryId)) {
      const ofImage = counts.get(imageId) ?? new Map<RecordId | null, number>();
      counts.set(imageId, ofImage.set(categoryId, annotations));
    }
    const rest = pause();
    if (rest) await rest;
  }
  return counts;
}

function previewOf(
  images: readonly { readonly id: RecordId; readonly path: string }[],
  dealt: ReadonlyMap<RecordId, Split | null>,
  counts: ImageCounts,
  shares: SplitShares | null,
): SplitPreview {
  const none = { train: 0, validation: 0, test: 0, none: 0 };
  const preview = { images: { ...none }, annotations: { ...none } };
  const categories = new Map<RecordId | null, typeof none>();
  for (const { id } of images) {
    const split = dealt.get(id) ?? 'none';
    preview.images[split]++;
    for (const [category, count] of counts.get(id) ?? []) {
      const ofCategory = categories.get(category) ?? { ...none };
      categories.set(category, ofCategory);
      ofCategory[split] += count;
      preview.annotations[split] += count;
    }
  }
  const sum = (row: typeof none): number =>
    row.none + splits.reduce((total, split) => total + row[split], 0);
  return {
    ...preview,
    groups: shares
      ? countGroups(
          images.map(({ path }) => path),
          shares,
        )
      : null,
    categories: [...categories]
      .map(([categoryId, annotations]) => ({ categoryId, annotations }))
      .sort((a, b) => sum(b.annotations) - sum(a.annotations)),
  };
}
