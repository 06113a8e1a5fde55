import { basename } from 'node:path';
import { kindOfPair, type TakenKind } from '../../../core/compare/comparison.ts';
import type { ComparedRegion } from '../../../core/compare/match-regions.ts';
import { reviewsOfVerdict } from '../../../core/formats/item-text.ts';
import {
  addition,
  emptyDiff,
  removal,
  replacements,
  squashDiffs,
  type Diff,
} from '../../../core/diff.ts';
import { newId } from '../../../core/ids.ts';
import { CategoryNames, makeCategory } from '../../../core/project/category-names.ts';
import { withOwnKeypoints, withoutKeypoints } from '../../../core/project/keypoints.ts';
import { makeItem } from '../../../core/project/make-item.ts';
import { stepLabel } from '../../../core/project/step-labels.ts';
import type {
  Annotation,
  Category,
  ImageRecord,
  Item,
  Provenance,
  RecordId,
  Review,
} from '../../../core/records.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import { withStoredDependents } from '../journal/dependents.ts';
import {
  compareSides,
  type ComparedPair,
  type ComparisonFollower,
  type DatasetComparison,
} from './compare-datasets.ts';
import { datasetSide, projectSide, type Region, type SideText } from './compared-side.ts';

/** Compares the project with a dataset. @throws AppError as `readDataset`; what `signal` gives. */
export async function compareWith(
  database: ProjectDatabase,
  path: string,
  minimumIou: number,
  follow?: ComparisonFollower,
): Promise<DatasetComparison> {
  const theirs = await datasetSide(path);
  return compareSides(projectSide(database), theirs, { minimumIou, ...follow });
}

/**
 * Compares the project with a dataset and takes over what differs in the given ways, as one step:
 * added regions are added, removed ones removed, moved ones get the dataset's outline, relabelled
 * ones its category and outline. Added regions bring their texts; `texts` takes over those about
 * images and regions of both sides.
 * @throws AppError as `readDataset`; what `signal` gives, after which nothing is changed
 */
export async function takeOver(
  database: ProjectDatabase,
  path: string,
  kinds: ReadonlySet<TakenKind>,
  minimumIou: number,
  follow?: ComparisonFollower,
): Promise<DatasetComparison> {
  const theirs = await datasetSide(path);
  const imagesByName = new Map<string, ImageRecord>();
  const ours = projectSide(database);
  for (const [index, { image }] of [...database.exportImages()].entries()) {
    imagesByName.set(ours.images[index]!.name, image);
  }
  const change = new Change(database.categories(), {
    source: 'import',
    file: basename(path),
    ...(database.person && { by: database.person.id }),
  });
  const options = { minimumIou, ...follow };
  const comparison = await compareSides(ours, theirs, options, (pair) =>
    change.take(pair, imagesByName.get(pair.left.name)!, kinds),
  );
  const diff = change.diff();
  await database.gradually.apply(
    stepLabel('takeOver', { name: basename(path) }),
    withStoredDependents(database, diff),
    { group: newId() },
  );
  return comparison;
}

/** The applied differences, image by image. */
class Change {
  readonly #names: CategoryNames;
  readonly #count: number;
  readonly #provenance: Provenance;
  readonly #categories: Category[] = [];
  readonly #added: Annotation[] = [];
  readonly #texts: (Item | Review)[] = [];
  readonly #removed: Annotation[] = [];
  readonly #changed: [from: Annotation, to: Annotation][] = [];
  readonly #images: [from: ImageRecord, to: ImageRecord][] = [];
  readonly #nowMs = Date.now();

  constructor(categories: readonly Category[], provenance: Provenance) {
    this.#names = new CategoryNames(categories);
    this.#count = categories.length;
    this.#provenance = provenance;
  }

  take(pair: ComparedPair, image: ImageRecord, kinds: ReadonlySet<TakenKind>): void {
    const ids = this.#takeRegions(pair, image, kinds);
    const { ofKnownRegions, ofNewRegions } = pair.texts;
    if (kinds.has('texts')) this.#addTexts(ofKnownRegions, image, ids);
    if (kinds.has('added')) this.#addTexts(ofNewRegions, image, ids);
  }

  /** Answers the annotations that regions of the dataset are in the project. */
  #takeRegions(
    { matched }: ComparedPair,
    image: ImageRecord,
    kinds: ReadonlySet<TakenKind>,
  ): Map<Region, RecordId> {
    const ids = new Map(matched.pairs.map(({ left, right }) => [right, left.annotation!.id]));
    for (const pair of matched.pairs) {
      const kind = kindOfPair(pair);
      if (kind === 'same' || !kinds.has(kind)) continue;
      const from = pair.left.annotation!;
      const { geometry, bbox, area } = pair.right.shape;
      const { keypoints } = pair.right;
      const categoryId = kind === 'relabelled' ? this.#categoryOf(pair.right) : from.categoryId;
      this.#changed.push([
        from,
        {
          ...(keypoints === undefined ? from : withoutKeypoints(from)),
          ...(keypoints && { keypoints: [...keypoints] }),
          ...{ geometry, bbox, area, categoryId, updatedAtMs: this.#nowMs },
        },
      ]);
    }
    if (kinds.has('removed')) {
      this.#removed.push(...matched.leftOver.flatMap(({ annotation }) => annotation ?? []));
    }
    if (!kinds.has('added')) return ids;
    const zOrders = [...matched.pairs.map(({ left }) => left), ...matched.leftOver].map(
      ({ annotation }) => annotation!.zOrder,
    );
    let zOrder = Math.max(-1, ...zOrders);
    const imageId = image.id;
    if (matched.rightOver.length > 0 && image.state !== 'to-check') {
      this.#images.push([image, { ...image, state: 'to-check' }]);
    }
    for (const region of matched.rightOver) {
      const { geometry, bbox, area } = region.shape;
      const added: Annotation = {
        ...{ kind: 'annotation', id: newId(), imageId, categoryId: this.#categoryOf(region) },
        ...{ geometry, bbox, area, crowd: false, zOrder: ++zOrder, attributes: {}, extra: {} },
        ...region.besides,
        provenance: this.#provenance,
        ...{ createdAtMs: this.#nowMs, updatedAtMs: this.#nowMs },
      };
      this.#added.push(withOwnKeypoints(added));
      ids.set(region, added.id);
    }
    return ids;
  }

  #addTexts(
    texts: readonly SideText[],
    { id: imageId }: ImageRecord,
    ids: ReadonlyMap<Region, RecordId>,
  ): void {
    const [provenance, nowMs] = [this.#provenance, this.#nowMs];
    for (const { words, segments: about, verdict, extra } of texts) {
      const segments = about.map(({ tag, role, region }) => ({
        ...{ tag, role },
        annotationId: ids.get(region)!,
      }));
      const made = makeItem(words, { imageId, segments }, provenance, nowMs);
      const item = extra ? { ...made, extra } : made;
      this.#texts.push(item, ...reviewsOfVerdict(item, verdict));
    }
  }

  #categoryOf({ category: name }: ComparedRegion): RecordId | null {
    if (name === null || name === '') return null;
    const known = this.#names.find(name);
    if (known) return known.id;
    const made = makeCategory(name, this.#count + this.#categories.length);
    this.#names.add(made);
    this.#categories.push(made);
    return made.id;
  }

  diff(): Diff {
    const parts = [
      addition(...this.#categories, ...this.#added, ...this.#texts),
      replacements(this.#changed),
      replacements(this.#images),
      removal(...this.#removed),
    ];
    return parts.reduce(squashDiffs, emptyDiff());
  }
}
