import { isDraftItem } from '../../../core/authoring/draft-items.ts';
import type { RowText } from '../../../core/formats/dataset-row.ts';
import { isText, textOfItem } from '../../../core/formats/item-text.ts';
import type { Annotation, Item, RecordId } from '../../../core/records.ts';
import type { ProjectReader } from '../../../db/project.ts';

/** Annotations whose texts are read at once. */
const pageSize = 256;

/**
 * Rows with the texts of their annotations, which are read for many at once, and only where
 * somebody asks.
 */
export function* withTexts<Row extends { readonly annotation: Annotation }>(
  project: ProjectReader,
  rows: Iterable<Row>,
): Generator<Row & { readonly texts: readonly RowText[] }> {
  let page: Row[] = [];
  for (const row of rows) {
    page.push(row);
    if (page.length < pageSize) continue;
    yield* textedPage(project, page);
    page = [];
  }
  yield* textedPage(project, page);
}

function* textedPage<Row extends { readonly annotation: Annotation }>(
  project: ProjectReader,
  page: readonly Row[],
): Generator<Row & { readonly texts: readonly RowText[] }> {
  let texts: ReadonlyMap<RecordId, readonly RowText[]> | null = null;
  for (const row of page) {
    const { id } = row.annotation;
    yield {
      ...row,
      get texts() {
        texts ??= textsOfAnnotations(
          project,
          page.map(({ annotation }) => annotation.id),
        );
        return texts.get(id) ?? [];
      },
    };
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
