import { encodeRle, rleArea, rleIou } from '../../core/geometry/rle.ts';
import { rasterizeBox } from '../../core/geometry/raster.ts';
import type { Rle } from '../../core/geometry/shapes.ts';
import { defaultPointsPerSide } from '../../core/prompt.ts';
import type { EvaluationImage, Target } from './targets.ts';
import type { Answerer } from './evaluation.ts';

/** Objects of fewer pixels are not looked for: COCO's small ones. */
const leastArea = 32 ** 2;

/** How well the objects of photos are covered by the masks that nobody asked for one by one. */
export interface Coverage {
  /** Share of the objects of which some mask has an IoU of at least a half, and three quarters. */
  readonly recall50: number;
  readonly recall75: number;
  /** Mean over the objects of the best IoU that a mask has. */
  readonly bestIou: number;
}

export interface EverythingEvaluation extends Coverage {
  /** Photos. */
  readonly count: number;
  readonly objects: number;
  readonly masksPerPhoto: number;
  /** As many boxes as the model gave masks, side by side. */
  readonly baselines: { readonly grid: Coverage };
}

/** The photos that have an object to look for; each by its largest one. */
export function photosOf(targets: readonly Target[]): Target[] {
  const largest = new Map<string, Target>();
  for (const target of targets) {
    const known = largest.get(target.image.id);
    const isLarger = known === undefined || target.area > known.area;
    if (target.area >= leastArea && isLarger) largest.set(target.image.id, target);
  }
  return [...largest.values()];
}

/**
 * Asks for everything in some photos and compares with all their objects.
 * @param photos each by one of its objects.
 */
export async function evaluateEverything(
  photos: readonly Target[],
  all: readonly Target[],
  answerer: Answerer,
): Promise<EverythingEvaluation> {
  const ofPhoto = Map.groupBy(all, ({ image }) => image.id);
  const [found, boxes]: [number[], number[]] = [[], []];
  let masks = 0;
  await answerer.forEach(photos, async ({ image }, { ask }) => {
    const objects = ofPhoto.get(image.id)!.filter(({ area }) => area >= leastArea);
    const { answers } = await ask({
      task: 'everything',
      pointsPerSide: defaultPointsPerSide,
      regions: [],
    });
    const answered = answers.flatMap((answer) => answer.masks.map(({ rle }) => rle));
    masks += answered.length;
    found.push(...objects.map(({ rle }) => bestIou(rle, answered)));
    const grid = gridBoxes(image, answered.length);
    boxes.push(...objects.map(({ rle }) => bestIou(rle, grid)));
  });
  return {
    count: photos.length,
    objects: found.length,
    masksPerPhoto: masks / photos.length,
    ...coverage(found),
    baselines: { grid: coverage(boxes) },
  };
}

function bestIou(object: Rle, masks: readonly Rle[]): number {
  return Math.max(0, ...masks.map((mask) => rleIou(object, mask)));
}

function coverage(ious: readonly number[]): Coverage {
  const share = (least: number) => ious.filter((iou) => iou >= least).length / ious.length;
  return {
    recall50: share(0.5),
    recall75: share(0.75),
    bestIou: ious.reduce((sum, iou) => sum + iou, 0) / ious.length,
  };
}

/**
 * `count` boxes of about the image's shape that tile it: rows from the top, the last one with what
 * is left over.
 */
export function gridBoxes(
  { width, height }: Pick<EvaluationImage, 'width' | 'height'>,
  count: number,
): Rle[] {
  const rows = Math.max(1, Math.round(Math.sqrt(count)));
  return Array.from({ length: rows }, (_, row) => {
    const [from, to] = [row, row + 1].map((edge) => Math.round((edge * count) / rows));
    const columns = to! - from!;
    const [top, bottom] = [row, row + 1].map((edge) => Math.round((edge * height) / rows));
    return Array.from({ length: columns }, (__, column) => {
      const [left, right] = [column, column + 1].map((edge) =>
        Math.round((edge * width) / columns),
      );
      const box: [number, number, number, number] = [left!, top!, right! - left!, bottom! - top!];
      return encodeRle(rasterizeBox(box, width, height));
    });
  })
    .flat()
    .filter((box) => rleArea(box) > 0);
}
