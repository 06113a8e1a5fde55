import { mapped } from '../mapped.ts';
import type {
  ExportedAnnotation,
  ExportedCategory,
  ExportedImage,
  ExportSource,
} from '../export-source.ts';
import { isCocoId, type CocoId } from './row.ts';
import { readSpelling, Spelling, type SectionName } from './spelling.ts';

interface Numbered {
  readonly exportId: number;
  /** Holds the `id` that an imported file gave. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/**
 * The numbers of records in a file: those of the imported files. Records that have none, or one
 * that another record has, get numbers above all of them; so do ids that are no such numbers, which
 * the file has instead of these.
 */
export class KeptIds {
  /** Ids that are text or beyond 2^53, by the numbers that stand for them. */
  readonly spelled: ReadonlyMap<number, CocoId>;
  /** Records that cannot have the id of their file. */
  readonly changed: number;
  /** By export id, of the records that cannot have the number of their file. */
  readonly #others = new Map<number, number>();

  /**
   * @param least numbers from it on are kept; 0 below it is not kept: evaluation takes an
   *   annotation 0 for one that is not matched
   */
  constructor(rows: Iterable<Numbered>, least: number) {
    const seen = new Set<CocoId>();
    const waiting: [exportId: number, id: CocoId | null][] = [];
    let next = 1;
    let changed = 0;
    for (const { exportId, extra } of rows) {
      const { id } = extra;
      if (isCocoId(id) && id !== 0 && !isKept(id, least) && !seen.has(readSpelling(id))) {
        seen.add(readSpelling(id));
        waiting.push([exportId, id]);
      } else if (isKept(id, least) && !seen.has(id)) {
        seen.add(id);
        next = Math.max(next, id + 1);
      } else {
        if (isCocoId(id)) changed++;
        waiting.push([exportId, null]);
      }
    }
    const spelled = new Map<number, CocoId>();
    for (const [exportId, id] of waiting) {
      if (id !== null) spelled.set(next, id);
      this.#others.set(exportId, next++);
    }
    this.spelled = spelled;
    this.changed = changed;
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
  /** The ids that stand in the file instead of numbers. */
  readonly spelling: Spelling;
  /** Records of each section that have another id than in their file. */
  readonly changed: Readonly<Record<SectionName, number>>;
}

/** The same source, whose ids are those that imported files gave. */
export function withKeptIds(source: ExportSource): KeptSource {
  const { usedCategories } = source;
  const keptImages = new KeptIds(mapped(source.images(), ofImage), 0);
  const images = idsOf(keptImages, mapped(source.images(), ofImage));
  const keptCategories = new KeptIds(mapped(source.categories(), ofCategory), 0);
  const categories = idsOf(keptCategories, mapped(source.categories(), ofCategory));
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
    spelling: new Spelling({
      images: keptImages.spelled,
      categories: keptCategories.spelled,
      annotations: annotations.spelled,
    }),
    changed: {
      images: keptImages.changed,
      categories: keptCategories.changed,
      annotations: annotations.changed,
    },
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

function ofCategory({ exportId, category: { extra } }: ExportedCategory): Numbered {
  return { exportId, extra };
}

/** By export id. */
function idsOf(kept: KeptIds, rows: Iterable<Numbered>): ReadonlyMap<number, number> {
  return new Map(Array.from(rows, (row) => [row.exportId, kept.of(row)]));
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
