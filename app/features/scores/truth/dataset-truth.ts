import { basename } from 'node:path';
import { toErrorEnvelope } from '../../../../core/errors.ts';
import type { AnnotationRow, ImageRow, ItemRow } from '../../../../core/formats/dataset-row.ts';
import { readShape } from '../../../../core/formats/row-shape.ts';
import { geometryRle } from '../../../../core/geometry/region.ts';
import type { Rle } from '../../../../core/geometry/shapes.ts';
import type { ScoredItem, Truth } from '../../../../core/scores/scored-item.ts';
import { scoreTask } from '../../../../core/scores/tasks/registry.ts';
import { taskOf } from '../../../../core/tasks/registry.ts';
import { readDataset } from '../../../files/read-dataset.ts';
import { photoIn } from './coco-truth.ts';
import type { GivenTruth } from './truth.ts';

/**
 * The expressions and descriptions of a dataset of any format that the program reads. An item's id
 * is its number, from 0, in the order in which they are read. For `gres`, an expression about
 * several regions of a photo is one item, and one about no region has no target; for
 * `region-caption`, all descriptions of a region are references of one item.
 * @throws AppError `not-found`, `dataset-invalid`
 */
export async function datasetTruth(
  path: string,
  task: 'res' | 'gres' | 'region-caption',
  images: string | null,
): Promise<GivenTruth> {
  const gathered = new Gathered(task);
  for await (const row of readDataset(path)) {
    if (row.kind === 'image') gathered.image(row);
    if (row.kind === 'annotation') gathered.annotation(row);
    if (row.kind === 'item') gathered.item(row);
    if (row.kind === 'note' && row.isLoss) {
      gathered.skipped.push({ what: row.place, reason: row.problem.message });
    }
  }
  return {
    name: basename(path),
    items: gathered.items(),
    skipped: gathered.skipped,
    categories: [],
    photoOf: (item) => photoIn(images, item.image),
  };
}

interface Photo {
  readonly fileName: string;
  readonly width: number;
  readonly height: number;
  readonly masks: Map<string, Rle>;
}

interface Found {
  readonly photo: Photo;
  readonly prompts: readonly Rle[];
  readonly truth: Truth;
}

/** Counts of the rows so far. */
class Gathered {
  readonly skipped: { what: string; reason: string }[] = [];
  readonly #task: 'res' | 'gres' | 'region-caption';
  readonly #photos = new Map<string, Photo>();
  readonly #found: Found[] = [];
  /** Expressions of `gres` by photo and text. */
  readonly #expressions = new Map<string, Rle[]>();

  constructor(task: 'res' | 'gres' | 'region-caption') {
    this.#task = task;
  }

  image({ key, fileName, size, texts = [], place }: ImageRow): void {
    if (size === null) {
      this.skipped.push({ what: place, reason: 'it does not say how large the photo is' });
      return;
    }
    const photo = { fileName, ...size, masks: new Map<string, Rle>() };
    this.#photos.set(key, photo);
    for (const text of texts) {
      if (text.kind === 'referring' && this.#task === 'gres')
        this.#expression(key, photo, text.text);
    }
  }

  annotation({ image, shape, unit = 'pixel', texts = [], key, place }: AnnotationRow): void {
    const photo = this.#photos.get(image);
    if (!photo || shape.kind === 'polyline' || shape.kind === 'tag') return;
    if (texts.length === 0 && key === undefined) return;
    try {
      const { geometry } = readShape(shape, unit, photo, null, () => undefined);
      const rle = geometryRle(geometry, photo.width, photo.height);
      if (key !== undefined) photo.masks.set(key, rle);
      const said = (kind: 'referring' | 'description') =>
        texts.flatMap((text) => (text.kind === kind ? [text.text] : []));
      if (this.#task === 'region-caption') {
        const references = said('description');
        if (references.length === 0) return;
        this.#found.push({ photo, prompts: [rle], truth: { kind: 'text', references } });
        return;
      }
      for (const text of said('referring')) this.#expression(image, photo, text, rle);
    } catch (thrown) {
      this.skipped.push({ what: place, reason: toErrorEnvelope(thrown).message });
    }
  }

  item({ image, words, segments }: ItemRow): void {
    const photo = this.#photos.get(image);
    const { truth: scored, needsTargets = false } = scoreTask(this.#task);
    const own = taskOf(words.task).truth;
    if (!photo || scored !== 'masks' || own?.kind !== scored) return;
    const masksOf = (role: 'prompt' | 'target') =>
      segments
        .filter((each) => each.role === role)
        .flatMap(({ annotation }) => photo.masks.get(annotation) ?? []);
    const targets = masksOf('target');
    if (needsTargets && targets.length === 0) return;
    const truth = own.of(words.content, segments, targets);
    if (truth) this.#found.push({ photo, prompts: masksOf('prompt'), truth });
  }

  #expression(image: string, photo: Photo, text: string, target?: Rle): void {
    const key = JSON.stringify([image, text]);
    const known = this.#task === 'gres' ? this.#expressions.get(key) : undefined;
    if (known) {
      if (target) known.push(target);
      return;
    }
    const targets = target ? [target] : [];
    this.#expressions.set(key, targets);
    this.#found.push({ photo, prompts: [], truth: { kind: 'masks', text, targets } });
  }

  items(): ScoredItem[] {
    return this.#found.map(({ photo, prompts, truth }, index) => {
      const { fileName: image, width, height } = photo;
      return { id: String(index), image, width, height, prompts, truth };
    });
  }
}
