import { mapped } from '../mapped.ts';
import type { ExportedAnnotation, ExportedImage, ExportSource } from '../export-source.ts';

interface Numbered {
  readonly exportId: number;
  /** Holds the `id` that an imported file gave. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/**
 * The numbers of records in a file: those of the imported files. Records that have none, or one
 * that another record has, get numbers above all of them.
 */
export class KeptIds {
  /** By export id, of the records that cannot have the number of their file. */
  readonly #others = new Map<number, number>();

  /**
   * @param least numbers below are not kept: evaluation takes an annotation 0 for one that is not
   *   matched
   */
  constructor(rows: Iterable<Numbered>, least: number) {
    const seen = new Set<number>();
    const waiting: number[] = [];
    for (const { exportId, extra } of rows) {
      const { id } = extra;
      if (!isKept(id, least) || seen.has(id)) waiting.push(exportId);
      else seen.add(id);
    }
    let next = 1;
    for (const id of seen) next = Math.max(next, id + 1);
    for (const exportId of waiting) this.#others.set(exportId, next++);
  }

  of({ exportId, extra }: Numbered): number {
    return this.#others.get(exportId) ?? (extra['id'] as number);
  }
}

/** Above the greatest of the kept numbers there must be room for all the others. */
const greatest = Number.MAX_SAFE_INTEGER - 2 ** 40;

function isKept(id: unknown, least: number): id is number {
  return Number.isSafeInteger(id) && (id as number) >= least && (id as number) < greatest;
}

/** The exported records by the ids of the imported files. */
export interface KeptSource extends ExportSource {
  /** Export ids of images, by the ids that they have in the file. */
  readonly imagesById: ReadonlyMap<number, number>;
}

/** The same source, whose ids are those that imported files gave. */
export function withKeptIds(source: ExportSource): KeptSource {
  const { usedCategories } = source;
  const images = idsOf(mapped(source.images(), ofImage), 0);
  const categories = idsOf(
    mapped(source.categories(), ({ exportId, category: { extra } }) => ({ exportId, extra })),
    0,
  );
  const annotations = new KeptIds(mapped(source.annotations(), ofAnnotation), 1);
  const categoryOf = (id: number | null): number | null =>
    id === null ? null : (categories.get(id) ?? id);
  const annotation = (row: ExportedAnnotation, imageExportId: number): ExportedAnnotation => ({
    exportId: annotations.of(ofAnnotation(row)),
    imageExportId,
    categoryExportId: categoryOf(row.categoryExportId),
    annotation: row.annotation,
    get texts() {
      return row.texts;
    },
  });
  const originals = new Map(Array.from(images, ([original, id]) => [id, original] as const));
  return {
    ...source,
    imagesById: originals,
    *images() {
      for (const row of source.images()) yield renumbered(row, images.get(row.exportId)!);
    },
    *annotations() {
      for (const row of source.annotations()) {
        yield annotation(row, images.get(row.imageExportId)!);
      }
    },
    annotationsOf: (image) => {
      const rows = source.annotationsOf(renumbered(image, originals.get(image.exportId)!));
      return rows.map((row) => annotation(row, image.exportId));
    },
    *categories() {
      for (const row of source.categories()) {
        yield { ...row, exportId: categories.get(row.exportId)! };
      }
    },
    usedCategories: new Set(Array.from(usedCategories, categoryOf)),
  };
}

function ofImage({ exportId, image: { extra } }: ExportedImage): Numbered {
  return { exportId, extra };
}

function ofAnnotation({ exportId, annotation: { extra } }: ExportedAnnotation): Numbered {
  return { exportId, extra };
}

/** By export id. */
function idsOf(rows: Iterable<Numbered>, least: number): ReadonlyMap<number, number> {
  const all = [...rows];
  const kept = new KeptIds(all, least);
  return new Map(all.map((row) => [row.exportId, kept.of(row)]));
}

/** Texts and items are read when they are asked for. */
function renumbered(row: ExportedImage, exportId: number): ExportedImage {
  return {
    exportId,
    image: row.image,
    annotations: row.annotations,
    get texts() {
      return row.texts;
    },
    get items() {
      return row.items;
    },
  };
}
