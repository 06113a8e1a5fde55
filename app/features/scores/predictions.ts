import { basename } from 'node:path';
import type { AppError } from '../../../core/errors.ts';
import { readCocoRegion } from '../../../core/formats/coco-region.ts';
import type { NoteRow } from '../../../core/formats/dataset-row.ts';
import { gatherRecords } from '../../../core/formats/json-record-files.ts';
import { isObject, type JsonObject } from '../../../core/formats/json-values.ts';
import type { Rle } from '../../../core/geometry/shapes.ts';
import {
  answerSchema,
  type ScoredAnswer,
  type ScoredItem,
  type TruthKind,
} from '../../../core/scores/scored-item.ts';
import {
  isPerbenchTask,
  scoreTask,
  type ScoreTaskId,
} from '../../../core/scores/tasks/registry.ts';
import type { LeftOut } from '../../api/contract/jobs.ts';
import { openDataset } from '../../files/dataset-on-disk.ts';
import { scoreFailure } from './sentences.ts';
import { regionOf, shapeRle } from './truth/coco-truth.ts';
import { readPerbenchItems } from './truth/perbench-truth.ts';

/** Another system's answers, by the id of the item. */
export interface Predictions {
  /** For people. */
  readonly name: string;
  readonly answers: ReadonlyMap<string, ScoredAnswer>;
  readonly skipped: readonly LeftOut[];
}

/**
 * Reads the answers of another system: PerBench files with answers in their rows, COCO results, or
 * rows of JSON, in a list or one a line, whose `id` (or `image_id`) names an item; rows without an
 * id are taken in the order of the items.
 * @param categoryNames of the COCO file that is scored; empty elsewhere, where results name
 * categories by `category`
 * @throws AppError `not-found`, `dataset-invalid`
 */
export async function readPredictions(
  path: string,
  items: readonly ScoredItem[],
  task: ScoreTaskId,
  categoryNames: ReadonlyMap<string, string>,
): Promise<Predictions> {
  const name = basename(path);
  if (isPerbenchTask(task) && /bench[^/]*\.json$/i.test(name)) {
    return { name, ...(await readPerbenchItems(path, task)) };
  }
  const files = await openDataset(path);
  const reader = new RowReader(items, task, categoryNames);
  const notes: NoteRow[] = [];
  if (files.given === null && isPerbenchTask(task)) {
    return { name, ...(await readPerbenchItems(path, task)) };
  }
  if (files.given === null) {
    const expected = 'a file of JSON or JSONL';
    throw scoreFailure('dataset-invalid', 'scoreFileUnfit', { name, task, expected });
  }
  await gatherRecords(files, files.given, notes, (place, row) => reader.take(place, row));
  reader.requireMatches(name);
  const skipped = notes.map(({ place, problem }) => ({ what: place, reason: problem.message }));
  return { name, answers: reader.answers, skipped };
}

class RowReader {
  readonly answers = new Map<string, ScoredAnswer>();
  readonly #items: ReadonlyMap<string, ScoredItem>;
  readonly #ids: readonly string[];
  readonly #truth: TruthKind;
  readonly #task: ScoreTaskId;
  readonly #categoryNames: ReadonlyMap<string, string>;
  #unnamed = 0;
  #foreign: string | null = null;

  constructor(
    items: readonly ScoredItem[],
    task: ScoreTaskId,
    categoryNames: ReadonlyMap<string, string>,
  ) {
    this.#items = new Map(items.map((item) => [item.id, item]));
    this.#ids = items.map(({ id }) => id);
    this.#task = task;
    this.#truth = scoreTask(task).truth;
    this.#categoryNames = categoryNames;
  }

  take(place: string, row: JsonObject): void {
    const named =
      row[this.#truth === 'objects' ? 'image_id' : 'id'] ?? row['image_id'] ?? row['id'];
    const id = named === undefined ? this.#ids[this.#unnamed++] : String(named);
    const item = id === undefined ? undefined : this.#items.get(id);
    if (item === undefined) {
      if (named !== undefined) this.#foreign ??= String(id);
      return;
    }
    const before = this.answers.get(item.id);
    this.answers.set(item.id, this.#answer(place, row, item, before));
  }

  #answer(
    place: string,
    row: JsonObject,
    item: ScoredItem,
    before: ScoredAnswer | undefined,
  ): ScoredAnswer {
    switch (this.#truth) {
      case 'objects':
        return {
          ...(before ?? answerSchema.parse({})),
          detections: [...(before?.detections ?? []), this.#detection(place, row, item)],
        };
      case 'masks':
        return answerSchema.parse({ masks: masksOf(place, row, item) });
      default: {
        const text = row['prediction'] ?? row['text'] ?? row['caption'] ?? row['answer'];
        if (typeof text !== 'string') throw rowUnfit(place, 'prediction', 'a text');
        const { choice } = row;
        return answerSchema.parse({ text, choice: typeof choice === 'string' ? choice : null });
      }
    }
  }

  #detection(place: string, row: JsonObject, item: ScoredItem): ScoredAnswer['detections'][number] {
    const { category_id: id, category: given, score } = row;
    const category = this.#categoryNames.get(String(id)) ?? given;
    if (typeof category !== 'string') {
      throw rowUnfit(place, 'category_id', 'the id of a category of the truth');
    }
    if (typeof score !== 'number') throw rowUnfit(place, 'score', 'a number');
    const task = this.#task === 'detection' ? 'detection' : 'segmentation';
    const plain = { ...row };
    // pycocotools measures the area of results itself.
    delete plain['area'];
    const { region, area } = regionOf(plain, item, task, place);
    return { category, region, area, score };
  }

  /**
   * @throws AppError `dataset-invalid` where no row, or more rows than there are items, say whose
   * answers they are
   */
  requireMatches(name: string): void {
    const items = this.#ids.length;
    if (this.#unnamed > items) {
      const parts = { name, found: this.#unnamed, items };
      throw scoreFailure('dataset-invalid', 'predictionsTooMany', parts);
    }
    if (this.answers.size > 0 || this.#foreign === null) return;
    const parts = { name, found: this.#foreign, wanted: this.#ids[0] ?? '' };
    throw scoreFailure('dataset-invalid', 'predictionsUnmatched', parts);
  }
}

/** `masks` or `predictions`: a list of RLEs; `mask` or `segmentation`: one RLE, or polygons. */
function masksOf(place: string, row: JsonObject, { width, height }: ScoredItem): Rle[] {
  const many = row['masks'] ?? row['predictions'];
  const one = row['mask'] ?? row['segmentation'];
  if (many === undefined && one === undefined) throw rowUnfit(place, 'masks', 'a list of RLEs');
  const list = Array.isArray(many) ? (many as unknown[]) : one === null ? [] : [one ?? many];
  return list.map((value) => {
    const given = isObject(value) ? value['size'] : undefined;
    if (Array.isArray(given) && (given[0] !== height || given[1] !== width)) {
      const parts = { place, found: `${given[1]} x ${given[0]}`, expected: `${width} x ${height}` };
      throw scoreFailure('dataset-invalid', 'scoreMaskSize', parts);
    }
    const shape = readCocoRegion({ segmentation: value }, { width, height }, () => undefined);
    if (shape === null) throw rowUnfit(place, 'masks', 'a list of RLEs');
    return shapeRle(shape, { width, height });
  });
}

function rowUnfit(place: string, key: string, expected: string): AppError {
  return scoreFailure('dataset-invalid', 'scoreRowUnfit', { place, key, expected });
}
