import { isDraftItem } from '../../../core/authoring/draft-items.ts';
import type { RowText } from '../../../core/formats/dataset-row.ts';
import type { ExportedAnnotation } from '../../../core/formats/export-source.ts';
import { isText, textOfItem } from '../../../core/formats/item-text.ts';
import type { Annotation, Item, RecordId } from '../../../core/records.ts';
import type { ProjectReader } from '../../../db/project.ts';

/** Annotations whose texts are read at once. */
const pageSize = 256;

/**
 * Rows with the texts of their annotations, which are read for many at once, and only where
 * somebody asks.
 */
export function* withTexts(
  project: ProjectReader,
  rows: Iterable<StreamedRow>,
): Generator<ExportedAnnotation> {
  let page: StreamedRow[] = [];
  for (const row of rows) {
    page.push(row);
    if (page.length < pageSize) continue;
    yield* textedPage(project, page);
    page = [];
  }
  yield* textedPage(project, page);
}

type StreamedRow = Omit<ExportedAnnotation, 'texts'>;

function* textedPage(
  project: ProjectReader,
  page: readonly StreamedRow[],
): Generator<ExportedAnnotation> {
  const texts = new TextsOfRows(
    project,
    page.map(({ annotation }) => annotation),
  );
  for (const row of page) yield new TextedRow(row, texts);
}

/** Copying a row beside a text that is read later would take several times as long. */
class TextedRow implements ExportedAnnotation {
  readonly exportId: number;
  readonly imageExportId: number;
  readonly categoryExportId: number | null;
  readonly annotation: Annotation;
  readonly #texts: TextsOfRows;

  constructor(row: StreamedRow, texts: TextsOfRows) {
    this.exportId = row.exportId;
    this.imageExportId = row.imageExportId;
    this.categoryExportId = row.categoryExportId;
    this.annotation = row.annotation;
    this.#texts = texts;
  }

  get texts(): readonly RowText[] {
    return this.#texts.of(this.annotation.id);
  }
}

/** The texts of some annotations, read for all of them with the first request. */
export class TextsOfRows {
  readonly #project: ProjectReader;
  readonly #rows: readonly { readonly id: RecordId }[];
  #texts: ReadonlyMap<RecordId, readonly RowText[]> | null = null;

  constructor(project: ProjectReader, rows: readonly { readonly id: RecordId }[]) {
    this.#project = project;
    this.#rows = rows;
  }

  of(id: RecordId): readonly RowText[] {
    this.#texts ??= textsOfAnnotations(
      this.#project,
      this.#rows.map((row) => row.id),
    );
    return this.#texts.get(id) ?? [];
  }
}

type StoredRow = ReturnType<ProjectReader['exportAnnotationsOf']>[number];

/** An annotation of an image to export, whose parts are read with the first request. */
export class RowOfImage implements ExportedAnnotation {
  readonly imageExportId: number;
  readonly categoryExportId: number | null;
  readonly #stored: StoredRow;
  readonly #texts: TextsOfRows | null;

  /** @param texts null where the project has none */
  constructor(
    stored: StoredRow,
    imageExportId: number,
    categoryExportId: number | null,
    texts: TextsOfRows | null,
  ) {
    this.#stored = stored;
    this.imageExportId = imageExportId;
    this.categoryExportId = categoryExportId;
    this.#texts = texts;
  }

  get exportId(): number {
    return this.#stored.exportId;
  }

  get annotation(): Annotation {
    return this.#stored.annotation;
  }

  get mayHaveKeypoints(): boolean {
    return this.#stored.mayHaveKeypoints;
  }

  get texts(): readonly RowText[] {
    return this.#texts?.of(this.#stored.id) ?? [];
  }
}

function textsOfAnnotations(
  project: ProjectReader,
  ids: readonly RecordId[],
): ReadonlyMap<RecordId, readonly RowText[]> {
  const found = [...project.itemsOfAnnotations(ids)].map(
    ([id, items]) => [id, items.filter((item) => isText(item) && !isDraftItem(item))] as const,
  );
  const itemIds = found.flatMap(([, items]) => items.map((item) => item.id));
  const reviews = Map.groupBy(project.reviewsOfItems(itemIds), ({ itemId }) => itemId);
  return new Map(
    found.map(([id, items]) => {
      return [id, items.map((item) => textOfItem(item, reviews.get(item.id) ?? []))];
    }),
  );
}

/** The texts about a whole image. */
export function textsOfImage(project: ProjectReader, imageId: RecordId): RowText[] {
  const reviews = project.reviews(imageId);
  return project
    .items(imageId)
    .filter((item) => item.segments.length === 0 && isText(item) && !isDraftItem(item))
    .map((item) => textOfItem(item, reviews));
}

/** Facts about an image that are in no text. */
export function itemsOfImage(project: ProjectReader, imageId: RecordId): Item[] {
  return project.items(imageId).filter((item) => !isText(item) && !isDraftItem(item));
}

/** Whether there are items at all: without any, nobody has to look for those of each image. */
export function holdsItems(project: ProjectReader): boolean {
  const items = project.exportItems();
  const { done } = items.next();
  items.return?.();
  return done !== true;
}
